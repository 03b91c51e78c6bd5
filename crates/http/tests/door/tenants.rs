//! Two organisations. Every operation of the description is called with the other's ids: the answer is that of a
//! thing that is not there, and nothing of it leaks. A route added tomorrow is tested tomorrow.

use axum::body::Body;
use http::{Request, header};
use serde_json::{Value, json};
use testkit::sample;

use crate::browser::Browser;
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

    /// The path with A's ids in it; `None` when it names nothing that could belong to anybody.
    fn aim(&self, path: &str) -> Option<String> {
        if !path.contains('{') || path == "/problems/{slug}" {
            return None;
        }
        let id = match path.split('/').nth(2).unwrap() {
            "sessions" => &self.session,
            "environments" => &self.environment,
            "model-providers" => &self.provider,
            "api-keys" => &self.key,
            "runs" => &self.run,
            "secrets" => &self.secret,
            "orgs" => &self.org,
            other => panic!("say here whose id `{other}` is, so that it is tested"),
        };
        let aimed = path
            .replace("{id}", id)
            .replace("{user_id}", &self.user)
            .replace("{invitation_id}", &self.invitation)
            .replace("{prompt_id}", &self.prompt)
            .replace("{artifact_id}", &self.artifact)
            .replace("{index}", "0")
            .replace("{permission_id}", "per_1")
            .replace("{question_id}", "que_1");
        assert!(!aimed.contains('{'), "say here what to put into {path}");
        Some(aimed)
    }
}

fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(http_door::openapi()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                all.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    assert!(all.len() > 35, "{}", all.len());
    all
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
async fn what_belongs_to_another_organisation_is_not_there() {
    let house = House::new().await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("other").await);
    let belongings = belongings(&ana).await;
    let mut bo_in_browser = Browser::linked(&house, &bo.who).await;
    let mut aimed = 0;
    for (method, path) in operations() {
        let public = !path.starts_with("/v1/");
        let Some(target) = belongings.aim(&path) else {
            // Without an id: what B gets is B's alone.
            let answer = bo.call(&method, &path, json!({})).await;
            assert_eq!(leaks(&answer, &belongings, &path), None);
            let browsing = bo_in_browser.call(&method, &path, &json!({})).await;
            assert_eq!(leaks(&browsing, &belongings, &path), None);
            if path == "/v1/auth/sign-out" {
                bo_in_browser = Browser::linked(&house, &bo.who).await;
            }
            if !public && !opens(&path) {
                let bare = Request::builder()
                    .method(method.as_str())
                    .uri(&path)
                    .body(Body::empty())
                    .unwrap();
                assert_eq!(
                    house.send(bare).await.problem(),
                    "unauthenticated",
                    "{method} {path}"
                );
            }
            continue;
        };
        aimed += 1;
        // Whatever the body: a foreign id never tells itself from an unknown one by how a body is judged.
        for body in [
            "{}",
            "",
            "not json",
            r#"{"text":"x","title":"x","reply":"once","answers":[["a"]],"name":"x"}"#,
        ] {
            let request = bo
                .request(&method, &target)
                .header(header::CONTENT_TYPE, "application/json");
            let answer = house.send(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (404, "not_found"),
                "{method} {target} {body}"
            );
            assert_eq!(leaks(&answer, &belongings, &target), None);
        }
        // By cookie, from our own page, and even with the name of A's organisation.
        for org in [None, Some(ana.who.org_id.to_string())] {
            let mut request = bo_in_browser
                .request(&method, &target)
                .header(header::HOST, "own.example")
                .header(header::ORIGIN, "http://own.example")
                .header(header::CONTENT_TYPE, "application/json");
            if let Some(org) = org {
                request = request.header("Coordinator-Org", org);
            }
            let answer = house.send(request.body(Body::from("{}")).unwrap()).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (404, "not_found"),
                "cookie: {method} {target}"
            );
            assert_eq!(leaks(&answer, &belongings, &target), None);
        }
        let bare = Request::builder()
            .method(method.as_str())
            .uri(&target)
            .body(Body::empty())
            .unwrap();
        let answer = house.send(bare).await;
        assert_eq!(answer.problem(), "unauthenticated", "{method} {target}");
        assert_eq!(leaks(&answer, &belongings, &target), None);
        // The same as for an id that nobody has.
        let nobody = target.replace(
            belongings.all().iter().find(|id| target.contains(**id)).unwrap(),
            &unknown(&path),
        );
        let unknown = bo.call(&method, &nobody, json!({})).await;
        let foreign = bo.call(&method, &target, json!({})).await;
        assert_eq!(strip(unknown.json()), strip(foreign.json()), "{method} {target}");
    }
    assert!(aimed > 20, "{aimed}");
    // All of it is still there, and A's own.
    let session = ana
        .get(&format!("/v1/sessions/{}", belongings.session))
        .await
        .ok()
        .json();
    assert_eq!(session["title"], TITLE);
    assert_eq!(session["queue"].as_array().unwrap().len(), 2);
    ana.get(&format!("/v1/environments/{}", belongings.environment))
        .await
        .ok();
    ana.get(&format!("/v1/model-providers/{}", belongings.provider))
        .await
        .ok();
    ana.get(&format!("/v1/runs/{}", belongings.run)).await.ok();
    let keys = ana.get("/v1/api-keys").await.ok().json();
    assert!(
        keys["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|key| key["revoked_at"].is_null())
    );
}

/// Where one signs in: nobody is known there yet.
fn opens(path: &str) -> bool {
    ["/v1/auth/sign-in", "/v1/auth/link", "/v1/invitations/preview"].contains(&path)
}

fn unknown(path: &str) -> String {
    let prefix = match path.split('/').nth(2).unwrap() {
        "sessions" => "ses_",
        "environments" => "env_",
        "model-providers" => "mpr_",
        "api-keys" => "key_",
        "secrets" => "sec_",
        "orgs" => "org_",
        _ => "run_",
    };
    format!("{prefix}{}", "0".repeat(26))
}

/// Without what differs between any two requests.
fn strip(mut problem: Value) -> Value {
    problem.as_object_mut().unwrap().remove("request_id");
    problem
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
