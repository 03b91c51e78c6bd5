//! How many data keys each master key wraps, looked at from outside: nothing is made or changed.

use std::{collections::BTreeMap, path::Path};

use ports::StoreError;

use crate::{codec::unsigned, error::Failure, look::open_read_only};

/// What `keys.db` holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WrappedKeys {
    /// Data keys by the public name of the master key that wraps them.
    pub by_key: BTreeMap<String, u64>,
    /// Data keys that were destroyed.
    pub shredded: u64,
}

/// Reads `keys.db`. `None` when there is none.
///
/// # Errors
/// When the file cannot be read.
pub fn wrapped_keys(path: &Path) -> Result<Option<WrappedKeys>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    look(path).map(Some).map_err(Failure::before_commit)
}

fn look(path: &Path) -> Result<WrappedKeys, Failure> {
    let connection = open_read_only(path)?;
    let mut statement =
        connection.prepare("SELECT key_id, count(*) AS keys FROM organisation_key GROUP BY key_id")?;
    let mut rows = statement.query([])?;
    let mut found = WrappedKeys::default();
    while let Some(row) = rows.next()? {
        let keys = unsigned(row, "keys")?;
        match row.get::<_, Option<String>>("key_id")? {
            Some(name) => {
                found.by_key.insert(name, keys);
            }
            None => found.shredded = keys,
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use domain::sealed::WrappedKey;
    use ports::OrganisationKeys as _;
    use testkit::sample::org_id;

    use super::*;
    use crate::KeyDatabase;

    #[tokio::test]
    async fn data_keys_are_counted_by_what_wraps_them() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys.db");
        assert_eq!(wrapped_keys(&path).unwrap(), None);
        let keys = KeyDatabase::open(&path).unwrap();
        for (org, name) in [(1, "0a0b"), (2, "0a0b"), (3, "0c0d"), (4, "0c0d")] {
            let wrapped = WrappedKey {
                org: org_id(org),
                version: 1,
                key_id: name.into(),
                data: "wrapped".into(),
            };
            keys.ensure(wrapped).await.unwrap();
        }
        keys.shred(org_id(4)).await.unwrap();
        let found = wrapped_keys(&path).unwrap().unwrap();
        let by_key = BTreeMap::from([("0a0b".to_owned(), 2), ("0c0d".to_owned(), 1)]);
        assert_eq!((found.by_key, found.shredded), (by_key, 1));
    }
}
