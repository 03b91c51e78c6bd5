//! The contracts of the five ports that these files serve; bare and behind the fault decorators.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use ports::{Catalog, StoreError};
use store::{AuditDatabase, Database, FeedDatabase, RunDatabase};
use tempfile::TempDir;
use testkit::{contract, fault, sample};

/// Files that live as long as this does.
#[derive(Default)]
struct Dirs(Mutex<Vec<TempDir>>);

impl Dirs {
    fn file(&self, name: &str) -> PathBuf {
        let dir = tempfile::tempdir().expect("a fresh file");
        let path = dir.path().join(name);
        self.0.lock().expect("a fresh file").push(dir);
        path
    }

    fn database(&self) -> Arc<Database> {
        Arc::new(Database::open(&self.file("coordinator.db")).expect("a fresh file"))
    }

    fn runs(&self) -> Arc<RunDatabase> {
        Arc::new(RunDatabase::open(&self.file("runs.db")).expect("a fresh file"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn identity() {
    let dirs = Dirs::default();
    contract::identity::run("sqlite", || dirs.database()).await;
    contract::identity::run("sqlite behind faults", || {
        fault::identity::Faulty::around(dirs.database())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tenants() {
    let dirs = Dirs::default();
    contract::tenants::run("sqlite", || dirs.database()).await;
    contract::tenants::run("sqlite behind faults", || {
        fault::tenants::Faulty::around(dirs.database())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn catalog() {
    let dirs = Dirs::default();
    contract::catalog::run("sqlite", || dirs.database()).await;
    contract::catalog::run("sqlite behind faults", || {
        fault::catalog::Faulty::around(dirs.database())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn audit() {
    let dirs = Dirs::default();
    let audit = || Arc::new(AuditDatabase::open(&dirs.file("audit.db")).expect("a fresh file"));
    contract::audit::run("sqlite", || audit()).await;
    contract::audit::run("sqlite behind faults", || fault::audit::Faulty::around(audit())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn run_history() {
    let dirs = Dirs::default();
    contract::run_history::run("sqlite", || dirs.runs()).await;
    contract::run_history::run("sqlite behind faults", || {
        fault::run_history::Faulty::around(dirs.runs())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn event_bus() {
    let dirs = Dirs::default();
    let feed = || Arc::new(FeedDatabase::open(&dirs.file("feed.db")).expect("a fresh file"));
    contract::event_bus::run("sqlite", || feed()).await;
    contract::event_bus::run(
        "sqlite behind faults",
        || fault::event_bus::Faulty::around(feed()),
    )
    .await;
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let dirs = Dirs::default();
    let path = dirs.file("coordinator.db");
    let row = sample::session_row(1, sample::org_id(1));
    Database::open(&path)
        .unwrap()
        .reserve(row.clone(), Some(sample::key("k", 1, "{}")))
        .await
        .unwrap();
    let again = Database::open(&path).unwrap();
    assert_eq!(again.lookup(row.id).await.unwrap(), Some(row.clone()));
    assert_eq!(again.awake().await.unwrap(), [row.id]);
    let other = sample::session_row(2, sample::org_id(1));
    let repeated = again
        .reserve(other, Some(sample::key("k", 1, "{}")))
        .await
        .unwrap();
    assert_eq!(repeated, ports::catalog::Reserved::Existing(row.id));
    let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn damage_is_said() {
    let dirs = Dirs::default();
    let path = dirs.file("coordinator.db");
    std::fs::write(
        &path,
        b"not a database at all, but long enough to be read as one ".repeat(100),
    )
    .unwrap();
    assert!(matches!(Database::open(&path), Err(StoreError::Corrupt(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_and_readers_at_once_get_through() {
    let dirs = Dirs::default();
    let database = dirs.database();
    let tasks = (1..=40).map(|n| {
        let database = Arc::clone(&database);
        tokio::spawn(async move {
            database
                .reserve(sample::session_row(n, sample::org_id(1)), None)
                .await
                .unwrap();
            database.lookup(sample::session_id(n)).await.unwrap().unwrap()
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(database.awake().await.unwrap().len(), 40);
}
