//! Bounds how often something is tried: so many times for one e-mail address from one place, then a break.
//!
//! Address and place count together, so that a stranger who guesses shuts out nobody but themselves. In memory: a
//! restart forgets, and what is kept is bounded.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::sign_in::network;
use protocol::{ProblemCode, Timestamp};
use sha2::{Digest, Sha256};

use crate::AppError;

const GUESSES: u32 = 10;
const WINDOW: Duration = Duration::from_secs(5 * 60);
/// Places kept at most; the oldest goes.
const MOST: usize = 10_000;

/// An e-mail address with where the guess comes from.
pub(crate) type Place = [u8; 32];

#[derive(Debug, Clone, Copy)]
struct Guesses {
    count: u32,
    since: Timestamp,
}

impl Guesses {
    /// Also when the clock stepped back: nobody waits longer than the window.
    fn is_over(self, now: Timestamp, window: Duration) -> bool {
        now < self.since || now.since(self.since) >= window
    }
}

/// Who has tried how often.
#[derive(Debug)]
pub(crate) struct Throttle {
    most: u32,
    window: Duration,
    /// Told to whoever tries too often.
    said: &'static str,
    places: Mutex<HashMap<Place, Guesses>>,
}

/// For guesses of passwords.
impl Default for Throttle {
    fn default() -> Self {
        Self::new(
            GUESSES,
            WINDOW,
            "Too many sign-ins for this address have failed from where you are. Wait a few minutes.",
        )
    }
}

impl Throttle {
    pub(crate) fn new(most: u32, window: Duration, said: &'static str) -> Self {
        Self {
            most,
            window,
            said,
            places: Mutex::default(),
        }
    }

    /// A network of IPv6 counts as one place: one household has as many addresses as it likes.
    pub(crate) fn place(email: &str, from: Option<IpAddr>) -> Place {
        Sha256::new()
            .chain_update(network(from))
            .chain_update([0])
            .chain_update(email)
            .finalize()
            .into()
    }

    /// Counts a guess before it is judged, so that many at once are counted, too.
    pub(crate) fn guess(&self, place: Place, now: Timestamp) -> Result<(), AppError> {
        let mut places = self.lock();
        if places.len() >= MOST && !places.contains_key(&place) {
            make_room(&mut places, now, self.window);
        }
        let guesses = places.entry(place).or_insert(Guesses { count: 0, since: now });
        if guesses.is_over(now, self.window) {
            *guesses = Guesses { count: 0, since: now };
        }
        if guesses.count >= self.most {
            let left = self.window.saturating_sub(now.since(guesses.since));
            return Err(AppError::new(ProblemCode::RateLimited, self.said)
                .limit(self.most.into())
                .retry_after_s(left.as_secs().max(1)));
        }
        guesses.count += 1;
        Ok(())
    }

    /// The guess could not be judged.
    pub(crate) fn take_back(&self, place: &Place) {
        if let Some(guesses) = self.lock().get_mut(place) {
            guesses.count = guesses.count.saturating_sub(1);
        }
    }

    /// The guess was right.
    pub(crate) fn forget(&self, place: &Place) {
        self.lock().remove(place);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Place, Guesses>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(places: &mut HashMap<Place, Guesses>, now: Timestamp, window: Duration) {
    places.retain(|_, guesses| !guesses.is_over(now, window));
    if places.len() >= MOST {
        let oldest = places
            .iter()
            .min_by_key(|(_, guesses)| guesses.since)
            .map(|(place, _)| *place);
        if let Some(oldest) = oldest {
            places.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_ms(1_000_000).after(Duration::from_secs(seconds))
    }

    fn place(n: u8) -> Place {
        Throttle::place("ana@example.org", Some(IpAddr::from([192, 0, 2, n])))
    }

    #[test]
    fn ten_guesses_then_a_break_for_that_place_alone() {
        let throttle = Throttle::default();
        for second in 0..10 {
            throttle.guess(place(1), at(second)).unwrap();
        }
        let refused = throttle.guess(place(1), at(60)).unwrap_err();
        assert_eq!(
            (refused.code, refused.retry_after_s),
            (ProblemCode::RateLimited, Some(240))
        );
        throttle.guess(place(2), at(60)).unwrap();
        let other = Throttle::place("bo@example.org", Some(IpAddr::from([192, 0, 2, 1])));
        throttle.guess(other, at(60)).unwrap();
        throttle.guess(place(1), at(300)).unwrap();
        // A clock that steps back gives nobody a longer break.
        assert!(throttle.guess(place(1), at(0)).is_ok());
    }

    #[test]
    fn what_was_right_or_not_judged_does_not_count() {
        let throttle = Throttle::default();
        for _ in 0..100 {
            throttle.guess(place(1), at(0)).unwrap();
            throttle.take_back(&place(1));
        }
        for _ in 0..9 {
            throttle.guess(place(1), at(0)).unwrap();
        }
        throttle.forget(&place(1));
        throttle.guess(place(1), at(0)).unwrap();
    }

    #[test]
    fn networks_are_places_and_their_number_is_bounded() {
        let of = |text: &str| Throttle::place("a", Some(text.parse().unwrap()));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        let throttle = Throttle::default();
        for n in 0..=MOST {
            throttle
                .guess(Throttle::place(&n.to_string(), None), at(1))
                .unwrap();
        }
        assert!(throttle.lock().len() <= MOST);
    }
}
