//! What sandboxes call: the runner's channel, the model gateway and the offer of artifacts. Where a stream comes from
//! (the transport knows) and the credential have to be of one and the same generation.

use axum::{Extension, body::Body};
use gateway::Caller;
use http::{Request, header};
use http_body_util::BodyExt;
use http_door::uplink_router;
use ports::sandbox::SandboxSpec;
use tower::ServiceExt;

use crate::{
    dial::{Runner, SECRET, caller, headers, hello},
    house::demo_session,
    snapshot::{difference, settled},
    stage::{MARK, Stage},
    web_socket::Socket,
};

const OTHER_SECRET: &str = "fedcba9876543210fedcba9876543210";

/// A stranger's session with a runner of its own.
async fn strangers(stage: &Stage) -> Runner {
    let mut body = demo_session();
    body["prompt"] = serde_json::json!("hello");
    stage.acting(&stage.stranger).id_of("/v1/sessions", body).await;
    Runner::with_secret(&stage.house, OTHER_SECRET).await
}

/// Where a stream can come from, as the transport says.
fn places(victim: &SandboxSpec, stranger: &SandboxSpec) -> Vec<(&'static str, Option<Caller>)> {
    let (victim, stranger) = (caller(victim), caller(stranger));
    let older = |caller: Caller| Caller {
        generation: caller.generation - 1,
        ..caller
    };
    let newer = |caller: Caller| Caller {
        generation: caller.generation + 1,
        ..caller
    };
    let unknown = Caller {
        session_id: protocol::SessionId::from_bits(99),
        ..victim
    };
    vec![
        ("nowhere", None),
        ("the victim's sandbox", Some(victim)),
        ("the stranger's sandbox", Some(stranger)),
        ("a generation before", Some(older(victim))),
        ("a generation to come", Some(newer(victim))),
        ("a generation before of the stranger's", Some(older(stranger))),
        ("no session", Some(unknown)),
    ]
}

/// What can be shown there.
fn credentials(stage: &Stage, victim: &SandboxSpec, stranger: &SandboxSpec) -> Vec<(&'static str, String)> {
    vec![
        ("nothing", String::new()),
        ("nonsense", "wrong-wrong-wrong-wrong".into()),
        ("the victim's secret", SECRET.into()),
        ("the stranger's secret", OTHER_SECRET.into()),
        ("the victim's first token", victim.start.token.clone()),
        ("the stranger's first token", stranger.start.token.clone()),
        ("the owner's key", stage.owner.api_key.clone()),
        ("the stranger's key", stage.stranger.api_key.clone()),
        ("the model alias", "session-model".into()),
    ]
}

fn fits(place: &str, credential: &str) -> bool {
    matches!(
        (place, credential),
        ("the victim's sandbox", "the victim's secret") | ("the stranger's sandbox", "the stranger's secret")
    )
}

#[tokio::test]
async fn a_sandbox_calls_with_its_own_credential_from_its_own_place() {
    let stage = Stage::new().await;
    let stranger = strangers(&stage).await;
    let (victim, stranger) = (&stage.runner.spec, &stranger.spec);
    let sha = "a".repeat(64);
    let before = settled(&stage).await;
    let calls = [
        "/gateway/openai-chat/v1/chat/completions",
        "/gateway/openai-responses/v1/responses",
        "/gateway/anthropic/v1/messages",
        "/gateway/gemini/v1beta/models/session-model:generateContent",
        "/gateway/openai-chat/v1/models",
        "/gateway/../v1/sessions",
        "/artifacts",
    ];
    let mut cells = 0;
    for (place, from) in places(victim, stranger) {
        for (shown, credential) in credentials(&stage, victim, stranger) {
            for call in calls {
                cells += 1;
                let at = format!("{call} from {place} with {shown}");
                let target = if call == "/artifacts" {
                    format!("{call}?name=a.txt&sha256={sha}")
                } else {
                    call.to_owned()
                };
                let mut request = Request::post(target).header(header::CONTENT_TYPE, "application/json");
                if !credential.is_empty() {
                    request = request
                        .header(header::AUTHORIZATION, format!("Bearer {credential}"))
                        .header("x-api-key", &credential);
                }
                let body =
                    r#"{"model":"session-model","messages":[{"role":"user","content":"x"}],"max_tokens":1}"#;
                let request = request.body(Body::from(body)).unwrap();
                let mut router = uplink_router(stage.house.state.clone());
                if let Some(from) = from {
                    router = router.layer(Extension(from));
                }
                let response = router.oneshot(request).await.unwrap();
                let status = response.status().as_u16();
                let body = response.into_body().collect().await.unwrap().to_bytes();
                let text = String::from_utf8_lossy(&body).to_lowercase();
                if fits(place, shown) {
                    assert_ne!(status, 401, "{at}: {text}");
                    continue;
                }
                let refused: &[u16] = if from.is_none() { &[404] } else { &[401, 404, 409] };
                assert!(refused.contains(&status), "{at}: {status} {text}");
                assert!(!text.contains(MARK), "{at}: {text}");
                for id in stage.ids() {
                    assert!(!text.contains(&id), "{at}: {text}");
                }
            }
        }
    }
    // The two that fitted left an artifact each in their own session, and nothing else happened.
    let ana = stage.ana();
    let kept = ana
        .get(&format!("/v1/sessions/{}/artifacts", stage.busy))
        .await
        .ok()
        .json();
    assert_eq!(kept["items"].as_array().unwrap().len(), 1);
    let after = settled(&stage).await;
    let quiet = |path: &str| !path.contains(&stage.busy) && !path.starts_with("/v1/sessions");
    let strip =
        |snapshot: crate::snapshot::Snapshot| snapshot.into_iter().filter(|(path, _)| quiet(path)).collect();
    assert_eq!(difference(&strip(before), &strip(after), true), None);
    println!("{cells} cells");
}

#[tokio::test]
async fn the_public_door_has_no_gateway() {
    let stage = Stage::new().await;
    let mut cells = 0;
    for path in ["/gateway/openai-chat/v1/chat/completions", "/artifacts"] {
        for (shown, credential) in credentials(&stage, &stage.runner.spec, &stage.runner.spec) {
            cells += 1;
            let request = Request::post(path)
                .header(header::AUTHORIZATION, format!("Bearer {credential}"))
                .body(Body::from("{}"))
                .unwrap();
            let answer = stage.house.send(request).await;
            assert_eq!(answer.problem(), "not_found", "{path} with {shown}");
        }
    }
    println!("{cells} cells");
}

#[tokio::test]
async fn a_runner_connects_as_itself_alone() {
    let stage = Stage::new().await;
    let stranger = strangers(&stage).await;
    let (victim, stranger) = (&stage.runner.spec, &stranger.spec);
    let before = settled(&stage).await;
    let public = stage.house.listen().await;
    let mut cells = 0;
    for (named, spec) in [("the victim's", victim), ("the stranger's", stranger)] {
        for (shown, credential) in credentials(&stage, victim, stranger) {
            for (place, from) in places(victim, stranger) {
                let Some(from) = from else { continue };
                cells += 1;
                // From the relayed stream of a sandbox.
                let at = format!("as {named} from {place} with {shown}");
                let address = stage.house.uplink(from).await;
                let opened = Socket::open(&address, "/v1/runner/connect", &headers(spec, &credential)).await;
                let own = fits(place, shown) && from.session_id == spec.session_id
                    // A first token is good until its runner showed a secret, and with that secret after it.
                    || from == caller(spec) && shown == format!("{named} first token");
                assert!(own || opened.err() == Some(401), "{at}");
            }
            cells += 1;
            let opened = Socket::open(&public, "/v1/runner/connect", &headers(spec, &credential)).await;
            let own = shown == format!("{named} secret") || shown == format!("{named} first token");
            assert!(
                own || opened.err() == Some(401),
                "as {named} from outside with {shown}"
            );
        }
        // A first token that was used is nothing with another secret.
        let mut thief = Socket::open(&public, "/v1/runner/connect", &headers(spec, &spec.start.token))
            .await
            .ok()
            .unwrap();
        let mut greeting = hello(spec);
        greeting["secret"] = serde_json::json!("another-secret-another-secret-00");
        thief.send(greeting).await;
        assert_eq!(thief.next().await.unwrap()["type"], "fenced");
        cells += 1;
    }
    assert_eq!(difference(&before, &settled(&stage).await, true), None);
    println!("{cells} cells");
}
