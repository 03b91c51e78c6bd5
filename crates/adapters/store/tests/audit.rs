//! A damaged audit log is found to be so, and the record is named.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use domain::audit::{Broken, Fault, Signed, Verified};
use ports::{AuditLog as _, audit::AuditFilter};
use protocol::{
    OrgId,
    audit::{AuditCheckpoint, Hex},
};
use rusqlite::Connection;
use store::{AuditDatabase, AuditFile};
use testkit::sample::{audit_entry, org_id};

const RECORDS: u64 = 40;

/// Two organisations with signed checkpoints, in a file that no server has open.
async fn file(directory: &Path) -> PathBuf {
    let path = directory.join("audit.db");
    let log = AuditDatabase::open(&path).unwrap();
    for n in 1..=RECORDS {
        for org in [1, 2] {
            let placed = log.append(vec![audit_entry(n, org_id(org))]).await.unwrap()[0];
            if placed.checkpoint_due {
                let mut signature = [0; 64];
                signature[..32].copy_from_slice(&placed.hash.0);
                log.add_checkpoint(AuditCheckpoint {
                    org_id: placed.org,
                    seq: placed.seq,
                    hash: placed.hash,
                    at: placed.at,
                    key: Hex([7; 32]),
                    signature: Hex(signature),
                })
                .await
                .unwrap();
            }
        }
    }
    drop(log);
    // The thread that wrote last closes the file, and takes the write-ahead log away with it.
    while path.with_extension("db-wal").exists() {
        tokio::task::yield_now().await;
    }
    path
}

/// Stands for a signature over everything that the message holds.
fn signed(checkpoint: &AuditCheckpoint) -> Signed {
    let good = checkpoint.signature.0[..32] == checkpoint.hash.0 && checkpoint.signature.0[32..] == [0; 32];
    match checkpoint.key == Hex([7; 32]) {
        true if good => Signed::Good,
        true => Signed::Bad,
        false => Signed::Stranger,
    }
}

type Outcome = BTreeMap<OrgId, Result<Verified, Broken>>;

fn verify(path: &Path) -> Result<Outcome, store::FileError> {
    AuditFile::open(path)?.verify(signed)
}

#[tokio::test]
async fn a_log_that_nobody_touched_holds_with_and_without_a_server() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(directory.path()).await;
    let whole = |outcome: Outcome| {
        assert_eq!(outcome.len(), 2);
        for verified in outcome.into_values() {
            let verified = verified.unwrap();
            assert_eq!((verified.records, verified.signed), (RECORDS, 33));
        }
    };
    whole(verify(&path).unwrap());
    let log = AuditDatabase::open(&path).unwrap();
    log.append(vec![audit_entry(1, org_id(3))]).await.unwrap();
    let mut outcome = verify(&path).unwrap();
    assert_eq!(outcome.remove(&org_id(3)).unwrap().unwrap().signed, 0);
    whole(outcome);
    drop(log);
    assert!(verify(&directory.path().join("none.db")).is_err());
}

/// Every column of a record, its hash included, and what stands beside the records.
#[tokio::test]
async fn a_changed_value_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(directory.path()).await;
    let bytes = std::fs::read(&path).unwrap();
    let changes = [
        ("UPDATE record SET at = at + 1", 7),
        ("UPDATE record SET kind = 'system', user = NULL, name = NULL", 7),
        ("UPDATE record SET user = randomblob(16)", 7),
        ("UPDATE record SET api_key = randomblob(16)", 7),
        ("UPDATE record SET name = 'b' || substr(name, 2)", 7),
        ("UPDATE record SET action = 'x' || action", 7),
        ("UPDATE record SET target = ''", 7),
        ("UPDATE record SET outcome = 'denied'", 7),
        ("UPDATE record SET outcome = 'unknown'", 7),
        ("UPDATE record SET address = '192.0.2.1'", 7),
        ("UPDATE record SET address = '::FFFF'", 7),
        ("UPDATE record SET request = NULL", 7),
        ("UPDATE record SET details = '{ }'", 7),
        ("UPDATE record SET details = '{\"a\":\"b\"}'", 7),
        ("UPDATE record SET hash = randomblob(32)", 7),
        ("UPDATE record SET hash = randomblob(31)", 7),
        ("UPDATE record SET org = randomblob(16)", 7),
        ("UPDATE record SET seq = 1000", 7),
        ("DELETE FROM record", 7),
        ("UPDATE checkpoint SET signature = randomblob(64)", 33),
        ("UPDATE checkpoint SET key = randomblob(32)", 33),
        ("UPDATE checkpoint SET hash = randomblob(32)", 33),
        ("UPDATE head SET hash = randomblob(32)", RECORDS),
        ("UPDATE head SET seq = 39, hash = hash", RECORDS),
        ("UPDATE head SET seq = 50", RECORDS + 1),
        ("UPDATE head SET removed_hash = randomblob(32)", 0),
    ];
    for (change, seq) in changes {
        std::fs::write(&path, &bytes).unwrap();
        let place = if change.contains("head") {
            ""
        } else {
            " AND seq = :seq"
        };
        let sql = format!("{change} WHERE org = :org{place}").replace(":seq", &seq.to_string());
        let org = format!("x'{:032x}'", org_id(1).bits());
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(&sql.replace(":org", &org)).unwrap();
        drop(connection);
        let outcome = verify(&path).unwrap();
        let broken = outcome[&org_id(1)].clone().unwrap_err();
        assert_eq!(broken.seq, seq, "{change}: {broken}");
        assert!(outcome[&org_id(2)].is_ok(), "{change}");
    }
}

#[tokio::test]
async fn a_tail_that_is_cut_off_is_missed() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(directory.path()).await;
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("DELETE FROM record WHERE seq > 36")
        .unwrap();
    let broken = verify(&path).unwrap()[&org_id(1)].clone().unwrap_err();
    assert_eq!((broken.seq, broken.fault), (37, Fault::Missing(40)));
    // Together with the end that is kept apart, as far as the last checkpoint, it is not: that is said, too.
    connection
        .execute_batch("UPDATE head SET seq = 36, hash = (SELECT hash FROM record WHERE record.org = head.org AND seq = 36)")
        .unwrap();
    assert_eq!(verify(&path).unwrap()[&org_id(1)].clone().unwrap().signed, 33);
    connection
        .execute_batch(
            "DELETE FROM record WHERE seq > 20;
             UPDATE head SET seq = 20, hash = (SELECT hash FROM record WHERE record.org = head.org AND seq = 20)",
        )
        .unwrap();
    let broken = verify(&path).unwrap()[&org_id(1)].clone().unwrap_err();
    assert_eq!((broken.seq, broken.fault), (33, Fault::CheckpointWithoutRecord));
}

/// A flipped byte anywhere in the file: found, or it carries nothing of the log (free space, the file's own header).
#[tokio::test]
async fn a_flipped_byte_is_found_or_belongs_to_no_record() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(directory.path()).await;
    let bytes = std::fs::read(&path).unwrap();
    let before = everything(&path).await;
    let (mut named, mut torn, mut nothing) = (0, 0, 0);
    for place in (0..bytes.len()).step_by(61) {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        std::fs::write(&path, &changed).unwrap();
        match verify(&path) {
            Err(_) => torn += 1,
            Ok(outcome) if outcome.len() == 2 && outcome.values().all(Result::is_ok) => {
                nothing += 1;
                let copy = directory.path().join("copy.db");
                std::fs::write(&copy, &changed).unwrap();
                if AuditDatabase::open(&copy).is_ok() {
                    assert_eq!(everything(&copy).await, before, "byte {place}");
                }
                for rest in ["copy.db", "copy.db-wal", "copy.db-shm"] {
                    let _ = std::fs::remove_file(directory.path().join(rest));
                }
            }
            Ok(_) => named += 1,
        }
    }
    assert!(
        named > 100,
        "{named} named, {torn} torn, {nothing} without a meaning"
    );
}

async fn everything(path: &Path) -> Vec<protocol::audit::AuditRecord> {
    let log = AuditDatabase::open(path).unwrap();
    let mut all = Vec::new();
    for org in [1, 2] {
        let page = log.list(org_id(org), AuditFilter::default(), None, 1000).await;
        all.extend(page.unwrap().items);
    }
    all
}

/// In a server that runs on: nothing has closed the file. Copies that SQLite left in unused space of a page are another
/// matter.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forgotten_leaves_no_log_of_writes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.db");
    let log = AuditDatabase::open(&path).unwrap();
    for n in 0..60 {
        log.append(vec![audit_entry(n, org_id(1))]).await.unwrap();
    }
    let listed = log.list(org_id(1), AuditFilter::default(), None, 9).await;
    assert_eq!(listed.unwrap().items.len(), 9);
    let written = || {
        path.with_extension("db-wal")
            .metadata()
            .map_or(0, |file| file.len())
    };
    assert!(written() > 0);
    assert_eq!(log.forget(org_id(1)).await.unwrap(), 60);
    assert_eq!(written(), 0);
    assert_eq!(log.forget(org_id(1)).await.unwrap(), 0, "a second time is fine");
}
