//! What a detector is and what it hands back.

use protocol::environment::{Evidence, RuntimeWish};

use super::tree::Project;
use super::words::{self, Word};

/// Evidence lines kept for one finding; past this a repository is only repeating itself.
const MAX_EVIDENCE: usize = 24;

/// Recognises one ecosystem in one directory.
pub trait Detector: Sync {
    /// Name of the ecosystem, for people.
    fn ecosystem(&self) -> &'static str;
    /// File names whose contents this detector reads: a name, a path from the root, or `*` and the end of a name.
    fn wanted(&self) -> &'static [&'static str];
    /// What this detector looks for, in words; shown when nothing was recognised.
    fn looked_for(&self) -> &'static str;
    /// Extensions of source files, to tell which ecosystem of several is the main one.
    fn extensions(&self) -> &'static [&'static str];
    /// Whether the finding manages dependencies or only names tasks.
    fn role(&self) -> Role {
        Role::Ecosystem
    }
    /// The answer for one directory; `None` when nothing of this ecosystem lies there.
    fn detect(&self, project: &Project<'_>) -> Option<Finding>;
}

/// How a finding joins the plan, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Manages dependencies; its commands are the plan.
    Ecosystem,
    /// A task runner; its commands fill only what no ecosystem answered.
    TaskRunner,
    /// States runtimes and perhaps setup commands, but manages nothing; fills like a task runner.
    Toolchain,
    /// Says something about runtimes that others named; alone it is no more than a hint.
    Hint,
}

/// What one detector concluded about one directory.
#[derive(Debug, Clone)]
pub struct Finding {
    pub manager: &'static str,
    pub install: Vec<String>,
    pub test: Vec<String>,
    pub start: Vec<String>,
    pub runtimes: Vec<RuntimeWish>,
    pub evidence: Vec<Evidence>,
    directory: Option<Word>,
    covers_below: bool,
}

impl Finding {
    pub fn new(manager: &'static str, project: &Project<'_>) -> Self {
        Self {
            manager,
            install: Vec::new(),
            test: Vec::new(),
            start: Vec::new(),
            runtimes: Vec::new(),
            evidence: Vec::new(),
            directory: project.directory().cloned(),
            covers_below: false,
        }
    }

    pub fn install(&mut self, command: impl AsRef<str>) {
        let command = self.placed(command.as_ref());
        self.install.push(command);
    }

    pub fn test(&mut self, command: impl AsRef<str>) {
        let command = self.placed(command.as_ref());
        self.test.push(command);
    }

    pub fn start(&mut self, command: impl AsRef<str>) {
        let command = self.placed(command.as_ref());
        self.start.push(command);
    }

    /// Says that projects of the same ecosystem in folders below are members of this one.
    pub fn covers_below(&mut self) {
        self.covers_below = true;
    }

    /// Whether the same ecosystem is looked for in the folders below. A workspace serves its members; and where the
    /// root can be tested or started, folders of the same kind are parts of it.
    pub fn leaves_below(&self) -> bool {
        !self.covers_below && self.bare()
    }

    /// Nothing to test and nothing to start: it may do no more than configure tooling.
    pub fn bare(&self) -> bool {
        self.test.is_empty() && self.start.is_empty()
    }

    /// Records why. `because` may quote a file through [`words::quoted`] only.
    pub fn because(&mut self, file: impl AsRef<str>, because: impl AsRef<str>) {
        if self.evidence.len() < MAX_EVIDENCE {
            self.evidence.push(Evidence {
                file: words::line(file.as_ref(), 200),
                because: words::line(because.as_ref(), 300),
            });
        }
    }

    /// Records a runtime once; the first (most exact) statement of a version wins.
    pub fn runtime(&mut self, name: &'static str, version: Option<String>) {
        match self.runtimes.iter_mut().find(|wish| wish.name == name) {
            Some(wish) if wish.version.is_none() => wish.version = version,
            Some(_) => {}
            None => self.runtimes.push(RuntimeWish {
                name: name.to_owned(),
                version,
            }),
        }
    }

    /// Records a version that a file states, or why it can't be used.
    pub fn runtime_from(&mut self, name: &'static str, file: &str, place: &str, stated: &str) {
        match words::version(stated) {
            Some(version) => {
                self.because(
                    file,
                    format!("{place} asks for {name} {}", words::quoted(&version)),
                );
                self.runtime(name, Some(version));
            }
            None => {
                self.because(
                    file,
                    format!(
                        "{place} is not a version that can be used: {}",
                        words::quoted(stated)
                    ),
                );
                self.runtime(name, None);
            }
        }
    }

    fn placed(&self, command: &str) -> String {
        match &self.directory {
            Some(directory) => format!("cd {directory} && {command}"),
            None => command.to_owned(),
        }
    }
}
