//! Who looks at a session right now, on this server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use protocol::SessionId;
use tokio::sync::watch;

/// Names shown at most; a list is for people.
const MAX_SHOWN: usize = 50;

#[derive(Debug, Default)]
pub(crate) struct Presence {
    rooms: Mutex<HashMap<SessionId, Room>>,
}

#[derive(Debug)]
struct Room {
    /// Sockets of each person.
    people: HashMap<String, usize>,
    list: watch::Sender<Vec<String>>,
}

impl Room {
    fn announce(&self) {
        let mut names: Vec<String> = self.people.keys().cloned().collect();
        names.sort_unstable();
        names.truncate(MAX_SHOWN);
        self.list.send_if_modified(|list| {
            let changed = *list != names;
            *list = names;
            changed
        });
    }
}

/// One socket's place; leaving is dropping it.
#[derive(Debug)]
pub(crate) struct Seat {
    presence: Arc<Presence>,
    session: SessionId,
    name: String,
    pub(crate) list: watch::Receiver<Vec<String>>,
}

impl Presence {
    pub(crate) fn join(self: &Arc<Self>, session: SessionId, name: String) -> Seat {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let room = rooms.entry(session).or_insert_with(|| Room {
            people: HashMap::new(),
            list: watch::Sender::new(Vec::new()),
        });
        *room.people.entry(name.clone()).or_insert(0) += 1;
        let list = room.list.subscribe();
        room.announce();
        Seat {
            presence: Arc::clone(self),
            session,
            name,
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
        if let Some(sockets) = room.people.get_mut(&self.name) {
            *sockets -= 1;
            if *sockets == 0 {
                room.people.remove(&self.name);
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

    #[test]
    fn a_person_with_two_sockets_is_there_once_until_both_are_gone() {
        let presence = Arc::new(Presence::default());
        let id = SessionId::from_bits(1);
        let first = presence.join(id, "ana".into());
        let second = presence.join(id, "ana".into());
        let other = presence.join(id, "bo".into());
        assert_eq!(*other.list.borrow(), ["ana", "bo"]);
        drop(first);
        assert_eq!(*other.list.borrow(), ["ana", "bo"]);
        drop(second);
        assert_eq!(*other.list.borrow(), ["bo"]);
        drop(other);
        assert!(presence.rooms.lock().unwrap().is_empty());
    }
}
