//! What a sandbox sees besides the system: the runner, the agents, toolchains, certificates; and its environment.

mod certificates;
mod toolchains;

use std::collections::BTreeMap;

use protocol::keeper::{Bind, PROXY_PORT};

use crate::local::LocalSettings;

/// The runner inside.
pub(crate) const RUNNER: &str = "/opt/coordinator/bin/coordinator-runner";
const AGENTS: &str = "/opt/coordinator/agents";
const HOME: &str = "/home/agent";
const SYSTEM_PATH: [&str; 6] = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
];

/// Binds and environment.
#[derive(Debug, Default)]
pub(crate) struct View {
    pub binds: Vec<Bind>,
    pub env: BTreeMap<String, String>,
}

/// Puts together what this host offers now; a toolchain that is gone is left out.
pub(crate) fn view(settings: &LocalSettings, network: bool) -> View {
    let mut view = View::default();
    view.binds.push(Bind {
        host: settings.runner.clone(),
        inside: RUNNER.into(),
    });
    let mut path = Vec::new();
    if let Some(agents) = settings.agents_dir.as_ref().filter(|agents| agents.is_dir()) {
        view.binds.push(Bind {
            host: agents.clone(),
            inside: AGENTS.into(),
        });
        view.set("COORDINATOR_AGENTS_DIR", AGENTS);
        path.push(format!("{AGENTS}/bin"));
    }
    let found = toolchains::find(settings);
    path.extend(found.path);
    view.binds.extend(found.binds);
    view.env.extend(found.env);
    path.insert(0, format!("{HOME}/.local/bin"));
    path.extend(SYSTEM_PATH.map(str::to_owned));
    view.set("PATH", &path.join(":"));
    for (name, value) in [
        ("HOME", HOME),
        ("USER", "agent"),
        ("LOGNAME", "agent"),
        ("SHELL", "/bin/bash"),
        ("LANG", "C.UTF-8"),
        ("TERM", "dumb"),
        ("TMPDIR", "/tmp"),
        ("XDG_CONFIG_HOME", "/home/agent/.config"),
        ("XDG_DATA_HOME", "/home/agent/.local/share"),
        ("XDG_STATE_HOME", "/home/agent/.local/state"),
        ("XDG_CACHE_HOME", "/home/agent/.cache"),
        ("XDG_RUNTIME_DIR", "/tmp"),
        // The system is read-only: what is installed "globally" goes to the home.
        ("npm_config_prefix", "/home/agent/.local"),
        ("CARGO_HOME", "/home/agent/.cargo"),
    ] {
        view.set(name, value);
    }
    if network {
        let proxy = format!("http://127.0.0.1:{PROXY_PORT}");
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
            view.set(name, &proxy);
        }
        for name in ["NO_PROXY", "no_proxy"] {
            view.set(name, "127.0.0.1,localhost");
        }
        view.set("NODE_USE_ENV_PROXY", "1");
    }
    certificates::carry(settings, &mut view);
    view.env.extend(settings.extra_env.clone());
    view
}

impl View {
    fn set(&mut self, name: &str, value: &str) {
        self.env.insert(name.to_owned(), value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn nothing_of_the_servers_environment_leaks() {
        let host = [
            ("SECRET_TOKEN", "x"),
            ("PATH", "/usr/bin"),
            ("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"),
        ];
        let host = host
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let settings = LocalSettings::new(PathBuf::from("/data"), PathBuf::from("/runner"), host);
        let view = view(&settings, true);
        assert!(!view.env.contains_key("SECRET_TOKEN"));
        assert_eq!(view.env["HTTPS_PROXY"], "http://127.0.0.1:3128");
        assert!(view.env["PATH"].ends_with(":/bin"));
    }
}
