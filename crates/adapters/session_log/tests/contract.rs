//! The contract of the port, on real files; bare and behind the fault decorator.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use ports::SessionLog;
use session_log::SqliteSessionLog;
use tempfile::TempDir;
use testkit::{contract, fault::session_log::Faulty, sample};

fn open(data_dir: &Path) -> Arc<SqliteSessionLog> {
    Arc::new(SqliteSessionLog::open(data_dir).expect("a fresh directory"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite_meets_the_contract() {
    let dirs: Mutex<Vec<TempDir>> = Mutex::default();
    let fresh = || {
        let dir = tempfile::tempdir().unwrap();
        let log = open(dir.path());
        dirs.lock().unwrap().push(dir);
        log
    };
    contract::session_log::run("sqlite", || fresh()).await;
    contract::session_log::run("sqlite behind faults", || Faulty::around(fresh())).await;
}

#[tokio::test]
async fn what_was_written_outlives_the_process_that_wrote_it() {
    let dir = tempfile::tempdir().unwrap();
    let id = sample::session_id(1);
    let first = open(dir.path());
    first.create(id).await.unwrap();
    let owner = first.acquire(id).await.unwrap().unwrap();
    let commit = ports::session_log::Commit {
        entries: vec![sample::public(1, 1, "{}")],
        ..Default::default()
    };
    first.append(id, owner.epoch, 0, commit.clone()).await.unwrap();

    // A second opener stands for a restarted server: once it has written, the first is fenced even though it never let
    // go. (The lock on the data directory keeps two from running at all.)
    let second = open(dir.path());
    assert_eq!(second.read(id, 0, 10).await.unwrap().unwrap(), commit.entries);
    let next = second.acquire(id).await.unwrap().unwrap();
    assert!(next.epoch > owner.epoch);
    let more = ports::session_log::Commit {
        entries: vec![sample::public(2, 2, "{}")],
        ..Default::default()
    };
    second.append(id, next.epoch, 1, more.clone()).await.unwrap();
    assert!(matches!(
        first.append(id, owner.epoch, 1, more).await,
        Err(ports::StoreError::Fenced)
    ));
}

#[tokio::test]
async fn a_page_of_large_events_ends_early_and_the_next_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let id = sample::session_id(1);
    let log = open(dir.path());
    log.create(id).await.unwrap();
    let owner = log.acquire(id).await.unwrap().unwrap();
    let large = format!("\"{}\"", "x".repeat(3 << 20));
    let entries = (1..=5).map(|n| sample::public(n, n, &large)).collect();
    let commit = ports::session_log::Commit {
        entries,
        ..Default::default()
    };
    log.append(id, owner.epoch, 0, commit).await.unwrap();
    let mut pages = Vec::new();
    let mut after = 0;
    loop {
        let page = log.read(id, after, 1000).await.unwrap().unwrap();
        let Some(last) = page.last() else { break };
        after = last.seq.unwrap();
        pages.push(page.len());
    }
    assert_eq!(pages, [2, 2, 1]);
}

#[tokio::test]
async fn a_released_session_is_one_file_and_a_deleted_one_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    let id = sample::session_id(1);
    log.create(id).await.unwrap();
    let owner = log.acquire(id).await.unwrap().unwrap();
    let commit = ports::session_log::Commit {
        entries: vec![sample::public(1, 1, "{}")],
        ..Default::default()
    };
    log.append(id, owner.epoch, 0, commit).await.unwrap();
    assert_eq!(log.open_files(), 1);
    log.release(id, owner.epoch).await.unwrap();
    assert_eq!(log.open_files(), 0);
    assert_eq!(log.read(id, 0, 10).await.unwrap().unwrap().len(), 1);

    let text = id.to_string();
    let shard = dir.path().join("sessions").join(&text[text.len() - 2..]);
    let names = || {
        std::fs::read_dir(&shard)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(), [std::ffi::OsString::from(format!("{text}.db"))]);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &shard.join(format!("{text}.db")).metadata().unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    log.delete(id).await.unwrap();
    assert!(names().is_empty());
}

#[tokio::test]
async fn damage_is_said_and_stays_where_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    let (broken, whole) = (sample::session_id(1), sample::session_id(2));
    for id in [broken, whole] {
        log.create(id).await.unwrap();
    }
    let text = broken.to_string();
    let path = dir
        .path()
        .join("sessions")
        .join(&text[text.len() - 2..])
        .join(format!("{text}.db"));
    std::fs::write(
        &path,
        b"this is not a database, but long enough to be looked at as if it were one ".repeat(100),
    )
    .unwrap();
    assert!(matches!(
        log.acquire(broken).await,
        Err(ports::StoreError::Corrupt(_))
    ));
    assert!(matches!(
        log.read(broken, 0, 10).await,
        Err(ports::StoreError::Corrupt(_))
    ));
    assert!(log.acquire(whole).await.unwrap().is_some());
    // A file that a crash left empty is a log without facts.
    let empty = sample::session_id(3);
    log.create(empty).await.unwrap();
    let text = empty.to_string();
    let path = dir.path().join("sessions").join(&text[text.len() - 2..]);
    std::fs::write(path.join(format!("{text}.db")), b"").unwrap();
    assert_eq!(log.read(empty, 0, 10).await.unwrap(), Some(vec![]));
    assert_eq!(log.acquire(empty).await.unwrap().unwrap().position, 0);
}

#[tokio::test]
async fn more_sessions_can_be_owned_than_files_are_open() {
    let dir = tempfile::tempdir().unwrap();
    let log = SqliteSessionLog::open_with(dir.path(), 2).unwrap();
    let mut owners = Vec::new();
    for n in 1..=5 {
        let id = sample::session_id(n);
        log.create(id).await.unwrap();
        owners.push((id, log.acquire(id).await.unwrap().unwrap().epoch));
        assert!(log.open_files() <= 2);
    }
    // Again and again, so that each is closed in between and goes on where it was.
    for position in 0..3 {
        for (id, epoch) in &owners {
            let commit = ports::session_log::Commit {
                entries: vec![sample::public(position + 1, position + 1, "{}")],
                ..Default::default()
            };
            log.append(*id, *epoch, position, commit).await.unwrap();
            assert_eq!(log.head(*id).await.unwrap(), Some(position + 1));
            assert!(log.open_files() <= 2);
        }
    }
    for (id, epoch) in owners {
        assert_eq!(log.read(id, 0, 10).await.unwrap().unwrap().len(), 3);
        log.release(id, epoch).await.unwrap();
    }
    assert_eq!(log.open_files(), 0);
}

#[tokio::test]
async fn waking_to_look_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    let id = sample::session_id(1);
    log.create(id).await.unwrap();
    let before = log.peek(id).await.unwrap().unwrap().epoch;
    let first = log.acquire(id).await.unwrap().unwrap();
    log.release(id, first.epoch).await.unwrap();
    assert_eq!(log.peek(id).await.unwrap().unwrap().epoch, before);
    // Even so no two owners of a process share an epoch: the first cannot come back as the second.
    let second = log.acquire(id).await.unwrap().unwrap();
    assert!(second.epoch > first.epoch);
}
