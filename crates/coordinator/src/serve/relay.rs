//! Connections that come out of sandboxes: to the proxy, to the runner's dial-back and the model gateway, and the
//! keepers' own, which tell that a sandbox is there.

use axum::{Extension, Router};
use http_door::Caller;
use protocol::keeper::RelayChannel;
use sandboxes::{RelayedConnection, relay::next_notice};
use sessions::Sessions;
use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{doors::Doors, listener};

/// What serves them.
#[derive(Clone)]
pub(super) struct Relay {
    pub(super) sessions: Sessions,
    pub(super) doors: Doors,
    pub(super) uplink: Router,
    pub(super) stop: CancellationToken,
}

impl Relay {
    /// Serves what comes until `stop`.
    pub(super) async fn run(self, mut connections: mpsc::Receiver<RelayedConnection>, tasks: TaskTracker) {
        loop {
            let connection = tokio::select! {
                connection = connections.recv() => connection,
                () = self.stop.cancelled() => return,
            };
            let Some(connection) = connection else { return };
            let relay = self.clone();
            tasks.spawn(async move {
                let stop = relay.stop.clone();
                tokio::select! {
                    () = relay.serve(connection) => {}
                    () = stop.cancelled() => {}
                }
            });
        }
    }

    async fn serve(self, connection: RelayedConnection) {
        let RelayedConnection { preamble, mut stream } = connection;
        match preamble.channel {
            RelayChannel::Proxy => {
                if let Some(door) = self.doors.of(&preamble, &self.sessions).await {
                    door.serve(stream).await;
                }
            }
            RelayChannel::Uplink => {
                // Who it is comes from the keeper's connection, never from the sandbox.
                let caller = Caller {
                    session_id: preamble.session_id,
                    sandbox_id: preamble.sandbox_id,
                    generation: preamble.generation,
                };
                let router = self.uplink.clone().layer(Extension(caller));
                listener::serve_sandbox(stream, router, self.stop.clone()).await;
            }
            RelayChannel::Presence => {
                // Held while the keeper lives; what it says and its end are the same hint: ask the provider.
                while next_notice(&mut stream).await.is_some() {
                    self.sessions
                        .sandbox_ended(preamble.session_id, preamble.generation)
                        .await;
                }
                self.sessions
                    .sandbox_ended(preamble.session_id, preamble.generation)
                    .await;
                self.doors.close(preamble.sandbox_id).await;
            }
        }
    }
}
