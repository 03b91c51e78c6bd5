//! The two files, opened.

use std::path::Path;

use ports::StoreError;

use crate::{engine::Engine, schema};

/// `coordinator.db`: identities, tenants' configuration and the catalogue of sessions.
#[derive(Debug, Clone)]
pub struct Database(pub(crate) Engine);

impl Database {
    /// Opens (and makes) the file and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or was written by a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Engine::open(path, schema::COORDINATOR).map(Self)
    }
}

/// `runs.db`: the history of finished turns, on its own so that it can grow, move and be read by others.
#[derive(Debug, Clone)]
pub struct RunDatabase(pub(crate) Engine);

impl RunDatabase {
    /// Opens (and makes) the file and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or was written by a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Engine::open(path, schema::RUNS).map(Self)
    }
}
