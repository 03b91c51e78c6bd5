//! Two organisations: ids of the one in bodies, queries and cursors of the other. Every operation as everybody is in the
//! matrix, a test binary of its own.

use axum::body::Body;
use serde_json::json;
use testkit::sample;

use crate::house::{Answer, House, Tenant, demo_session, provider};

/// What organisation A has, by the parameter that names it and the path it is below.
struct Belongings {
    session: String,
    prompt: String,
    environment: String,
    provider: String,
    key: String,
    run: String,
    secret: String,
    org: String,
    user: String,
    invitation: String,
    artifact: String,
}

const TITLE: &str = "Zanzibar plans";
const TEXT: &str = "a very private prompt";

async fn belongings(ana: &Tenant<'_>) -> Belongings {
    let session = ana.session(TITLE, Some(TEXT)).await;
    let prompt = ana
        .id_of(&format!("/v1/sessions/{session}/prompts"), json!({"text": TEXT}))
        .await;
    let run = sample::run(1, ana.who.org_id, session);
    ports::RunHistory::record(&*ana.house.fakes.run_history, vec![run.clone()])
        .await
        .unwrap();
    let upload = ana
        .request("POST", &format!("/v1/sessions/{session}/artifacts?name=a.txt"))
        .body(Body::from("zanzibar"))
        .unwrap();
    let artifact = ana.house.send(upload).await.json();
    Belongings {
        artifact: artifact["id"].as_str().unwrap().to_owned(),
        session: session.to_string(),
        prompt,
        environment: ana
            .id_of(
                "/v1/environments",
                json!({"name": TITLE, "setup": ["echo zanzibar"]}),
            )
            .await,
        provider: ana.id_of("/v1/model-providers", provider()).await,
        key: ana.id_of("/v1/api-keys", json!({"name": TITLE})).await,
        run: run.id.to_string(),
        secret: ana
            .id_of(
                "/v1/secrets",
                json!({"name": "ZANZIBAR", "value": "sk-very-secret-0002", "scope": "organisation", "phase": "both"}),
            )
            .await,
        org: ana.who.org_id.to_string(),
        user: ana.who.user_id.to_string(),
        invitation: ana
            .id_of(
                &format!("/v1/orgs/{}/invitations", ana.who.org_id),
                json!({"role": "member"}),
            )
            .await,
    }
}

impl Belongings {
    fn all(&self) -> Vec<&str> {
        vec![
            &self.session,
            &self.prompt,
            &self.environment,
            &self.provider,
            &self.key,
            &self.run,
            &self.secret,
            &self.artifact,
            &self.org,
            &self.user,
            &self.invitation,
        ]
    }
}

fn leaks(answer: &Answer, belongings: &Belongings, asked: &str) -> Option<String> {
    let text = answer.text();
    // An id that was asked for may come back in no answer either, but the others certainly not.
    let secrets = belongings
        .all()
        .into_iter()
        .chain([TITLE, TEXT, "zanzibar", "sk-very-secret"]);
    let headers = format!("{:?}", answer.headers);
    secrets
        .map(str::to_owned)
        .find(|secret| text.contains(secret) || headers.contains(secret))
        .map(|s| format!("{asked}: {s}"))
}

#[tokio::test]
async fn ids_in_bodies_and_queries_reach_nothing_foreign_either() {
    let house = House::new().await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("other").await);
    let belongings = belongings(&ana).await;
    let runs = bo
        .get(&format!(
            "/v1/runs?session={}&key={}",
            belongings.session, belongings.key
        ))
        .await
        .ok();
    assert_eq!(runs.json()["items"], json!([]));
    let ticket = bo.post("/v1/tickets", json!({"scope": belongings.session})).await;
    assert_eq!(ticket.problem(), "not_found");
    let mut session = demo_session();
    session["environment_id"] = json!(belongings.environment);
    assert_eq!(
        leaks(&bo.post("/v1/sessions", session).await, &belongings, "create"),
        None
    );
    let hub = bo
        .post("/v1/sessions", json!({"agent": "scripted", "model": "hub/small"}))
        .await;
    assert_eq!(hub.problem(), "model_unavailable");
    // A foreign prompt below an own session.
    let own = bo.session("own", Some("x")).await;
    let answer = bo
        .delete(&format!("/v1/sessions/{own}/prompts/{}", belongings.prompt))
        .await;
    assert_eq!(answer.problem(), "not_found");
    // Cursors are positions and open nothing.
    let page = ana.get("/v1/sessions?limit=1").await.ok().json();
    assert!(page["next_cursor"].is_null());
    for path in [
        "/v1/sessions",
        "/v1/runs",
        "/v1/api-keys",
        "/v1/environments",
        "/v1/model-providers",
    ] {
        let answer = bo.get(&format!("{path}?cursor={}", "f".repeat(32))).await.ok();
        assert_eq!(leaks(&answer, &belongings, path), None);
    }
}
