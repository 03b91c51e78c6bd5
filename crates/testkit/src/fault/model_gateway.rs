//! Faults of the way to a model.

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, future, stream};
use ports::{
    ModelGateway,
    model_gateway::{ModelError, ModelRequest, ModelResponse},
};

use super::{Fault, strike};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "refused",
        injects: "nobody listens at the provider's address",
        outcome: "the agent gets a gateway error it can retry; the turn's failure names the provider, not the key",
    },
    Fault {
        name: "address_not_allowed",
        injects: "the provider's name resolves to a private address",
        outcome: "never connected; the error says which setting would allow it",
    },
    Fault {
        name: "breaks_off",
        injects: "the stream ends in mid-answer",
        outcome: "what came is metered; the agent sees a broken stream, not a complete answer",
    },
    Fault {
        name: "unauthorised",
        injects: "status 401",
        outcome: "passed on; the turn's failure says that the provider refused the key",
    },
    Fault {
        name: "rate_limited",
        injects: "status 429 with Retry-After 1",
        outcome: "passed on with its Retry-After; shown as model.retrying",
    },
    Fault {
        name: "server_error",
        injects: "status 500",
        outcome: "passed on; the agent may retry; nothing is metered",
    },
    Fault {
        name: "hangs",
        injects: "no answer at all",
        outcome: "the gateway's time limit ends the call; an interrupt ends it at once",
    },
];

super::decorator!("model_gateway", ports::ModelGateway);

fn status(status: u16, retry_after: Option<&str>) -> ModelResponse {
    let body = Bytes::from_static(br#"{"error":{"message":"injected"}}"#);
    ModelResponse {
        status,
        content_type: Some("application/json".into()),
        retry_after: retry_after.map(String::from),
        body: Box::pin(stream::iter([Ok(body)])),
    }
}

#[async_trait]
impl ModelGateway for Faulty {
    async fn send(&self, request: ModelRequest) -> Result<ModelResponse, ModelError> {
        strike!(
            self,
            "refused",
            ModelError::Unreachable("injected: connection refused".into())
        );
        strike!(
            self,
            "address_not_allowed",
            ModelError::AddressNotAllowed("injected: 10.0.0.1".into())
        );
        if self.faults.strikes("unauthorised") {
            return Ok(status(401, None));
        }
        if self.faults.strikes("rate_limited") {
            return Ok(status(429, Some("1")));
        }
        if self.faults.strikes("server_error") {
            return Ok(status(500, None));
        }
        if self.faults.strikes("hangs") {
            return future::pending().await;
        }
        let mut response = self.inner.send(request).await?;
        if self.faults.strikes("breaks_off") {
            let broken = stream::iter([Err(ModelError::Interrupted("injected: connection reset".into()))]);
            response.body = Box::pin(response.body.take(1).chain(broken));
        }
        Ok(response)
    }
}
