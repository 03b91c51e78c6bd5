//! A change of the master key on the real stores, broken off and gone on with, while others write.

use std::{path::Path, sync::Arc};

use app::{change_step, master_key_report};
use domain::sealed::{Binding, Sealed};
use ports::{AuditSigner as _, MasterKey as _, TenantStore as _};
use secrecy::{ExposeSecret as _, SecretString};
use store::{Database, KeyDatabase};
use testkit::sample::{model_provider, org_id};

use super::{Keeper, names};
use crate::config::{Environment, Sources, Storage};

fn storage_in(dir: &Path) -> Storage {
    let environment: Environment = [(
        "COORDINATOR_DATA_DIR".to_owned(),
        dir.to_str().unwrap().to_owned(),
    )]
    .into();
    let sources = Sources {
        environment,
        ..Sources::default()
    };
    sources.read().map_err(|error| error.to_string()).unwrap().storage
}

struct Opened {
    keeper: Keeper,
    database: Arc<Database>,
}

/// As a process opens the directory at its start.
fn open(dir: &Path, storage: &Storage) -> anyhow::Result<Opened> {
    let keys = Arc::new(KeyDatabase::open(&dir.join("keys.db"))?);
    Ok(Opened {
        keeper: Keeper::open(storage, dir, keys)?,
        database: Arc::new(Database::open(&dir.join("coordinator.db"))?),
    })
}

fn binding(n: u64) -> Binding {
    Binding {
        org: org_id(n),
        row: model_provider(n, org_id(n)).id.to_string(),
        purpose: "model_key",
    }
}

async fn add(opened: &Opened, n: u64) {
    let secret = SecretString::from(format!("key {n}"));
    let mut row = model_provider(n, org_id(n));
    row.sealed_key = opened.keeper.key().seal(&binding(n), &secret).await.unwrap();
    opened.database.add_model_provider(row, None).await.unwrap();
}

async fn sealed(opened: &Opened, n: u64) -> Sealed {
    let id = model_provider(n, org_id(n)).id;
    let row = opened
        .database
        .lookup_model_provider(org_id(n), id)
        .await
        .unwrap();
    row.unwrap().sealed_key
}

async fn all_open(opened: &Opened, count: u64) {
    for n in 1..=count {
        let key = opened
            .keeper
            .key()
            .open(&binding(n), &sealed(opened, n).await)
            .await;
        assert_eq!(key.unwrap().expose_secret(), format!("key {n}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_is_broken_off_loses_nothing_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let storage = storage_in(dir.path());
    let first = open(dir.path(), &storage).unwrap();
    for n in 1..=20 {
        add(&first, n).await;
    }
    let old = first.keeper.key().key_id();
    first.keeper.rotate(None).unwrap();
    let new = first.keeper.key().key_id();
    assert_ne!(old, new);
    assert_eq!(names::known(dir.path()).unwrap().len(), 2, "both are needed");
    add(&first, 21).await;
    assert_eq!(
        change_step(&*first.keeper.key(), &*first.database, 7)
            .await
            .unwrap(),
        7
    );
    // Killed: what comes next has only what is on disk.
    drop(first);

    let second = Arc::new(open(dir.path(), &storage).unwrap());
    let report = master_key_report(&*second.keeper.key(), &*second.database)
        .await
        .unwrap();
    assert_eq!(
        (report.key_id.as_str(), report.data_keys, report.older),
        (new.as_str(), 13, vec![old])
    );
    all_open(&second, 21).await;
    // Others write while it goes on.
    let writing = tokio::spawn({
        let second = Arc::clone(&second);
        async move {
            for n in 22..=40 {
                add(&second, n).await;
            }
        }
    });
    while change_step(&*second.keeper.key(), &*second.database, 3)
        .await
        .unwrap()
        > 0
    {}
    writing.await.unwrap();
    let report = master_key_report(&*second.keeper.key(), &*second.database)
        .await
        .unwrap();
    assert!(report.is_done(), "{report:?}");
    second.keeper.settle(&report).unwrap();
    second.keeper.retire(&report).unwrap();
    assert_eq!(
        names::known(dir.path()).unwrap().into_iter().collect::<Vec<_>>(),
        [new]
    );
    drop(second);

    let third = open(dir.path(), &storage).unwrap();
    assert!(third.keeper.key().standing().await.unwrap().older.is_empty());
    all_open(&third, 40).await;
}

#[tokio::test]
async fn older_keys_stay_as_long_as_something_needs_them() {
    let dir = tempfile::tempdir().unwrap();
    let storage = storage_in(dir.path());
    let opened = open(dir.path(), &storage).unwrap();
    add(&opened, 1).await;
    opened.keeper.rotate(None).unwrap();
    let report = master_key_report(&*opened.keeper.key(), &*opened.database)
        .await
        .unwrap();
    assert!(!report.is_done());
    let error = opened.keeper.retire(&report).unwrap_err();
    assert!(error.to_string().contains("not everything"), "{error}");
    // A directory that needs both does not open with one.
    let file = dir.path().join("master.key");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.lines().next().unwrap()).unwrap();
    drop(opened);
    let error = open(dir.path(), &storage).map(drop).unwrap_err();
    assert!(error.to_string().contains("was sealed with"), "{error}");
}

#[tokio::test]
async fn a_key_from_the_environment_is_changed_there() {
    let dir = tempfile::tempdir().unwrap();
    let key = |byte: &str| Some(SecretString::from(byte.repeat(32)));
    let before = Storage {
        master_key: key("0a"),
        ..storage_in(dir.path())
    };
    let opened = open(dir.path(), &before).unwrap();
    add(&opened, 1).await;
    let error = opened.keeper.rotate(None).unwrap_err();
    assert!(
        error.to_string().contains("COORDINATOR_MASTER_KEY_PREVIOUS"),
        "{error}"
    );
    drop(opened);

    let alone = Storage {
        master_key: key("0b"),
        ..before.clone()
    };
    assert!(open(dir.path(), &alone).is_err());
    let both = Storage {
        master_key_previous: key("0a"),
        ..alone.clone()
    };
    let opened = open(dir.path(), &both).unwrap();
    assert_eq!(
        change_step(&*opened.keeper.key(), &*opened.database, 10)
            .await
            .unwrap(),
        1
    );
    let report = master_key_report(&*opened.keeper.key(), &*opened.database)
        .await
        .unwrap();
    opened.keeper.settle(&report).unwrap();
    drop(opened);
    let opened = open(dir.path(), &alone).unwrap();
    all_open(&opened, 1).await;
}

#[tokio::test]
async fn a_change_without_a_restart_changes_what_the_audit_log_is_signed_with() {
    let dir = tempfile::tempdir().unwrap();
    let storage = storage_in(dir.path());
    let opened = open(dir.path(), &storage).unwrap();
    let audit = opened.keeper.audit();
    let before = audit.public_key();
    opened.keeper.rotate(None).unwrap();
    let after = audit.public_key();
    assert_ne!(before, after);
    drop(opened);
    // The next start signs with the same one.
    let again = open(dir.path(), &storage).unwrap();
    assert_eq!(again.keeper.audit().public_key(), after);
}
