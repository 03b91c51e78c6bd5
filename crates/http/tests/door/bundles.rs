//! Bundles out and in, with everything faked that a bundle is made of.

use std::{fs, path::Path};

use app::{BundleLimits, BundleSettings, Retention};
use axum::body::Body;
use domain::tenancy::{Actor, Role};
use http::{StatusCode, header};
use ports::{
    ArtifactStore, Catalog, SandboxProvider, SessionLog,
    artifacts::ArtifactKey,
    catalog::SessionRow,
    sandbox::{RestoreSpec, SessionFiles},
};
use protocol::{OrgId, ProblemCode, SandboxId, SessionId, UserId, session::SessionStatus};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{contract::artifacts::source, sample};

use crate::house::{Answer, House, Tenant};

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

/// A session with an event or two and an artifact.
async fn exported(ana: &Tenant<'_>) -> (SessionId, Vec<u8>) {
    let body = json!({"agent": "scripted", "model": "demo/scripted", "title": "Moved"});
    let id = ana.id_of("/v1/sessions", body).await;
    let upload = ana
        .request("POST", &format!("/v1/sessions/{id}/artifacts?name=a.txt"))
        .header(header::CONTENT_TYPE, "text/plain")
        .body(Body::from("kept"))
        .unwrap();
    ana.house.send(upload).await.ok();
    let answer = ana.get(&format!("/v1/sessions/{id}/bundle")).await.ok();
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/x-tar");
    assert_eq!(
        answer.headers[header::CONTENT_LENGTH].to_str().unwrap(),
        answer.bytes.len().to_string()
    );
    (id.parse().unwrap(), answer.bytes)
}

async fn import(who: &Tenant<'_>, query: &str, key: Option<&str>, bytes: &[u8]) -> Answer {
    let mut request = who.request("POST", &format!("/v1/sessions/import{query}"));
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    who.house
        .send(request.body(Body::from(bytes.to_vec())).unwrap())
        .await
}

fn empty(staging: &Path) -> bool {
    fs::read_dir(staging.join("bundles")).map_or(true, |mut entries| entries.next().is_none())
}

async fn listed(who: &Tenant<'_>) -> Vec<Value> {
    let list = who.get("/v1/sessions?include_archived=true").await.ok().json();
    list["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_session_goes_to_another_organisation_with_its_artifacts() {
    let house = House::new().await;
    let dir = place(&house);
    let (ana, bo) = (house.tenant("ana").await, house.tenant("bo").await);
    let (id, bundle) = exported(&ana).await;
    let made = import(&bo, "", Some("k"), &bundle).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    let moved = made["id"].as_str().unwrap().to_owned();
    assert_eq!(made["title"], "Moved");
    assert_eq!(made["imported_from"]["session_id"], id.to_string());
    assert_eq!(made["imported_from"]["org_id"], ana.who.org_id.to_string());
    assert_eq!(made["created_by"]["user_id"], bo.who.user_id.to_string());
    assert_eq!(made["created_by"]["name"], "ana@example.org");
    let artifacts = bo
        .get(&format!("/v1/sessions/{moved}/artifacts"))
        .await
        .ok()
        .json();
    let artifact = artifacts["items"][0]["id"].as_str().unwrap().to_owned();
    let content = bo
        .get(&format!("/v1/sessions/{moved}/artifacts/{artifact}"))
        .await
        .ok();
    assert_eq!(content.bytes, b"kept");
    // Another organisation's, now as before.
    assert_eq!(
        ana.get(&format!("/v1/sessions/{moved}")).await.problem(),
        "not_found"
    );
    assert_eq!(
        bo.get(&format!("/v1/sessions/{id}/bundle")).await.problem(),
        "not_found"
    );

    // The same again is the same; something else under the same key is not.
    let again = import(&bo, "", Some("k"), &bundle).await;
    assert!(again.replayed(), "{}", again.text());
    assert_eq!(again.json()["id"], moved);
    let (_, other) = exported(&ana).await;
    assert_eq!(
        import(&bo, "", Some("k"), &other).await.problem(),
        "idempotency_conflict"
    );
    assert_eq!(listed(&bo).await.len(), 1);
    assert!(empty(dir.path()));

    // Archived, it is still there to be read, and goes on travelling.
    bo.post(&format!("/v1/sessions/{moved}/archive"), json!({}))
        .await
        .ok();
    let second = bo.get(&format!("/v1/sessions/{moved}/bundle")).await.ok();
    let back = import(&ana, "", None, &second.bytes).await.ok().json();
    assert_eq!(back["status"], "archived");
    assert_eq!(back["imported_from"]["session_id"], moved);
}

#[tokio::test]
async fn only_admins_and_who_made_it_may_take_it_out() {
    let house = House::new().await;
    let _dir = place(&house);
    let ana = house.tenant("ana").await;
    let (id, _) = exported(&ana).await;
    let actor = |role: Role, user: UserId| Actor {
        org: ana.who.org_id,
        user,
        email: "x@example.org".into(),
        role,
        api_key: None,
        key_hash: None,
        browser: None,
        scopes: std::collections::BTreeSet::new(),
        closing: None,
        asked: domain::tenancy::Asked::default(),
    };
    for (role, user, may) in [
        (Role::Member, ana.who.user_id, true),
        (Role::Member, UserId::from_bits(99), false),
        (Role::Viewer, ana.who.user_id, false),
        (Role::Admin, UserId::from_bits(99), true),
    ] {
        let actor = actor(role, user);
        let own = house.app.resolve_session(&actor, id).await.unwrap();
        let answer = house.app.export_session(&actor, &own, true).await;
        match answer {
            Ok(_) => assert!(may, "{role:?}"),
            Err(error) => {
                assert!(!may, "{role:?}: {error}");
                assert_eq!(error.code, ProblemCode::Forbidden);
            }
        }
    }
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let house = House::new().await;
    let dir = place(&house);
    let ana = house.tenant("ana").await;
    let (_, bundle) = exported(&ana).await;
    let keys = house.fakes.artifacts.keys(None, 100).await.unwrap().len();
    let mut flipped = bundle.clone();
    let middle = bundle.len() - 1024 - 512 - 4;
    flipped[middle] ^= 1;
    let refused = import(&ana, "", None, &flipped).await;
    assert_eq!(refused.problem(), "bundle_invalid");
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for wrong in [&bundle[..700], b"", b"nonsense", &vec![0; 10_240][..]] {
        assert_eq!(import(&ana, "", None, wrong).await.problem(), "bundle_invalid");
    }
    assert_eq!(
        import(&ana, "", None, &vec![1; (1 << 20) + 1]).await.problem(),
        "body_too_large"
    );
    assert_eq!(
        import(&ana, "?model=nobody/knows", None, &bundle).await.problem(),
        "model_unavailable"
    );
    assert_eq!(
        import(&ana, "?moddel=a", None, &bundle).await.problem(),
        "invalid_request"
    );
    assert_eq!(listed(&ana).await.len(), 1);
    assert_eq!(house.fakes.artifacts.keys(None, 100).await.unwrap().len(), keys);
    assert!(empty(dir.path()));
}

#[tokio::test]
async fn whatever_fails_on_the_way_nothing_is_left() {
    let (house, faults) = House::with_faults().await;
    let dir = place(&house);
    let ana = house.tenant("ana").await;
    let (_, bundle) = exported(&ana).await;
    let keys = house.fakes.artifacts.keys(None, 100).await.unwrap().len();
    let rows = listed(&ana).await.len();
    for (inject, expected) in [
        ("log_create", "storage_full"),
        ("log_append", "storage_full"),
        ("artifact", "storage_full"),
        ("reserve", "unavailable"),
    ] {
        match inject {
            "log_create" => faults.session_log.faults.inject("create_full", 1),
            "log_append" => faults.session_log.faults.inject("append_full", 1),
            "artifact" => faults.artifacts.faults.inject("put_full", 1),
            _ => faults.catalog.faults.inject("reserve_unavailable", 1),
        }
        let answer = import(&ana, "", Some(inject), &bundle).await;
        assert_eq!(answer.problem(), expected, "{inject}");
        assert_eq!(listed(&ana).await.len(), rows, "{inject}");
        assert_eq!(
            house.fakes.artifacts.keys(None, 100).await.unwrap().len(),
            keys,
            "{inject}"
        );
        assert!(empty(dir.path()), "{inject}");
        faults.heal();
        // The very same request works once the trouble is over.
        let answer = import(&ana, "", Some(inject), &bundle).await.ok();
        let made = answer.json()["id"].as_str().unwrap().to_owned();
        ana.delete(&format!("/v1/sessions/{made}")).await.ok();
        for _ in 0..1000 {
            if house.fakes.artifacts.keys(None, 100).await.unwrap().len() == keys {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
}

#[tokio::test]
async fn what_a_crash_left_of_an_import_is_cleared_at_the_next_start() {
    let house = House::new().await;
    let dir = place(&house);
    let ana = house.tenant("ana").await;
    let (org, half) = (ana.who.org_id, SessionId::from_bits(7));
    let (whole, _) = exported(&ana).await;
    // Files, an artifact and a log, but no row.
    let spec = RestoreSpec {
        session_id: half,
        files: SessionFiles::Home,
        sandbox_id: SandboxId::from_bits(1),
        timeout_ms: 1,
        max_bytes: 4096,
    };
    let block = Box::pin(futures::stream::iter([Ok(bytes::Bytes::from(vec![0; 512]))]));
    house.fakes.sandboxes.restore(spec, block).await.unwrap();
    let key = ArtifactKey {
        org,
        session: half,
        artifact: protocol::ArtifactId::from_bits(1),
    };
    house
        .fakes
        .artifacts
        .put(key, source(&bytes::Bytes::from_static(b"x")), 10)
        .await
        .unwrap();
    house.fakes.session_log.create(half).await.unwrap();
    let staging = dir.path().join("bundles");
    for name in [
        format!("import-{org}-{half}"),
        format!("import-{org}-{whole}"),
        "export-something".to_owned(),
    ] {
        fs::create_dir_all(staging.join(name)).unwrap();
    }
    house.app.clear_imports().await.unwrap();
    assert!(empty(dir.path()));
    assert!(!house.fakes.sandboxes.has_workspace(half));
    assert_eq!(house.fakes.session_log.head(half).await.unwrap(), None);
    assert!(
        house
            .fakes
            .artifacts
            .keys(None, 10)
            .await
            .unwrap()
            .iter()
            .all(|key| key.session != half)
    );
    // One that got through is left alone.
    assert_eq!(
        ana.get(&format!("/v1/sessions/{whole}")).await.ok().json()["id"],
        whole.to_string()
    );
}

#[tokio::test]
async fn retention_deletes_what_is_archived_and_old_and_says_why() {
    let house = House::new().await;
    let _dir = place(&house);
    let ana = house.tenant("ana").await;
    let old = ana.session("old", None).await;
    let young = ana.session("young", None).await;
    let stuck = SessionRow {
        status: SessionStatus::Archived,
        updated_at: sample::at(0),
        position: 1,
        ..sample::session_row(3, OrgId::from_bits(5))
    };
    house.fakes.catalog.reserve(stuck, None).await.unwrap();
    ana.post(&format!("/v1/sessions/{old}/archive"), json!({}))
        .await
        .ok();
    let retention = Retention {
        archived: Some(std::time::Duration::from_secs(3600)),
        runs: Some(std::time::Duration::from_secs(3600)),
    };
    assert_eq!(house.app.sweep(retention).await.sessions, 0, "not old enough");
    house.fakes.clock.advance(std::time::Duration::from_secs(7200));
    assert_eq!(house.app.sweep(retention).await.sessions, 1);
    for _ in 0..1000 {
        if house.fakes.session_log.head(old).await.unwrap().is_none() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    assert_eq!(house.fakes.session_log.head(old).await.unwrap(), None);
    assert_eq!(
        ana.get(&format!("/v1/sessions/{old}")).await.problem(),
        "not_found"
    );
    ana.get(&format!("/v1/sessions/{young}")).await.ok();
}

#[tokio::test]
async fn files_that_no_sandbox_takes_leave_no_session() {
    let (house, faults) = House::with_faults().await;
    let dir = place(&house);
    let ana = house.tenant("ana").await;
    let body = json!({"agent": "scripted", "model": "demo/scripted", "title": "Moved"});
    let id = ana.id_of("/v1/sessions", body).await;
    // Only a session that had a sandbox has files.
    ana.post(&format!("/v1/sessions/{id}/wake"), json!({})).await.ok();
    house
        .fakes
        .sandboxes
        .on_probe(|_| Ok(vec![vec![0_u8; 1024].into()]));
    let bundle = ana.get(&format!("/v1/sessions/{id}/bundle")).await.ok().bytes;
    let rows = listed(&ana).await.len();
    faults.sandboxes.faults.inject("restore_refused", 1);
    assert_eq!(import(&ana, "", None, &bundle).await.problem(), "bundle_invalid");
    assert_eq!(listed(&ana).await.len(), rows);
    assert!(empty(dir.path()));
    faults.heal();
    import(&ana, "", None, &bundle).await.ok();
    assert_eq!(listed(&ana).await.len(), rows + 1);
}

#[tokio::test]
async fn a_bundle_is_one_session_more_and_quotas_know_it() {
    let quotas = domain::limits::Quotas {
        sessions: 1,
        ..domain::limits::Quotas::default()
    };
    let house = House::with_limits(app::Limits {
        quotas,
        ..app::Limits::default()
    })
    .await;
    let dir = place(&house);
    let (ana, bo) = (house.tenant("ana").await, house.tenant("bo").await);
    let (_, bundle) = exported(&ana).await;
    import(&bo, "", Some("k"), &bundle).await.ok();
    let full = import(&bo, "", Some("other"), &bundle).await;
    assert_eq!(full.problem(), "quota_exceeded");
    assert_eq!(listed(&bo).await.len(), 1, "nothing of it is left");
    assert!(empty(dir.path()));
    // A repeat of what was done before adds nothing.
    assert!(import(&bo, "", Some("k"), &bundle).await.ok().replayed());
}
