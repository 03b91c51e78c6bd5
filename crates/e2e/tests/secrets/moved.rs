//! Ciphertexts that somebody moved in the files: between rows, between organisations, and the wrapped keys themselves.
//! And what is left to open after an organisation was erased.

use std::{fs, path::Path, process::Command};

use e2e::{Client, PATIENCE, Server, Start};
use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};
use testkit::model_server::ModelServer;

use crate::journey::{end, id};

/// An organisation with two model keys and a secret.
struct Tenant {
    client: Client,
    org: String,
    providers: [String; 2],
}

async fn tenant(server: &mut Server, models: &ModelServer, slug: &str) -> Tenant {
    let made = server.bootstrap(&format!("{slug}@example.org"), slug);
    let client = server.client().with_key(made["api_key"].as_str());
    let mut providers = Vec::new();
    for name in ["one", "two"] {
        let body = json!({
            "provider": name, "api": "openai-chat", "base_url": models.url_openai(),
            "api_key": format!("sk-{slug}-{name}-0000"), "models": ["good"],
        });
        providers.push(id(&client.post("/v1/model-providers", &body).await));
    }
    let body = json!({"name": "KEPT", "value": format!("kept by {slug}"), "scope": "organisation", "phase": "agent"});
    client.post("/v1/secrets", &body).await;
    Tenant {
        client,
        org: made["org_id"].as_str().unwrap().to_owned(),
        providers: providers.try_into().unwrap(),
    }
}

fn start(models: &ModelServer) -> Start {
    Start::default()
        .with("COORDINATOR_SCRIPTED_AGENT", "true")
        .with("COORDINATOR_ORG_GRACE", "1s")
        .with(
            "COORDINATOR_ALLOW_PRIVATE_NETWORKS",
            format!("127.0.0.0/8:{}", models.address().port()),
        )
}

/// What becomes of a provider's key when it is used: whether it opens.
async fn opens(client: &Client, provider: &str) -> Result<(), Value> {
    let path = format!("/v1/model-providers/{provider}/test");
    match client.call(Method::POST, &path, Some(&json!({}))).await {
        (200, told) => {
            assert_eq!(told["ok"], true, "{told}");
            Ok(())
        }
        (_, problem) => Err(problem),
    }
}

fn swap(connection: &Connection, table: &str, column: &str, one: &str, other: &str) {
    let value = |of: &str| -> String {
        let sql = format!("SELECT {column} FROM {table} WHERE hex({of}");
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    let (first, second) = (value(one), value(other));
    assert_ne!(first, second);
    for (of, value) in [(one, second), (other, first)] {
        let sql = format!("UPDATE {table} SET {column} = ?1 WHERE hex({of}");
        assert_eq!(connection.execute(&sql, [value]).unwrap(), 1);
    }
}

/// A condition for the row whose id or organisation this is.
fn row(column: &str, id: &str) -> String {
    let (_, text) = id.split_once('_').unwrap();
    let bytes = data_encoding::BASE32HEX_NOPAD
        .decode(text.to_ascii_uppercase().as_bytes())
        .unwrap();
    format!("{column}) = '{}'", data_encoding::HEXUPPER.encode(&bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_moved_does_not_open() {
    let models = ModelServer::start().await.unwrap();
    let mut server = Server::start(start(&models)).await;
    let ana = tenant(&mut server, &models, "ana").await;
    let bo = tenant(&mut server, &models, "bo").await;
    let cy = tenant(&mut server, &models, "cy").await;
    let dee = tenant(&mut server, &models, "dee").await;
    let secret = async |tenant: &Tenant| id(&tenant.client.get("/v1/secrets").await["items"][0]);
    let (secret_of_bo, secret_of_cy) = (secret(&bo).await, secret(&cy).await);
    for tenant in [&ana, &bo, &cy, &dee] {
        opens(&tenant.client, &tenant.providers[0]).await.unwrap();
    }
    assert_eq!(server.stop(), Some(0));

    let database = Connection::open(server.data_dir().join("coordinator.db")).unwrap();
    let provider = |tenant: &Tenant, n: usize| row("id", &tenant.providers[n]);
    // Two rows of one organisation; two organisations; secrets of two organisations.
    swap(
        &database,
        "model_provider",
        "sealed_key",
        &provider(&ana, 0),
        &provider(&ana, 1),
    );
    swap(
        &database,
        "model_provider",
        "sealed_key",
        &provider(&bo, 0),
        &provider(&cy, 0),
    );
    swap(
        &database,
        "secret",
        "sealed",
        &row("id", &secret_of_bo),
        &row("id", &secret_of_cy),
    );
    drop(database);
    server.run().await;
    for (tenant, n) in [(&ana, 0), (&ana, 1), (&bo, 0), (&cy, 0)] {
        let problem = opens(&tenant.client, &tenant.providers[n]).await.unwrap_err();
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(
            detail.contains("does not open") && detail.contains("PATCH /v1/model-providers/"),
            "{problem}"
        );
    }
    for tenant in [&bo, &cy] {
        opens(&tenant.client, &tenant.providers[1]).await.unwrap();
        let body = json!({"agent": "scripted", "model": "demo/scripted", "prompt": "run: echo $KEPT"});
        let session = id(&tenant.client.post("/v1/sessions", &body).await);
        let events = tenant
            .client
            .events_until(&session, PATIENCE, |event| {
                event["type"] == "prompt.failed" || event["type"] == "prompt.completed"
            })
            .await;
        let end = end(&events);
        assert_eq!(end["data"]["error"]["code"], "secrets_unavailable", "{end:#}");
        assert!(!serde_json::to_string(&events).unwrap().contains("kept by"));
    }

    // The wrapped data keys of two organisations.
    assert_eq!(server.stop(), Some(0));
    let keys = Connection::open(server.data_dir().join("keys.db")).unwrap();
    swap(
        &keys,
        "organisation_key",
        "data",
        &row("org", &dee.org),
        &row("org", &cy.org),
    );
    drop(keys);
    server.run().await;
    for tenant in [&dee, &cy] {
        let problem = opens(&tenant.client, &tenant.providers[1]).await.unwrap_err();
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("does not open"), "{problem}");
    }
    opens(&bo.client, &bo.providers[1]).await.unwrap();
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(done.success());
}

/// Whether any file of a directory holds these bytes.
fn holds(directory: &Path, text: &[u8]) -> bool {
    fs::read_dir(directory).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            holds(&path, text)
        } else {
            let bytes = fs::read(&path).unwrap_or_default();
            bytes.windows(text.len()).any(|window| window == text)
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_organisation_leaves_nothing_to_open() {
    let models = ModelServer::start().await.unwrap();
    let mut server = Server::start(start(&models)).await;
    let kept = tenant(&mut server, &models, "kept").await;
    let doomed = tenant(&mut server, &models, "doomed").await;
    let body = json!({"agent": "scripted", "model": "demo/scripted", "prompt": "run: test -n \"$KEPT\" && echo there"});
    let session = id(&doomed.client.post("/v1/sessions", &body).await);
    let events = doomed
        .client
        .events_until(&session, PATIENCE, |event| event["type"] == "prompt.completed")
        .await;
    assert!(serde_json::to_string(&events).unwrap().contains("there"));

    assert_eq!(server.stop(), Some(0));
    let before = server.place().join("before");
    copy(&server.data_dir(), &before);
    let keys = Connection::open(before.join("keys.db")).unwrap();
    let sql = format!(
        "SELECT data FROM organisation_key WHERE hex({}",
        row("org", &doomed.org)
    );
    let wrapped: String = keys.query_row(&sql, [], |row| row.get(0)).unwrap();
    drop(keys);

    server.run().await;
    let (status, told) = doomed
        .client
        .call(Method::DELETE, &format!("/v1/orgs/{}", doomed.org), None)
        .await;
    assert_eq!(status, 200, "{told}");
    let gone = async {
        while doomed.client.call(Method::GET, "/v1/me", None).await.0 != 401
            || !server.log().contains("an organisation is erased")
        {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
    // Taken while the server runs, as a backup is.
    let after = server.place().join("after");
    copy(&server.data_dir(), &after);
    assert!(holds(&before, wrapped.as_bytes()));
    assert!(
        !holds(&after, wrapped.as_bytes()),
        "the wrapped key is still there"
    );
    assert_eq!(server.stop(), Some(0));

    // Everything from before, all its ciphertexts among it, with what is left of the keys and the master key.
    let graft = server.place().join("graft");
    copy(&before, &graft);
    for entry in fs::read_dir(&graft).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("keys.db") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    for entry in fs::read_dir(&after).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("keys.db") {
            fs::copy(entry.path(), graft.join(entry.file_name())).unwrap();
        }
    }
    for (place, open) in [(&graft, false), (&before, true)] {
        let data = server.data_dir();
        fs::remove_dir_all(&data).unwrap();
        fs::rename(place, &data).unwrap();
        server.run().await;
        opens(&kept.client, &kept.providers[0]).await.unwrap();
        let found = opens(&doomed.client, &doomed.providers[0]).await;
        let second = opens(&doomed.client, &doomed.providers[1]).await;
        assert_eq!(
            (found.is_ok(), second.is_ok()),
            (open, open),
            "{found:?} {second:?}"
        );
        let body = json!({"agent": "scripted", "model": "demo/scripted", "prompt": "run: test -n \"$KEPT\" && echo there"});
        let session = id(&doomed.client.post("/v1/sessions", &body).await);
        let events = doomed
            .client
            .events_until(&session, PATIENCE, |event| {
                event["type"] == "prompt.failed" || event["type"] == "prompt.completed"
            })
            .await;
        let end = end(&events);
        if open {
            // A backup from before holds the wrapped key: what it held opens again.
            assert_eq!(end["type"], "prompt.completed", "{end:#}");
        } else {
            assert_eq!(end["data"]["error"]["code"], "secrets_unavailable", "{end:#}");
        }
        assert_eq!(server.stop(), Some(0));
    }
}
