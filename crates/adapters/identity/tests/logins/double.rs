//! An issuer, and a GitHub, on a port of loopback.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws_lc_rs::digest;
use bytes::Bytes;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use domain::{
    address::{Guard, PrivateNetworks},
    sign_in::{ProviderId, ProviderKind},
};
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use identity::{LoginClient, Logins};
use ports::{
    Clock, LoginProvider,
    logins::{LoginAnswer, LoginError},
};
use secrecy::SecretString;
use serde_json::{Value, json};
use testkit::{contract::logins as contract, fake::ManualClock};
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

use crate::jwt::{Signed, key, key_set, token};

pub(crate) const CLIENT: &str = "client-1";
pub(crate) const SECRET: &str = "the client's secret & more";

/// How an endpoint answers, when not as it should.
#[derive(Debug, Clone)]
pub(crate) enum Odd {
    Status(u16),
    Redirect(String),
    Huge,
    /// Huge, and does not say so before.
    HugeInPieces,
    Slow,
    Text(String),
}

type Lie = Box<dyn Fn(&mut Value) + Send>;

/// What the double does wrong.
#[derive(Default)]
pub(crate) struct Wrong {
    pub(crate) paths: HashMap<&'static str, Odd>,
    pub(crate) discovery: Option<Lie>,
    pub(crate) claims: Option<Lie>,
    pub(crate) tokens: Option<Lie>,
    pub(crate) user_info: Option<Lie>,
    pub(crate) signed: Option<Signed>,
    /// Names of keys in the set, with their seeds.
    pub(crate) keys: Option<Vec<(&'static str, u8)>>,
    /// GitHub's answers, by path.
    pub(crate) api: HashMap<String, Value>,
}

#[derive(Debug, Clone)]
struct Grant {
    challenge: String,
    nonce: Option<String>,
    redirect_uri: String,
    person: u64,
}

pub(crate) struct Double {
    pub(crate) url: String,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) wrong: Mutex<Wrong>,
    /// How often a path was asked for.
    asked: Mutex<HashMap<String, usize>>,
    grants: Mutex<HashMap<String, Grant>>,
    given: AtomicUsize,
}

impl Double {
    pub(crate) fn start() -> Arc<Self> {
        let listener = std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let double = Arc::new(Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            clock: Arc::new(ManualClock::default()),
            wrong: Mutex::default(),
            asked: Mutex::default(),
            grants: Mutex::default(),
            given: AtomicUsize::new(0),
        });
        let server = Arc::clone(&double);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = Arc::clone(&server);
                tokio::spawn(async move {
                    let service = hyper::service::service_fn(|request| {
                        let server = Arc::clone(&server);
                        async move { Ok::<_, std::convert::Infallible>(server.answer(request).await) }
                    });
                    let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        double
    }

    /// One that lies.
    pub(crate) fn lying(wrong: Wrong) -> Arc<Self> {
        let double = Self::start();
        *double.wrong.lock().unwrap() = wrong;
        double
    }

    pub(crate) fn asked(&self, path: &str) -> usize {
        self.asked.lock().unwrap().get(path).copied().unwrap_or(0)
    }

    pub(crate) fn client(&self, id: &str, kind: ProviderKind) -> LoginClient {
        LoginClient {
            id: id.parse().unwrap(),
            kind,
            issuer: self.url.clone(),
            client_id: CLIENT.into(),
            client_secret: Some(SecretString::from(SECRET)),
            scopes: vec!["email".into(), "profile".into()],
            organisations: kind == ProviderKind::Github,
        }
    }

    /// The adapter, with loopback opened to it.
    pub(crate) fn logins(&self, kind: ProviderKind) -> Logins {
        self.guarded(kind, "127.0.0.0/8")
    }

    pub(crate) fn guarded(&self, kind: ProviderKind, private: &str) -> Logins {
        let private: PrivateNetworks = private.parse().unwrap();
        let guard = Guard {
            private,
            ..Guard::default()
        };
        Logins::new(
            vec![self.client("corp", kind)],
            Arc::new(guard),
            self.clock.clone(),
        )
    }

    /// The person says yes at this address.
    pub(crate) fn approve(&self, url: &str, person: u64) -> String {
        let url = Url::parse(url).unwrap();
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], CLIENT);
        assert_eq!(query["code_challenge_method"], "S256");
        let code = format!("code {}&+", self.given.fetch_add(1, Ordering::Relaxed));
        let grant = Grant {
            challenge: query["code_challenge"].clone(),
            nonce: query.get("nonce").cloned(),
            redirect_uri: query["redirect_uri"].clone(),
            person,
        };
        self.grants.lock().unwrap().insert(code.clone(), grant);
        code
    }

    /// Through the whole of it.
    pub(crate) async fn sign_in(
        &self,
        logins: &Logins,
    ) -> Result<domain::sign_in::VerifiedIdentity, LoginError> {
        self.sign_in_with(logins, |_| {}).await
    }

    /// The same, with an answer that somebody changed on the way.
    pub(crate) async fn sign_in_with(
        &self,
        logins: &Logins,
        change: impl FnOnce(&mut LoginAnswer),
    ) -> Result<domain::sign_in::VerifiedIdentity, LoginError> {
        let provider: ProviderId = "corp".parse().unwrap();
        let start = contract::start(provider, 1);
        let url = logins.start(&start).await?;
        let code = self.approve(url.expose(), 1);
        let mut answer = contract::answer(&start, &code);
        change(&mut answer);
        logins.finish(&answer).await
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path().to_owned();
        *self.asked.lock().unwrap().entry(path.clone()).or_default() += 1;
        let odd = self.wrong.lock().unwrap().paths.get(path.as_str()).cloned();
        if let Some(odd) = odd {
            return oddly(odd).await;
        }
        let (parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
        let authorization = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        match path.as_str() {
            "/.well-known/openid-configuration" => self.discovery(),
            "/keys" => self.keys(),
            "/token" => self.token(&form, &authorization),
            "/login/oauth/access_token" => self.github_token(&form),
            "/userinfo" => self.user_info(&authorization),
            _ => self.api(&path, parts.uri.query().unwrap_or_default(), &authorization),
        }
    }

    fn discovery(&self) -> Response<Full<Bytes>> {
        let url = &self.url;
        let mut document = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
            "userinfo_endpoint": format!("{url}/userinfo"),
            "jwks_uri": format!("{url}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
            "code_challenge_methods_supported": ["plain", "S256"],
        });
        if let Some(lie) = &self.wrong.lock().unwrap().discovery {
            lie(&mut document);
        }
        json_reply(&document)
    }

    fn keys(&self) -> Response<Full<Bytes>> {
        let keys = self.wrong.lock().unwrap().keys.clone();
        let keys: Vec<_> = keys
            .unwrap_or_else(|| vec![("one", 1)])
            .into_iter()
            .map(|(name, seed)| (name, key(seed)))
            .collect();
        let named: Vec<_> = keys.iter().map(|(name, key)| (*name, key)).collect();
        json_reply(&key_set(&named))
    }

    /// Checks what a provider has to check of a code.
    fn granted(&self, form: &HashMap<String, String>) -> Option<Grant> {
        let grant = self.grants.lock().unwrap().remove(form.get("code")?)?;
        let verifier = form.get("code_verifier")?;
        let made = BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()).as_ref());
        let fits = made == grant.challenge && form.get("redirect_uri") == Some(&grant.redirect_uri);
        fits.then_some(grant)
    }

    fn token(&self, form: &HashMap<String, String>, authorization: &str) -> Response<Full<Bytes>> {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let expected = BASE64.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET)).as_bytes());
        if authorization != format!("Basic {expected}") {
            return failed(401, "invalid_client");
        }
        let Some(grant) = self.granted(form) else {
            return failed(400, "invalid_grant");
        };
        let now = self.clock.now().as_ms() / 1000;
        let person = grant.person;
        let mut claims = json!({
            "iss": self.url, "sub": format!("subject-{person}"), "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": grant.nonce, "email": format!("user{person}@example.org"), "email_verified": true,
            "name": format!("User {person}"),
        });
        let wrong = self.wrong.lock().unwrap();
        if let Some(lie) = &wrong.claims {
            lie(&mut claims);
        }
        let signed = wrong.signed.unwrap_or(Signed::Rightly);
        let mut tokens = json!({
            "access_token": format!("access-{person}"), "token_type": "Bearer", "expires_in": 60,
            "id_token": token(&claims, signed, SECRET),
        });
        if let Some(lie) = &wrong.tokens {
            lie(&mut tokens);
        }
        json_reply(&tokens)
    }

    fn user_info(&self, authorization: &str) -> Response<Full<Bytes>> {
        let Some(person) = authorization.strip_prefix("Bearer access-") else {
            return failed(401, "invalid_token");
        };
        let mut claims = json!({
            "sub": format!("subject-{person}"), "email": format!("user{person}@example.org"),
            "email_verified": true, "name": format!("User {person}"),
        });
        if let Some(lie) = &self.wrong.lock().unwrap().user_info {
            lie(&mut claims);
        }
        json_reply(&claims)
    }

    fn github_token(&self, form: &HashMap<String, String>) -> Response<Full<Bytes>> {
        let client = form.get("client_id").map(String::as_str) == Some(CLIENT)
            && form.get("client_secret").map(String::as_str) == Some(SECRET);
        match self.granted(form) {
            Some(grant) if client => json_reply(&json!({
                "access_token": format!("gho-{}", grant.person), "token_type": "bearer", "scope": "read:user,user:email",
            })),
            // As GitHub says it: with 200.
            _ => json_reply(
                &json!({"error": "bad_verification_code", "error_description": "The code is wrong."}),
            ),
        }
    }

    fn api(&self, path: &str, query: &str, authorization: &str) -> Response<Full<Bytes>> {
        let Some(person) = authorization
            .strip_prefix("Bearer gho-")
            .and_then(|person| person.parse::<u64>().ok())
        else {
            return failed(401, "Bad credentials");
        };
        let whole = format!("{path}?{query}");
        let wrong = self.wrong.lock().unwrap();
        if let Some(said) = wrong.api.get(&whole).or_else(|| wrong.api.get(path)) {
            return json_reply(said);
        }
        match path {
            "/api/v3/user" => {
                json_reply(&json!({"id": 1000 + person, "login": "ana", "name": format!("User {person}")}))
            }
            "/api/v3/user/emails" => json_reply(&json!([
                {"email": "old@example.org", "primary": false, "verified": true},
                {"email": format!("user{person}@example.org"), "primary": true, "verified": true, "visibility": null},
            ])),
            "/api/v3/user/orgs" => json_reply(&json!([{"login": "acme", "id": 7}])),
            _ => failed(404, "Not Found"),
        }
    }
}

async fn oddly(odd: Odd) -> Response<Full<Bytes>> {
    match odd {
        Odd::Status(status) => failed(status, "odd"),
        Odd::Redirect(to) => Response::builder()
            .status(StatusCode::FOUND)
            .header(header::LOCATION, to)
            .body(Full::default())
            .unwrap(),
        Odd::Huge => reply(200, "application/json", vec![b' '; 8 << 20].into()),
        Odd::HugeInPieces => {
            let mut response = reply(200, "application/json", vec![b' '; 8 << 20].into());
            // Without a length, as a stream comes.
            let chunked = "chunked".parse().unwrap();
            response.headers_mut().insert(header::TRANSFER_ENCODING, chunked);
            response
        }
        Odd::Slow => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            failed(500, "late")
        }
        Odd::Text(text) => reply(200, "text/html", text.into()),
    }
}

fn reply(status: u16, kind: &str, body: Bytes) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .body(Full::new(body))
        .unwrap()
}

fn json_reply(value: &Value) -> Response<Full<Bytes>> {
    reply(200, "application/json", value.to_string().into())
}

fn failed(status: u16, error: &str) -> Response<Full<Bytes>> {
    reply(
        status,
        "application/json",
        json!({"error": error}).to_string().into(),
    )
}
