//! The baseline of a replay: everything of a file is read, and sent.

use anyhow::Result;
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};

use super::files::Files;

/// Rows that are read before the first of them is sent.
const PAGE: usize = 200;

/// Answers each text with the whole file, event after event, and `caught_up`.
pub(super) async fn replays(
    files: &Files,
    session: usize,
    mut socket: WebSocketStream<TcpStream>,
) -> Result<()> {
    socket.send(Message::text("ready")).await?;
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(asked) = message else { continue };
        let gathered = asked.as_str() == "gathered";
        let file = files.open(session)?;
        let mut after = 0;
        loop {
            let rows = file.page(after, PAGE)?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            for (_, body) in rows {
                let message = Message::text(format!(r#"{{"type":"event","event":{body}"#));
                if gathered {
                    socket.feed(message).await?;
                } else {
                    socket.send(message).await?;
                }
            }
        }
        socket.send(Message::text(r#"{"type":"caught_up"}"#)).await?;
    }
    Ok(())
}
