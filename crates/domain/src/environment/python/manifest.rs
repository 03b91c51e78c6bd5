//! pyproject.toml and its older relatives, read leniently.

use toml::{Table, Value};

use super::super::tree::Project;
use super::super::words::Word;

#[derive(Debug, Default)]
pub(super) struct Manifest {
    pub(super) pyproject: Option<Table>,
    pipfile: Option<Table>,
    setup_cfg: String,
    setup_py: String,
    requirements: Vec<(String, String)>,
}

/// Files of pinned or loose requirements, with what tests need after what the program needs.
pub(super) const REQUIREMENTS: &[&str] = &[
    "requirements.txt",
    "requirements/base.txt",
    "requirements-dev.txt",
    "dev-requirements.txt",
    "requirements_dev.txt",
    "requirements/dev.txt",
    "requirements-test.txt",
    "test-requirements.txt",
    "requirements_test.txt",
    "requirements/test.txt",
];

impl Manifest {
    pub(super) fn read(project: &Project<'_>) -> (Self, Vec<(&'static str, String)>) {
        let mut trouble = Vec::new();
        let mut table = |name: &'static str| match project.toml(name) {
            Some(Ok(table)) => Some(table),
            Some(Err(why)) => {
                trouble.push((name, why));
                None
            }
            None => None,
        };
        let manifest = Self {
            pyproject: table("pyproject.toml"),
            pipfile: table("Pipfile"),
            setup_cfg: project.known("setup.cfg").unwrap_or_default().to_owned(),
            setup_py: project.known("setup.py").unwrap_or_default().to_owned(),
            requirements: REQUIREMENTS
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), project.known(name)?.to_owned())))
                .collect(),
        };
        (manifest, trouble)
    }

    fn at(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter()
            .try_fold(self.pyproject.as_ref()?.get(*first)?, |value, key| value.get(key))
    }

    pub(super) fn has(&self, path: &[&str]) -> bool {
        self.at(path).is_some()
    }

    pub(super) fn text(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_str()
    }

    pub(super) fn table(&self, path: &[&str]) -> Option<&Table> {
        self.at(path)?.as_table()
    }

    pub(super) fn setup_cfg(&self, section: &str) -> bool {
        self.setup_cfg.lines().any(|line| line.trim() == section)
    }

    pub(super) fn pipfile_python(&self) -> Option<&str> {
        let requires = self.pipfile.as_ref()?.get("requires")?;
        requires
            .get("python_full_version")
            .or_else(|| requires.get("python_version"))?
            .as_str()
    }

    /// Whether pip could install the directory itself.
    pub(super) fn installable(&self, project: &Project<'_>) -> bool {
        project.has("setup.py")
            || self.has(&["build-system"])
            || self.has(&["project", "name"])
            || self.setup_cfg("[metadata]")
    }

    /// Whether anything that is installed without asking for an extra or a group names `package`.
    pub(super) fn requires(&self, package: &str) -> bool {
        let direct = self
            .at(&["project", "dependencies"])
            .is_some_and(|list| names(list, package));
        let poetry = [
            &["tool", "poetry", "dependencies"][..],
            &["tool", "poetry", "dev-dependencies"],
            &["tool", "poetry", "group", "dev", "dependencies"],
            &["tool", "poetry", "group", "test", "dependencies"],
            &["tool", "poetry", "group", "tests", "dependencies"],
        ]
        .iter()
        .any(|path| self.table(path).is_some_and(|table| table.contains_key(package)));
        let pipfile = self.pipfile.as_ref().is_some_and(|file| {
            ["packages", "dev-packages"]
                .iter()
                .any(|list| file.get(*list).is_some_and(|list| list.get(package).is_some()))
        });
        let required = self
            .requirements
            .iter()
            .any(|(_, text)| text.lines().any(|line| is(line, package)));
        direct || poetry || pipfile || required
    }

    /// Whether `package` is named anywhere, installed unasked or not.
    pub(super) fn mentions(&self, package: &str) -> bool {
        self.requires(package)
            || self.group_with(package).is_some()
            || self.extra_with(package).is_some()
            || self.optional_poetry_group_with(package).is_some()
            || self.setup_py.contains(package)
            || self.setup_cfg.contains(package)
    }

    /// Dependency groups (PEP 735) that name `package`; `dev` comes first because tools install it unasked.
    pub(super) fn group_with(&self, package: &str) -> Option<Word> {
        self.listed(&["dependency-groups"], package)
            .or_else(|| self.listed(&["tool", "pdm", "dev-dependencies"], package))
            .or_else(|| {
                let legacy = self.at(&["tool", "uv", "dev-dependencies"])?;
                if names(legacy, package) {
                    Word::new("dev")
                } else {
                    None
                }
            })
    }

    /// An extra of the package itself that names `package`.
    pub(super) fn extra_with(&self, package: &str) -> Option<Word> {
        self.listed(&["project", "optional-dependencies"], package)
    }

    /// An optional poetry group that names `package`.
    pub(super) fn optional_poetry_group_with(&self, package: &str) -> Option<Word> {
        self.table(&["tool", "poetry", "group"])?
            .iter()
            .find_map(|(name, group)| {
                let optional = group.get("optional").and_then(Value::as_bool) == Some(true);
                let named = group
                    .get("dependencies")
                    .is_some_and(|list| list.get(package).is_some());
                if optional && named { Word::new(name) } else { None }
            })
    }

    fn listed(&self, path: &[&str], package: &str) -> Option<Word> {
        let table = self.table(path)?;
        let named = |name: &String| table.get(name).is_some_and(|list| names(list, package));
        let mut keys: Vec<&String> = table.keys().filter(|name| named(name)).collect();
        keys.sort_by_key(|name| (!matches!(name.as_str(), "dev"), name.len(), (*name).clone()));
        keys.into_iter().find_map(|name| Word::new(name))
    }
}

fn names(list: &Value, package: &str) -> bool {
    list.as_array().is_some_and(|list| {
        list.iter()
            .filter_map(Value::as_str)
            .any(|line| is(line, package))
    })
}

/// Whether a requirement line is about `package` (not about `package-plugin`).
fn is(line: &str, package: &str) -> bool {
    line.trim().strip_prefix(package).is_some_and(|rest| {
        !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || "-_.".contains(next))
    })
}
