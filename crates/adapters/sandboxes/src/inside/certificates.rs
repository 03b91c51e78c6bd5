//! Carries the host's certificate authorities in: without them, tools behind a private authority fail.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use protocol::keeper::Bind;

use super::View;
use crate::local::{LocalSettings, layout};

/// Variables that name one file or directory.
const SINGLE: [&str; 13] = [
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
    "AWS_CA_BUNDLE",
    "CARGO_HTTP_CAINFO",
    "NIX_SSL_CERT_FILE",
    "HTTPLIB2_CA_CERTS",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
    "DENO_CERT",
    "GIT_SSL_CAPATH",
];
/// A list of directories.
const LIST: &str = "SSL_CERT_DIR";
const INSIDE: &str = "/opt/coordinator/certificates";
/// Below these, files are seen inside anyway.
const SHOWN: [&str; 5] = [
    "/usr/",
    "/etc/ssl/certs/",
    "/etc/pki/tls/certs/",
    "/etc/pki/ca-trust/extracted/",
    "/nix/store/",
];
/// Longest bundle that is copied.
const MOST_BYTES: u64 = 8 << 20;

pub(super) fn carry(settings: &LocalSettings, view: &mut View) {
    for name in SINGLE {
        if let Some(value) = settings.host_env.get(name).filter(|value| value.starts_with('/'))
            && let Some(inside) = show(settings, view, Path::new(value), name)
        {
            view.set(name, &inside);
        }
    }
    if let Some(value) = settings.host_env.get(LIST) {
        let shown: Vec<String> = value
            .split(':')
            .filter(|path| path.starts_with('/'))
            .enumerate()
            .filter_map(|(index, path)| show(settings, view, Path::new(path), &format!("{LIST}-{index}")))
            .collect();
        if !shown.is_empty() {
            view.set(LIST, &shown.join(":"));
        }
    }
}

/// The path inside of a host file or directory of certificates.
fn show(settings: &LocalSettings, view: &mut View, host: &Path, label: &str) -> Option<String> {
    let meta = fs::metadata(host).ok()?;
    // A link may lead out of what is shown.
    let real = fs::canonicalize(host).ok()?;
    let text = format!("{}/", host.to_str()?);
    if SHOWN
        .iter()
        .any(|shown| text.starts_with(shown) && real.starts_with(Path::new(shown)))
    {
        return Some(host.to_str()?.to_owned());
    }
    let inside = PathBuf::from(INSIDE).join(label);
    let readable = meta.permissions().mode() & 0o004 != 0;
    let host = if meta.is_file() && !readable {
        public_copy(settings, &real, label)?
    } else {
        real
    };
    let inside_text = inside.to_str()?.to_owned();
    view.binds.push(Bind { host, inside });
    Some(inside_text)
}

/// Certificates are public, the file that holds them may not be: the sandbox's user gets a copy to read.
fn public_copy(settings: &LocalSettings, host: &Path, label: &str) -> Option<PathBuf> {
    if fs::metadata(host).ok()?.len() > MOST_BYTES {
        return None;
    }
    let text = fs::read_to_string(host).ok()?;
    let directory = settings.data_dir.join("certificates");
    layout::private(&directory).ok()?;
    let copy = directory.join(label);
    let certificates = only_certificates(&text);
    if fs::read_to_string(&copy).ok().as_deref() != Some(&certificates) {
        let temporary = directory.join(format!(".{label}"));
        fs::write(&temporary, &certificates).ok()?;
        fs::set_permissions(&temporary, fs::Permissions::from_mode(0o644)).ok()?;
        fs::rename(&temporary, &copy).ok()?;
    }
    Some(copy)
}

/// A file that only some may read could hold a key next to the certificates: the key stays outside.
fn only_certificates(text: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in text.lines() {
        if line.starts_with("-----BEGIN ") {
            inside = line.contains("CERTIFICATE");
        }
        if inside {
            kept.push_str(line);
            kept.push('\n');
        }
        if line.starts_with("-----END ") {
            inside = false;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_outside() {
        let text = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n\
                    -----BEGIN CERTIFICATE-----\npublic\n-----END CERTIFICATE-----\n";
        let kept = only_certificates(text);
        assert!(kept.contains("public") && !kept.contains("secret"));
    }

    #[test]
    fn a_private_authority_outside_of_the_system_is_shown_under_a_new_path() {
        let base = tempfile::tempdir().unwrap();
        let file = base.path().join("ca.pem");
        fs::write(
            &file,
            "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n",
        )
        .unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let env = [(
            "NODE_EXTRA_CA_CERTS".to_owned(),
            file.to_str().unwrap().to_owned(),
        )]
        .into();
        let settings = LocalSettings::new(base.path().join("data"), "/runner".into(), env);
        let mut view = View::default();
        carry(&settings, &mut view);
        assert_eq!(
            view.env["NODE_EXTRA_CA_CERTS"],
            "/opt/coordinator/certificates/NODE_EXTRA_CA_CERTS"
        );
        let copy = &view.binds[0].host;
        assert_eq!(fs::metadata(copy).unwrap().permissions().mode() & 0o777, 0o644);
    }
}
