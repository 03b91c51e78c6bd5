//! Where the runner's own words go: standard error, which is kept with the sandbox, without the secrets that the runner
//! knows by then. A message of a program that failed, or the name of a file, may hold one.

use std::{
    io::{self, Write},
    sync::{Arc, PoisonError, RwLock},
};

use crate::redact::Redactor;

/// One for the process, as standard error is.
static KNOWN: RwLock<Option<Arc<Redactor>>> = RwLock::new(None);

/// From now on these are hidden.
pub(crate) fn hide(redactor: &Arc<Redactor>) {
    *KNOWN.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(redactor));
}

/// Text as it may be written.
#[must_use]
pub fn clean(text: &str) -> String {
    known()
        .and_then(|redactor| redactor.text(text))
        .unwrap_or_else(|| text.to_owned())
}

fn known() -> Option<Arc<Redactor>> {
    KNOWN.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Standard error without secrets. What is written in one go is looked at in one go: lines come whole.
#[derive(Debug)]
pub struct Cleaned(io::Stderr);

/// For the subscriber of the log.
#[must_use]
pub fn stderr() -> Cleaned {
    Cleaned(io::stderr())
}

impl Write for Cleaned {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match known() {
            Some(redactor) => self.0.write_all(&redactor.bytes(bytes))?,
            None => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
