//! Looks for secrets byte for byte, in every form in which one shows up by accident. Shares nothing with the code that
//! hides them.

use std::{
    collections::HashMap,
    fmt, fs,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// A secret was found.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Find {
    pub(crate) place: String,
    pub(crate) name: String,
    pub(crate) form: &'static str,
}

impl fmt::Debug for Find {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as {} in {}", self.name, self.form, self.place)
    }
}

struct Pattern {
    name: String,
    form: &'static str,
    bytes: Vec<u8>,
}

/// What is looked for.
pub(crate) struct Search {
    patterns: Vec<Pattern>,
    /// Whether a pattern begins with these two bytes.
    pairs: Vec<bool>,
    by_start: HashMap<[u8; 4], Vec<usize>>,
    /// Bytes looked at.
    pub(crate) seen: u64,
    pub(crate) files: u64,
}

impl Search {
    pub(crate) fn for_secrets<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut patterns = Vec::new();
        for (name, secret) in secrets {
            assert!(secret.len() >= 10, "{name} is too short to be looked for");
            for (form, bytes) in forms(secret) {
                patterns.push(Pattern {
                    name: name.to_owned(),
                    form,
                    bytes,
                });
            }
        }
        let mut pairs = vec![false; 1 << 16];
        let mut by_start: HashMap<[u8; 4], Vec<usize>> = HashMap::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let start = pattern.bytes.first_chunk::<4>().copied().unwrap_or_default();
            pairs[usize::from(u16::from_be_bytes([start[0], start[1]]))] = true;
            by_start.entry(start).or_default().push(index);
        }
        Self {
            patterns,
            pairs,
            by_start,
            seen: 0,
            files: 0,
        }
    }

    pub(crate) fn patterns(&self) -> usize {
        self.patterns.len()
    }

    /// In some bytes; each secret in each form once.
    pub(crate) fn bytes(&mut self, place: &str, bytes: &[u8]) -> Vec<Find> {
        self.seen += bytes.len() as u64;
        let mut found: Vec<Find> = Vec::new();
        for (at, four) in bytes.windows(4).enumerate() {
            if !self.pairs[usize::from(u16::from_be_bytes([four[0], four[1]]))] {
                continue;
            }
            let Some(candidates) = self.by_start.get(four) else {
                continue;
            };
            for index in candidates {
                let pattern = &self.patterns[*index];
                if bytes[at..].starts_with(&pattern.bytes)
                    && !found
                        .iter()
                        .any(|one| one.name == pattern.name && one.form == pattern.form)
                {
                    found.push(Find {
                        place: place.to_owned(),
                        name: pattern.name.clone(),
                        form: pattern.form,
                    });
                }
            }
        }
        found
    }

    /// In names, links and contents of everything below a directory. Places are said relative to it.
    pub(crate) fn tree(&mut self, root: &Path) -> Vec<Find> {
        let mut found = Vec::new();
        let mut todo = vec![root.to_path_buf()];
        while let Some(directory) = todo.pop() {
            for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
                let path = entry.path();
                let place = relative(root, &path);
                found.extend(self.bytes(&format!("the name of {place}"), entry.file_name().as_bytes()));
                let Ok(kind) = entry.file_type() else { continue };
                if kind.is_dir() {
                    todo.push(path);
                } else if kind.is_symlink() {
                    let target = fs::read_link(&path).unwrap_or_default();
                    found.extend(self.bytes(&place, target.as_os_str().as_bytes()));
                } else if kind.is_file() {
                    self.files += 1;
                    // What goes away while it is looked at was not kept.
                    let content = fs::read(&path).unwrap_or_default();
                    found.extend(self.bytes(&place, &content));
                }
            }
        }
        found
    }
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .map(PathBuf::from)
        .unwrap_or_else(|_| path.to_path_buf())
        .to_string_lossy()
        .into_owned()
}

/// The characters of base64 that depend on nothing but the secret, when so many bytes of a group come before it.
fn base64(secret: &[u8], before: usize, url: bool) -> Vec<u8> {
    let mut bytes = vec![0; before];
    bytes.extend_from_slice(secret);
    let text = if url {
        URL_SAFE_NO_PAD.encode(&bytes)
    } else {
        STANDARD_NO_PAD.encode(&bytes)
    };
    text.into_bytes()[(before * 8).div_ceil(6)..bytes.len() * 8 / 6].to_vec()
}

fn hex(secret: &[u8]) -> String {
    secret.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn percent(secret: &[u8], upper: bool) -> Vec<u8> {
    let mut out = String::new();
    for byte in secret {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(*byte))
            }
            byte if upper => out.push_str(&format!("%{byte:02X}")),
            byte => out.push_str(&format!("%{byte:02x}")),
        }
    }
    out.into_bytes()
}

fn forms(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        secret.iter().flat_map(|byte| order(u16::from(*byte))).collect()
    };
    let mut all = vec![
        ("plain", secret.to_vec()),
        ("base64, first place", base64(secret, 0, false)),
        ("base64, second place", base64(secret, 1, false)),
        ("base64, third place", base64(secret, 2, false)),
        ("base64url, first place", base64(secret, 0, true)),
        ("base64url, second place", base64(secret, 1, true)),
        ("base64url, third place", base64(secret, 2, true)),
        ("URL-encoded", percent(secret, true)),
        ("URL-encoded, small letters", percent(secret, false)),
        ("hex", hex(secret).into_bytes()),
        ("hex, capitals", hex(secret).to_uppercase().into_bytes()),
        ("UTF-16", wide(u16::to_le_bytes)),
        ("UTF-16, big end first", wide(u16::to_be_bytes)),
        ("reversed", secret.iter().rev().copied().collect()),
    ];
    let mut known: Vec<Vec<u8>> = Vec::new();
    all.retain(|(_, bytes)| {
        let new = !known.contains(bytes);
        known.push(bytes.clone());
        new
    });
    all
}

#[test]
fn every_form_of_a_planted_secret_is_found_wherever_it_lies() {
    const SECRET: &str = "cnry+planted=7f&1/ä";
    let mut search = Search::for_secrets([("planted", SECRET.as_bytes())]);
    let wanted = search.patterns();
    assert!(wanted >= 12, "{wanted}");
    let place = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let deep = place.path().join("a/b");
    fs::create_dir_all(&deep).unwrap_or_else(|error| panic!("{error}"));
    for (n, (form, bytes)) in forms(SECRET.as_bytes()).into_iter().enumerate() {
        let mut content = vec![0xff; 70_000 + n];
        content.extend_from_slice(&bytes);
        content.extend_from_slice(&[0; 5]);
        fs::write(deep.join(n.to_string()), content).unwrap_or_else(|error| panic!("{error}"));
        let found = search.tree(place.path());
        assert!(
            found
                .iter()
                .any(|find| find.form == form && find.place == format!("a/b/{n}")),
            "{form}: {found:?}"
        );
    }
    // A name, a link, and a row of a database that is still in the write-ahead log.
    fs::write(deep.join(SECRET.replace('/', "")), "").unwrap_or_else(|error| panic!("{error}"));
    std::os::unix::fs::symlink(SECRET, deep.join("link")).unwrap_or_else(|error| panic!("{error}"));
    let path = place.path().join("some.db");
    let database = rusqlite::Connection::open(&path).unwrap_or_else(|error| panic!("{error}"));
    let sql = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a TEXT);";
    database
        .execute_batch(sql)
        .unwrap_or_else(|error| panic!("{error}"));
    database
        .execute("INSERT INTO t VALUES (?1)", [SECRET])
        .unwrap_or_else(|error| panic!("{error}"));
    let found = search.tree(place.path());
    for place in ["a/b/link", "some.db-wal"] {
        assert!(found.iter().any(|find| find.place == place), "{place}: {found:?}");
    }
    let mut named = Search::for_secrets([("named", SECRET.replace('/', "").as_bytes())]);
    let found = named.tree(place.path());
    assert!(
        found.iter().any(|find| find.place.starts_with("the name of")),
        "{found:?}"
    );
}
