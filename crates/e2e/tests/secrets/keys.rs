//! The master key is changed while everything goes on, and the server is killed in the middle.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::net::UnixStream,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use e2e::{Client, PATIENCE, Server, Start};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::model_server::ModelServer;

/// Organisations that are there before it begins.
const ORGANISATIONS: u64 = 240;
const WRITERS: u64 = 3;

/// One organisation: its key of the API, its provider, and what its model key may be now (two, when a write broke off).
#[derive(Clone)]
struct Tenant {
    client: Client,
    provider: String,
    may_be: Vec<String>,
}

/// Asks at the admin socket; nothing when the server is gone.
fn admin(data_dir: &Path, request: &Value) -> Option<Value> {
    let mut socket = UnixStream::connect(data_dir.join("admin.sock")).ok()?;
    socket.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    socket.write_all(format!("{request}\n").as_bytes()).ok()?;
    let mut line = String::new();
    BufReader::new(socket).read_line(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}

/// A client whose calls may fail: the server is killed.
async fn try_call(
    http: &reqwest::Client,
    url: &str,
    key: &str,
    method: Method,
    path: &str,
    body: &Value,
) -> Option<(u16, Value)> {
    let mut request = http.request(method, format!("{url}{path}")).bearer_auth(key);
    if !body.is_null() {
        request = request.json(body);
    }
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.json().await.unwrap_or(Value::Null)))
}

struct World {
    url: String,
    data_dir: std::path::PathBuf,
    models: String,
    http: reqwest::Client,
    tenants: Mutex<BTreeMap<u64, (String, Tenant)>>,
    next: AtomicU64,
    writes: AtomicU64,
    over: AtomicBool,
}

impl World {
    /// One more organisation with a provider; nothing when the server is gone. A half-made one is left.
    async fn found(&self) -> Option<()> {
        let n = self.next.fetch_add(1, Ordering::SeqCst);
        let request = json!({"command": "bootstrap", "email": format!("owner{n}@example.org"), "org": format!("org{n}")});
        let data_dir = self.data_dir.clone();
        let made = tokio::task::spawn_blocking(move || admin(&data_dir, &request))
            .await
            .ok()??;
        let key = made.pointer("/bootstrapped/api_key")?.as_str()?.to_owned();
        let model_key = format!("sk-org{n}-first");
        let body = json!({"provider": "hub", "api": "openai-chat", "base_url": self.models, "api_key": model_key, "models": ["good"]});
        let (status, made) = try_call(
            &self.http,
            &self.url,
            &key,
            Method::POST,
            "/v1/model-providers",
            &body,
        )
        .await?;
        assert!(!(400..500).contains(&status), "{status} {made}");
        let tenant = Tenant {
            client: Client::new(&self.url, Some(&key)),
            provider: made["id"].as_str()?.to_owned(),
            may_be: vec![model_key],
        };
        self.tenants.lock().unwrap().insert(n, (key, tenant));
        Some(())
    }

    /// Gives organisations new model keys, and now and then there is a new organisation.
    async fn write(&self, seed: u64) {
        let mut round = seed;
        while !self.over.load(Ordering::SeqCst) {
            round += WRITERS;
            if round % 10 == seed % 10 {
                self.found().await;
            }
            // Each writer has organisations of its own.
            let some = {
                let tenants = self.tenants.lock().unwrap();
                let mine: Vec<u64> = tenants.keys().copied().filter(|n| n % WRITERS == seed).collect();
                let n = mine[usize::try_from(round / WRITERS * 7).unwrap() % mine.len()];
                tenants.get(&n).cloned().map(|(key, tenant)| (n, key, tenant))
            };
            let Some((n, key, mut tenant)) = some else {
                continue;
            };
            let new = format!("sk-org{n}-{round}");
            let path = format!("/v1/model-providers/{}", tenant.provider);
            let done = try_call(
                &self.http,
                &self.url,
                &key,
                Method::PATCH,
                &path,
                &json!({"api_key": new}),
            )
            .await;
            match done {
                Some((200, _)) => {
                    tenant.may_be = vec![new];
                    self.writes.fetch_add(1, Ordering::SeqCst);
                }
                Some((status @ 400..500, told)) => panic!("{status} {told}"),
                // Killed before or after it was written.
                _ => {
                    tenant.may_be.push(new);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            self.tenants.lock().unwrap().insert(n, (key, tenant));
        }
    }
}

/// Sessions that begin meanwhile get their secret, each the right one. Answers how many did.
async fn begin_sessions(world: Arc<World>, key: String, wanted: String) -> usize {
    let mut good = 0;
    let body = json!({
        "agent": "scripted", "model": "demo/scripted",
        "prompt": "run: printf %s \"$UNDER_LOAD\" | sha256sum",
    });
    while !world.over.load(Ordering::SeqCst) {
        let made = try_call(&world.http, &world.url, &key, Method::POST, "/v1/sessions", &body).await;
        let Some((201, made)) = made else {
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        let path = format!("/v1/sessions/{}/events?limit=1000", crate::journey::id(&made));
        let waiting = async {
            loop {
                tokio::time::sleep(Duration::from_millis(200)).await;
                let page = try_call(&world.http, &world.url, &key, Method::GET, &path, &Value::Null).await;
                let Some((200, page)) = page else { continue };
                let events = page["events"].as_array().cloned().unwrap_or_default();
                let end =
                    |event: &&Value| event["type"] == "prompt.completed" || event["type"] == "prompt.failed";
                if let Some(end) = events.iter().find(end) {
                    return (end.clone(), serde_json::to_string(&events).unwrap_or_default());
                }
            }
        };
        let (end, said) = tokio::time::timeout(PATIENCE, waiting).await.unwrap();
        assert_eq!(end["type"], "prompt.completed", "{end:#}");
        assert!(said.contains(&wanted), "another secret, or none: {said}");
        good += 1;
    }
    good
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_under_load_with_a_kill_in_the_middle_loses_nothing() {
    const SECRET: &str = "what every session has to find";
    let models = ModelServer::start().await.unwrap();
    let start = Start::default().with("COORDINATOR_SCRIPTED_AGENT", "true").with(
        "COORDINATOR_ALLOW_PRIVATE_NETWORKS",
        format!("127.0.0.0/8:{}", models.address().port()),
    );
    let mut server = Server::start(start).await;
    let client = server.client();
    let body = json!({"name": "UNDER_LOAD", "value": SECRET, "scope": "organisation", "phase": "agent"});
    client.post("/v1/secrets", &body).await;
    let world = Arc::new(World {
        url: server.url().to_owned(),
        data_dir: server.data_dir(),
        models: models.url_openai(),
        http: reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_secs(60))
            .build()
            .unwrap(),
        tenants: Mutex::default(),
        next: AtomicU64::new(0),
        writes: AtomicU64::new(0),
        over: AtomicBool::new(false),
    });
    for _ in 0..ORGANISATIONS {
        world.found().await.unwrap();
    }
    let before = status(&server);
    let old_key = std::fs::read_to_string(server.data_dir().join("master.key")).unwrap();
    let mut audit_keys = vec![audit_key(&server)];

    let writers: Vec<_> = (0..WRITERS)
        .map(|seed| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.write(seed).await })
        })
        .collect();
    let wanted = {
        let output = std::process::Command::new("sh")
            .args(["-c", "printf %s \"$0\" | sha256sum", SECRET])
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout)[..64].to_owned()
    };
    let key = server.key().to_owned();
    let sessions = tokio::spawn(begin_sessions(Arc::clone(&world), key, wanted));
    while world.writes.load(Ordering::SeqCst) < 100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    // Asked for, and killed when some rows are under the new key and some are not.
    let begun = admin(&server.data_dir(), &json!({"command": "master_key_rotate"})).unwrap();
    assert!(begun.get("master_key").is_some(), "{begun}");
    for _ in 0..10_000 {
        if wrapped_by(&server.data_dir()).len() == 2 {
            break;
        }
    }
    server.crash();
    let halfway = wrapped_by(&server.data_dir());
    assert_eq!(halfway.len(), 2, "killed in the middle: {halfway:?}");
    server.run().await;
    let after = done(&server).await;
    assert_ne!(after["key_id"], before["key_id"]);
    audit_keys.push(audit_key(&server));
    let wraps = wrapped_by(&server.data_dir());
    assert_eq!(
        wraps.keys().collect::<Vec<_>>(),
        [after["key_id"].as_str().unwrap()],
        "{wraps:?}"
    );

    // And once more with the command, without a kill.
    let writes = world.writes.load(Ordering::SeqCst);
    let rotated = server.cli_at_data_dir_of("master-key", &["rotate", "--json"]);
    assert_eq!(rotated.code, Some(0), "{rotated:?}");
    let twice = done(&server).await;
    assert_ne!(twice["key_id"], after["key_id"]);
    while world.writes.load(Ordering::SeqCst) < writes + 30 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    world.over.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    let sessions = sessions.await.unwrap();
    assert!(sessions >= 2, "{sessions} sessions");

    let retired = server.cli_at_data_dir_of("master-key", &["retire", "--json"]);
    assert_eq!(retired.code, Some(0), "{retired:?}");
    assert_eq!(retired.json()["older"], json!([]));
    let file = std::fs::read_to_string(server.data_dir().join("master.key")).unwrap();
    assert!(!file.contains(old_key.trim()), "the old key is out of the file");
    server.crash();
    server.run().await;

    // Every organisation's key opens, and is the one that was written last.
    let tenants = world.tenants.lock().unwrap().clone();
    assert!(tenants.len() as u64 >= ORGANISATIONS);
    for (n, (_, tenant)) in &tenants {
        let seen = models.requests().len();
        let path = format!("/v1/model-providers/{}/test", tenant.provider);
        let told = tenant.client.post(&path, &json!({})).await;
        let request = models
            .requests()
            .get(seen)
            .cloned()
            .unwrap_or_else(|| panic!("{n}: {told}"));
        let used = request.authorization.unwrap_or_default();
        let used = used.trim_start_matches("Bearer ");
        assert!(
            tenant.may_be.iter().any(|key| key == used),
            "{n}: {:?}, {told}",
            tenant.may_be
        );
    }
    // Records from before are signed by a key that is derived from the old one: its public name is enough.
    let mut arguments = vec!["verify"];
    for key in &audit_keys {
        arguments.extend(["--public-key", key]);
    }
    let verified = server.cli_at_data_dir_of("audit", &arguments);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    crate::say(format!(
        "{} organisations, {} writes, {sessions} sessions; at the kill data keys were under {halfway:?}",
        tenants.len(),
        world.writes.load(Ordering::SeqCst),
    ));
}

fn audit_key(server: &Server) -> String {
    let output = server.cli_at_data_dir_of("audit", &["key"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    output.stdout.trim().to_owned()
}

fn status(server: &Server) -> Value {
    let output = server.cli_at_data_dir_of("master-key", &["status", "--json"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    output.json()
}

/// Waits until nothing is left on an older key.
async fn done(server: &Server) -> Value {
    let waiting = async {
        loop {
            let status = status(server);
            if status["data_keys"] == 0 && status["model_keys"] == 0 {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap()
}

/// How many data keys each master key wraps, read from the file.
pub(crate) fn wrapped_by(data_dir: &Path) -> BTreeMap<String, i64> {
    let database = rusqlite::Connection::open(data_dir.join("keys.db")).unwrap();
    let sql = "SELECT key_id, count(*) FROM organisation_key WHERE data IS NOT NULL GROUP BY key_id";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}
