//! A synthetic `/etc`: what programs need to know about users, names and certificates, and nothing of the host's
//! own configuration, which may hold secrets.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::user::INSIDE_ID;

/// A small file or link written into the jail's `/etc`.
pub(crate) enum Entry {
    File { name: &'static str, content: String },
    Link { name: &'static str, target: PathBuf },
}

pub(crate) fn entries() -> Vec<Entry> {
    let file = |name, content: String| Entry::File { name, content };
    let id = INSIDE_ID;
    let mut entries = vec![
        file(
            "passwd",
            format!(
                "root:x:0:0:root:/nonexistent:/usr/sbin/nologin\n\
                 agent:x:{id}:{id}:agent:/home/agent:/bin/bash\n\
                 nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
            ),
        ),
        file(
            "group",
            format!("root:x:0:\ntty:x:5:\nagent:x:{id}:\nnogroup:x:65534:\n"),
        ),
        file(
            "hosts",
            "127.0.0.1 localhost sandbox\n::1 localhost ip6-localhost ip6-loopback\n".into(),
        ),
        file("hostname", "sandbox\n".into()),
        file("host.conf", "multi on\n".into()),
        file(
            "nsswitch.conf",
            "passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\nprotocols: files\n"
                .into(),
        ),
        file(
            "resolv.conf",
            "# No name service: the proxy resolves names.\n".into(),
        ),
        file("shells", "/bin/sh\n/bin/bash\n".into()),
        file("profile", "# Deliberately empty.\n".into()),
    ];
    // Links only where they lead into the system that is shown anyway.
    for name in ["localtime", "os-release"] {
        if let Ok(target) = fs::read_link(Path::new("/etc").join(name))
            && Path::new("/etc")
                .join(&target)
                .components()
                .any(|part| part.as_os_str() == "usr")
        {
            entries.push(Entry::Link { name, target });
        }
    }
    entries
}

/// Host files and directories of `/etc` that are public by nature and that toolchains read.
const SHOWN: [&str; 24] = [
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "alternatives",
    "ssl/certs",
    "ssl/openssl.cnf",
    "ssl/cert.pem",
    "ca-certificates",
    "ca-certificates.conf",
    "pki/tls/certs",
    "pki/tls/openssl.cnf",
    "pki/tls/cert.pem",
    "pki/ca-trust/extracted",
    "crypto-policies",
    "mime.types",
    "protocols",
    "services",
    "timezone",
    "debian_version",
    "redhat-release",
    "magic",
    "inputrc",
    "terminfo",
    "fonts",
];

/// Directories with a version in their name, such as `/etc/java-17-openjdk`.
const SHOWN_PREFIXES: [&str; 4] = ["java-", "python3", "perl", "php"];

pub(crate) fn shown() -> Vec<(PathBuf, PathBuf)> {
    let pair = |name: &str| (Path::new("/etc").join(name), Path::new("etc").join(name));
    let mut shown: Vec<_> = SHOWN.iter().copied().map(pair).collect();
    for entry in fs::read_dir("/etc").into_iter().flatten().flatten() {
        if let Some(name) = entry.file_name().to_str()
            && SHOWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        {
            shown.push(pair(name));
        }
    }
    shown
}
