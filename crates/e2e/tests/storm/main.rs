//! The storm: many sessions with real runners in real sandboxes, prompts and readers all the time, and `kill -9` of the
//! server, of runners and of keepers at random moments. At the end the log is held against everything that anybody was
//! ever told: nothing acknowledged is lost, nothing is there twice, there is no gap, and every prompt has one end and
//! one run record.
//!
//! `STORM=full` runs the full size; single numbers are set by `STORM_SESSIONS`, `STORM_OPENCODE`, `STORM_SERVER_KILLS`,
//! `STORM_RUNNER_KILLS`, `STORM_KEEPER_KILLS`, and `STORM_SEED` repeats the decisions of a run.

mod killer;
mod ledger;
mod prompts;
mod random;
mod readers;
mod verify;

use std::{
    io::Write as _,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use e2e::{Server, Start};
use serde_json::json;
use testkit::model_server::ModelServer;
use tokio::task::JoinSet;

use ledger::Ledger;
use random::Random;

/// How large it is.
#[derive(Debug, Clone, Copy)]
struct Size {
    sessions: usize,
    opencode: usize,
    server_kills: usize,
    runner_kills: usize,
    keeper_kills: usize,
    seed: u64,
}

impl Size {
    fn from_env() -> Self {
        let number = |name: &str| -> Option<u64> { std::env::var(name).ok()?.parse().ok() };
        let full = std::env::var("STORM").is_ok_and(|size| size == "full");
        let pick = |name: &str, small: u64, large: u64| {
            let chosen = number(name).unwrap_or(if full { large } else { small });
            usize::try_from(chosen).unwrap_or(usize::MAX)
        };
        let drawn = || {
            // The hasher's keys are the standard library's way to randomness.
            use std::hash::{BuildHasher as _, Hasher as _};
            std::hash::RandomState::new().build_hasher().finish() % 1_000_000_000
        };
        Self {
            sessions: pick("STORM_SESSIONS", 12, 50),
            opencode: pick("STORM_OPENCODE", 2, 5),
            server_kills: pick("STORM_SERVER_KILLS", 12, 200),
            runner_kills: pick("STORM_RUNNER_KILLS", 4, 50),
            keeper_kills: pick("STORM_KEEPER_KILLS", 2, 20),
            seed: number("STORM_SEED").unwrap_or_else(drawn),
        }
    }
}

/// What all tasks share.
#[derive(Debug)]
struct Storm {
    http: reqwest::Client,
    url: String,
    key: String,
    /// No new prompts any more.
    calm: AtomicBool,
    /// Readers end, too.
    over: AtomicBool,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    accepted: AtomicU64,
    /// The same request sent again after it was answered.
    repeated: AtomicU64,
    /// Requests sent again because nobody knows what became of them.
    unanswered: AtomicU64,
    interrupts: AtomicU64,
    shown: AtomicU64,
    resumed: AtomicU64,
}

impl Counts {
    fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost() {
    let size = Size::from_env();
    say(&format!("storm: {size:?}"));
    let mut random = Random::new(size.seed);
    let models = ModelServer::start()
        .await
        .unwrap_or_else(|error| panic!("no model server: {error}"));
    let start = Start::default()
        .with("COORDINATOR_SCRIPTED_AGENT", "true")
        .with(
            "COORDINATOR_ALLOW_PRIVATE_NETWORKS",
            format!("127.0.0.0/8:{}", models.address().port()),
        )
        .with("COORDINATOR_LOG", "warn");
    let mut server = Server::start(start).await;
    let client = server.client();
    let provider = json!({
        "provider": "hub", "api": "openai-chat", "base_url": models.url_openai(), "api_key": "sk-x", "models": ["m"],
    });
    client.post("/v1/model-providers", &provider).await;

    let http = reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0)
        .timeout(Duration::from_secs(60))
        .build()
        .unwrap_or_else(|error| panic!("no HTTP client: {error}"));
    let storm = Arc::new(Storm {
        http,
        url: server.url().to_owned(),
        key: server.key().to_owned(),
        calm: AtomicBool::new(false),
        over: AtomicBool::new(false),
        counts: Counts::default(),
    });

    let mut ledgers = Vec::new();
    let mut prompters = JoinSet::new();
    let mut readers = JoinSet::new();
    for n in 0..size.sessions {
        let (agent, model) = if n < size.opencode {
            ("opencode", "hub/m")
        } else {
            ("scripted", "demo/scripted")
        };
        let made = client
            .post("/v1/sessions", &json!({"agent": agent, "model": model}))
            .await;
        let id = made["id"].as_str().unwrap_or_default().to_owned();
        let ledger = Arc::new(Ledger::new(id, agent == "scripted"));
        prompters.spawn(prompts::flow(
            Arc::clone(&storm),
            Arc::clone(&ledger),
            random.fork(),
        ));
        readers.spawn(readers::socket(
            Arc::clone(&storm),
            Arc::clone(&ledger),
            random.fork(),
        ));
        readers.spawn(readers::stream(
            Arc::clone(&storm),
            Arc::clone(&ledger),
            random.fork(),
        ));
        ledgers.push(ledger);
    }

    let figures = killer::rage(&mut server, &size, &mut random).await;
    storm.calm.store(true, Ordering::SeqCst);
    while let Some(ended) = prompters.join_next().await {
        ended.unwrap_or_else(|error| panic!("a prompter broke: {error}"));
    }
    verify::settle(&client, &ledgers).await;
    storm.over.store(true, Ordering::SeqCst);
    while let Some(ended) = readers.join_next().await {
        ended.unwrap_or_else(|error| panic!("a reader broke: {error}"));
    }

    let found = verify::all(&client, &ledgers).await;
    // Once more after a last crash: what is on disk is what was shown.
    server.crash();
    server.run().await;
    let again = verify::all(&client, &ledgers).await;
    let counts = &storm.counts;
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    say(&format!(
        "storm seed={} sessions={} (opencode {}) | kill -9: server {}, runners {}, keepers {} | prompts accepted {} \
         (repeated {}, retried unanswered {}, interrupts {}) completed {} failed {} cancelled {} runs {} | events {} shown {} \
         resumptions {} | lost {} duplicates {} gaps {} other faults {} | {}",
        size.seed,
        size.sessions,
        size.opencode,
        figures.server_kills,
        figures.runner_kills,
        figures.keeper_kills,
        count(&counts.accepted),
        count(&counts.repeated),
        count(&counts.unanswered),
        count(&counts.interrupts),
        found.completed,
        found.failed,
        found.cancelled,
        found.runs,
        found.events,
        count(&counts.shown),
        count(&counts.resumed),
        found.lost,
        found.duplicates,
        found.gaps,
        found.faults.len(),
        figures.restarts(),
    ));
    assert!(
        found.is_clean(),
        "seed {}: lost {}, duplicates {}, gaps {}:\n{}",
        size.seed,
        found.lost,
        found.duplicates,
        found.gaps,
        found.faults.join("\n")
    );
    assert!(
        again.is_clean() && (again.events, again.runs) >= (found.events, found.runs),
        "seed {}: after one more crash: {again:?}",
        size.seed
    );
    assert_eq!(
        (figures.server_kills, figures.runner_kills, figures.keeper_kills),
        (size.server_kills, size.runner_kills, size.keeper_kills)
    );
    assert!(found.completed > 0, "something was done, too");
}
