//! Damaged files, in every way in which files get damaged: found, noted, left alone, and nobody else's trouble.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use ports::{SessionLog, StoreError, session_log::Commit};
use protocol::SessionId;
use session_log::{SqliteSessionLog, damaged};
use testkit::sample;

fn file(dir: &Path, id: SessionId) -> PathBuf {
    let text = id.to_string();
    dir.join("sessions")
        .join(&text[text.len() - 2..])
        .join(format!("{text}.db"))
}

/// A log with many pages, released, so that everything is in the one file.
async fn written(dir: &Path, id: SessionId) -> SqliteSessionLog {
    let log = SqliteSessionLog::open(dir).unwrap();
    log.create(id).await.unwrap();
    let owner = log.acquire(id).await.unwrap().unwrap();
    let body = format!("\"{}\"", "x".repeat(2_000));
    let commit = Commit {
        entries: (1..=200).map(|n| sample::public(n, n, &body)).collect(),
        ..Commit::default()
    };
    log.append(id, owner.epoch, 0, commit).await.unwrap();
    log.release(id, owner.epoch).await.unwrap();
    log
}

fn garbage(path: &Path, at: u64, length: usize) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&b"garbage!".repeat(length.div_ceil(8))[..length])
        .unwrap();
}

#[tokio::test]
async fn garbage_in_head_or_middle_is_found_noted_and_never_touched_again() {
    for (at, length) in [(0, 100), (16, 8), (100, 4_000), (4_096 * 3, 4_096 * 40)] {
        let dir = tempfile::tempdir().unwrap();
        let (broken, whole) = (sample::session_id(1), sample::session_id(2));
        drop(written(dir.path(), broken).await);
        drop(written(dir.path(), whole).await);
        let path = file(dir.path(), broken);
        garbage(&path, at, length);
        let before = fs::read(&path).unwrap();

        let log = SqliteSessionLog::open(dir.path()).unwrap();
        let acquired = log.acquire(broken).await;
        assert!(
            matches!(acquired, Err(StoreError::Corrupt(_))),
            "{at}: {acquired:?}"
        );
        assert_eq!(fs::read(&path).unwrap(), before, "{at}: left as it was");
        let notes = damaged(dir.path()).unwrap();
        assert_eq!(notes.len(), 1, "{at}");
        assert_eq!(notes[0].session, broken);
        assert_eq!(dir.path().join(&notes[0].file), path);

        // The next process knows it without opening the file.
        let next = SqliteSessionLog::open(dir.path()).unwrap();
        fs::rename(&path, path.with_extension("away")).unwrap();
        for outcome in [
            next.acquire(broken).await.map(drop),
            next.peek(broken).await.map(drop),
            next.read(broken, 0, 1).await.map(drop),
            next.facts(broken, 0, 1).await.map(drop),
            next.head(broken).await.map(drop),
        ] {
            assert!(matches!(outcome, Err(StoreError::Corrupt(_))), "{at}");
        }
        assert_eq!(next.acquire(whole).await.unwrap().unwrap().position, 200);
        assert_eq!(next.read(whole, 199, 10).await.unwrap().unwrap().len(), 1);
        // Deleting takes the note along.
        next.delete(broken).await.unwrap();
        assert_eq!(damaged(dir.path()).unwrap(), []);
        assert_eq!(next.acquire(broken).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_truncated_file_is_damage_and_a_truncated_write_ahead_log_is_an_earlier_whole_state() {
    let dir = tempfile::tempdir().unwrap();
    let id = sample::session_id(1);
    drop(written(dir.path(), id).await);
    let path = file(dir.path(), id);
    let length = path.metadata().unwrap().len();
    fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(length / 2)
        .unwrap();
    let log = SqliteSessionLog::open(dir.path()).unwrap();
    assert!(matches!(log.acquire(id).await, Err(StoreError::Corrupt(_))));

    // A crash: facts that are only in the write-ahead log, whose end was never written.
    let other = tempfile::tempdir().unwrap();
    let log = SqliteSessionLog::open(other.path()).unwrap();
    log.create(id).await.unwrap();
    let owner = log.acquire(id).await.unwrap().unwrap();
    for n in 1..=10 {
        let commit = Commit {
            entries: vec![sample::public(n, n, &format!("\"{}\"", "y".repeat(3_000)))],
            ..Commit::default()
        };
        log.append(id, owner.epoch, n - 1, commit).await.unwrap();
    }
    let crashed = tempfile::tempdir().unwrap();
    let (from, to) = (file(other.path(), id), file(crashed.path(), id));
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(&from, &to).unwrap();
    let wal = fs::read(from.with_extension("db-wal")).unwrap();
    fs::write(to.with_extension("db-wal"), &wal[..wal.len() - 5_000]).unwrap();
    let log = SqliteSessionLog::open(crashed.path()).unwrap();
    let acquired = log.acquire(id).await.unwrap().unwrap();
    assert!((1..10).contains(&acquired.position), "{}", acquired.position);
    assert_eq!(
        acquired.entries.len() as u64,
        acquired.position,
        "whole up to there"
    );
    assert_eq!(damaged(crashed.path()).unwrap(), []);
}

#[tokio::test]
async fn a_file_of_a_newer_build_is_not_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let id = sample::session_id(1);
    drop(written(dir.path(), id).await);
    // `user_version`, big-endian at byte 60.
    garbage_version(&file(dir.path(), id));
    let log = SqliteSessionLog::open(dir.path()).unwrap();
    assert!(matches!(log.acquire(id).await, Err(StoreError::Corrupt(_))));
    assert_eq!(damaged(dir.path()).unwrap(), []);
}

fn garbage_version(path: &Path) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(60)).unwrap();
    file.write_all(&99_u32.to_be_bytes()).unwrap();
}
