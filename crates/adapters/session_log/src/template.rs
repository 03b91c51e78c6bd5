//! A session's file as it is before its first fact. Made once by the schema's own steps; each new session gets a copy,
//! which costs one write where the steps would cost several commits.

use std::path::Path;

use ports::StoreError;

use crate::{error, file};

#[derive(Debug, Clone)]
pub(crate) struct Template(Vec<u8>);

impl Template {
    /// Makes it in a file of its own in `directory`, which is removed again.
    pub(crate) fn make(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(".session-template.db");
        remove(&path);
        std::fs::File::create(&path).map_err(error::io)?;
        let made = file::open_owned(&path).and_then(|connection| {
            let Some(connection) = connection else {
                return Err(StoreError::Unavailable("the template cannot be made".into()));
            };
            file::fold(&connection)?;
            drop(connection);
            std::fs::read(&path).map_err(error::io)
        });
        remove(&path);
        made.map(Self)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.to_owned().into_os_string();
        name.push(suffix);
        // What isn't there need not go; what can't go is overwritten by the next start.
        let _ = std::fs::remove_file(name);
    }
}
