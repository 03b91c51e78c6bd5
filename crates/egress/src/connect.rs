//! `CONNECT`: a tunnel to one checked address.

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::{io::copy_bidirectional, net::TcpStream};

use crate::idle::{Activity, Watched};

/// A tunnel that waits for its client to switch over.
pub(crate) struct Tunnel {
    pub(crate) client: OnUpgrade,
    pub(crate) server: TcpStream,
}

impl Tunnel {
    /// Carries bytes both ways until one side is done, or nothing moves any more.
    pub(crate) async fn run(self) {
        let Ok(client) = self.client.await else { return };
        let activity = Activity::new();
        let mut client = TokioIo::new(client);
        let mut server = Watched::new(self.server, &activity);
        tokio::select! {
            // How a tunnel ends is its two ends' affair.
            _ = copy_bidirectional(&mut client, &mut server) => {}
            () = activity.ended() => {}
        }
    }
}
