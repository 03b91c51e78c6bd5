//! Each fault of the way to a model, and what the gateway makes of it.

use std::{sync::Arc, time::Duration};

use crate::world::{CHAT, Ledger, STREAM, caller, gateway, post, read};
use gateway::{CallStatus, Gateway, UsageSource};
use protocol::agent::Dialect;
use serde_json::Value;
use testkit::{
    fake::{Answer, ScriptedModels},
    fault::model_gateway::Faulty,
};

struct Stage {
    faulty: Arc<Faulty>,
    gateway: Gateway,
    ledger: Arc<Ledger>,
}

fn stage() -> Stage {
    let fake = Arc::new(ScriptedModels::default());
    fake.then(Ok(Answer::events(&[
        r#"{"choices":[{"delta":{"content":"12345678"}}]}"#,
        "[DONE]",
    ])));
    let faulty = Faulty::around(fake);
    let ledger = Arc::new(Ledger::default());
    Stage {
        gateway: gateway(faulty.clone(), Dialect::OpenaiChat, &ledger),
        faulty,
        ledger,
    }
}

/// Status, kind and code of the error that the agent gets.
async fn error(stage: &Stage, fault: &'static str) -> (u16, String, String) {
    stage.faulty.faults.inject(fault, 1);
    let answer = stage.gateway.handle(caller(), post(CHAT, STREAM)).await;
    let status = answer.status.as_u16();
    let body: Value = serde_json::from_str(&read(answer).await.0).expect("a JSON body");
    let word = |name: &str| body["error"][name].as_str().unwrap_or_default().to_owned();
    (status, word("type"), word("code"))
}

#[tokio::test]
async fn each_failure_has_a_kind_that_tells_whether_to_try_again() {
    for (fault, status, kind, code) in [
        ("refused", 502, "server_error", "upstream_unreachable"),
        (
            "address_not_allowed",
            400,
            "invalid_request_error",
            "upstream_address_not_allowed",
        ),
        ("unauthorised", 401, "", ""),
        ("rate_limited", 429, "", ""),
        ("server_error", 500, "", ""),
    ] {
        let stage = stage();
        assert_eq!(
            error(&stage, fault).await,
            (status, kind.to_owned(), code.to_owned()),
            "{fault}"
        );
        assert!(stage.ledger.reports().is_empty(), "{fault}: nothing is metered");
        let answer = stage.gateway.handle(caller(), post(CHAT, STREAM)).await;
        assert_eq!(answer.status, 200, "{fault}: the next call is served");
    }
}

#[tokio::test]
async fn a_rate_limit_keeps_its_retry_after() {
    let stage = stage();
    stage.faulty.faults.inject("rate_limited", 1);
    let answer = stage.gateway.handle(caller(), post(CHAT, STREAM)).await;
    assert_eq!(answer.headers["retry-after"], "1");
}

#[tokio::test]
async fn what_came_before_a_break_is_metered() {
    let stage = stage();
    stage.faulty.faults.inject("breaks_off", 1);
    let (text, whole) = read(stage.gateway.handle(caller(), post(CHAT, STREAM)).await).await;
    assert!(text.contains("12345678") && !text.contains("[DONE]") && !whole);
    let report = &stage.ledger.reports()[0];
    assert_eq!(
        (report.source, report.status, report.tokens.output),
        (UsageSource::Estimated, CallStatus::Interrupted, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_hangs_is_given_up() {
    let stage = stage();
    let (status, kind, code) = error(&stage, "hangs").await;
    assert_eq!(
        (status, kind.as_str(), code.as_str()),
        (504, "server_error", "upstream_timeout")
    );
    assert_eq!(stage.ledger.reports()[0].status, CallStatus::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_hangs_up_ends_a_call_that_hangs_at_once() {
    let stage = stage();
    stage.faulty.faults.inject("hangs", 1);
    let call = stage.gateway.handle(caller(), post(CHAT, STREAM));
    assert!(
        tokio::time::timeout(Duration::from_millis(20), call)
            .await
            .is_err()
    );
    stage.ledger.recorded.notified().await;
    assert_eq!(stage.ledger.reports()[0].status, CallStatus::Abandoned);
}
