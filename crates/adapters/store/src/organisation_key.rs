//! `keys.db`: the wrapped data keys of organisations, apart from everything that is sealed under them.
//!
//! The file is small, so destroying a key can afford to write it anew: rows that are gone leave nothing in free pages,
//! in what is unused of a page, or in the write-ahead log.

use std::path::Path;

use async_trait::async_trait;
use domain::sealed::{KeptKey, WrappedKey};
use ports::{OrganisationKeys, StoreError};
use protocol::OrgId;
use rusqlite::{Connection, Row, params};

use crate::{
    codec::{bits, blob, limit, unsigned},
    engine::Engine,
    error::Failure,
    identity::first,
    schema,
};

/// `keys.db`.
#[derive(Debug, Clone)]
pub struct KeyDatabase(Engine);

impl KeyDatabase {
    /// Opens (and makes) the file and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or was written by a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Engine::open(path, schema::KEYS).map(Self)
    }
}

fn decode(row: &Row<'_>) -> Result<KeptKey, Failure> {
    let Some(data) = row.get::<_, Option<String>>("data")? else {
        return Ok(KeptKey::Shredded);
    };
    Ok(KeptKey::Wrapped(WrappedKey {
        org: OrgId::from_bits(bits(row, "org")?),
        version: row.get("version")?,
        key_id: row.get("key_id")?,
        data,
    }))
}

fn lookup(connection: &Connection, org: OrgId) -> Result<KeptKey, Failure> {
    let sql = "SELECT * FROM organisation_key WHERE org = ?1";
    Ok(first(connection, sql, [blob(org.bits())], decode)?.unwrap_or(KeptKey::Absent))
}

/// Writes the file anew without what is not in it any more, and empties its log.
fn scrub(connection: &Connection) -> Result<(), Failure> {
    connection.execute_batch("PRAGMA secure_delete = ON; VACUUM;")?;
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        // A reader held the log back for too long. The key is out of use; whoever asked asks again.
        return Err(Failure::Sql(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
            Some("the log of destroyed keys could not be emptied yet".into()),
        )));
    }
    Ok(())
}

#[async_trait]
impl OrganisationKeys for KeyDatabase {
    async fn lookup(&self, org: OrgId) -> Result<KeptKey, StoreError> {
        self.0.read(move |read| lookup(read, org)).await
    }

    async fn ensure(&self, key: WrappedKey) -> Result<KeptKey, StoreError> {
        self.0
            .write(move |write| {
                let sql = "INSERT INTO organisation_key (org, version, key_id, data) VALUES (?1, ?2, ?3, ?4)
                           ON CONFLICT DO NOTHING";
                write.prepare_cached(sql)?.execute(params![
                    blob(key.org.bits()),
                    key.version,
                    key.key_id,
                    key.data
                ])?;
                lookup(write, key.org)
            })
            .await
    }

    async fn replace(&self, old: WrappedKey, new: WrappedKey) -> Result<bool, StoreError> {
        if old.org != new.org {
            return Ok(false);
        }
        self.0
            .write(move |write| {
                let sql = "UPDATE organisation_key SET version = ?2, key_id = ?3, data = ?4
                           WHERE org = ?1 AND version = ?5 AND key_id = ?6 AND data = ?7";
                let written = write.prepare_cached(sql)?.execute(params![
                    blob(old.org.bits()),
                    new.version,
                    new.key_id,
                    new.data,
                    old.version,
                    old.key_id,
                    old.data,
                ])?;
                Ok(written == 1)
            })
            .await
    }

    async fn shred(&self, org: OrgId) -> Result<(), StoreError> {
        self.0
            .write(move |write| {
                let sql = "INSERT INTO organisation_key (org) VALUES (?1)
                           ON CONFLICT DO UPDATE SET version = NULL, key_id = NULL, data = NULL";
                write.prepare_cached(sql)?.execute([blob(org.bits())])?;
                Ok(())
            })
            .await?;
        self.0.alone(scrub).await
    }

    async fn wrapped_by_others(&self, key_id: &str, most: usize) -> Result<Vec<WrappedKey>, StoreError> {
        let key_id = key_id.to_owned();
        let found = self.0.read(move |read| {
            let sql = "SELECT * FROM organisation_key WHERE data IS NOT NULL AND key_id <> ?1
                       ORDER BY org LIMIT ?2";
            read.prepare_cached(sql)?
                .query_and_then(params![key_id, limit(most)], decode)?
                .collect::<Result<Vec<_>, Failure>>()
        });
        let wrapped = found.await?.into_iter().filter_map(|kept| match kept {
            KeptKey::Wrapped(key) => Some(key),
            KeptKey::Absent | KeptKey::Shredded => None,
        });
        Ok(wrapped.collect())
    }

    async fn count_wrapped_by_others(&self, key_id: &str) -> Result<u64, StoreError> {
        let key_id = key_id.to_owned();
        self.0
            .read(move |read| {
                let sql =
                    "SELECT count(*) AS n FROM organisation_key WHERE data IS NOT NULL AND key_id <> ?1";
                first(read, sql, [key_id], |row| unsigned(row, "n")).map(Option::unwrap_or_default)
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use testkit::sample::org_id;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn contract() {
        let dirs = std::sync::Mutex::new(Vec::new());
        testkit::contract::organisation_keys::run(|| {
            let dir = tempfile::tempdir().unwrap();
            let keys = KeyDatabase::open(&dir.path().join("keys.db")).unwrap();
            dirs.lock().unwrap().push(dir);
            Arc::new(keys)
        })
        .await;
    }

    fn key(org: u64, data: &str) -> WrappedKey {
        WrappedKey {
            org: org_id(org),
            version: 1,
            key_id: "0a0b0c0d".into(),
            data: data.into(),
        }
    }

    /// Whether any file of the directory holds these bytes.
    fn holds(dir: &Path, text: &str) -> bool {
        std::fs::read_dir(dir).unwrap().any(|entry| {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_copy_of_the_directory_after_a_shredding_has_nothing_of_the_key() {
        let dir = tempfile::tempdir().unwrap();
        let keys = KeyDatabase::open(&dir.path().join("keys.db")).unwrap();
        let text = |org: u64| format!("wrapped{}", format!("{org:04}").repeat(20));
        // Many, so that pages were split and rows were moved between them; and one that was wrapped anew.
        for org in 0..200 {
            keys.ensure(key(org, &text(org))).await.unwrap();
        }
        keys.replace(key(77, &text(77)), key(77, &text(9077)))
            .await
            .unwrap();
        assert!(holds(dir.path(), &text(9077)) && holds(dir.path(), &text(100)));
        for org in [0, 77, 100, 199] {
            keys.shred(org_id(org)).await.unwrap();
        }
        for gone in [0, 77, 9077, 100, 199] {
            assert!(!holds(dir.path(), &text(gone)), "{gone} is still there");
        }
        assert!(holds(dir.path(), &text(101)));
        for org in [0, 77, 100, 199] {
            assert_eq!(keys.lookup(org_id(org)).await.unwrap(), KeptKey::Shredded);
        }
        assert_eq!(
            keys.lookup(org_id(101)).await.unwrap(),
            KeptKey::Wrapped(key(101, &text(101)))
        );
    }
}
