//! The server: everything put together, from start to stop.

mod admin;
pub(crate) mod agents;
mod bootstrap;
mod data_dir;
mod listener;
mod logs;
mod process;
mod tls;
mod unix;

pub use bootstrap::{BootstrapArgs, bootstrap};
pub use data_dir::{DataDir, InUse, held_by};

pub(crate) use admin::{Reply as AdminReply, Request as AdminRequest, Status as AdminStatus, ask};

mod compose;
pub(crate) use compose::{check_master_key, try_isolation};
#[derive(Debug, clap::Args)]
pub struct UpArgs {}
pub fn up(_: UpArgs) -> anyhow::Result<u8> {
    Ok(0)
}
pub fn serve(_: crate::config::SettingFlags) -> anyhow::Result<u8> {
    Ok(0)
}
