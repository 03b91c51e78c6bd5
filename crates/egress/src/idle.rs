//! Ends connections on which nothing moves.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, sleep_until},
};

/// Silence in both directions after which a connection is closed.
pub(crate) const IDLE: Duration = Duration::from_secs(600);

/// When something last moved.
#[derive(Debug)]
pub(crate) struct Activity {
    begun: Instant,
    last_ms: AtomicU64,
}

impl Activity {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            begun: Instant::now(),
            last_ms: AtomicU64::new(0),
        })
    }

    fn moved(&self) {
        let elapsed = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_ms.store(elapsed, Ordering::Relaxed);
    }

    /// Returns once nothing has moved for [`IDLE`].
    pub(crate) async fn ended(&self) {
        loop {
            let last = self.begun + Duration::from_millis(self.last_ms.load(Ordering::Relaxed));
            if last.elapsed() >= IDLE {
                return;
            }
            sleep_until(last + IDLE).await;
        }
    }
}

/// A connection that notes what moves.
#[derive(Debug)]
pub(crate) struct Watched<T> {
    inner: T,
    activity: Arc<Activity>,
}

impl<T> Watched<T> {
    pub(crate) fn new(inner: T, activity: &Arc<Activity>) -> Self {
        Self {
            inner,
            activity: Arc::clone(activity),
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.inner).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.activity.moved();
        }
        outcome
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write(context, bytes);
        if let Poll::Ready(Ok(1..)) = outcome {
            self.activity.moved();
        }
        outcome
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_moves_in_either_direction_stays() {
        let activity = Activity::new();
        let (near, mut far) = duplex(64);
        let mut near = Watched::new(near, &activity);
        let begun = Instant::now();
        let moves = async {
            tokio::time::sleep(IDLE / 2).await;
            near.write_all(b"x").await.unwrap();
            tokio::time::sleep(IDLE / 2).await;
            far.write_all(b"y").await.unwrap();
            near.read_u8().await.unwrap();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = moves => {}
            () = activity.ended() => {}
        }
        assert_eq!(begun.elapsed().as_secs(), (IDLE * 2).as_secs());
    }
}
