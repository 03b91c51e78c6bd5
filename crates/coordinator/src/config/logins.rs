//! Providers through which people sign in. There can be several, so each has a section of its own in the file,
//! `[login.NAME]`, and variables `COORDINATOR_LOGIN_NAME_...`; they are no flags.

use std::{collections::BTreeMap, path::Path};

use domain::sign_in::{ProviderId, ProviderKind, ProviderRules, SignUpPolicy};
use identity::{LoginClient, is_safe_address};
use secrecy::SecretString;

use super::{
    read::{Environment, Reader, distance, plain},
    units,
};

/// What the variables begin with.
pub(super) const PREFIX: &str = "COORDINATOR_LOGIN_";
/// What the sections begin with.
pub(super) const SECTION: &str = "login";
const GOOGLE: &str = "https://accounts.google.com";
const GITHUB: &str = "https://github.com";

/// One key of a provider.
#[derive(Debug)]
pub(super) struct LoginSetting {
    pub(super) key: &'static str,
    pub(super) kind: &'static str,
    pub(super) default: &'static str,
    pub(super) meaning: &'static str,
}

/// Every key of a provider, for the reference. Longer names come before those that they end with.
pub(super) const LOGIN_SETTINGS: &[LoginSetting] = &[
    LoginSetting {
        key: "kind",
        kind: "`oidc` or `github`",
        default: "`github` if that is the name, else `oidc`",
        meaning: "How the provider is spoken to. `oidc` is any issuer of OpenID Connect with discovery, Google among them.",
    },
    LoginSetting {
        key: "name",
        kind: "text",
        default: "Google, GitHub, else the section's name",
        meaning: "What the button says.",
    },
    LoginSetting {
        key: "issuer",
        kind: "URL",
        default: "that of Google or GitHub, by the section's name",
        meaning: "The issuer, to the letter as it calls itself. For GitHub Enterprise its web address. It has to be https, or on this machine's loopback; private addresses have to be opened with `network.allow_private_networks`.",
    },
    LoginSetting {
        key: "client_id",
        kind: "text",
        default: "none: needed",
        meaning: "Who this server is to the provider. The address to register there is `<public_url>/v1/auth/providers/NAME/callback`.",
    },
    LoginSetting {
        key: "client_secret_file",
        kind: "file",
        default: "none",
        meaning: "A file with the secret, read at start.",
    },
    LoginSetting {
        key: "client_secret",
        kind: "secret",
        default: "none",
        meaning: "The secret that goes with `client_id`. Not together with `client_secret_file`. A public client has none.",
    },
    LoginSetting {
        key: "scopes",
        kind: "list",
        default: "`email,profile`; at GitHub `read:user,user:email`, and `read:org` with `organisations`",
        meaning: "What is asked for.",
    },
    LoginSetting {
        key: "domains",
        kind: "list of domains",
        default: "any",
        meaning: "Domains of e-mail addresses that may come in this way, each as it stands, each time. At Google accounts of customers with such a domain, not private ones.",
    },
    LoginSetting {
        key: "organisations",
        kind: "list",
        default: "any",
        meaning: "GitHub only: organisations of which one has to be a member, each time.",
    },
    LoginSetting {
        key: "sign_up",
        kind: "`closed`, `invite_only` or `open`",
        default: "as `accounts.sign_up`",
        meaning: "Who may make an account through this provider.",
    },
];

/// One provider, checked.
#[derive(Debug, Clone)]
pub struct Login {
    pub rules: ProviderRules,
    pub client: LoginClient,
}

/// Values and where they come from, by the provider's name and the key.
pub(super) type Given = BTreeMap<String, BTreeMap<&'static str, (String, String)>>;

fn known(key: &str) -> Option<&'static str> {
    LOGIN_SETTINGS
        .iter()
        .map(|setting| setting.key)
        .find(|known| *known == key)
}

/// `; did you mean ...` for a slip of one or two letters.
fn nearest(key: &str) -> String {
    let near = LOGIN_SETTINGS
        .iter()
        .find(|setting| distance(setting.key, key) <= 2);
    near.map_or_else(String::new, |setting| {
        format!("; did you mean `{}`?", setting.key)
    })
}

/// The provider and the key that a variable is about.
pub(super) fn of_variable(name: &str) -> Option<(String, &'static str)> {
    let rest = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
    LOGIN_SETTINGS.iter().find_map(|setting| {
        let provider = rest.strip_suffix(setting.key)?.strip_suffix('_')?;
        (!provider.is_empty()).then(|| (provider.replace('_', "-"), setting.key))
    })
}

impl Reader {
    /// The section `[login.NAME]` of the file.
    pub(super) fn login_section(&mut self, file: &str, sections: &toml::Table) {
        for (provider, values) in sections {
            let toml::Value::Table(values) = values else {
                self.problems.push(format!(
                    "{file}: `login.{provider}` has to be a section of its own: `[login.{provider}]`"
                ));
                continue;
            };
            let given = self.logins.entry(provider.clone()).or_default();
            for (key, value) in values {
                let path = format!("login.{provider}.{key}");
                match (known(key), plain(value)) {
                    (Some(key), Some(text)) => {
                        given.insert(key, (text, format!("{path} in {file}")));
                    }
                    (Some(_), None) => self
                        .problems
                        .push(format!("{path} in {file}: expected a plain value")),
                    (None, _) => {
                        let near = nearest(key);
                        self.problems
                            .push(format!("{file}: there is no setting `{path}`{near}"));
                    }
                }
            }
        }
    }

    /// Variables are stronger than the file.
    pub(super) fn login_variables(&mut self, environment: &Environment) {
        for (name, value) in environment {
            if let Some((provider, key)) = of_variable(name) {
                let origin = format!("{name} (environment)");
                self.logins
                    .entry(provider)
                    .or_default()
                    .insert(key, (value.clone(), origin));
            }
        }
    }

    pub(super) fn logins(&mut self) -> Vec<Login> {
        let given = std::mem::take(&mut self.logins);
        given
            .into_iter()
            .filter_map(|(name, values)| self.login(&name, &values))
            .collect()
    }

    fn login(&mut self, name: &str, values: &BTreeMap<&'static str, (String, String)>) -> Option<Login> {
        let before = self.problems.len();
        let id = match name.parse::<ProviderId>() {
            Ok(id) => Some(id),
            Err(error) => {
                self.problems.push(format!("login.{name}: the name: {error}"));
                None
            }
        };
        let part = |key: &str| -> Option<(String, String)> {
            let (text, origin) = values.get(key)?;
            Some((text.trim().to_owned(), origin.clone())).filter(|(text, _)| !text.is_empty())
        };
        let kind = match part("kind") {
            None if name == "github" => ProviderKind::Github,
            None => ProviderKind::Oidc,
            Some((text, _)) if text == "oidc" => ProviderKind::Oidc,
            Some((text, _)) if text == "github" => ProviderKind::Github,
            Some((_, origin)) => {
                self.problems.push(format!("{origin}: expected oidc or github"));
                ProviderKind::Oidc
            }
        };
        let usual = match (kind, name) {
            (ProviderKind::Github, _) => Some(GITHUB),
            (ProviderKind::Oidc, "google") => Some(GOOGLE),
            (ProviderKind::Oidc, _) => None,
        };
        let issuer = match part("issuer") {
            Some((text, origin)) => match url::Url::parse(&text) {
                Ok(url) if is_safe_address(&url) && url.query().is_none() && url.fragment().is_none() => text,
                _ => {
                    self.problems.push(format!(
                        "{origin}: expected an https:// address, or http:// on this machine's loopback, without a query"
                    ));
                    String::new()
                }
            },
            None => usual.map(str::to_owned).unwrap_or_else(|| {
                self.problems.push(format!("login.{name}.issuer is missing"));
                String::new()
            }),
        };
        let client_id = part("client_id").map(|(text, _)| text).unwrap_or_else(|| {
            self.problems.push(format!("login.{name}.client_id is missing"));
            String::new()
        });
        let client_secret = match (part("client_secret"), part("client_secret_file")) {
            (Some(_), Some(_)) => {
                self.problems.push(format!(
                    "login.{name}.client_secret and login.{name}.client_secret_file exclude each other: give one"
                ));
                None
            }
            (Some((text, _)), None) => Some(SecretString::from(text)),
            (None, Some((path, origin))) => match std::fs::read_to_string(Path::new(&path)) {
                Ok(text) if !text.trim().is_empty() => Some(SecretString::from(text.trim())),
                Ok(_) => {
                    self.problems.push(format!("{origin}: {path} is empty"));
                    None
                }
                Err(error) => {
                    self.problems
                        .push(format!("{origin}: {path} cannot be read: {error}"));
                    None
                }
            },
            (None, None) => None,
        };
        if kind == ProviderKind::Github && client_secret.is_none() && before == self.problems.len() {
            self.problems.push(format!(
                "login.{name}.client_secret is missing: GitHub has no public clients"
            ));
        }
        let domains = match part("domains") {
            Some((text, origin)) => units::domains(&text).unwrap_or_else(|why| {
                self.problems.push(format!("{origin}: {why}"));
                Vec::new()
            }),
            None => Vec::new(),
        };
        let organisations: Vec<String> = match part("organisations") {
            Some((_, origin)) if kind != ProviderKind::Github => {
                self.problems.push(format!(
                    "{origin}: organisations can be asked for at GitHub alone"
                ));
                Vec::new()
            }
            Some((text, _)) => units::list(&text).map(str::to_owned).collect(),
            None => Vec::new(),
        };
        let scopes = match part("scopes") {
            Some((text, _)) => units::list(&text).map(str::to_owned).collect(),
            None => usual_scopes(kind, !organisations.is_empty()),
        };
        let sign_up = match part("sign_up") {
            None => None,
            Some((text, origin)) => match units::sign_up(&text) {
                Ok(policy) => Some(policy),
                Err(why) => {
                    self.problems.push(format!("{origin}: {why}"));
                    None::<SignUpPolicy>
                }
            },
        };
        let shown = part("name").map_or_else(|| usual_name(name), |(text, _)| text);
        if shown.chars().count() > 40 || shown.chars().any(char::is_control) {
            self.problems.push(format!(
                "login.{name}.name: expected at most 40 characters on one line"
            ));
        }
        let id = id.filter(|_| before == self.problems.len())?;
        Some(Login {
            client: LoginClient {
                id: id.clone(),
                kind,
                issuer,
                client_id,
                client_secret,
                scopes,
                organisations: !organisations.is_empty(),
            },
            rules: ProviderRules {
                id,
                name: shown,
                kind,
                sign_up,
                domains,
                organisations,
            },
        })
    }
}

fn usual_name(name: &str) -> String {
    match name {
        "google" => "Google".to_owned(),
        "github" => "GitHub".to_owned(),
        other => other.to_owned(),
    }
}

fn usual_scopes(kind: ProviderKind, organisations: bool) -> Vec<String> {
    let scopes: &[&str] = match (kind, organisations) {
        (ProviderKind::Oidc, _) => &["email", "profile"],
        (ProviderKind::Github, false) => &["read:user", "user:email"],
        (ProviderKind::Github, true) => &["read:user", "user:email", "read:org"],
    };
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Sources};
    use super::*;

    fn read(environment: &[(&str, &str)], file: &str) -> Result<Config, String> {
        let mut all: Environment = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        all.insert("HOME".into(), "/home/ana".into());
        let sources = Sources {
            environment: all,
            file: Some(("c.toml".into(), file.to_owned())),
            ..Sources::default()
        };
        sources.read().map_err(|errors| errors.to_string())
    }

    #[test]
    fn well_known_providers_take_little() {
        let config = read(
            &[
                ("COORDINATOR_LOGIN_GOOGLE_CLIENT_ID", "id"),
                ("COORDINATOR_LOGIN_GOOGLE_CLIENT_SECRET", "hush"),
            ],
            "[login.github]\nclient_id = \"gh\"\nclient_secret = \"hush\"\norganisations = [\"acme\"]\n",
        )
        .unwrap();
        assert!(config.warnings.is_empty(), "{:?}", config.warnings);
        let [github, google] = config.logins.as_slice() else {
            panic!("two providers")
        };
        assert_eq!(
            (google.client.issuer.as_str(), google.rules.name.as_str()),
            (GOOGLE, "Google")
        );
        assert_eq!(google.client.scopes, ["email", "profile"]);
        assert_eq!(
            (github.client.issuer.as_str(), github.rules.name.as_str()),
            (GITHUB, "GitHub")
        );
        assert!(github.client.organisations && github.client.scopes.contains(&"read:org".to_owned()));
        assert!(!format!("{config:?}").contains("hush"));
    }

    #[test]
    fn variables_are_stronger_than_the_file() {
        let config = read(
            &[("COORDINATOR_LOGIN_MY_CORP_SIGN_UP", "open")],
            "[login.my-corp]\nissuer = \"https://login.example.org/realm\"\nclient_id = \"c\"\nsign_up = \"closed\"\nname = \"Corp\"\ndomains = \"Example.org\"\n",
        )
        .unwrap();
        let corp = &config.logins[0];
        assert_eq!(corp.rules.sign_up, Some(SignUpPolicy::Open));
        assert_eq!(corp.rules.domains, ["example.org"]);
        assert_eq!(corp.client.issuer, "https://login.example.org/realm");
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let wrong = read(
            &[("COORDINATOR_LOGIN_CORP_SIGN_UP", "maybe")],
            "[login.corp]\nissuer = \"http://login.example.org\"\nclient_idd = \"x\"\n[login.github]\nclient_id = \"x\"\n[login.UP]\nissuer = \"https://a.example\"\nclient_id = \"c\"\n",
        )
        .unwrap_err();
        for part in [
            "login.corp.issuer in c.toml: expected an https:// address",
            "there is no setting `login.corp.client_idd`; did you mean `client_id`?",
            "login.corp.client_id is missing",
            "COORDINATOR_LOGIN_CORP_SIGN_UP (environment): expected closed, invite_only or open",
            "login.github.client_secret is missing",
            "login.UP: the name",
        ] {
            assert!(wrong.contains(part), "{part}: {wrong}");
        }
    }

    #[test]
    fn a_variable_that_is_none_is_warned_of() {
        let config = read(&[("COORDINATOR_LOGIN_CORP_CLIENTID", "x")], "").unwrap();
        assert_eq!(config.warnings.len(), 1, "{:?}", config.warnings);
        assert!(config.logins.is_empty());
        assert_eq!(
            of_variable("COORDINATOR_LOGIN_A_CLIENT_SECRET_FILE"),
            Some(("a".into(), "client_secret_file"))
        );
    }
}
