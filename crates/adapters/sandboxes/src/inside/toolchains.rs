//! Finds the host's toolchains outside of `/usr` and shows them under their own paths, because many tools have
//! their place built in.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use protocol::keeper::Bind;

use crate::local::LocalSettings;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub binds: Vec<Bind>,
    pub path: Vec<String>,
    pub env: BTreeMap<String, String>,
}

/// Programs looked for on the host's `PATH`.
const PROGRAMS: [&str; 5] = ["node", "npm", "cargo", "python3", "go"];
/// Below these, programs are seen inside anyway.
const SHOWN: [&str; 7] = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"];
/// Never shown whole: too much else lies there.
const TOO_WIDE: [&str; 12] = [
    "/", "/etc", "/home", "/media", "/mnt", "/opt", "/root", "/run", "/srv", "/tmp", "/var", "/var/lib",
];

pub(super) fn find(settings: &LocalSettings) -> Found {
    let mut found = Found::default();
    for toolchain in &settings.toolchains {
        let bin = toolchain.join("bin");
        found.show(settings, toolchain);
        found.add_path(if bin.is_dir() { &bin } else { toolchain });
    }
    if settings.find_toolchains {
        for program in PROGRAMS {
            if let Some(place) = on_path(settings, program) {
                found.program(settings, program, &place);
            }
        }
    }
    found
}

fn on_path(settings: &LocalSettings, program: &str) -> Option<PathBuf> {
    let path = settings.host_env.get("PATH")?;
    let place = std::env::split_paths(path)
        .filter(|dir| dir.is_absolute())
        .map(|dir| dir.join(program));
    place.into_iter().find(|place| place.is_file())
}

fn is_shown(path: &Path) -> bool {
    SHOWN.iter().any(|shown| path.starts_with(shown))
}

impl Found {
    fn program(&mut self, settings: &LocalSettings, program: &str, place: &Path) {
        let Some(directory) = place.parent() else { return };
        let real = fs::canonicalize(place).unwrap_or_else(|_| place.to_path_buf());
        if is_shown(&real) && is_shown(place) {
            return;
        }
        if program == "cargo" && real.file_name().is_some_and(|name| name == "rustup") {
            return self.rustup(settings, directory);
        }
        if directory.ends_with("shims")
            && directory
                .parent()
                .is_some_and(|root| root.join("versions").is_dir())
        {
            if let Some(root) = directory.parent() {
                self.versions(settings, root);
            }
            return;
        }
        // `<prefix>/bin/<program>`, after links: the prefix is the toolchain.
        let prefix = real
            .parent()
            .filter(|bin| bin.ends_with("bin"))
            .and_then(Path::parent);
        if let Some(prefix) = prefix
            && self.show(settings, prefix)
        {
            self.add_path(&prefix.join("bin"));
        }
    }

    /// The proxies of rustup with the toolchains they choose from. Registry and credentials stay outside.
    fn rustup(&mut self, settings: &LocalSettings, bin: &Path) {
        let home = settings
            .host_env
            .get("HOME")
            .map(|home| Path::new(home).join(".rustup"));
        let Some(rustup) = settings.host_env.get("RUSTUP_HOME").map(PathBuf::from).or(home) else {
            return;
        };
        if rustup.is_dir() && self.show(settings, &rustup) && self.show(settings, bin) {
            self.add_path(bin);
            self.env
                .insert("RUSTUP_HOME".into(), rustup.to_string_lossy().into_owned());
            // What is not there cannot be added: the place is read-only and everyone's.
            self.env.insert("RUSTUP_AUTO_INSTALL".into(), "0".into());
        }
    }

    /// Several versions next to each other, with a file that names the chosen ones: those go on the path directly.
    fn versions(&mut self, settings: &LocalSettings, root: &Path) {
        let chosen = fs::read_to_string(root.join("version")).unwrap_or_default();
        for version in chosen
            .split_whitespace()
            .filter(|version| !version.contains('/') && *version != "..")
        {
            let prefix = root.join("versions").join(version);
            if prefix.is_dir() && self.show(settings, &prefix) {
                self.add_path(&prefix.join("bin"));
            }
        }
    }

    /// Shows a directory under its own path; false where that would show too much or is not possible.
    fn show(&mut self, settings: &LocalSettings, path: &Path) -> bool {
        let Ok(real) = fs::canonicalize(path) else {
            return false;
        };
        let home = settings.host_env.get("HOME").map(PathBuf::from);
        let holds = |inner: &Path| inner.starts_with(&real);
        if TOO_WIDE.iter().any(|wide| real == Path::new(wide))
            || home.as_deref().is_some_and(holds)
            || holds(&settings.data_dir)
            || real.starts_with(&settings.data_dir)
            || ["/workspace", "/home/agent", "/tmp", "/proc", "/dev", "/sys"]
                .iter()
                .any(|own| path.starts_with(own))
        {
            tracing::debug!(path = %path.display(), "not shown to sandboxes");
            return false;
        }
        let covered = |bind: &Bind| path.starts_with(&bind.inside);
        if !is_shown(path) && !self.binds.iter().any(covered) {
            self.binds.push(Bind {
                host: real,
                inside: path.to_path_buf(),
            });
        }
        true
    }

    fn add_path(&mut self, directory: &Path) {
        let text = directory.to_string_lossy().into_owned();
        if !self.path.contains(&text) {
            self.path.push(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(base: &Path) -> LocalSettings {
        let home = base.join("me");
        let path = [
            home.join(".pyenv/shims"),
            home.join(".cargo/bin"),
            home.join("node/bin"),
            "/usr/bin".into(),
        ];
        let path = std::env::join_paths(path).unwrap().into_string().unwrap();
        let env = [
            ("HOME".to_owned(), home.to_str().unwrap().to_owned()),
            ("PATH".to_owned(), path),
        ]
        .into();
        LocalSettings::new(base.join("data"), "/runner".into(), env)
    }

    #[test]
    fn toolchains_in_a_home_are_shown_and_the_home_is_not() {
        // Not below /tmp, which sandboxes have to themselves.
        let base = tempfile::tempdir_in("/var/tmp").unwrap();
        let home = base.path().join("me");
        for directory in [
            ".pyenv/shims",
            ".pyenv/versions/3.12/bin",
            ".cargo/bin",
            ".rustup/toolchains",
            "node/bin",
            "bin",
        ] {
            fs::create_dir_all(home.join(directory)).unwrap();
        }
        for file in [
            ".pyenv/shims/python3",
            ".cargo/bin/rustup",
            "node/bin/node",
            "bin/go",
        ] {
            fs::write(home.join(file), "").unwrap();
        }
        fs::write(home.join(".pyenv/version"), "3.12\n").unwrap();
        std::os::unix::fs::symlink("rustup", home.join(".cargo/bin/cargo")).unwrap();
        let mut settings = host(base.path());
        let path = format!("{}:{}", settings.host_env["PATH"], home.join("bin").display());
        settings.host_env.insert("PATH".into(), path);
        let found = find(&settings);
        let inside: Vec<_> = found
            .binds
            .iter()
            .map(|bind| bind.inside.strip_prefix(&home).unwrap())
            .collect();
        let expected = ["node", ".rustup", ".cargo/bin", ".pyenv/versions/3.12"];
        assert_eq!(inside, expected.map(Path::new));
        assert_eq!(found.env["RUSTUP_HOME"], home.join(".rustup").to_str().unwrap());
        assert!(found.path.iter().any(|entry| entry.ends_with("3.12/bin")));
    }
}
