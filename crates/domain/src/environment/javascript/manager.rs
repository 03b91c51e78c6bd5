//! Which package manager, and which form of its install command.
//!
//! Order of belief: the `packageManager` field, `devEngines`, a lockfile, a manager's own configuration file, npm.

use super::super::tree::Project;
use super::super::words;
use super::manifest::Manifest;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manager {
    Npm,
    Pnpm,
    YarnClassic,
    YarnBerry,
    Bun,
}

impl Manager {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Pnpm => "pnpm",
            Self::YarnClassic | Self::YarnBerry => "yarn",
            Self::Bun => "bun",
        }
    }

    /// Runs a script of a fixed name. The short forms exist only where they mean the script and nothing else:
    /// `bun test` would be bun's own test runner.
    pub(super) fn run(self, script: &'static str) -> String {
        match (self, script) {
            (Self::Npm | Self::Pnpm, "test" | "start") => format!("{} {script}", self.name()),
            (Self::YarnClassic | Self::YarnBerry, _) => format!("yarn {script}"),
            (Self::Npm | Self::Pnpm | Self::Bun, _) => format!("{} run {script}", self.name()),
        }
    }

    /// Runs a tool that the project depends on.
    pub(super) fn execute(self, tool: &'static str) -> String {
        match self {
            Self::Npm => format!("npx --no-install {tool}"),
            Self::Pnpm => format!("pnpm exec {tool}"),
            Self::YarnClassic | Self::YarnBerry => format!("yarn {tool}"),
            Self::Bun => format!("bunx --no-install {tool}"),
        }
    }

    fn locks(self) -> &'static [&'static str] {
        match self {
            Self::Npm => &["npm-shrinkwrap.json", "package-lock.json"],
            Self::Pnpm => &["pnpm-lock.yaml"],
            Self::YarnClassic | Self::YarnBerry => &["yarn.lock"],
            Self::Bun => &["bun.lock", "bun.lockb"],
        }
    }
}

#[derive(Debug)]
pub(super) struct Choice {
    pub(super) manager: Manager,
    pub(super) version: Option<String>,
    lock: Option<&'static str>,
    pub(super) evidence: Vec<(String, String)>,
}

impl Choice {
    /// With a lockfile the install must follow it or fail; without one that form would always fail.
    pub(super) fn install(&self) -> &'static str {
        match (self.manager, self.lock.is_some()) {
            (Manager::Npm, true) => "npm ci",
            (Manager::Npm, false) => "npm install",
            (Manager::Pnpm, true) => "pnpm install --frozen-lockfile",
            (Manager::Pnpm, false) => "pnpm install",
            (Manager::YarnClassic, true) => "yarn install --frozen-lockfile",
            (Manager::YarnBerry, true) => "yarn install --immutable",
            (Manager::YarnClassic | Manager::YarnBerry, false) => "yarn install",
            (Manager::Bun, true) => "bun install --frozen-lockfile",
            (Manager::Bun, false) => "bun install",
        }
    }
}

pub(super) fn choose(project: &Project<'_>, manifest: &Manifest) -> Choice {
    let mut evidence = Vec::new();
    let mut note = |file: &str, because: String| evidence.push((file.to_owned(), because));
    let mut version = None;

    let stated = manifest
        .package_manager()
        .map(|text| ("packageManager", text.to_owned()))
        .or_else(|| {
            let (name, version) = manifest.dev_engine()?;
            Some((
                "devEngines.packageManager",
                version.map_or(name.to_owned(), |version| format!("{name}@{version}")),
            ))
        });
    let by_field = stated.and_then(|(field, text)| {
        let (name, stated) = text
            .split_once('@')
            .map_or((text.as_str(), None), |(name, rest)| (name, Some(rest)));
        // A hash may follow the version: `pnpm@9.1.0+sha512.…`.
        let stated = stated
            .and_then(|rest| rest.split('+').next())
            .and_then(words::version);
        let Some(manager) = named(project, name, stated.as_deref()) else {
            note(
                "package.json",
                format!("{field} names an unknown manager: {}", words::quoted(&text)),
            );
            return None;
        };
        let shown = stated
            .as_ref()
            .map_or(name.to_owned(), |version| format!("{name} {version}"));
        note("package.json", format!("{field} says {}", words::quoted(&shown)));
        version = stated;
        Some(manager)
    });

    let locks = locked(project);
    let manager = by_field.or_else(|| {
        let (manager, lock) = locks.first()?;
        note(lock, format!("this lockfile belongs to {}", described(*manager)));
        Some(*manager)
    });
    let manager = manager.or_else(|| {
        if project.has("pnpm-workspace.yaml") {
            note("pnpm-workspace.yaml", "pnpm's workspace file".to_owned());
            Some(Manager::Pnpm)
        } else if project.has(".yarnrc.yml") {
            note(".yarnrc.yml", "configuration of yarn berry".to_owned());
            Some(Manager::YarnBerry)
        } else if project.has("bunfig.toml") {
            note("bunfig.toml", "configuration of bun".to_owned());
            Some(Manager::Bun)
        } else {
            None
        }
    });
    let manager = manager.unwrap_or_else(|| {
        note(
            "package.json",
            "no lockfile and no packageManager field: npm, which comes with Node.js".to_owned(),
        );
        Manager::Npm
    });

    let lock = project.first(manager.locks());
    match lock {
        Some(lock) if by_field.is_some() => note(
            lock,
            "its lockfile is there: install exactly what it says".to_owned(),
        ),
        None => note(
            "package.json",
            format!("no lockfile of {}: a plain install", manager.name()),
        ),
        Some(_) => {}
    }
    for (other, file) in locks.iter().filter(|(other, _)| other.name() != manager.name()) {
        note(
            file,
            format!(
                "a lockfile of {} lies here too; {} goes first",
                other.name(),
                manager.name()
            ),
        );
    }
    Choice {
        manager,
        version,
        lock,
        evidence,
    }
}

fn described(manager: Manager) -> &'static str {
    match manager {
        Manager::YarnClassic => "yarn classic",
        Manager::YarnBerry => "yarn berry",
        other => other.name(),
    }
}

fn named(project: &Project<'_>, name: &str, version: Option<&str>) -> Option<Manager> {
    match name {
        "npm" => Some(Manager::Npm),
        "pnpm" => Some(Manager::Pnpm),
        "bun" => Some(Manager::Bun),
        "yarn" => Some(match version.and_then(major) {
            Some(0 | 1) => Manager::YarnClassic,
            Some(_) => Manager::YarnBerry,
            None => yarn(project),
        }),
        _ => None,
    }
}

fn major(version: &str) -> Option<u32> {
    let digits: String = version
        .trim_start_matches(['^', '~', '>', '=', 'v'])
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

/// Berry and classic share the lockfile's name; berry's own file or its lockfile's header tells.
fn yarn(project: &Project<'_>) -> Manager {
    let berry = project.has(".yarnrc.yml")
        || project
            .known("yarn.lock")
            .is_some_and(|text| text.lines().take(20).any(|line| line == "__metadata:"));
    if berry {
        Manager::YarnBerry
    } else {
        Manager::YarnClassic
    }
}

/// Lockfiles that are there. npm comes last: a stray package-lock.json beside another lockfile is the usual accident.
fn locked(project: &Project<'_>) -> Vec<(Manager, &'static str)> {
    let yarn = yarn(project);
    [Manager::Pnpm, Manager::Bun, yarn, Manager::Npm]
        .into_iter()
        .filter_map(|manager| Some((manager, project.first(manager.locks())?)))
        .collect()
}
