//! Faults of randomness.

use ports::Entropy;

use super::Fault;

pub const CATALOGUE: &[Fault] = &[Fault {
    name: "repeats",
    injects: "the same bytes every time, as after a cloned virtual machine",
    outcome: "an id that is taken is refused by its store; nothing is overwritten",
}];

super::decorator!("entropy", ports::Entropy);

impl Entropy for Faulty {
    fn fill(&self, bytes: &mut [u8]) {
        if self.faults.strikes("repeats") {
            bytes.fill(0x5a);
        } else {
            self.inner.fill(bytes);
        }
    }
}
