//! Who looks at a session right now, on this server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use protocol::{SessionId, UserId, socket::Person};
use tokio::sync::watch;

/// People shown at most; a list is for people.
const MAX_SHOWN: usize = 50;

#[derive(Debug, Default)]
pub(crate) struct Presence {
    rooms: Mutex<HashMap<SessionId, Room>>,
}

#[derive(Debug)]
struct Room {
    people: HashMap<UserId, Seats>,
    list: watch::Sender<Vec<Person>>,
}

/// The sockets of one person: several tabs, perhaps on several machines.
#[derive(Debug)]
struct Seats {
    name: String,
    sockets: usize,
}

impl Room {
    /// In the order of names, whoever came first; ids tell namesakes apart.
    fn announce(&self) {
        let mut people: Vec<Person> = self
            .people
            .iter()
            .map(|(user_id, seats)| Person {
                user_id: *user_id,
                name: seats.name.clone(),
            })
            .collect();
        people.sort_unstable_by(|a, b| (&a.name, a.user_id).cmp(&(&b.name, b.user_id)));
        people.truncate(MAX_SHOWN);
        self.list.send_if_modified(|list| {
            let changed = *list != people;
            *list = people;
            changed
        });
    }
}

/// One socket's place; leaving is dropping it.
#[derive(Debug)]
pub(crate) struct Seat {
    presence: Arc<Presence>,
    session: SessionId,
    user: UserId,
    pub(crate) list: watch::Receiver<Vec<Person>>,
}

impl Presence {
    pub(crate) fn join(self: &Arc<Self>, session: SessionId, person: Person) -> Seat {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let room = rooms.entry(session).or_insert_with(|| Room {
            people: HashMap::new(),
            list: watch::Sender::new(Vec::new()),
        });
        let Person { user_id, name } = person;
        let seats = room.people.entry(user_id).or_insert_with(|| Seats {
            name: String::new(),
            sockets: 0,
        });
        // The latest name counts: somebody may have been renamed between two tabs.
        seats.name = name;
        seats.sockets += 1;
        let list = room.list.subscribe();
        room.announce();
        Seat {
            presence: Arc::clone(self),
            session,
            user: user_id,
            list,
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut rooms = self.presence.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(room) = rooms.get_mut(&self.session) else {
            return;
        };
        if let Some(seats) = room.people.get_mut(&self.user) {
            seats.sockets -= 1;
            if seats.sockets == 0 {
                room.people.remove(&self.user);
            }
        }
        room.announce();
        if room.people.is_empty() {
            rooms.remove(&self.session);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u128, name: &str) -> Person {
        Person {
            user_id: UserId::from_bits(n),
            name: name.into(),
        }
    }

    #[test]
    fn a_person_with_two_sockets_is_there_once_until_both_are_gone() {
        let presence = Arc::new(Presence::default());
        let id = SessionId::from_bits(1);
        let other = presence.join(id, person(9, "bo"));
        let first = presence.join(id, person(5, "ana"));
        let second = presence.join(id, person(5, "ana"));
        assert_eq!(*other.list.borrow(), [person(5, "ana"), person(9, "bo")]);
        drop(first);
        assert_eq!(*other.list.borrow(), [person(5, "ana"), person(9, "bo")]);
        drop(second);
        assert_eq!(*other.list.borrow(), [person(9, "bo")]);
        let namesake = presence.join(id, person(3, "bo"));
        assert_eq!(*other.list.borrow(), [person(3, "bo"), person(9, "bo")]);
        drop(namesake);
        drop(other);
        assert!(presence.rooms.lock().unwrap().is_empty());
    }
}
