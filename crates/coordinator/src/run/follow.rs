//! Follows a session over its socket: each committed event exactly once and in order, whatever the connection does.

use std::time::Duration;

use protocol::{
    Event, SessionId,
    runner::Delta,
    socket::{ClientFrame, SocketFrame},
};

use crate::client::{Api, ApiError, Socket};

/// Silence after which the connection is tested, and after which it is given up.
const QUIET: Duration = Duration::from_secs(20);
/// Time without a server after which following ends.
const PATIENCE: Duration = Duration::from_secs(600);

/// What a follower sees.
#[derive(Debug)]
pub enum Seen {
    Event(Box<Event>),
    Delta(Delta),
    /// Everything up to now has been seen; what follows is live.
    CaughtUp,
    /// The connection is lost; the next try comes after `wait`. Nothing is lost.
    Lost {
        reason: String,
        wait: Duration,
    },
    /// The connection is there again.
    Back,
}

/// The position in one session's events.
#[derive(Debug)]
pub struct Follower {
    api: Api,
    session: SessionId,
    cursor: u64,
    socket: Option<Socket>,
    /// Tries in a row that failed.
    failures: u32,
    waited: Duration,
    /// Time to wait before the next try.
    pause: Duration,
    tested: bool,
    live: bool,
}

impl Follower {
    /// Starts after event `after`; connects with the first call of [`Follower::next`].
    #[must_use]
    pub fn new(api: Api, session: SessionId, after: u64) -> Self {
        Self {
            api,
            session,
            cursor: after,
            socket: None,
            failures: 0,
            waited: Duration::ZERO,
            pause: Duration::ZERO,
            tested: false,
            live: false,
        }
    }

    /// The last event seen.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Whether everything that was in the log has been seen.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// The next thing. Dropping the future loses nothing.
    ///
    /// # Errors
    /// When the server refuses, or was away for longer than ten minutes.
    pub async fn next(&mut self) -> Result<Seen, ApiError> {
        loop {
            if self.socket.is_none() {
                match self.connect().await {
                    Ok(()) if self.failures > 0 => {
                        self.failures = 0;
                        self.waited = Duration::ZERO;
                        return Ok(Seen::Back);
                    }
                    Ok(()) => {}
                    Err(error) if error.is_transient() => return self.lost(error),
                    Err(error) => return Err(error),
                }
            }
            let Some(socket) = self.socket.as_mut() else {
                continue;
            };
            let frame = match tokio::time::timeout(QUIET, socket.next()).await {
                Ok(Ok(Some(frame))) => frame,
                Ok(Ok(None)) => {
                    return self.lost(ApiError::Unreachable("the server closed the connection".into()));
                }
                Ok(Err(error)) => return self.lost(error),
                Err(_) if self.tested => {
                    return self.lost(ApiError::Unreachable("the connection went silent".into()));
                }
                Err(_) => {
                    self.tested = true;
                    if let Err(error) = socket.send(&ClientFrame::Ping).await {
                        return self.lost(error);
                    }
                    continue;
                }
            };
            self.tested = false;
            match frame {
                SocketFrame::Event { event } if event.seq <= self.cursor => {}
                SocketFrame::Event { event } if event.seq == self.cursor + 1 => {
                    self.cursor = event.seq;
                    return Ok(Seen::Event(Box::new(event)));
                }
                // A gap is never passed on: asking again from the cursor closes it.
                SocketFrame::Event { event } => {
                    let reason = format!("event {} came after {}", event.seq, self.cursor);
                    return self.lost(ApiError::Unreachable(reason));
                }
                SocketFrame::Delta { delta, .. } => return Ok(Seen::Delta(delta)),
                SocketFrame::CaughtUp { .. } => {
                    self.live = true;
                    return Ok(Seen::CaughtUp);
                }
                SocketFrame::Error { code, message, .. } => {
                    return Err(ApiError::Odd(format!("{message} ({code})")));
                }
                SocketFrame::Hello { .. }
                | SocketFrame::Presence { .. }
                | SocketFrame::Accepted { .. }
                | SocketFrame::Pong => {}
            }
        }
    }

    async fn connect(&mut self) -> Result<(), ApiError> {
        tokio::time::sleep(self.pause).await;
        let mut socket = tokio::time::timeout(Duration::from_secs(30), self.api.socket(self.session))
            .await
            .map_err(|_| ApiError::Unreachable("no answer within 30 s".into()))??;
        socket
            .send(&ClientFrame::Subscribe { after: self.cursor })
            .await?;
        self.socket = Some(socket);
        Ok(())
    }

    fn lost(&mut self, error: ApiError) -> Result<Seen, ApiError> {
        self.socket = None;
        self.tested = false;
        self.live = false;
        self.waited += self.pause;
        if self.waited > PATIENCE {
            return Err(error);
        }
        self.pause = Duration::from_millis(250 << self.failures.min(5)).min(Duration::from_secs(5));
        self.failures += 1;
        Ok(Seen::Lost {
            reason: error.to_string(),
            wait: self.pause,
        })
    }
}
