//! The provider of sandboxes on this machine.

pub(crate) mod clear;
mod keepers;
pub(crate) mod layout;
mod owner;
mod probe;
mod provider;
mod restore;
mod settings;
mod start;
mod stop;

pub use provider::LocalProvider;
pub use settings::LocalSettings;
