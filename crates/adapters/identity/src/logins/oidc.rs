//! OpenID Connect: discovery, the code flow with PKCE, and an ID token of which everything is checked.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::{
    mail::MailAddress,
    sign_in::{LONGEST_SUBJECT, VerifiedIdentity},
};
use oauth2::TokenResponse as _;
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AdditionalProviderMetadata, AuthType, AuthenticationFlow,
    AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenClaims, IdTokenFields,
    IdTokenVerifier, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, StandardErrorResponse, StandardTokenResponse,
    TokenResponse as _, UserInfoClaims, UserInfoError,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod,
        CoreErrorResponseType, CoreGenderClaim, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
        CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use ports::{
    Clock,
    logins::{LoginAnswer, LoginError, LoginStart},
};
use protocol::{Timestamp, api::Secret};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::{
    LoginClient,
    fetch::{FetchError, GuardedHttp, is_safe_address},
    line, name, told,
};

/// How long discovery and keys are believed without asking again. A key that is not known is asked for at once.
const KNOWN_FOR: Duration = Duration::from_secs(10 * 60);
/// What clocks may differ by.
const LEEWAY: Duration = Duration::from_secs(60);
/// An ID token is made while we wait for it: an older one was made for something else.
const OLDEST: Duration = Duration::from_secs(10 * 60);
/// Signatures that are believed. Neither `none` nor any with a shared secret: a public key would be one.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What discovery says beyond the library's list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct More {
    /// RFC 9207: answers name their issuer.
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    /// RFC 8414, section 2.
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl AdditionalProviderMetadata for More {}

/// What an ID token says beyond the library's list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Hosted {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hd: Option<String>,
}

impl AdditionalClaims for Hosted {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

type Fields = IdTokenFields<
    Hosted,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type TokenError = StandardErrorResponse<CoreErrorResponseType>;
type Claims = IdTokenClaims<Hosted, CoreGenderClaim>;

type Endpoints = Client<
    Hosted,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    TokenError,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// One issuer.
pub(super) struct Oidc {
    client: LoginClient,
    http: Arc<GuardedHttp>,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<(Timestamp, Arc<Metadata>)>>,
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

impl Oidc {
    pub(super) fn new(client: LoginClient, http: Arc<GuardedHttp>, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            http,
            clock,
            known: Mutex::default(),
        }
    }

    pub(super) async fn start(&self, start: &LoginStart) -> Result<Secret, LoginError> {
        let metadata = self.metadata().await?;
        let methods = &metadata.additional_metadata().code_challenge_methods_supported;
        if methods
            .as_ref()
            .is_some_and(|methods| !methods.iter().any(|one| one == "S256"))
        {
            return Err(refused("it does not take PKCE with S256"));
        }
        let verifier = PkceCodeVerifier::new(start.verifier.expose().to_owned());
        let (state, nonce) = (start.state.expose().to_owned(), start.nonce.expose().to_owned());
        let endpoints = self.endpoints(&metadata, &start.redirect_uri)?;
        let mut request = endpoints
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        for scope in self.client.scopes.iter().filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (url, ..) = request.url();
        if !is_safe_address(&url) {
            return Err(refused("its sign-in page is not behind https"));
        }
        Ok(Secret::new(url.as_str()))
    }

    pub(super) async fn finish(&self, answer: &LoginAnswer) -> Result<VerifiedIdentity, LoginError> {
        let mut metadata = self.metadata().await?;
        // Before the code goes anywhere: it may be another issuer's (RFC 9207, section 2.4).
        let promised = metadata
            .additional_metadata()
            .authorization_response_iss_parameter_supported;
        match &answer.issuer {
            Some(issuer) if *issuer != self.client.issuer => {
                return Err(refused("the answer is another issuer's"));
            }
            None if promised => return Err(refused("the answer does not name its issuer")),
            _ => {}
        }
        let endpoints = self.endpoints(&metadata, &answer.redirect_uri)?;
        let tokens = endpoints
            .exchange_code(AuthorizationCode::new(answer.code.expose().to_owned()))
            .map_err(|_| refused("it has no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(answer.verifier.expose().to_owned()))
            .request_async(&*self.http)
            .await
            .map_err(exchange)?;
        let token = tokens.id_token().ok_or_else(|| refused("there is no ID token"))?;
        let nonce = Nonce::new(answer.nonce.expose().to_owned());
        let mut verifier = self.verifier(&metadata);
        let claims: &Claims = match token.claims(&verifier, &nonce) {
            Err(error) if is_of_another_key(&error) => {
                metadata = self.discover().await?;
                verifier = self.verifier(&metadata);
                token.claims(&verifier, &nonce).map_err(unbelievable)?
            }
            outcome => outcome.map_err(unbelievable)?,
        };
        if claims
            .authorized_party()
            .is_some_and(|party| party.as_str() != self.client.client_id)
        {
            return Err(refused("the ID token was made for another client"));
        }
        if let Some(expected) = claims.access_token_hash() {
            let made = token
                .signing_alg()
                .ok()
                .zip(token.signing_key(&verifier).ok())
                .and_then(|(algorithm, key)| {
                    AccessTokenHash::from_token(tokens.access_token(), algorithm, key).ok()
                })
                .ok_or_else(|| refused("the hash of its access token cannot be made"))?;
            if made != *expected {
                return Err(refused("the access token does not belong to the ID token"));
            }
        }
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control) {
            return Err(refused("the subject is empty or too long"));
        }
        let mut who = VerifiedIdentity {
            issuer: self.client.issuer.clone(),
            subject: subject.to_owned(),
            email: claims.email().and_then(|email| MailAddress::read(email).ok()),
            email_verified: claims.email_verified() == Some(true),
            name: claims
                .name()
                .and_then(|names| names.get(None))
                .and_then(|one| name(one.as_str())),
            hosted_domain: claims.additional_claims().hd.clone(),
            organisations: Vec::new(),
        };
        if who.email.is_none() && metadata.userinfo_endpoint().is_some() {
            let info: UserInfoClaims<Hosted, CoreGenderClaim> = endpoints
                // The subject has to be that of the ID token.
                .user_info(tokens.access_token().to_owned(), Some(claims.subject().clone()))
                .map_err(|_| refused("it has no endpoint for information about users"))?
                .request_async(&*self.http)
                .await
                .map_err(no_information)?;
            who.email = info.email().and_then(|email| MailAddress::read(email).ok());
            who.email_verified = info.email_verified() == Some(true);
            who.name = who.name.or_else(|| {
                let one = info.name().and_then(|names| names.get(None))?;
                name(one.as_str())
            });
        }
        Ok(who)
    }

    fn verifier<'a>(&'a self, metadata: &Metadata) -> IdTokenVerifier<'a, CoreJsonWebKey> {
        let now = moment(self.clock.now());
        // The one for public clients: it has no shared secret that a signature could be made with.
        IdTokenVerifier::new_public_client(
            ClientId::new(self.client.client_id.clone()),
            metadata.issuer().clone(),
            metadata.jwks().clone(),
        )
        .set_allowed_algs(SIGNATURES)
        .set_time_fn(move || now - LEEWAY)
        .set_issue_time_verifier_fn(move |made| {
            if made > now + LEEWAY {
                Err("the ID token is from the future".to_owned())
            } else if made < now - OLDEST {
                Err("the ID token is too old".to_owned())
            } else {
                Ok(())
            }
        })
    }

    fn endpoints(&self, metadata: &Metadata, redirect_uri: &str) -> Result<Endpoints, LoginError> {
        let secret = self
            .client
            .client_secret
            .as_ref()
            .map(|secret| ClientSecret::new(secret.expose_secret().to_owned()));
        let redirect =
            RedirectUrl::new(redirect_uri.to_owned()).map_err(|error| refused(&error.to_string()))?;
        let client = ClientId::new(self.client.client_id.clone());
        let endpoints =
            Endpoints::from_provider_metadata(metadata.clone(), client, secret).set_redirect_uri(redirect);
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes = |wanted: &CoreClientAuthMethod| methods.is_none_or(|all| all.contains(wanted));
        let in_body = !takes(&CoreClientAuthMethod::ClientSecretBasic)
            && takes(&CoreClientAuthMethod::ClientSecretPost);
        Ok(if in_body {
            endpoints.set_auth_type(AuthType::RequestBody)
        } else {
            endpoints
        })
    }

    async fn metadata(&self) -> Result<Arc<Metadata>, LoginError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let now = self.clock.now();
        match known {
            Some((at, metadata)) if at <= now && now.since(at) < KNOWN_FOR => Ok(metadata),
            _ => self.discover().await,
        }
    }

    /// Asks the issuer about itself and for its keys. That it calls itself what we call it is checked.
    async fn discover(&self) -> Result<Arc<Metadata>, LoginError> {
        let issuer =
            IssuerUrl::new(self.client.issuer.clone()).map_err(|error| refused(&error.to_string()))?;
        let found = Metadata::discover_async(issuer, &*self.http).await;
        let metadata = Arc::new(found.map_err(undiscovered)?);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((self.clock.now(), Arc::clone(&metadata)));
        Ok(metadata)
    }
}

fn moment(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.as_ms()).unwrap_or_default()
}

fn refused(why: &str) -> LoginError {
    LoginError::Refused(line(why))
}

/// Keys may have changed since they were fetched.
fn is_of_another_key(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_)
        )
    )
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is called where an error is mapped"
)]
fn unbelievable(error: ClaimsVerificationError) -> LoginError {
    LoginError::Refused(told(&error))
}

fn undiscovered(error: DiscoveryError<FetchError>) -> LoginError {
    match error {
        DiscoveryError::Request(error) => LoginError::Unavailable(told(&error)),
        DiscoveryError::Response(status, ..) if status.is_server_error() || status == 429 => {
            LoginError::Unavailable(format!("discovery answers {status}"))
        }
        DiscoveryError::Response(status, ..) => refused(&format!("discovery answers {status}, or no JSON")),
        other => LoginError::Refused(told(&other)),
    }
}

fn exchange(error: RequestTokenError<FetchError, TokenError>) -> LoginError {
    match error {
        RequestTokenError::Request(error) => LoginError::Unavailable(told(&error)),
        RequestTokenError::ServerResponse(said) => {
            refused(&format!("the code is not taken: {}", said.error().as_ref()))
        }
        // What could not be read may hold tokens: not a word of it.
        RequestTokenError::Parse(..) => refused("the answer of its token endpoint cannot be read"),
        RequestTokenError::Other(_) => refused("its token endpoint did not answer with tokens"),
    }
}

fn no_information(error: UserInfoError<FetchError>) -> LoginError {
    match error {
        UserInfoError::Request(error) => LoginError::Unavailable(told(&error)),
        UserInfoError::ClaimsVerification(error) => unbelievable(error),
        _ => refused("what it says about the person cannot be read"),
    }
}
