//! The audit log: what is noted, that nothing is done without it, who may read it.

use domain::tenancy::Scope;
use ports::{AuditLog as _, IdentityStore as _};
use protocol::audit::{AuditActor, AuditLine};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, json_post, send},
    house::{House, Tenant, provider},
};

/// A key of the same user that is limited to these scopes.
async fn limited(ana: &Tenant<'_>, scopes: &[Scope]) -> String {
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let made = ana
        .post("/v1/api-keys", json!({"name": "limited", "scopes": scopes}))
        .await;
    made.ok().json()["key"].as_str().unwrap().to_owned()
}

fn with_key<'a>(ana: &Tenant<'a>, key: &str) -> Tenant<'a> {
    let mut who = ana.who.clone();
    who.api_key = key.to_owned();
    Tenant {
        house: ana.house,
        who,
    }
}

#[tokio::test]
async fn what_is_allowed_and_what_is_denied_is_noted_with_who_and_what() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let reader = with_key(&ana, &limited(&ana, &[Scope::RunsRead]).await);
    assert_eq!(reader.post("/v1/model-providers", provider()).await.status, 403);
    let id = ana.id_of("/v1/model-providers", provider()).await;
    ana.delete(&format!("/v1/model-providers/{id}")).await.ok();

    let page = ana.get("/v1/audit").await.ok().json();
    let words: Vec<String> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| {
            let word = |name: &str| record[name].as_str().unwrap().to_owned();
            format!("{} {}", word("action"), word("outcome"))
        })
        .collect();
    assert_eq!(
        words,
        [
            "model_provider.delete allowed",
            "model_provider.create allowed",
            "model_provider.create denied",
            "api_key.create allowed",
            "organisation.bootstrap allowed",
        ]
    );
    let newest = &page["items"][0];
    assert_eq!(newest["target"], id);
    assert_eq!(newest["actor"]["name"], "acme@example.org");
    assert!(newest["request_id"].as_str().unwrap().starts_with("req_"));
    assert_eq!(page["items"][4]["actor"]["type"], "operator");

    let count = async |query: &str| {
        let page = ana.get(&format!("/v1/audit?{query}")).await.ok().json();
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(count("action=model_provider.").await, 3);
    assert_eq!(count("action=model_provider.&outcome=denied").await, 1);
    assert_eq!(count("actor=operator").await, 1);
    assert_eq!(count(&format!("target={id}")).await, 1);
    assert_eq!(count("until=2000-01-01T00:00:00Z").await, 0);
    for bad in [
        "actor=somebody",
        "outcome=maybe",
        "cursor=x",
        "format=ndjson&limit=5",
    ] {
        assert_eq!(ana.get(&format!("/v1/audit?{bad}")).await.status, 400, "{bad}");
    }
    let first = ana.get("/v1/audit?limit=3").await.ok().json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = ana.get(&format!("/v1/audit?cursor={cursor}")).await.ok().json();
    assert_eq!(second["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn only_who_may_reads_and_nobody_reads_anothers() {
    let house = House::new().await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("bold").await);
    ana.id_of("/v1/model-providers", provider()).await;
    let auditor = with_key(&ana, &limited(&ana, &[Scope::AuditRead]).await);
    assert_eq!(auditor.get("/v1/audit").await.status, 200);
    let other = with_key(
        &ana,
        &limited(&ana, &[Scope::SessionsWrite, Scope::RunsRead]).await,
    );
    assert_eq!(other.get("/v1/audit").await.problem(), "forbidden");
    assert_eq!(other.get("/v1/audit?format=csv").await.problem(), "forbidden");
    assert_eq!(other.get("/v1/audit?format=ndjson").await.problem(), "forbidden");
    for format in ["json", "csv", "ndjson"] {
        let text = bo.get(&format!("/v1/audit?format={format}")).await.ok().text();
        assert!(!text.contains("acme") && text.contains("bootstrap"), "{text}");
    }
}

#[tokio::test]
async fn what_cannot_be_noted_is_not_done() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    let keys = async || {
        house
            .fakes
            .identity
            .list_api_keys(ana.who.org_id)
            .await
            .unwrap()
            .len()
    };
    for (fault, problem) in [
        ("append_unavailable", "unavailable"),
        ("append_full", "storage_full"),
        ("append_unknown_written", "unavailable"),
    ] {
        faults.audit.faults.inject(fault, 1);
        let answer = ana.post("/v1/api-keys", json!({"name": "x"})).await;
        assert_eq!((answer.problem().as_str(), keys().await), (problem, 1), "{fault}");
    }
    let id = ana.id_of("/v1/model-providers", provider()).await;
    faults.audit.faults.inject("append_unavailable", 1);
    let path = format!("/v1/model-providers/{id}");
    assert_eq!(ana.delete(&path).await.problem(), "unavailable");
    assert_eq!(ana.get(&path).await.status, 200);
    // What is refused anyway stays refused.
    let reader = with_key(&ana, &limited(&ana, &[Scope::RunsRead]).await);
    faults.audit.faults.inject("append_unavailable", 1);
    assert_eq!(reader.delete(&path).await.problem(), "forbidden");
    faults.audit.faults.inject("read_unavailable", 3);
    for format in ["json", "csv", "ndjson"] {
        let answer = ana.get(&format!("/v1/audit?format={format}")).await;
        assert_eq!(answer.problem(), "unavailable");
    }
}

#[tokio::test]
async fn what_cannot_be_signed_now_is_signed_with_the_next_record() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    let org = ana.who.org_id;
    let signed = async || {
        let part = house.fakes.audit.chain(org, 0, 100).await.unwrap();
        part.checkpoints.iter().map(|point| point.seq).collect::<Vec<_>>()
    };
    let before = signed().await;
    house
        .fakes
        .clock
        .advance(std::time::Duration::from_secs(2 * 3600));
    faults.audit_signer.faults.inject("sign_unavailable", 1);
    ana.post("/v1/api-keys", json!({"name": "one"})).await.ok();
    faults.audit.faults.inject("checkpoint_unavailable", 1);
    ana.post("/v1/api-keys", json!({"name": "two"})).await.ok();
    assert_eq!(signed().await, before);
    ana.post("/v1/api-keys", json!({"name": "three"})).await.ok();
    let last = house.fakes.audit.all(org).len() as u64;
    assert_eq!(signed().await.last(), Some(&last));
}

#[tokio::test]
async fn exports_hold_everything_and_the_chain_can_be_checked() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    for n in 0..40 {
        ana.post("/v1/api-keys", json!({"name": format!("key {n}")}))
            .await
            .ok();
    }
    let answer = ana.get("/v1/audit?format=ndjson").await.ok();
    assert_eq!(answer.headers["content-type"], "application/x-ndjson");
    let text = answer.text();
    let lines: Vec<AuditLine> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (AuditLine::Start(start), AuditLine::Head(head)) = (&lines[0], lines.last().unwrap()) else {
        panic!("{text}")
    };
    assert_eq!(
        (start, head.seq),
        (head, 42),
        "the export itself is the last record"
    );
    let mut verifier = domain::audit::Verifier::begin(*start).unwrap();
    for line in &lines[1..lines.len() - 1] {
        match line {
            AuditLine::Record(record) => verifier.record(record).unwrap(),
            AuditLine::Checkpoint(point) => {
                verifier.checkpoint(point, domain::audit::Signed::Good).unwrap();
            }
            _ => panic!("{line:?}"),
        }
    }
    let verified = verifier.end().unwrap();
    assert_eq!(verified.records, 42);
    assert!(verified.signed >= 33, "{verified:?}");

    let table = ana.get("/v1/audit?format=csv&action=api_key.").await.ok().text();
    assert_eq!(table.lines().count(), 41, "{table}");
    assert!(table.starts_with("seq,at,actor,") && table.contains(",api_key.create,"));
}

#[tokio::test]
async fn people_who_come_and_go_are_noted() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let browser = Browser::linked(&house, &ana.who).await;
    browser.set_password("a long one that ana knows", None).await.ok();
    browser.sign_out().await.ok();
    let sign_in = async |password: &str| {
        let body = json!({"email": "acme@example.org", "password": password});
        send(&house.router, json_post("/v1/auth/sign-in", &body))
            .await
            .status
            .as_u16()
    };
    assert_eq!(sign_in("not that one, certainly").await, 401);
    assert_eq!(sign_in("a long one that ana knows").await, 200);
    // A failure is noted in a task of its own.
    for _ in 0..1000 {
        if house
            .fakes
            .audit
            .words(ana.who.org_id)
            .contains(&"user.sign_in denied".to_owned())
        {
            break;
        }
        tokio::task::yield_now().await;
    }
    let words = house.fakes.audit.words(ana.who.org_id);
    for word in [
        "sign_in_link.create allowed",
        "link.redeem allowed",
        "password.set allowed",
        "user.sign_out allowed",
        "user.sign_in denied",
        "user.sign_in allowed",
    ] {
        assert!(words.contains(&word.to_owned()), "{word}: {words:?}");
    }
}

#[tokio::test]
async fn the_feed_tells_those_who_may_know_and_passes_over_for_others() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let other = with_key(&ana, &limited(&ana, &[Scope::SessionsRead]).await);
    let id = ana
        .id_of("/v1/environments", json!({"name": "x", "setup": []}))
        .await;
    let events = async |who: &Tenant<'_>| -> (Vec<Value>, Value) {
        let page = who.get("/v1/events?after=0").await.ok().json();
        (
            page["events"].as_array().unwrap().clone(),
            page["next_after"].clone(),
        )
    };
    let mut told = events(&ana).await;
    for _ in 0..1000 {
        if told.0.len() == 3 {
            break;
        }
        tokio::task::yield_now().await;
        told = events(&ana).await;
    }
    let (all, next) = told;
    let kinds: Vec<&str> = all.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["audit.event", "audit.event", "environment.changed"]);
    assert_eq!(all[1]["data"]["action"], "environment.create");
    assert_eq!(all[1]["data"]["seq"], 3);
    let (some, place) = events(&other).await;
    assert_eq!((some.len(), &some[0]["data"]["environment_id"]), (1, &json!(id)));
    assert_eq!(place, next, "the cursor goes on behind what is held back");
    let record = house.fakes.audit.all(ana.who.org_id).remove(0);
    assert_eq!(record.actor, AuditActor::Operator);
}
