//! One server with fakes around it, and clients of it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use app::{AddressCheck, AddressRefused, App, AppSettings, FreeSpace, Limits, Rates};
use async_trait::async_trait;
use axum::{Router, body::Body};
use domain::{limits::Rate, session::ArtifactLimits};
use futures::StreamExt;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use http_door::{Caller, HttpSettings, HttpState, public_router, uplink_router};
use ports::Ports;
use protocol::{
    SessionId,
    api::{AgentInfo, Bootstrapped},
};
use serde_json::{Value, json};
use sessions::{HostSettings, Sessions};
use testkit::registry::{Fakes, Faults};
use tokio::net::TcpListener;
use tower::ServiceExt;

/// Refuses what the tests call private.
struct Guard;

#[async_trait]
impl AddressCheck for Guard {
    async fn check(&self, url: &str) -> Result<(), AddressRefused> {
        if url.contains("//10.") || url.contains("//169.254.") {
            return Err(AddressRefused(
                "the address is private, and the operator has not allowed it".into(),
            ));
        }
        Ok(())
    }
}

/// What is to stay free.
pub(crate) const RESERVE: u64 = 1 << 30;

/// A disk with as much room as a test says.
pub(crate) struct Disk(AtomicU64);

impl Disk {
    pub(crate) fn has(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

#[async_trait]
impl FreeSpace for Disk {
    async fn free_bytes(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Relaxed))
    }
}

pub(crate) struct House {
    pub(crate) disk: Arc<Disk>,
    pub(crate) fakes: Fakes,
    pub(crate) app: App,
    pub(crate) state: HttpState,
    pub(crate) router: Router,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// The slug of a problem document, which must be a well-formed one.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(
            self.headers[header::CONTENT_TYPE],
            "application/problem+json",
            "{}",
            self.text()
        );
        let problem: protocol::Problem = serde_json::from_slice(&self.bytes).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(
            problem.request_id.as_deref(),
            self.headers["coordinator-request-id"].to_str().ok()
        );
        assert!(problem.detail.len() > 10, "{}", problem.detail);
        problem
            .code()
            .unwrap_or_else(|| panic!("unknown problem {}", problem.kind))
            .slug()
            .to_owned()
    }

    pub(crate) fn ok(self) -> Self {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        self
    }

    pub(crate) fn replayed(&self) -> bool {
        self.headers.contains_key("idempotency-replayed")
    }
}

fn unlimited() -> Rates {
    let much = Rate::new(1_000_000, 1_000_000);
    Rates {
        org: much,
        failed: much,
        open: much,
        events: much,
        frames: much,
        ..Rates::default()
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with_demo(true).await
    }

    pub(crate) async fn with_demo(demo_enabled: bool) -> Self {
        let fakes = Fakes::default();
        let ports = fakes.ports();
        Self::build(fakes, ports, demo_enabled, HostSettings::default()).await
    }

    /// Sessions that keep few artifacts: bytes of one, how many, bytes of all.
    pub(crate) async fn with_artifact_limits(each_bytes: u64, number: usize, session_bytes: u64) -> Self {
        let fakes = Fakes::default();
        let ports = fakes.ports();
        let mut settings = HostSettings::default();
        settings.policy.artifacts = ArtifactLimits {
            each_bytes,
            number,
            session_bytes,
        };
        Self::build(fakes, ports, true, settings).await
    }

    /// With a fault decorator around every port.
    pub(crate) async fn with_faults() -> (Self, Faults) {
        let fakes = Fakes::default();
        let faults = Faults::around(fakes.ports());
        let house = Self::build(fakes, faults.ports(), true, HostSettings::default()).await;
        (house, faults)
    }

    /// Where this is asked whether an address may be connected to.
    pub(crate) async fn guarded(guard: Arc<dyn AddressCheck>) -> Self {
        let (fakes, settings) = (Fakes::default(), HostSettings::default());
        let ports = fakes.ports();
        let limits = Limits {
            rates: unlimited(),
            ..Limits::default()
        };
        Self::build_limited(fakes, ports, true, settings, guard, limits).await
    }

    /// Where as much may be asked for as a test likes.
    pub(crate) async fn roomy() -> Self {
        Self::guarded(Arc::new(Guard)).await
    }

    /// Where little may be asked for.
    pub(crate) async fn with_limits(limits: Limits) -> Self {
        let (fakes, settings) = (Fakes::default(), HostSettings::default());
        let ports = fakes.ports();
        Self::build_limited(fakes, ports, true, settings, Arc::new(Guard), limits).await
    }

    async fn build(fakes: Fakes, ports: Ports, demo_enabled: bool, settings: HostSettings) -> Self {
        Self::build_with(fakes, ports, demo_enabled, settings, Arc::new(Guard)).await
    }

    async fn build_with(
        fakes: Fakes,
        ports: Ports,
        demo_enabled: bool,
        settings: HostSettings,
        guard: Arc<dyn AddressCheck>,
    ) -> Self {
        Self::build_limited(fakes, ports, demo_enabled, settings, guard, Limits::default()).await
    }

    async fn build_limited(
        fakes: Fakes,
        ports: Ports,
        demo_enabled: bool,
        settings: HostSettings,
        guard: Arc<dyn AddressCheck>,
        limits: Limits,
    ) -> Self {
        let sessions = Sessions::new(ports.clone(), settings);
        sessions.start().await.unwrap();
        let disk = Arc::new(Disk(AtomicU64::new(RESERVE)));
        let agent = |name: &str, available: bool| AgentInfo {
            name: name.into(),
            version: available.then(|| "1.0.0".into()),
            available,
            reason: (!available).then(|| "It is not installed.".into()),
        };
        let app = App::new(
            ports,
            sessions,
            AppSettings {
                agents: vec![agent("scripted", true), agent("opencode", false)],
                demo_enabled,
                guard,
                space: disk.clone(),
                reserve_bytes: RESERVE,
                limits,
            },
        );
        let state = HttpState::new(
            app.clone(),
            HttpSettings {
                version: "9.9.9".into(),
                https: false,
                origin: None,
                trusted_proxies: Vec::new(),
            },
        );
        let router = public_router(state.clone());
        Self {
            disk,
            fakes,
            app,
            state,
            router,
        }
    }

    pub(crate) async fn tenant(&self, name: &str) -> Tenant<'_> {
        // As without a server, so that the feed begins with what the test does.
        let fakes = &self.fakes;
        let who = app::bootstrap(
            &*fakes.identity,
            &*fakes.audit,
            &*fakes.clock,
            &*fakes.entropy,
            &format!("{name}@example.org"),
            name,
        )
        .await
        .unwrap();
        Tenant { house: self, who }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    /// As [`Self::send`], on the relayed streams of one sandbox.
    pub(crate) async fn send_uplink(&self, caller: Caller, request: Request<Body>) -> Answer {
        let router = uplink_router(self.state.clone()).layer(axum::Extension(caller));
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    /// Bytes that came before the answer broke off.
    ///
    /// # Panics
    /// When it comes to a good end.
    pub(crate) async fn read_until_it_breaks(&self, request: Request<Body>) -> usize {
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let mut body = response.into_body().into_data_stream();
        let mut read = 0;
        loop {
            match body.next().await {
                Some(Ok(bytes)) => read += bytes.len(),
                Some(Err(_)) => return read,
                None => panic!("an answer of {read} bytes came to a good end"),
            }
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A port with the public door behind it, for sockets. The server ends with the test.
    pub(crate) async fn listen(&self) -> String {
        serve(self.router.clone()).await
    }

    /// A port that stands for the relayed streams of one sandbox.
    pub(crate) async fn uplink(&self, caller: Caller) -> String {
        serve(uplink_router(self.state.clone()).layer(axum::Extension(caller))).await
    }
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

pub(crate) struct Tenant<'a> {
    pub(crate) house: &'a House,
    pub(crate) who: Bootstrapped,
}

impl Tenant<'_> {
    pub(crate) fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.who.api_key))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.house
            .send(self.request("GET", path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = self
            .request(method, path)
            .header(header::CONTENT_TYPE, "application/json");
        self.house
            .send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, body).await
    }

    pub(crate) async fn post_with_key(&self, method: &str, path: &str, key: &str, body: &Value) -> Answer {
        let request = self
            .request(method, path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", key);
        self.house
            .send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.house
            .send(self.request("DELETE", path).body(Body::empty()).unwrap())
            .await
    }

    /// A session of the demo model.
    pub(crate) async fn session(&self, title: &str, prompt: Option<&str>) -> SessionId {
        let mut body = demo_session();
        body["title"] = json!(title);
        if let Some(prompt) = prompt {
            body["prompt"] = json!(prompt);
        }
        let created = self.post("/v1/sessions", body).await;
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.text());
        created.json()["id"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) async fn id_of(&self, path: &str, body: Value) -> String {
        self.post(path, body).await.ok().json()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

pub(crate) fn demo_session() -> Value {
    json!({"agent": "scripted", "model": "demo/scripted"})
}

pub(crate) fn provider() -> Value {
    json!({
        "provider": "hub", "api": "openai-chat", "base_url": "https://models.example.org/v1",
        "api_key": "sk-very-secret-0001",
        "models": ["small", {"id": "org/large", "context": 1000, "max_output": 100, "price": {"input": 3000000, "output": 6000000}}]
    })
}
