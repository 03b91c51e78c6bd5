//! What each master key still opens: data keys of organisations, and repository tokens of sessions that an earlier
//! version made.

use std::collections::BTreeMap;

use super::finding::Finding;
use crate::{
    cli::figures,
    config::Config,
    serve::{self, MOST_SESSION_FILES},
};

const REMEDY: &str = "put the key back (COORDINATOR_MASTER_KEY_PREVIOUS, or the second line of the key file): what it wraps \
                      stays closed without it";

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    // What is wrong with the keys themselves is another finding.
    let Ok(here) = serve::master_key_names(config) else {
        return Vec::new();
    };
    if here.is_empty() {
        return Vec::new();
    }
    let data_dir = &config.storage.data_dir;
    let mut findings = Vec::new();
    match store::wrapped_keys(&data_dir.join("keys.db")) {
        Ok(None) => {}
        Ok(Some(found)) => {
            let mut told = counted(&found.by_key, &here, "data keys");
            if found.shredded > 0 {
                told.push_str(&format!("; {} destroyed", figures::grouped(found.shredded)));
            }
            findings.push(judged("data_keys", &found.by_key, &here, told));
        }
        Err(error) => findings.push(Finding::fail(
            "data_keys",
            format!("{}: {error}", data_dir.join("keys.db").display()),
            "restore keys.db from a backup: without it no secret opens",
        )),
    }
    match session_log::old_tokens(data_dir, MOST_SESSION_FILES) {
        Ok(found) if found.by_key.is_empty() && !found.more => {}
        Ok(found) => {
            let mut told = counted(
                &found.by_key,
                &here,
                "repository tokens in the format of an earlier version",
            );
            if found.more {
                told.push_str(&format!(
                    "; the first {} sessions were looked at",
                    figures::grouped(found.files)
                ));
            }
            findings.push(judged("repository_tokens", &found.by_key, &here, told));
        }
        Err(error) => findings.push(Finding::warn(
            "repository_tokens",
            format!("they cannot be counted: {error}"),
            "run as the user of the server",
        )),
    }
    findings
}

fn counted(by_key: &BTreeMap<String, u64>, here: &[String], what: &str) -> String {
    if by_key.is_empty() {
        return format!("no {what}");
    }
    let each: Vec<String> = by_key
        .iter()
        .map(|(key, count)| {
            let which = match here.iter().position(|name| name == key) {
                Some(0) => "in use",
                Some(_) => "older",
                None => "not here",
            };
            format!("{} under {key} ({which})", figures::grouped(*count))
        })
        .collect();
    format!("{what}: {}", each.join(", "))
}

fn judged(check: &'static str, by_key: &BTreeMap<String, u64>, here: &[String], told: String) -> Finding {
    if by_key.keys().any(|key| !here.contains(key)) {
        return Finding::fail(check, told, REMEDY);
    }
    Finding::ok(check, told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_not_here_is_named() {
        let here = ["0a0b".to_owned(), "0c0d".to_owned()];
        let by_key = BTreeMap::from([("0a0b".to_owned(), 1234), ("0c0d".to_owned(), 1)]);
        let told = counted(&by_key, &here, "data keys");
        assert!(
            told.starts_with("data keys: ") && told.ends_with("1 under 0c0d (older)"),
            "{told}"
        );
        let finding = judged("data_keys", &by_key, &here, told);
        assert!(finding.remedy.is_none());
        let finding = judged("data_keys", &by_key, &here[..1], String::new());
        assert!(finding.remedy.is_some());
    }
}
