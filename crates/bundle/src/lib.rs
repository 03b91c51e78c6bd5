//! Session bundles: one file that holds a whole session, to keep it or to go on with it elsewhere.
//!
//! Only the format lives here: laying a bundle out, checking every byte of one, taking a log over into another
//! organisation, and driving the machine again from a log. No network, no clock, no paths: callers bring readers and
//! writers. What comes in is hostile; everything is bounded and nothing is ever unpacked by the name it gives itself.

mod adopt;
mod blank;
mod error;
mod frame;
mod log;
mod manifest;
mod pack;
mod read;
mod replay;
mod write;

#[cfg(test)]
mod tests;

pub use adopt::{Adopted, Adoption, adopt};
pub use error::BundleError;
pub use log::{Line, Lines, MAX_LINE};
pub use manifest::{
    ARTIFACTS, About, ArtifactMeta, Counts, FORMAT, HOME, LOG, MANIFEST, Manifest, Member, Origin, WORKSPACE,
    artifact_member,
};
pub use pack::{Hashing, Packer};
pub use read::{Checked, Limits, check};
pub use replay::{ArmedAlarm, Replay, StatusChange, Step, Violation};
pub use write::{length, write};
