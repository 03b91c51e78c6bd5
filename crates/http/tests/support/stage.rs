//! The victim's organisation with something of everything in it, and another organisation beside it. Whatever is the
//! victim's has `zanzibar` in its name or is one of the ids kept here, so that a leak can be recognised.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use app::{AddressCheck, BundleLimits, BundleSettings};
use axum::body::Body;
use bytes::Bytes;
use domain::tenancy::{Role, Scope};
use http::header;
use ports::RunHistory;
use protocol::{api::Bootstrapped, probe::ProbeRequest};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::sample;
use tokio::sync::OnceCell;

use crate::{
    browser::Browser,
    caller::{Credential, Who},
    dial::Runner,
    house::{House, Tenant, demo_session, provider},
};

/// In the name of everything that is the victim's.
pub(crate) const MARK: &str = "zanzibar";
const SLUG: &str = "zanzibar-works";
/// The victim's own model key.
pub(crate) const MODEL_KEY: &str = "sk-zanzibar-0001";

pub(crate) struct Stage {
    pub(crate) house: House,
    pub(crate) owner: Bootstrapped,
    pub(crate) admin: Bootstrapped,
    pub(crate) member: Bootstrapped,
    pub(crate) viewer: Bootstrapped,
    former: Bootstrapped,
    pub(crate) stranger: Bootstrapped,
    /// Never had a sandbox.
    pub(crate) quiet: String,
    /// Works, waits for a permission and an answer, and has a prompt with an attachment in its queue.
    pub(crate) busy: String,
    pub(crate) queued: String,
    pub(crate) environment: String,
    pub(crate) provider: String,
    pub(crate) key: String,
    /// A service account, and a key of it.
    pub(crate) robot: String,
    pub(crate) robot_key: String,
    pub(crate) invitation: String,
    pub(crate) secret: String,
    pub(crate) run: String,
    pub(crate) artifact: String,
    /// A session bundle of another house.
    pub(crate) bundle: Bytes,
    pub(crate) runner: Runner,
    former_cookie: Credential,
    numbers: AtomicU64,
    _bundles: TempDir,
}

fn place(house: &House) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let settings = BundleSettings {
        staging: dir.path().join("bundles"),
        installation: "https://here.example.org".into(),
        limits: BundleLimits::default(),
        upload_bytes: 1 << 20,
    };
    let _ = house.app.clone().with_bundles(settings);
    dir
}

/// Made once for all stages of a test.
async fn bundle() -> Bytes {
    static BUNDLE: OnceCell<Bytes> = OnceCell::const_new();
    let made = BUNDLE.get_or_init(|| async {
        let house = House::new().await;
        let _dir = place(&house);
        // Ids begin with the time: these are nobody's here.
        house.fakes.clock.advance(Duration::from_secs(3600));
        let maker = house.tenant("maker").await;
        let id = maker.session("moved", None).await;
        let answer = maker.get(&format!("/v1/sessions/{id}/bundle")).await.ok();
        answer.bytes.into()
    });
    made.await.clone()
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::in_house(House::roomy().await).await
    }

    /// Where this is asked whether an address may be connected to.
    pub(crate) async fn guarded(guard: Arc<dyn AddressCheck>) -> Self {
        Self::in_house(House::guarded(guard).await).await
    }

    async fn in_house(house: House) -> Self {
        let bundles = place(&house);
        let join = async |email: &str, slug: &str| house.app.bootstrap(email, slug).await.unwrap();
        let owner = join("ana@zanzibar.example", SLUG).await;
        let stranger = join("bo@umbrella.example", "umbrella").await;
        let admin = join("admin@zanzibar.example", SLUG).await;
        let member = join("member@zanzibar.example", SLUG).await;
        let viewer = join("viewer@zanzibar.example", SLUG).await;
        let former = join("former@elsewhere.example", SLUG).await;
        let former_cookie = Credential::of(&Browser::linked(&house, &former).await, None);
        for (who, role) in [
            (&admin, Some(Role::Admin)),
            (&member, Some(Role::Member)),
            (&viewer, Some(Role::Viewer)),
            (&former, None),
        ] {
            house.fakes.identity.set_role(owner.org_id, who.user_id, role);
        }
        house.fakes.sandboxes.on_probe(|spec| {
            Ok(match &spec.request {
                ProbeRequest::Directory { .. } => {
                    vec![r#"[{"name":"zanzibar.rs","kind":"file","size_bytes":12}]"#.into()]
                }
                ProbeRequest::Clone { .. } | ProbeRequest::Listing { .. } => {
                    vec![r#"{"files":[],"truncated":false,"contents":{}}"#.into()]
                }
                _ => vec!["the work of zanzibar".into()],
            })
        });
        let ana = Tenant {
            house: &house,
            who: owner.clone(),
        };
        let (busy, queued, runner) = at_work(&ana).await;
        let quiet = ana.session("Zanzibar plans", None).await;
        let upload = ana
            .request(
                "POST",
                &format!("/v1/sessions/{quiet}/artifacts?name=zanzibar.txt"),
            )
            .header(header::CONTENT_TYPE, "text/plain")
            .body(Body::from("a chart of zanzibar"))
            .unwrap();
        let artifact = house.send(upload).await.ok().json();
        let run = sample::run(1, owner.org_id, quiet);
        house.fakes.run_history.record(vec![run.clone()]).await.unwrap();
        let environment = json!({"name": "Zanzibar shop", "setup": ["echo zanzibar"]});
        let environment = ana.id_of("/v1/environments", environment).await;
        let mut hub = provider();
        hub["provider"] = json!("zanzibar-hub");
        hub["api_key"] = json!(MODEL_KEY);
        let provider = ana.id_of("/v1/model-providers", hub).await;
        let key = ana
            .id_of("/v1/api-keys", json!({"name": "Zanzibar nightly"}))
            .await;
        let robot = json!({"name": "Zanzibar robot", "role": "member"});
        let robot = ana.id_of("/v1/service-accounts", robot).await;
        let robot_key = json!({"name": "Zanzibar robot's", "service_account": robot});
        let robot_key = ana.id_of("/v1/api-keys", robot_key).await;
        let secret = json!({
            "name": "ZANZIBAR_TOKEN", "value": "the word of zanzibar", "scope": "organisation", "phase": "setup"
        });
        let secret = ana.id_of("/v1/secrets", secret).await;
        let invitation = ana
            .id_of(
                &format!("/v1/orgs/{}/invitations", owner.org_id),
                json!({"role": "viewer", "email": "zed@zanzibar.example"}),
            )
            .await;
        Self {
            invitation,
            secret,
            owner,
            admin,
            member,
            viewer,
            former,
            stranger,
            quiet: quiet.to_string(),
            busy,
            queued,
            environment,
            provider,
            key,
            robot,
            robot_key,
            run: run.id.to_string(),
            artifact: artifact["id"].as_str().unwrap().to_owned(),
            bundle: bundle().await,
            runner,
            former_cookie,
            numbers: AtomicU64::default(),
            _bundles: bundles,
            house,
        }
    }

    /// Another one each time.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// The victim's owner.
    pub(crate) fn ana(&self) -> Tenant<'_> {
        self.acting(&self.owner)
    }

    pub(crate) fn acting(&self, who: &Bootstrapped) -> Tenant<'_> {
        Tenant {
            house: &self.house,
            who: who.clone(),
        }
    }

    fn of(&self, role: Role) -> &Bootstrapped {
        match role {
            Role::Viewer => &self.viewer,
            Role::Member => &self.member,
            Role::Admin => &self.admin,
            Role::Owner => &self.owner,
        }
    }

    /// What this caller is known by. Makes what is not there yet, in the victim's organisation too, so all of them are
    /// made before a snapshot is taken.
    pub(crate) async fn credential(&self, who: Who) -> Credential {
        let (house, key) = (&self.house, &self.owner.api_key);
        let browser = async |who: &Bootstrapped, org: Option<String>| {
            Credential::of(&Browser::linked(house, who).await, org)
        };
        match who {
            Who::Nobody => Credential::Nothing,
            Who::NoKey => Credential::key("ack_0000000000000000000000000000000000000000000"),
            Who::CutKey => Credential::key(&key[..key.len() - 1]),
            Who::OtherScheme => Credential::Authorization(format!("Basic {key}")),
            Who::ExpiredKey => {
                let end = house.app.now().after(Duration::from_secs(1)).to_string();
                let made = self
                    .key(json!({"name": "Zanzibar short", "expires_at": end}))
                    .await;
                house.fakes.clock.advance(Duration::from_secs(1));
                Credential::key(made["key"].as_str().unwrap())
            }
            Who::RevokedKey => {
                let made = self.key(json!({"name": "Zanzibar lost"})).await;
                let path = format!("/v1/api-keys/{}", made["id"].as_str().unwrap());
                self.ana().delete(&path).await.ok();
                Credential::key(made["key"].as_str().unwrap())
            }
            Who::FormerKey => Credential::key(&self.former.api_key),
            Who::FormerBrowser => self.former_cookie.clone(),
            Who::MadeUpCookie => Credential::Cookie {
                cookie: format!("coordinator={}", "0a".repeat(32)),
                csrf: "0a".repeat(32),
                org: Some(self.owner.org_id.to_string()),
            },
            Who::SignedOut => {
                let browser = Browser::linked(house, &self.owner).await;
                browser.sign_out().await.ok();
                Credential::of(&browser, None)
            }
            Who::StrangerKey => Credential::key(&self.stranger.api_key),
            Who::StrangerBrowser => browser(&self.stranger, None).await,
            Who::StrangerAtHome => browser(&self.stranger, Some(self.stranger.org_id.to_string())).await,
            Who::StrangerAtVictims => browser(&self.stranger, Some(self.owner.org_id.to_string())).await,
            Who::Key(role) => Credential::key(&self.of(role).api_key),
            Who::Browser(role) => browser(self.of(role), None).await,
            Who::Robot => {
                let account = json!({"name": "Zanzibar caller", "role": "member"});
                let account = self.ana().id_of("/v1/service-accounts", account).await;
                let made = self
                    .key(json!({"name": "Zanzibar caller's", "service_account": account}))
                    .await;
                Credential::key(made["key"].as_str().unwrap())
            }
            Who::Limited(scope) => Credential::key(&self.limited(scope).await),
        }
    }

    async fn limited(&self, scope: Scope) -> String {
        let body = json!({"name": "Zanzibar limited", "scopes": [scope.as_str()]});
        self.key(body).await["key"].as_str().unwrap().to_owned()
    }

    async fn key(&self, body: Value) -> Value {
        self.ana().post("/v1/api-keys", body).await.ok().json()
    }

    /// Ids that only the victim knows.
    pub(crate) fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = [
            &self.quiet,
            &self.busy,
            &self.queued,
            &self.environment,
            &self.provider,
            &self.key,
            &self.robot,
            &self.robot_key,
            &self.invitation,
            &self.secret,
            &self.run,
            &self.artifact,
        ]
        .into_iter()
        .cloned()
        .collect();
        ids.push(self.owner.org_id.to_string());
        for who in [&self.owner, &self.admin, &self.member, &self.viewer] {
            ids.push(who.user_id.to_string());
        }
        ids
    }
}

/// A session with a runner, in the middle of a turn.
async fn at_work(ana: &Tenant<'_>) -> (String, String, Runner) {
    let mut body = demo_session();
    body["title"] = json!("Zanzibar at work");
    body["prompt"] = json!("a private word of zanzibar");
    let busy = ana.id_of("/v1/sessions", body).await;
    let mut runner = Runner::ready(ana.house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    let event = |kind: &str, data: Value| json!({"kind": "event", "event": {"type": kind, "data": data}});
    let permission = json!({
        "permission_id": "per_zanzibar", "tool": "bash", "title": "rm -rf zanzibar", "patterns": [], "details": {}
    });
    runner
        .report(Some(&prompt), event("permission.requested", permission))
        .await;
    let question = json!({
        "question_id": "que_zanzibar",
        "questions": [{
            "header": "H", "question": "Which zanzibar?", "options": [{"label": "A", "description": "a"}], "multiple": false
        }]
    });
    runner
        .report(Some(&prompt), event("question.asked", question))
        .await;
    runner.acked().await;
    let attachment = json!({
        "text": "then zanzibar",
        "attachments": [{"name": "zanzibar.bin", "media_type": "application/octet-stream", "data": "emFuemliYXI="}]
    });
    let queued = ana
        .id_of(&format!("/v1/sessions/{busy}/prompts"), attachment)
        .await;
    (busy, queued, runner)
}
