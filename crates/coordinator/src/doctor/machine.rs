//! The machine: free disk, and the certificate files that are carried into sandboxes.

use super::finding::Finding;
use crate::{
    cli::figures,
    config::{Config, Environment},
};

/// Below this the server itself gets into trouble.
const LEAST_FREE: u64 = 512 * 1024 * 1024;

/// Variables that name certificate files; what they name is shown to sandboxes.
const CERTIFICATES: [&str; 8] = [
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "PIP_CERT",
    "CARGO_HTTP_CAINFO",
];

pub(super) fn disk(config: &Config) -> Finding {
    let path = &config.storage.data_dir;
    let Some(existing) = path.ancestors().find(|ancestor| ancestor.exists()) else {
        return Finding::warn("disk", "no part of the data directory's path exists", "");
    };
    match crate::serve::free(existing) {
        Err(error) => Finding::warn("disk", format!("free space is not known: {error}"), ""),
        Ok(free) => {
            let detail = format!(
                "{} free; a session may use {}",
                figures::bytes(free),
                figures::bytes(config.sandbox.limits.disk_bytes)
            );
            if free < LEAST_FREE {
                Finding::fail("disk", detail, "make room, or move the data directory")
            } else if free < config.sandbox.limits.disk_bytes {
                Finding::warn(
                    "disk",
                    detail,
                    "one session can fill the disk: make room, or lower COORDINATOR_LIMIT_DISK",
                )
            } else {
                Finding::ok("disk", detail)
            }
        }
    }
}

pub(super) fn certificates(environment: &Environment) -> Vec<Finding> {
    let set: Vec<(&str, &String)> = CERTIFICATES
        .iter()
        .filter_map(|name| Some((*name, environment.get(*name)?)))
        .collect();
    let bad: Vec<Finding> = set
        .iter()
        .filter(|(_, path)| {
            std::fs::metadata(path).is_err()
                || nix::unistd::access(path.as_str(), nix::unistd::AccessFlags::R_OK).is_err()
        })
        .map(|(name, path)| {
            Finding::fail(
                "certificates",
                format!("{name} names {path}, which cannot be read"),
                "correct or unset the variable; sandboxes get it too",
            )
        })
        .collect();
    if !bad.is_empty() {
        return bad;
    }
    let names: Vec<&str> = set.iter().map(|(name, _)| *name).collect();
    vec![Finding::ok(
        "certificates",
        if names.is_empty() {
            "the system's".to_owned()
        } else {
            format!("{} (carried into sandboxes)", names.join(", "))
        },
    )]
}
