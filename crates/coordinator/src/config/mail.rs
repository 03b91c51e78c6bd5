//! Which mail server takes messages, and how it is reached.

use std::time::Duration;

use domain::mail::MailAddress;
use identity::{Encryption, SmtpSettings};
use secrecy::SecretString;

use super::{read::Reader, units};

/// For one message.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What `mail_url` says.
struct Named {
    host: String,
    port: Option<u16>,
    tls: bool,
}

impl Reader {
    /// `None`: messages become files.
    pub(super) fn mail(&mut self, from: &MailAddress, warnings: &mut Vec<String>) -> Option<SmtpSettings> {
        let named = self.get("accounts.mail_url", None, |text| named(text).map(Some));
        let starttls = self.get("accounts.mail_starttls", true, |text| match text {
            "required" => Ok(true),
            "off" => Ok(false),
            _ => Err("expected required or off".into()),
        });
        let user = self.get("accounts.mail_user", None, |text| {
            Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
        });
        let password = self.get("accounts.mail_password", None, |text| {
            Ok(Some(SecretString::from(text)).filter(|_| !text.is_empty()))
        });
        let from_file = self.path("accounts.mail_password_file");
        let authority = self.path("accounts.mail_authority");
        let timeout = self.get("accounts.mail_timeout", TIMEOUT, units::duration);
        let Named { host, port, tls } = named?;
        let encryption = match (tls, starttls) {
            (true, _) => Encryption::Tls,
            (false, true) => Encryption::StartTls,
            (false, false) => Encryption::None,
        };
        let password = match (password, from_file) {
            (Some(_), Some(_)) => {
                self.problems.push(
                    "accounts.mail_password and accounts.mail_password_file exclude each other: give one"
                        .into(),
                );
                None
            }
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) => Some(SecretString::from(text.trim_end_matches(['\r', '\n']))),
                Err(error) => {
                    self.problems.push(format!(
                        "accounts.mail_password_file: {} cannot be read: {error}",
                        path.display()
                    ));
                    None
                }
            },
            (password, None) => password,
        };
        let login = match (user, password) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            _ => {
                self.problems.push(
                    "accounts.mail_user and accounts.mail_password (or accounts.mail_password_file) go together; one of them is missing"
                        .into(),
                );
                None
            }
        };
        if encryption == Encryption::None && !is_here(&host) {
            if login.is_some() {
                self.problems.push(format!(
                    "accounts.mail_starttls is off: a password is not sent to {host} readable; take it away, or use encryption"
                ));
            }
            warnings.push(format!(
                "messages to {host} are not encrypted: who is on the way can read their links"
            ));
        }
        if *from == MailAddress::of_this_machine() {
            warnings.push(format!(
                "messages come from {from}, which mail servers refuse: set accounts.mail_from"
            ));
        }
        let authority = authority.and_then(|path| match std::fs::read(&path) {
            Ok(pem) => Some(pem),
            Err(error) => {
                self.problems.push(format!(
                    "accounts.mail_authority: {} cannot be read: {error}",
                    path.display()
                ));
                None
            }
        });
        Some(SmtpSettings {
            port: port.unwrap_or_else(|| encryption.port()),
            host,
            encryption,
            login,
            from: from.clone(),
            timeout,
            authority,
        })
    }
}

fn named(text: &str) -> Result<Named, String> {
    let wrong = || "expected smtp://host[:port] or smtps://host[:port]".to_owned();
    let url = url::Url::parse(text).map_err(|_| wrong())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("expected no user and password in the address: give `accounts.mail_user` and `accounts.mail_password`".into());
    }
    let tls = match url.scheme() {
        "smtp" => false,
        "smtps" => true,
        _ => return Err(wrong()),
    };
    let rest = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    let host = url
        .host_str()
        .filter(|host| rest && !host.is_empty())
        .ok_or_else(wrong)?;
    Ok(Named {
        host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
        port: url.port(),
        tls,
    })
}

/// Nobody else is on the way.
fn is_here(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::config::{Config, Environment, Sources};

    fn read(environment: &[(&str, &str)]) -> Result<Config, String> {
        let mut all: Environment = [("COORDINATOR_DATA_DIR".to_owned(), "/data".to_owned())].into();
        all.extend(
            environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let sources = Sources {
            environment: all,
            ..Sources::default()
        };
        sources.read().map_err(|errors| errors.to_string())
    }

    fn mail(environment: &[(&str, &str)]) -> SmtpSettings {
        read(environment).unwrap().accounts.mail.unwrap()
    }

    #[test]
    fn messages_are_files_unless_a_mail_server_is_named() {
        assert!(read(&[]).unwrap().accounts.mail.is_none());
        let url = "COORDINATOR_MAIL_URL";
        let of = |text| {
            let mail = mail(&[(url, text)]);
            (mail.host, mail.port, mail.encryption)
        };
        let host = "mail.example.org".to_owned();
        assert_eq!(
            of("smtp://mail.example.org"),
            (host.clone(), 587, Encryption::StartTls)
        );
        assert_eq!(
            of("smtp://mail.example.org:2525"),
            (host.clone(), 2525, Encryption::StartTls)
        );
        assert_eq!(
            of("smtps://mail.example.org"),
            (host.clone(), 465, Encryption::Tls)
        );
        assert_eq!(of("smtp://[::1]:25").0, "::1");
        let plain = mail(&[
            (url, "smtp://mail.example.org"),
            ("COORDINATOR_MAIL_STARTTLS", "off"),
        ]);
        assert_eq!((plain.port, plain.encryption), (25, Encryption::None));
    }

    #[test]
    fn the_password_comes_from_the_environment_or_a_file_and_is_shown_nowhere() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hunter2\n").unwrap();
        let base = [
            ("COORDINATOR_MAIL_URL", "smtp://mail.example.org"),
            ("COORDINATOR_MAIL_FROM", "agents@example.org"),
            ("COORDINATOR_MAIL_USER", "agents"),
        ];
        for extra in [
            ("COORDINATOR_MAIL_PASSWORD", "hunter2"),
            ("COORDINATOR_MAIL_PASSWORD_FILE", file.path().to_str().unwrap()),
        ] {
            let mut all = base.to_vec();
            all.push(extra);
            let config = read(&all).unwrap();
            assert!(!format!("{config:?}").contains("hunter2"));
            let (user, password) = config.accounts.mail.unwrap().login.unwrap();
            assert_eq!((user.as_str(), password.expose_secret()), ("agents", "hunter2"));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let url = ("COORDINATOR_MAIL_URL", "smtp://mail.example.org");
        for wrong in [
            vec![("COORDINATOR_MAIL_URL", "mail.example.org")],
            vec![("COORDINATOR_MAIL_URL", "https://mail.example.org")],
            vec![("COORDINATOR_MAIL_URL", "smtp://mail.example.org/path")],
            vec![("COORDINATOR_MAIL_URL", "smtp://me:hunter2@mail.example.org")],
            vec![url, ("COORDINATOR_MAIL_STARTTLS", "perhaps")],
            vec![url, ("COORDINATOR_MAIL_USER", "alone")],
            vec![url, ("COORDINATOR_MAIL_PASSWORD", "alone")],
            vec![url, ("COORDINATOR_MAIL_AUTHORITY", "/nowhere/ca.pem")],
            vec![
                url,
                ("COORDINATOR_MAIL_STARTTLS", "off"),
                ("COORDINATOR_MAIL_USER", "agents"),
                ("COORDINATOR_MAIL_PASSWORD", "hunter2"),
            ],
        ] {
            let said = read(&wrong).unwrap_err();
            assert!(!said.contains("hunter2"), "{said}");
        }
        let warned = read(&[url]).unwrap().warnings;
        assert!(
            warned.iter().any(|words| words.contains("mail_from")),
            "{warned:?}"
        );
    }
}
