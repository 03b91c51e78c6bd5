//! GitHub, which speaks OAuth 2.0 without OpenID Connect: who it is, is asked of its API.
//!
//! A person is their numeric id; names and addresses change hands.

use std::sync::Arc;

use domain::{mail::MailAddress, sign_in::VerifiedIdentity};
use oauth2::{
    AccessToken, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse as _, TokenUrl,
    basic::{BasicClient, BasicErrorResponse},
};
use ports::logins::{LoginAnswer, LoginError, LoginStart};
use protocol::api::Secret;
use secrecy::ExposeSecret;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    LoginClient,
    fetch::{FetchError, GuardedHttp},
    line, name, told,
};

/// GitHub's own address; others are servers of the Enterprise kind, with the API below `/api/v3`.
const GITHUB: &str = "https://github.com";
const API: &str = "https://api.github.com";
/// Items on a page of its API, at most (its documentation of pagination).
const PAGE: usize = 100;
/// Pages of organisations that are looked at.
const MOST_PAGES: usize = 10;

#[derive(Debug, Deserialize)]
struct User {
    id: u64,
    login: String,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Email {
    email: String,
    #[serde(default)]
    primary: bool,
    #[serde(default)]
    verified: bool,
}

#[derive(Debug, Deserialize)]
struct Organisation {
    login: String,
}

type Endpoints = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// GitHub, or a server of its Enterprise kind.
#[derive(Debug)]
pub(super) struct Github {
    client: LoginClient,
    http: Arc<GuardedHttp>,
}

impl Github {
    pub(super) fn new(client: LoginClient, http: Arc<GuardedHttp>) -> Self {
        Self { client, http }
    }

    /// Without a slash at its end.
    fn base(&self) -> &str {
        self.client.issuer.trim_end_matches('/')
    }

    fn api(&self) -> String {
        match self.base() {
            GITHUB => API.to_owned(),
            other => format!("{other}/api/v3"),
        }
    }

    fn endpoints(&self, redirect_uri: &str) -> Result<Endpoints, LoginError> {
        let base = self.base();
        let wrong = |error: url::ParseError| refused(&error.to_string());
        let mut client = BasicClient::new(ClientId::new(self.client.client_id.clone()))
            .set_auth_uri(AuthUrl::new(format!("{base}/login/oauth/authorize")).map_err(wrong)?)
            .set_token_uri(TokenUrl::new(format!("{base}/login/oauth/access_token")).map_err(wrong)?)
            .set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned()).map_err(wrong)?)
            // What its documentation describes.
            .set_auth_type(oauth2::AuthType::RequestBody);
        if let Some(secret) = &self.client.client_secret {
            client = client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
        }
        Ok(client)
    }

    pub(super) fn start(&self, start: &LoginStart) -> Result<Secret, LoginError> {
        let verifier = PkceCodeVerifier::new(start.verifier.expose().to_owned());
        let state = start.state.expose().to_owned();
        let (url, _) = self
            .endpoints(&start.redirect_uri)?
            .authorize_url(|| CsrfToken::new(state))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_scopes(self.client.scopes.iter().cloned().map(Scope::new))
            .url();
        Ok(Secret::new(url.as_str()))
    }

    pub(super) async fn finish(&self, answer: &LoginAnswer) -> Result<VerifiedIdentity, LoginError> {
        let base = self.base();
        if let Some(issuer) = &answer.issuer
            && issuer != base
            && *issuer != format!("{base}/login/oauth")
        {
            return Err(refused("the answer is another issuer's"));
        }
        let tokens = self
            .endpoints(&answer.redirect_uri)?
            .exchange_code(AuthorizationCode::new(answer.code.expose().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(answer.verifier.expose().to_owned()))
            .request_async(&*self.http)
            .await
            .map_err(exchange)?;
        let token = tokens.access_token();
        let user: User = self.get(token, "/user").await?;
        if user.id == 0 {
            return Err(refused("it tells no id"));
        }
        let emails: Vec<Email> = self.get(token, "/user/emails").await?;
        let primary = emails.iter().find(|one| one.primary && one.verified);
        let email = primary.and_then(|one| MailAddress::read(&one.email).ok());
        let organisations = if self.client.organisations {
            self.organisations(token).await?
        } else {
            Vec::new()
        };
        Ok(VerifiedIdentity {
            issuer: base.to_owned(),
            subject: user.id.to_string(),
            email_verified: email.is_some(),
            email,
            name: user.name.as_deref().and_then(name).or_else(|| name(&user.login)),
            hosted_domain: None,
            organisations,
        })
    }

    async fn organisations(&self, token: &AccessToken) -> Result<Vec<String>, LoginError> {
        let mut all = Vec::new();
        for page in 1..=MOST_PAGES {
            let some: Vec<Organisation> = self
                .get(token, &format!("/user/orgs?per_page={PAGE}&page={page}"))
                .await?;
            let last = some.len() < PAGE;
            all.extend(some.into_iter().map(|one| one.login));
            if last {
                break;
            }
        }
        Ok(all)
    }

    async fn get<T: DeserializeOwned>(&self, token: &AccessToken, path: &str) -> Result<T, LoginError> {
        let request = http::Request::get(format!("{}{path}", self.api()))
            .header(http::header::AUTHORIZATION, format!("Bearer {}", token.secret()))
            .header(http::header::ACCEPT, "application/vnd.github+json")
            .header("X-GitHub-Api-Version", "2022-11-28")
            .body(Vec::new())
            .map_err(|_| refused("its token fits no header"))?;
        let response = self.http.send(request).await.map_err(unanswered)?;
        let status = response.status();
        if status.is_server_error() || status == 429 {
            return Err(LoginError::Unavailable(format!("its API answers {status}")));
        }
        if !status.is_success() {
            return Err(refused(&format!("its API answers {status}")));
        }
        serde_json::from_slice(response.body()).map_err(|_| refused("its API's answer cannot be read"))
    }
}

fn refused(why: &str) -> LoginError {
    LoginError::Refused(line(why))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is called where an error is mapped"
)]
fn unanswered(error: FetchError) -> LoginError {
    LoginError::Unavailable(told(&error))
}

fn exchange(error: RequestTokenError<FetchError, BasicErrorResponse>) -> LoginError {
    match error {
        RequestTokenError::Request(error) => unanswered(error),
        RequestTokenError::ServerResponse(said) => {
            refused(&format!("the code is not taken: {}", said.error().as_ref()))
        }
        // GitHub says 200 with an `error` in it; what could not be read may also hold a token: not a word of it.
        RequestTokenError::Parse(..) => refused("the code is not taken, or the answer cannot be read"),
        RequestTokenError::Other(_) => refused("its token endpoint did not answer with tokens"),
    }
}
