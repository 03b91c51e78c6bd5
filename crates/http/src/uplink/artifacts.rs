//! `POST /artifacts` of the uplink: files that an agent left behind. Served only on relayed streams, whose sandbox
//! the transport knows; the runner shows its secret as it does for model calls.

use app::{NewArtifact, Offered};
use axum::{
    extract::{FromRequestParts, Request, State},
    response::Response,
};
use gateway::Caller;
use http::StatusCode;
use protocol::{ArtifactId, ProblemCode};
use serde::{Deserialize, Serialize};

use crate::{
    extract::{Params, bearer},
    problem::{ApiProblem, no_route},
    reply,
    state::HttpState,
    v1::artifacts::source::{said, source},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfferParams {
    name: String,
    /// Of the content, 64 hexadecimal digits.
    sha256: String,
}

/// What the runner gets to know.
#[derive(Debug, Serialize)]
struct Answer {
    artifact_id: ArtifactId,
}

pub(crate) async fn offer_artifact(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let Some(caller) = parts.extensions.get::<Caller>().copied() else {
        return Err(no_route().into());
    };
    let secret = bearer(&parts.headers)
        .filter(|token| token.len() <= 512)
        .map(str::to_owned)
        .ok_or_else(|| ApiProblem::new(ProblemCode::Unauthenticated, "The runner's secret is missing."))?;
    let Params(params) = Params::<OfferParams>::from_request_parts(&mut parts, &state).await?;
    let (media_type, declared) = said(&parts.headers);
    let new = NewArtifact {
        name: params.name,
        media_type,
        declared,
        bytes: source(body),
        key: None,
    };
    let offered = state
        .app
        .offer_artifact(caller.session_id, caller.generation, &secret, &params.sha256, new)
        .await?;
    let (status, artifact_id) = match offered {
        Offered::Kept(id) => (StatusCode::CREATED, id),
        Offered::Known(id) => (StatusCode::OK, id),
    };
    Ok(reply::json(status, &Answer { artifact_id }))
}
