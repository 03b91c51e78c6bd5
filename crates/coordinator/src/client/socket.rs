//! The session socket as a client sees it. The upgrade goes through the HTTP client, so certificates and proxies
//! are the same as for every other request.

use base64::Engine as _;
use futures::{SinkExt as _, StreamExt as _};
use ports::Entropy as _;
use protocol::{
    SessionId,
    socket::{ClientFrame, SocketFrame},
};
use reqwest::{Method, header};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        protocol::{Role, WebSocketConfig},
    },
};

use super::{Api, ApiError, error};
use keys::SystemEntropy;

/// An open session socket.
pub struct Socket {
    stream: WebSocketStream<reqwest::Upgraded>,
}

impl std::fmt::Debug for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Socket")
    }
}

impl Api {
    /// Opens the socket of a session.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn socket(&self, session: SessionId) -> Result<Socket, ApiError> {
        let mut nonce = [0; 16];
        SystemEntropy.fill(&mut nonce);
        let answer = self
            .request(&self.upgrades, Method::GET, &format!("/v1/sessions/{session}/ws"))?
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(
                header::SEC_WEBSOCKET_KEY,
                base64::engine::general_purpose::STANDARD.encode(nonce),
            )
            .send()
            .await
            .map_err(|error| ApiError::unreachable(&error))?;
        if answer.status() != reqwest::StatusCode::SWITCHING_PROTOCOLS {
            return Err(if answer.status().is_success() {
                ApiError::Odd("the server (or a proxy before it) does not speak WebSocket".into())
            } else {
                error::refusal(answer).await
            });
        }
        let upgraded = answer
            .upgrade()
            .await
            .map_err(|error| ApiError::unreachable(&error))?;
        let mut config = WebSocketConfig::default();
        config.max_message_size = Some(64 * 1024 * 1024);
        config.max_frame_size = Some(64 * 1024 * 1024);
        let stream = WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await;
        Ok(Socket { stream })
    }
}

impl Socket {
    /// Sends one frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send(&mut self, frame: &ClientFrame) -> Result<(), ApiError> {
        let text = serde_json::to_string(frame).map_err(|error| ApiError::Odd(error.to_string()))?;
        self.stream
            .send(Message::text(text))
            .await
            .map_err(|error| ApiError::Unreachable(error.to_string()))
    }

    /// The next frame; `None` when the server closed the socket.
    ///
    /// # Errors
    /// When the connection broke or the frame is none of this API.
    pub async fn next(&mut self) -> Result<Option<SocketFrame>, ApiError> {
        loop {
            match self.stream.next().await {
                None => return Ok(None),
                Some(Err(error)) => return Err(ApiError::Unreachable(error.to_string())),
                Some(Ok(Message::Text(text))) => {
                    // A frame of a newer server is passed over, not an error.
                    if let Ok(frame) = serde_json::from_str(&text) {
                        return Ok(Some(frame));
                    }
                }
                Some(Ok(Message::Close(_))) => return Ok(None),
                Some(Ok(_)) => {}
            }
        }
    }
}
