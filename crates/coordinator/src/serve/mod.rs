//! The server: everything put together, from start to stop.

mod addresses;
mod admin;
pub(crate) mod agents;
mod artifacts;
mod bootstrap;
mod compose;
mod data_dir;
mod disk;
mod doors;
mod erasure;
mod git_host;
#[cfg(test)]
mod hostile;
mod life;
mod listener;
mod logs;
mod mail;
mod master_key;
mod opening;
mod policed;
mod process;
mod relay;
mod retention;
mod sandboxes;
mod tls;
mod unix;
mod up;

pub(crate) use artifacts::open as open_artifacts;
pub use bootstrap::{BootstrapArgs, bootstrap};
pub use data_dir::{DataDir, InUse, held_by};
pub use life::serve;
pub use up::{UpArgs, up};

pub(crate) use admin::{
    Reply as AdminReply, Request as AdminRequest, Runs as RunsStatus, Status as AdminStatus, ask,
};
pub(crate) use disk::free;
pub(crate) use master_key::{
    MOST_SESSION_FILES, audit_public_keys, check as check_master_key, names_here as master_key_names,
};
pub use master_key::{MasterKeyCommand, master_key};
pub(crate) use sandboxes::try_isolation;
