//! `GET /v1/runner/connect`: a runner dials back.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{
        Request, State,
        ws::{Message, WebSocket},
    },
    response::Response,
};
use futures::{SinkExt, StreamExt};
use gateway::Caller;
use http::HeaderMap;
use protocol::{
    OrgId, ProblemCode, SandboxId, SessionId,
    runner::{MAX_FRAME_BYTES, RUNNER_PROTOCOL, RunnerFrame, ServerFrame},
};
use sessions::RunnerHello;
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use super::pump;
use crate::{
    extract::bearer,
    problem::{ApiProblem, chain},
    state::HttpState,
    v1::events::socket::upgrade,
};

/// A runner says who it is within this time.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
const READ_BUFFER: usize = 16 * 1024;

/// What the headers say.
pub(super) struct Dial {
    pub(super) session: SessionId,
    pub(super) sandbox: SandboxId,
    pub(super) generation: u64,
    credential: String,
}

/// The runner's socket (WebSocket, JSON text frames), with the credential of one generation as bearer token.
#[utoipa::path(
    get, path = "/v1/runner/connect", tag = "runner",
    params(
        ("Coordinator-Session" = SessionId, Header, description = "The runner's session"),
        ("Coordinator-Sandbox" = SandboxId, Header, description = "The runner's sandbox"),
        ("Coordinator-Generation" = u64, Header, description = "The runner's generation"),
    ),
    responses((status = 101, description = "For runners; not for clients"))
)]
pub(crate) async fn connect_runner(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, _) = request.into_parts();
    let dial = dial(&parts.headers).ok_or_else(|| {
        ApiProblem::new(
            ProblemCode::Unauthenticated,
            "A runner names its session, sandbox and generation, and gives their credential as bearer token.",
        )
    })?;
    // What the transport knows outweighs what the sandbox says.
    if let Some(caller) = parts.extensions.get::<Caller>()
        && (caller.session_id, caller.sandbox_id, caller.generation)
            != (dial.session, dial.sandbox, dial.generation)
    {
        return Err(ApiProblem::new(
            ProblemCode::Unauthenticated,
            "The credential is not of this sandbox.",
        ));
    }
    let place = Arc::clone(&state.pending_hellos)
        .try_acquire_owned()
        .map_err(|_| {
            ApiProblem::new(
                ProblemCode::Unavailable,
                "Too many runners connect at once. Try again.",
            )
        })?;
    // Before the upgrade: a frame may be large, and this door is open to everybody.
    let checked = state
        .app
        .check_runner(dial.session, dial.generation, &dial.credential)
        .await;
    let org = checked.map_err(|error| match error.code {
        ProblemCode::Unavailable | ProblemCode::StorageFull | ProblemCode::Internal => error.into(),
        _ => ApiProblem::new(
            ProblemCode::Unauthenticated,
            "The generation is over, or the credential is not its own.",
        ),
    })?;
    let upgrade = upgrade(&mut parts, &state)
        .await?
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(READ_BUFFER)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES);
    Ok(upgrade
        .on_upgrade(move |socket| ports::lane::within(Some(org), greet(state, dial, org, place, socket))))
}

fn dial(headers: &HeaderMap) -> Option<Dial> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    Some(Dial {
        session: text("coordinator-session")?.parse().ok()?,
        sandbox: text("coordinator-sandbox")?.parse().ok()?,
        generation: text("coordinator-generation")?.parse().ok()?,
        // A person's key is no runner's credential.
        credential: bearer(headers)
            .filter(|token| token.len() <= 512 && !token.starts_with(app::KEY_PREFIX))?
            .to_owned(),
    })
}

async fn greet(state: HttpState, dial: Dial, org: OrgId, place: OwnedSemaphorePermit, mut socket: WebSocket) {
    let hello = match timeout(HELLO_WITHIN, first(&mut socket)).await {
        Ok(Ok(hello)) => hello,
        Ok(Err(reason)) => return refuse(socket, reason).await,
        Err(_) => return,
    };
    drop(place);
    let (protocol, generation, secret, runner_version) = hello;
    if protocol != RUNNER_PROTOCOL {
        return refuse(socket, "the runner speaks another version of the protocol").await;
    }
    if generation != dial.generation {
        return refuse(socket, "the runner is of another generation than it says").await;
    }
    let hello = RunnerHello {
        session_id: dial.session,
        sandbox_id: dial.sandbox,
        generation,
        credential: dial.credential.clone(),
        secret: secret.clone(),
        runner_version,
    };
    match state.app.connect_runner(hello).await {
        Ok(link) => pump::pump(&state, &dial, org, secret, link, socket).await,
        Err(error) => {
            let cause = error.cause.as_ref().map(|cause| chain(cause.as_ref()));
            tracing::info!(session.id = %dial.session, generation, code = error.code.slug(), cause, "a runner was not let in");
            // Only what will not change is final; on anything else the runner tries again.
            match error.code {
                ProblemCode::Unavailable | ProblemCode::StorageFull | ProblemCode::Internal => {}
                _ => refuse(socket, "the generation is over, or the credential is not its own").await,
            }
        }
    }
}

/// The hello. Before it nothing else counts.
async fn first(socket: &mut WebSocket) -> Result<(u32, u64, String, String), &'static str> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                return match serde_json::from_str(&text) {
                    Ok(RunnerFrame::Hello {
                        protocol,
                        generation,
                        secret,
                        runner_version,
                    }) if (16..=512).contains(&secret.len()) && runner_version.len() <= 128 => {
                        Ok((protocol, generation, secret, runner_version))
                    }
                    _ => Err("the first frame is `hello`"),
                };
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            _ => return Err("the first frame is `hello`"),
        }
    }
}

async fn refuse(mut socket: WebSocket, reason: &str) {
    let frame = ServerFrame::Fenced {
        reason: reason.to_owned(),
    };
    if let Ok(text) = serde_json::to_string(&frame) {
        let _ = socket.send(Message::Text(text.into())).await;
    }
    let _ = socket.close().await;
}
