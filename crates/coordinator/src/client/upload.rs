//! A file on its way to the server, streamed, as often as it takes.

use std::{path::Path, time::Duration};

use ports::Entropy as _;
use reqwest::{Body, Method, header};
use serde_json::Value;
use tokio_util::io::ReaderStream;

use super::{ATTEMPTS, Api, ApiError, SystemEntropy, error, json};

impl Api {
    /// Sends the file at `file`; carries an idempotency key, so that trying again is safe.
    ///
    /// # Errors
    /// When the file cannot be read, or as [`Api::get`].
    pub async fn upload_as(&self, path: &str, file: &Path, media_type: &str) -> Result<Value, ApiError> {
        let key = SystemEntropy.token();
        let unreadable = |error: std::io::Error| ApiError::Setup(format!("{}: {error}", file.display()));
        let mut tried = 0;
        loop {
            tried += 1;
            let open = tokio::fs::File::open(file).await.map_err(unreadable)?;
            let size = open.metadata().await.map_err(unreadable)?.len();
            let request = self
                .request(&self.http, Method::POST, path)?
                .header("Idempotency-Key", &key)
                .header(header::CONTENT_TYPE, media_type)
                .header(header::CONTENT_LENGTH, size)
                .body(Body::wrap_stream(ReaderStream::with_capacity(open, 256 * 1024)));
            let failure = match request.send().await {
                Ok(answer) if answer.status().is_success() => return json(answer).await,
                Ok(answer) => error::refusal(answer).await,
                Err(error) => ApiError::unreachable(&error),
            };
            if tried >= ATTEMPTS || !failure.is_transient() {
                return Err(self.placed(failure));
            }
            tokio::time::sleep(Duration::from_millis(200 << tried)).await;
        }
    }
}
