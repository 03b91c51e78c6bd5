//! What the program inside prints: kept in a small file for people, and the end of it for the end's cause.

use std::{
    fs::File,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::io::{AsyncRead, AsyncReadExt};

/// The file starts over when it has this size.
const MOST_LOG: u64 = 1024 * 1024;
/// Bytes of standard error kept.
const MOST_TAIL: usize = 8 * 1024;

/// The last words of the program.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tail(Arc<Mutex<Vec<u8>>>);

impl Tail {
    pub(crate) fn push(&self, bytes: &[u8]) {
        let mut tail = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend_from_slice(bytes);
        let excess = tail.len().saturating_sub(MOST_TAIL);
        tail.drain(..excess);
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

/// A bounded file.
#[derive(Debug, Clone)]
pub(crate) struct Log(Arc<Mutex<Option<(File, u64)>>>);

impl Log {
    pub(crate) fn open(state: &Path) -> Self {
        let path = state.join("runner.log");
        let file = std::fs::OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(path);
        Self(Arc::new(Mutex::new(file.ok().map(|file| (file, 0)))))
    }

    fn write(&self, bytes: &[u8]) {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((file, size)) = guard.as_mut() else {
            return;
        };
        if *size + bytes.len() as u64 > MOST_LOG {
            let _ = file.set_len(0);
            let _ = std::io::Seek::rewind(file);
            *size = 0;
        }
        if file.write_all(bytes).is_ok() {
            *size += bytes.len() as u64;
        }
    }
}

/// Reads a stream to its end.
pub(crate) async fn drain(mut stream: impl AsyncRead + Unpin, log: Option<Log>, tail: Option<Tail>) {
    let mut buffer = vec![0; 8 * 1024];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        let bytes = buffer.get(..length).unwrap_or_default();
        if let Some(log) = &log {
            log.write(bytes);
        }
        if let Some(tail) = &tail {
            tail.push(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_words_are_kept() {
        let tail = Tail::default();
        tail.push(&[b'a'; 10_000]);
        tail.push(b"end");
        assert_eq!(tail.text().len(), MOST_TAIL);
        assert!(tail.text().ends_with("end"));
    }
}
