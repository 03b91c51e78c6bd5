//! Faults of the clock.

use ports::Clock;
use protocol::Timestamp;

use super::Fault;

/// How far [`CATALOGUE`]'s step goes, milliseconds.
pub const STEP_MS: i64 = 60 * 60 * 1000;

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "steps_back",
        injects: "the time is an hour earlier than it was",
        outcome: "no panic; order still comes from positions and seqs; a due alarm is late, not lost",
    },
    Fault {
        name: "jumps_ahead",
        injects: "the time is an hour later than it should be",
        outcome: "alarms fire early with their stated cause; nothing is lost",
    },
];

super::decorator!("clock", ports::Clock);

impl Clock for Faulty {
    fn now(&self) -> Timestamp {
        let now = self.inner.now().as_ms();
        if self.faults.strikes("steps_back") {
            return Timestamp::from_ms(now - STEP_MS);
        }
        if self.faults.strikes("jumps_ahead") {
            return Timestamp::from_ms(now + STEP_MS);
        }
        Timestamp::from_ms(now)
    }
}
