//! Whoever reads a session's files is told what not to show: everything that its sandboxes may have been given, and
//! nothing of others. What cannot be hidden is not shown.

use app::{BundleLimits, BundleSettings};
use protocol::{api::Secret, probe::ProbeRequest};
use serde_json::{Value, json};

use crate::house::{House, Tenant, demo_session};

const READS: &[&str] = &[
    "diff",
    "files?path=src/main.rs",
    "files?path=src/",
    "archive",
    "archive?git=true",
    "bundle",
];

async fn secret(ana: &Tenant<'_>, name: &str, value: &str, scope: Value, phase: &str) {
    let body = json!({"name": name, "value": value, "scope": scope, "phase": phase});
    ana.post("/v1/secrets", body).await.ok();
}

async fn session(house: &House, ana: &Tenant<'_>) -> String {
    let env = ana
        .id_of("/v1/environments", json!({"name": "web", "setup": ["true"]}))
        .await;
    let other = ana
        .id_of("/v1/environments", json!({"name": "other", "setup": []}))
        .await;
    secret(ana, "A", "of-all-in-setup", json!("organisation"), "setup").await;
    secret(ana, "B", "of-all", json!("organisation"), "both").await;
    secret(
        ana,
        "B",
        "of-the-environment",
        json!({"environment_id": env}),
        "agent",
    )
    .await;
    secret(ana, "C", "of-another", json!({"environment_id": other}), "both").await;
    let mut body = demo_session();
    body["environment_id"] = json!(env);
    body["repository"] = json!({"url": "https://git.example.org/r.git", "token": "ghp-of-the-session"});
    let id = ana.id_of("/v1/sessions", body).await;
    house.fakes.sandboxes.on_probe(|spec| {
        Ok(match &spec.request {
            ProbeRequest::Directory { .. } => vec!["[]".into()],
            _ => vec!["content".into()],
        })
    });
    id
}

#[tokio::test]
async fn all_that_its_sandboxes_may_have_been_given_is_hidden() {
    let house = House::new().await;
    let place = tempfile::tempdir().unwrap();
    let _ = house.app.clone().with_bundles(BundleSettings {
        staging: place.path().join("bundles"),
        installation: "https://here.example.org".into(),
        limits: BundleLimits::default(),
        upload_bytes: 1 << 20,
    });
    let (ana, bob) = (house.tenant("acme").await, house.tenant("other").await);
    secret(&bob, "D", "of-bobs", json!("organisation"), "both").await;
    let id = session(&house, &ana).await;
    for (n, path) in READS.iter().enumerate() {
        let answer = ana.get(&format!("/v1/sessions/{id}/{path}")).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        let probed = house.fakes.sandboxes.probed();
        assert!(probed.len() > n, "{path}");
        for spec in &probed {
            let mut hidden: Vec<&str> = spec.hide.iter().map(Secret::expose).collect();
            hidden.sort_unstable();
            let all = [
                "ghp-of-the-session",
                "of-all",
                "of-all-in-setup",
                "of-the-environment",
            ];
            assert_eq!(hidden, all, "{path}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_hidden_is_not_shown() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    let id = session(&house, &ana).await;
    for path in ["diff", "files?path=x", "archive"] {
        let path = format!("/v1/sessions/{id}/{path}");
        for (fault, problem) in [("open_unavailable", "unavailable"), ("does_not_open", "conflict")] {
            faults.master_key.faults.inject(fault, 1);
            let answer = ana.get(&path).await;
            assert_eq!(answer.problem(), problem, "{path}: {fault}");
            assert!(!answer.text().contains("of-all"));
        }
        faults.tenants.faults.inject("read_unavailable", 1);
        assert_eq!(ana.get(&path).await.problem(), "unavailable");
        ana.get(&path).await.ok();
    }
    let shown = ana.get(&format!("/v1/sessions/{id}/diff")).await.ok();
    assert_eq!(shown.text(), "content");
}
