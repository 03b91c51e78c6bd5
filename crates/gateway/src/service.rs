//! The service: one call from start to end.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::StatusCode;
use ports::{ModelGateway, model_gateway::ModelRequest};
use protocol::{SessionId, agent::MODEL_ALIAS};
use serde_json::json;
use tokio::{
    sync::{OwnedSemaphorePermit, oneshot},
    time::{Instant, timeout},
};

use crate::{
    body::{self, InvalidBody, MAX_BODY_BYTES},
    grant::{Caller, GrantError, Grants},
    meter::Meter,
    problem,
    pump::{Call, SILENCE},
    redact::Redactor,
    request::{GatewayRequest, GatewayResponse},
    route::Route,
    slots::Slots,
    usage::{CallStatus, UsageSink},
};

/// Serves the model calls of all sandboxes.
#[derive(Clone)]
pub struct Gateway {
    models: Arc<dyn ModelGateway>,
    grants: Arc<dyn Grants>,
    usage: Arc<dyn UsageSink>,
    slots: Arc<Slots>,
    bodies: Arc<Slots>,
}

/// Leave to hold the body of one request in memory.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gateway")
    }
}

impl Gateway {
    #[must_use]
    pub fn new(models: Arc<dyn ModelGateway>, grants: Arc<dyn Grants>, usage: Arc<dyn UsageSink>) -> Self {
        Self {
            models,
            grants,
            usage,
            slots: Arc::new(Slots::calls()),
            bodies: Arc::new(Slots::bodies()),
        }
    }

    /// To be had before the body of a request is read, and kept until it is answered. `None` when too many requests
    /// of the session wait already, or for too long.
    pub async fn place(&self, session: SessionId) -> Option<Place> {
        self.bodies.take(session).await.map(Place)
    }

    /// Answers one request of a sandbox. Every outcome is an answer in the agent's dialect.
    pub async fn handle(&self, caller: Caller, mut request: GatewayRequest) -> GatewayResponse {
        let Some(route) = Route::find(&request.method, &request.path) else {
            let dialect = Route::dialect_of(&request.path);
            return problem::problem(
                dialect,
                StatusCode::NOT_FOUND,
                "route_not_found",
                "the gateway has no such route",
            );
        };
        let dialect = route.dialect();
        if request.body.len() > MAX_BODY_BYTES {
            return problem::of_body(dialect, &InvalidBody::TooLarge);
        }
        let Some(credential) = request.credential() else {
            return problem::of_grant(dialect, &GrantError::Unauthorized);
        };
        let grant = match self.grants.grant(caller, credential, dialect).await {
            Ok(grant) if grant.upstream.dialect == dialect => grant,
            Ok(grant) => {
                let own = grant.upstream.dialect.as_str();
                let error =
                    GrantError::ModelUnavailable(format!("it speaks {own}, not {}", dialect.as_str()));
                return problem::of_grant(dialect, &error);
            }
            Err(error) => return problem::of_grant(dialect, &error),
        };
        if route == Route::Models {
            let model =
                json!({"id": MODEL_ALIAS, "object": "model", "created": 0, "owned_by": "agent-coordinator"});
            return GatewayResponse::json(
                StatusCode::OK,
                json!({"object": "list", "data": [model]}).to_string(),
            );
        }
        let rewritten = match body::rewrite(route, &request.body, &grant) {
            Ok(rewritten) => rewritten,
            Err(error) => return problem::of_body(dialect, &error),
        };
        // One copy is enough while it waits.
        request.body = Bytes::new();
        let Some(slot) = self.slots.take(caller.session_id).await else {
            return problem::of_grant(dialect, &GrantError::RateLimited { retry_after_s: 5 });
        };
        let outbound = ModelRequest {
            upstream: grant.upstream.clone(),
            call: route.call(),
            headers: request.passed_on(),
            body: rewritten.bytes,
        };
        let mut call = Call {
            caller,
            route,
            meter: Meter::new(dialect, outbound.body.len()),
            wants_usage: rewritten.wants_usage,
            redactor: Redactor::new(&grant.upstream.api_key),
            grant,
            usage: Arc::clone(&self.usage),
            begun: Instant::now(),
            settled: false,
        };
        let models = Arc::clone(&self.models);
        let (mut head, answer) = oneshot::channel();
        // On its own task: a sandbox that hangs up must not keep a call from being settled.
        tokio::spawn(async move {
            let _slot = slot;
            let response = tokio::select! {
                biased;
                () = head.closed() => {
                    // The provider has the prompt, so it bills at least that.
                    let _ = call.settle(CallStatus::Abandoned).await;
                    return;
                }
                response = timeout(SILENCE, models.send(outbound)) => response,
            };
            match response {
                Ok(Ok(response)) => call.answer(response, head).await,
                Err(_) => {
                    let answer = match call.settle(CallStatus::Interrupted).await {
                        Ok(()) => problem::silent(dialect),
                        Err(error) => problem::not_recorded(dialect, &error),
                    };
                    let _ = head.send(answer);
                }
                Ok(Err(error)) => {
                    let _ = head.send(problem::of_model(dialect, &error, &call.redactor));
                }
            }
        });
        answer.await.unwrap_or_else(|_| {
            problem::problem(
                dialect,
                StatusCode::INTERNAL_SERVER_ERROR,
                "gateway_failed",
                "the gateway failed",
            )
        })
    }
}
