//! A gateway with everything around it played by the test.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use domain::models::Price;
use futures::StreamExt;
use gateway::{
    Caller, Gateway, GatewayRequest, GatewayResponse, Grant, GrantError, Grants, UsageNotRecorded,
    UsageReport, UsageSink,
};
use http::{HeaderMap, Method};
use ports::model_gateway::{ModelGateway, Upstream};
use protocol::{OrgId, PromptId, SandboxId, SessionId, agent::Dialect};
use tokio::sync::Notify;

pub(crate) const KEY: &str = "tenant-key-0123456789";
pub(crate) const CREDENTIAL: &str = "generation-credential";

pub(crate) struct OneGrant {
    pub(crate) dialect: Dialect,
    pub(crate) refusal: Option<GrantError>,
}

#[async_trait]
impl Grants for OneGrant {
    async fn grant(&self, _caller: Caller, credential: &str, _dialect: Dialect) -> Result<Grant, GrantError> {
        if let Some(refusal) = &self.refusal {
            return Err(refusal.clone());
        }
        if credential != CREDENTIAL {
            return Err(GrantError::Unauthorized);
        }
        let upstream = Upstream {
            provider: "hub".into(),
            dialect: self.dialect,
            base_url: Some("http://upstream.test/v1".into()),
            api_key: KEY.to_owned().into(),
        };
        Ok(Grant {
            org: OrgId::new(1, 1),
            prompt: Some(PromptId::new(2, 2)),
            model: "real-model".into(),
            upstream,
            price: Some(Price {
                input: 1_000_000,
                output: 2_000_000,
                cached: None,
            }),
            max_output: Some(4096),
        })
    }
}

/// Writes reports down; can be told to hold or to fail.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) reports: Mutex<Vec<UsageReport>>,
    pub(crate) recorded: Notify,
    pub(crate) fails: bool,
    pub(crate) gate: Option<Arc<Notify>>,
}

impl Ledger {
    pub(crate) fn reports(&self) -> Vec<UsageReport> {
        self.reports.lock().expect("no panic elsewhere").clone()
    }
}

#[async_trait]
impl UsageSink for Ledger {
    async fn used(&self, report: UsageReport) -> Result<(), UsageNotRecorded> {
        if let Some(gate) = &self.gate {
            gate.notified().await;
        }
        if self.fails {
            return Err(UsageNotRecorded("disk full".into()));
        }
        self.reports.lock().expect("no panic elsewhere").push(report);
        self.recorded.notify_one();
        Ok(())
    }
}

pub(crate) fn caller() -> Caller {
    Caller {
        session_id: SessionId::new(3, 3),
        sandbox_id: SandboxId::new(4, 4),
        generation: 5,
    }
}

pub(crate) fn gateway(models: Arc<dyn ModelGateway>, dialect: Dialect, ledger: &Arc<Ledger>) -> Gateway {
    let ledger: Arc<Ledger> = Arc::clone(ledger);
    Gateway::new(
        models,
        Arc::new(OneGrant {
            dialect,
            refusal: None,
        }),
        ledger,
    )
}

pub(crate) fn post(path: &str, body: &str) -> GatewayRequest {
    let mut headers = HeaderMap::new();
    let bearer = format!("Bearer {CREDENTIAL}");
    headers.insert("authorization", bearer.parse().expect("a header value"));
    GatewayRequest {
        method: Method::POST,
        path: path.into(),
        headers,
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}

pub(crate) const CHAT: &str = "/gateway/openai-chat/v1/chat/completions";
pub(crate) const MESSAGES: &str = "/gateway/anthropic/v1/messages";
pub(crate) const STREAM: &str = r#"{"model":"session-model","stream":true,"messages":[]}"#;

/// The body as far as it came, and whether it ended well.
pub(crate) async fn read(response: GatewayResponse) -> (String, bool) {
    let mut text = Vec::new();
    let mut body = response.body;
    while let Some(piece) = body.next().await {
        match piece {
            Ok(bytes) => text.extend_from_slice(&bytes),
            Err(_) => return (String::from_utf8_lossy(&text).into_owned(), false),
        }
    }
    (String::from_utf8_lossy(&text).into_owned(), true)
}
