//! Reads the sources, checks everything, and says all that is wrong in one go.

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::PathBuf};

use domain::{
    address::{AllowList, PrivateNetworks},
    mail::MailAddress,
    sign_in::SignUpPolicy,
};
use protocol::keeper::Limits;
use secrecy::SecretString;

use super::{
    Accounts, Config, LogFormat, MinimumIsolation, Network, Sandbox, Server, SettingFlags, Storage, TlsFiles,
    logins,
    table::{SETTINGS, Setting},
    units,
};

/// The environment, as a value: read once, at start.
pub type Environment = BTreeMap<String, String>;

/// Variables that are not settings of the server.
const OTHERS: &[&str] = &[
    "COORDINATOR_CONFIG",
    "COORDINATOR_SERVER",
    "COORDINATOR_API_KEY",
    "COORDINATOR_BIN_DIR",
];

/// Where settings come from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    pub flags: SettingFlags,
    pub environment: Environment,
    /// Name and content of the file.
    pub file: Option<(PathBuf, String)>,
    /// What went wrong before: a file that could not be read.
    pub problems: Vec<String>,
}

/// Everything that is wrong with the configuration.
#[derive(Debug)]
pub struct ConfigErrors(pub Vec<String>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.0.len();
        write!(
            f,
            "the configuration has {n} {}",
            if n == 1 { "error" } else { "errors" }
        )?;
        for problem in &self.0 {
            write!(f, "\n  - {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

impl Sources {
    /// Flags, the process environment and the file they name.
    #[must_use]
    pub fn gather(flags: SettingFlags) -> Self {
        let mut problems = Vec::new();
        let mut environment = Environment::new();
        for (name, value) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            match value.into_string() {
                Ok(value) => {
                    environment.insert(name, value);
                }
                Err(_) if SETTINGS.iter().any(|setting| setting.env == name) => {
                    problems.push(format!("{name} (environment): the value is not UTF-8"));
                }
                Err(_) => {}
            }
        }
        let name = flags
            .file
            .clone()
            .or_else(|| environment.get("COORDINATOR_CONFIG").cloned());
        let file = name
            .map(PathBuf::from)
            .and_then(|name| match std::fs::read_to_string(&name) {
                Ok(text) => Some((name, text)),
                Err(error) => {
                    problems.push(format!("--config {}: cannot be read: {error}", name.display()));
                    None
                }
            });
        Self {
            flags,
            environment,
            file,
            problems,
        }
    }

    /// Checks everything.
    ///
    /// # Errors
    /// All that is wrong, each with the setting's name and what would be right.
    pub fn read(self) -> Result<Config, ConfigErrors> {
        let mut reader = Reader {
            values: BTreeMap::new(),
            logins: logins::Given::new(),
            problems: self.problems,
        };
        if let Some((path, text)) = &self.file {
            reader.file(&path.display().to_string(), text);
        }
        for setting in SETTINGS {
            if let Some(value) = self.environment.get(setting.env) {
                reader.values.insert(
                    setting.key,
                    (value.clone(), format!("{} (environment)", setting.env)),
                );
            }
        }
        reader.login_variables(&self.environment);
        for (key, value) in self.flags.given {
            let flag = Setting::find(key).and_then(Setting::flag).unwrap_or_default();
            reader.values.insert(key, (value, format!("--{flag}")));
        }
        let mut warnings: Vec<String> = self
            .environment
            .keys()
            .filter(|name| name.starts_with("COORDINATOR_") && !OTHERS.contains(&name.as_str()))
            .filter(|name| !SETTINGS.iter().any(|setting| setting.env == name.as_str()))
            .filter(|name| logins::of_variable(name).is_none())
            .map(|name| format!("{name} is set, but there is no such setting"))
            .collect();
        let config = reader.config(&self.environment, &mut warnings);
        if reader.problems.is_empty() {
            Ok(Config { warnings, ..config })
        } else {
            Err(ConfigErrors(reader.problems))
        }
    }
}

pub(super) struct Reader {
    /// Value and where it came from, by key.
    values: BTreeMap<&'static str, (String, String)>,
    pub(super) logins: logins::Given,
    pub(super) problems: Vec<String>,
}

impl Reader {
    fn file(&mut self, name: &str, text: &str) {
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                self.problems
                    .push(format!("{name}: not valid TOML: {}", error.message()));
                return;
            }
        };
        for (section, value) in table {
            let toml::Value::Table(values) = value else {
                self.problems.push(format!(
                    "{name}: `{section}` stands outside of a section; see `coordinator settings-markdown`"
                ));
                continue;
            };
            if section == logins::SECTION {
                self.login_section(name, &values);
                continue;
            }
            for (key, value) in values {
                let path = format!("{section}.{key}");
                let Some(setting) = Setting::find(&path) else {
                    self.problems
                        .push(format!("{name}: there is no setting `{path}`{}", nearest(&path)));
                    continue;
                };
                match plain(&value) {
                    Some(text) => {
                        self.values
                            .insert(setting.key, (text, format!("{path} in {name}")));
                    }
                    None => self
                        .problems
                        .push(format!("{path} in {name}: expected {}", setting.kind)),
                }
            }
        }
    }

    /// The value of a setting, or `fallback`; what is wrong with it is noted.
    pub(super) fn get<T>(
        &mut self,
        key: &str,
        fallback: T,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> T {
        let Some((text, origin)) = self.values.get(key) else {
            return fallback;
        };
        let secret = Setting::find(key).is_some_and(|setting| setting.secret);
        match parse(text.trim()) {
            Ok(value) => value,
            Err(why) => {
                let shown = if secret || why.contains('`') {
                    String::new()
                } else {
                    format!("`{text}`: ")
                };
                self.problems.push(format!("{origin}: {shown}{why}"));
                fallback
            }
        }
    }

    pub(super) fn path(&mut self, key: &str) -> Option<PathBuf> {
        self.get(key, None, |text| {
            if text.is_empty() {
                Err("expected a path, not nothing".into())
            } else {
                std::path::absolute(text)
                    .map(Some)
                    .map_err(|error| error.to_string())
            }
        })
    }

    fn duration(&mut self, key: &str, minutes: u64) -> std::time::Duration {
        let fallback = std::time::Duration::from_secs(minutes * 60);
        self.get(key, fallback, units::duration)
    }

    fn config(&mut self, environment: &Environment, warnings: &mut Vec<String>) -> Config {
        let server = self.server(warnings);
        let storage = self.storage(environment, warnings);
        let network = Network {
            allow_private: self.get("network.allow_private_networks", PrivateNetworks::None, |text| {
                text.parse()
                    .map_err(|error: domain::address::InvalidNetwork| error.to_string())
            }),
            egress_allow: self.get("network.egress_allow", AllowList::default(), |text| {
                text.parse()
                    .map_err(|error: domain::address::InvalidPattern| error.to_string())
            }),
        };
        let sandbox = self.sandbox();
        let accounts = self.accounts(warnings);
        let logins = self.logins();
        let demo = self.get("models.demo", true, units::boolean);
        let scripted_agent = self.get("models.scripted_agent", false, units::boolean);
        Config {
            server,
            storage,
            network,
            sandbox,
            limits: self.limits(),
            accounts,
            logins,
            demo,
            scripted_agent,
            warnings: Vec::new(),
        }
    }

    fn server(&mut self, warnings: &mut Vec<String>) -> Server {
        let listen = self.get(
            "server.listen",
            SocketAddr::from(([127, 0, 0, 1], 8080)),
            |text| {
                text.replace("localhost:", "127.0.0.1:").parse().map_err(|_| {
                    "expected an address and a port, for example 127.0.0.1:8080 or [::]:443".into()
                })
            },
        );
        let public_url = self.get("server.public_url", None, |text| {
            let wrong = || {
                "expected an http:// or https:// address without path, for example https://agents.example.org"
                    .to_owned()
            };
            let url = url::Url::parse(text).map_err(|_| wrong())?;
            let plain = url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty();
            if matches!(url.scheme(), "http" | "https") && url.has_host() && plain {
                Ok(Some(url))
            } else {
                Err(wrong())
            }
        });
        let tls = match (self.path("server.tls_cert"), self.path("server.tls_key")) {
            (Some(cert), Some(key)) => {
                for (name, path) in [("tls_cert", &cert), ("tls_key", &key)] {
                    if let Err(error) = std::fs::File::open(path) {
                        self.problems.push(format!(
                            "server.{name}: {} cannot be read: {error}",
                            path.display()
                        ));
                    }
                }
                Some(TlsFiles { cert, key })
            }
            (None, None) => None,
            (Some(_), None) => {
                self.problems
                    .push("server.tls_key is missing: COORDINATOR_TLS_CERT needs COORDINATOR_TLS_KEY".into());
                None
            }
            (None, Some(_)) => {
                self.problems.push(
                    "server.tls_cert is missing: COORDINATOR_TLS_KEY needs COORDINATOR_TLS_CERT".into(),
                );
                None
            }
        };
        let secure = tls.is_some() || public_url.as_ref().is_some_and(|url| url.scheme() == "https");
        if !listen.ip().is_loopback() && !secure {
            warnings.push(format!(
                "{listen} is open to the network without TLS: API keys travel readable; set COORDINATOR_TLS_CERT and COORDINATOR_TLS_KEY, or put a proxy with TLS before it"
            ));
        }
        Server {
            listen,
            public_url,
            tls,
            trusted_proxies: self.get("server.trusted_proxies", Vec::new(), |text| {
                units::list(text).map(units::network).collect()
            }),
            log: self.get("server.log", "info".to_owned(), |text| {
                tracing_subscriber::EnvFilter::try_new(text)
                    .map(|_| text.to_owned())
                    .map_err(|_| "expected a filter such as info or warn,sessions=debug".into())
            }),
            log_format: self.get("server.log_format", LogFormat::Text, |text| match text {
                "text" => Ok(LogFormat::Text),
                "json" => Ok(LogFormat::Json),
                _ => Err("expected text or json".into()),
            }),
        }
    }

    fn storage(&mut self, environment: &Environment, warnings: &mut Vec<String>) -> Storage {
        let home = || {
            let base = environment
                .get("XDG_DATA_HOME")
                .filter(|path| path.starts_with('/'))
                .map(PathBuf::from);
            base.or_else(|| {
                environment
                    .get("HOME")
                    .filter(|home| !home.is_empty())
                    .map(|home| PathBuf::from(home).join(".local/share"))
            })
        };
        let data_dir = self
            .path("storage.data_dir")
            .or_else(|| home().map(|base| base.join("coordinator")));
        if data_dir.is_none() {
            self.problems.push(
                "storage.data_dir is missing and there is no HOME: give --data-dir or COORDINATOR_DATA_DIR"
                    .into(),
            );
        }
        let database = self.get("storage.database_url", None, postgres_address);
        let runs_database = self.get("storage.runs_database_url", database, postgres_address);
        let master_key = self.get("storage.master_key", None, |text| {
            Ok(Some(SecretString::from(text)))
        });
        let master_key_command = self.get("storage.master_key_command", None, |text| {
            Ok(Some(text.to_owned()).filter(|text| !text.trim().is_empty()))
        });
        let master_key_previous = self.get("storage.master_key_previous", None, |text| {
            Ok(Some(SecretString::from(text)))
        });
        if master_key.is_some() && master_key_command.is_some() {
            self.problems.push(
                "storage.master_key and storage.master_key_command exclude each other: give one".into(),
            );
        }
        let data_dir = data_dir.unwrap_or_default();
        let artifacts = self.artifact_place(&data_dir, warnings);
        Storage {
            data_dir,
            master_key,
            master_key_command,
            master_key_previous,
            runs_database,
            artifacts,
            artifact_limits: self.artifact_limits(),
            reserve: self.get("storage.reserve", 256 << 20, units::size_of_at_least(1 << 20)),
            retention: app::Retention {
                archived: self.get("storage.keep_archived", None, units::duration_or_forever),
                runs: self.get("storage.keep_runs", None, units::duration_or_forever),
            },
            org_grace: self.get("storage.org_grace", app::ORG_GRACE, units::duration),
            bundle_bytes: self.get("storage.bundle_size", 16 << 30, units::size_of_at_least(1 << 20)),
        }
    }

    fn accounts(&mut self, warnings: &mut Vec<String>) -> Accounts {
        let mail_from = self.get("accounts.mail_from", MailAddress::of_this_machine(), |text| {
            MailAddress::read(text).map_err(|error| error.to_string())
        });
        let mail = self.mail(&mail_from, warnings);
        Accounts {
            mail,
            sign_up: self.get("accounts.sign_up", SignUpPolicy::default(), units::sign_up),
            domains: self.get("accounts.sign_up_domains", Vec::new(), units::domains),
            mail_from,
        }
    }

    fn sandbox(&mut self) -> Sandbox {
        let limits = Limits {
            memory_bytes: self.get("sandbox.limit_memory", 4 << 30, units::size_of_at_least(64 << 20)),
            pids: self.get("sandbox.limit_pids", 1024, |text| match text.parse() {
                Ok(n) if n >= 16 => Ok(n),
                _ => Err("expected a number of at least 16".into()),
            }),
            cpu_milli: self.get("sandbox.limit_cpu", 2000, units::cores),
            disk_bytes: self.get("sandbox.limit_disk", 10 << 30, units::size_of_at_least(16 << 20)),
            tmp_bytes: self.get("sandbox.limit_tmp", 1 << 30, units::size_of_at_least(1 << 20)),
        };
        self.get("sandbox.provider", (), |text| match text {
            "local" => Ok(()),
            "none" => Err("this build cannot run agents without isolation; unset it".into()),
            _ => Err("expected local".into()),
        });
        let toolchains = self.get("sandbox.toolchains", Vec::new(), |text| {
            units::list(text)
                .map(|one| match PathBuf::from(one) {
                    path if path.is_absolute() && path.exists() => Ok(path),
                    path => Err(format!("`{}` is not an existing absolute path", path.display())),
                })
                .collect()
        });
        Sandbox {
            minimum_isolation: self.get("sandbox.minimum_isolation", MinimumIsolation::Reduced, |text| {
                match text {
                    "full" => Ok(MinimumIsolation::Full),
                    "reduced" => Ok(MinimumIsolation::Reduced),
                    _ => Err("expected full or reduced".into()),
                }
            }),
            agents_dir: self.path("sandbox.agents_dir"),
            limits,
            hibernate_after: self.duration("sandbox.hibernate_after", 15),
            clone_timeout: self.duration("sandbox.clone_timeout", 10),
            setup_timeout: self.duration("sandbox.setup_timeout", 15),
            first_output_timeout: self.duration("sandbox.first_output_timeout", 10),
            turn_idle_timeout: self.duration("sandbox.turn_idle_timeout", 30),
            toolchains,
        }
    }
}

/// TOML scalars and lists of them as the text a flag would have.
pub(super) fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(items) => items
            .iter()
            .map(plain)
            .collect::<Option<Vec<_>>>()
            .map(|items| items.join(",")),
        _ => None,
    }
}

/// `; did you mean ...` for a slip of one or two letters, or the right name in the wrong section.
fn nearest(path: &str) -> String {
    let name = path.rsplit('.').next().unwrap_or(path);
    let near = SETTINGS.iter().find(|setting| {
        let other = setting.key.rsplit('.').next().unwrap_or(setting.key);
        other == name || distance(other, name) <= 2
    });
    near.map_or_else(String::new, |setting| {
        format!("; did you mean `{}`?", setting.key)
    })
}

/// Letters to change, add or leave out.
pub(super) fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut previous = row[0];
        row[0] = i + 1;
        for (j, b) in right.bytes().enumerate() {
            let cost = (previous + usize::from(a != b))
                .min(row[j] + 1)
                .min(row[j + 1] + 1);
            previous = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[right.len()]
}

/// Nothing of it is repeated where it is wrong: it may have a password.
fn postgres_address(text: &str) -> Result<Option<SecretString>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let address = SecretString::from(text);
    match postgres::check_address(&address) {
        Ok(()) => Ok(Some(address)),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(environment: &[(&str, &str)], file: Option<&str>) -> Sources {
        let mut all: Environment = [("HOME".to_owned(), "/home/someone".to_owned())].into();
        all.extend(
            environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        Sources {
            environment: all,
            file: file.map(|text| ("c.toml".into(), text.to_owned())),
            ..Sources::default()
        }
    }

    #[test]
    fn flags_win_over_environment_over_file() {
        let mut sources = sources(
            &[
                ("COORDINATOR_LISTEN", "127.0.0.1:2"),
                ("COORDINATOR_LIMIT_PIDS", "200"),
            ],
            Some("[server]\nlisten='127.0.0.1:1'\n[sandbox]\nlimit_pids=100\nlimit_cpu=1.5\n"),
        );
        sources.flags.given.insert("server.listen", "127.0.0.1:3".into());
        let config = sources.read().unwrap();
        assert_eq!(config.server.listen.port(), 3);
        assert_eq!(config.sandbox.limits.pids, 200);
        assert_eq!(config.sandbox.limits.cpu_milli, 1500);
        assert_eq!(
            config.storage.data_dir,
            PathBuf::from("/home/someone/.local/share/coordinator")
        );
    }

    #[test]
    fn all_errors_come_at_once_and_secrets_stay_unsaid() {
        let errors = sources(
            &[
                ("COORDINATOR_LISTEN", "here"),
                ("COORDINATOR_DATABASE_URL", "mysql://u:hunter2@h/d"),
                ("COORDINATOR_TLS_CERT", "/nowhere"),
            ],
            Some("[server]\nlistn='x'\n[sandbox]\nlimit_memory='much'\nprovider={}\n"),
        )
        .read()
        .unwrap_err();
        let text = errors.to_string();
        for part in [
            "COORDINATOR_LISTEN",
            "server.listn",
            "did you mean `server.listen`",
            "sandbox.limit_memory",
            "sandbox.provider",
            "COORDINATOR_DATABASE_URL",
            "server.tls_key is missing",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("hunter2"));
        assert_eq!(errors.0.len(), 6);
    }

    #[test]
    fn there_is_no_way_without_isolation() {
        assert!(sources(&[], None).read().is_ok());
        assert!(sources(&[("COORDINATOR_SANDBOX", "none")], None).read().is_err());
    }

    #[test]
    fn an_unknown_variable_is_only_a_warning() {
        let config = sources(&[("COORDINATOR_LISTN", "x"), ("COORDINATOR_SERVER", "x")], None)
            .read()
            .unwrap();
        assert_eq!(
            config.warnings,
            ["COORDINATOR_LISTN is set, but there is no such setting"]
        );
    }
}
