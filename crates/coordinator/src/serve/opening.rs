//! The first words of a connection, within a time.
//!
//! Which version of HTTP a client speaks shows in its first bytes. The server that finds it out waits for them
//! without a limit, so a client that says nothing, or only the beginning of the preface of HTTP/2, would hold its place
//! for ever. From there on each version has limits of its own.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection whose first words are awaited for a limited time.
pub(super) struct Opening<T> {
    inner: T,
    /// `None` once the version is known.
    deadline: Option<Pin<Box<Sleep>>>,
    /// Bytes of the preface that have come.
    seen: usize,
}

impl<T> Opening<T> {
    pub(super) fn new(inner: T, patience: Duration) -> Self {
        Self {
            inner,
            deadline: Some(Box::pin(sleep(patience))),
            seen: 0,
        }
    }

    fn read(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if PREFACE.get(self.seen) != Some(byte) {
                self.deadline = None;
                return;
            }
            self.seen += 1;
        }
        if self.seen == PREFACE.len() {
            self.deadline = None;
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Opening<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.deadline.is_none() {
            return Pin::new(&mut self.inner).poll_read(context, buffer);
        }
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.inner).poll_read(context, buffer);
        if outcome.is_ready() {
            let new = buffer.filled().get(before..).unwrap_or_default().to_vec();
            self.read(&new);
            return outcome;
        }
        let Some(deadline) = &mut self.deadline else {
            return outcome;
        };
        deadline
            .as_mut()
            .poll(context)
            .map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Opening<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}
