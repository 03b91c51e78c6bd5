//! The organisation in the path, among those of the caller. A key is tied to one; a person chooses by the path and not
//! by a header. What is not theirs is not there.

use app::{AppError, Browser};
use axum::extract::FromRequestParts;
use domain::tenancy::Actor;
use http::request::Parts;
use protocol::{OrgId, ProblemCode};

use super::{Authenticated, InBrowser, admit, asked, bearer, path_id};
use crate::{problem::ApiProblem, state::HttpState};

/// Who asks, in the organisation of the path.
#[derive(Debug)]
pub(crate) struct OrgAccess {
    pub(crate) actor: Actor,
}

/// A key with its actor, or a person wherever they belong.
#[derive(Debug)]
enum Caller {
    Key(Actor),
    Person(Browser),
}

/// A person, with the organisation that they name: they may belong to it no more.
#[derive(Debug)]
pub(crate) struct OrgOfPerson {
    pub(crate) browser: Browser,
    pub(crate) org: OrgId,
}

fn missing() -> AppError {
    AppError::not_found("organisation")
}

impl FromRequestParts<HttpState> for Caller {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        if bearer(&parts.headers).is_some() {
            let Authenticated(actor) = Authenticated::from_request_parts(parts, state).await?;
            return Ok(Self::Key(actor));
        }
        let InBrowser(browser) = InBrowser::from_request_parts(parts, state).await?;
        Ok(Self::Person(browser))
    }
}

impl FromRequestParts<HttpState> for OrgAccess {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let org: OrgId = path_id(parts, state, "id", "organisation").await?;
        let actor = match caller {
            Caller::Key(actor) if actor.org == org => actor,
            Caller::Key(_) => return Err(missing().into()),
            Caller::Person(browser) => {
                let actor = asked(parts, state, browser.actor(Some(org))?);
                admit(parts, state, &actor).await?;
                actor
            }
        };
        Ok(Self { actor })
    }
}

impl FromRequestParts<HttpState> for OrgOfPerson {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let org: OrgId = path_id(parts, state, "id", "organisation").await?;
        match caller {
            Caller::Person(browser) => Ok(Self { browser, org }),
            Caller::Key(actor) if actor.org == org => Err(ApiProblem::new(
                ProblemCode::Forbidden,
                "This is for a person who signed in with a browser. An API key does not belong to an organisation by itself.",
            )),
            Caller::Key(_) => Err(missing().into()),
        }
    }
}
