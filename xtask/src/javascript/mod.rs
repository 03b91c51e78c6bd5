//! The JavaScript half of the repository: its packages, the web app, its budget, its checks and its tests.

pub(crate) mod app;
pub(crate) mod budget;
pub(crate) mod checks;
pub(crate) mod chromium;
mod node;
pub(crate) mod packages;
mod reports;
pub(crate) mod tests;
