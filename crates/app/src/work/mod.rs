//! Getting the work out of a session: patch, files, archive. Everything is read by a probe inside a sandbox.

mod archive;
mod diff;
mod file;
mod hidden;
mod places;
mod probe;

pub use file::Found;
pub(crate) use places::{Place, Places};
pub use probe::WorkStream;
pub(crate) use probe::{Probe, refused};
