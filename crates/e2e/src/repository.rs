//! Git repositories made for a test.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// A directory of bare repositories.
#[derive(Debug)]
pub struct Repositories {
    place: TempDir,
}

impl Default for Repositories {
    fn default() -> Self {
        Self::new()
    }
}

impl Repositories {
    /// # Panics
    /// When there is no temporary directory.
    #[must_use]
    pub fn new() -> Self {
        match tempfile::Builder::new().prefix("coordinator-e2e-git-").tempdir() {
            Ok(place) => Self { place },
            Err(error) => panic!("no temporary directory: {error}"),
        }
    }

    /// Adds `<name>.git` with one commit that holds `files`.
    ///
    /// # Panics
    /// When git does not do it.
    pub fn add(&self, name: &str, files: &[(&str, &str)]) {
        let work = self.place.path().join(format!("{name}-work"));
        for (path, content) in files {
            let file = work.join(path);
            let parent = file.parent().unwrap_or(&work);
            std::fs::create_dir_all(parent).unwrap_or_else(|error| panic!("{path}: {error}"));
            std::fs::write(&file, content).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
        self.add_directory(name, &work);
    }

    /// Adds `<name>.git` with one commit that holds what is in `work`.
    ///
    /// # Panics
    /// When git does not do it.
    pub fn add_directory(&self, name: &str, work: &Path) {
        git(work, &["init", "--quiet", "--initial-branch=main"]);
        git(work, &["add", "--all", "--force"]);
        git(work, &["commit", "--quiet", "--message", "first"]);
        let bare = self.place.path().join(format!("{name}.git"));
        git(
            work,
            &["clone", "--quiet", "--bare", ".", &bare.to_string_lossy()],
        );
    }

    /// Adds a branch, at the commit that is there.
    ///
    /// # Panics
    /// When git does not do it.
    pub fn branch(&self, name: &str, branch: &str) {
        git(
            &self.place.path().join(format!("{name}.git")),
            &["branch", branch],
        );
    }

    /// Adds a small JavaScript project, called `<name>.git`.
    pub fn add_javascript(&self, name: &str) {
        self.add(
            name,
            &[
                ("package.json", "{\n  \"name\": \"sample\",\n  \"version\": \"1.0.0\",\n  \"engines\": {\"node\": \">=18\"},\n  \"scripts\": {\"test\": \"node --test\"}\n}\n"),
                ("package-lock.json", "{\"name\":\"sample\",\"version\":\"1.0.0\",\"lockfileVersion\":3,\"packages\":{}}\n"),
                ("index.js", "module.exports = (a, b) => a + b;\n"),
                ("index.test.js", "const test = require('node:test');\nconst assert = require('node:assert');\ntest('adds', () => assert.equal(require('./index.js')(1, 2), 3));\n"),
                ("README.md", "# Sample\n"),
            ],
        );
    }

    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.place.path().to_path_buf()
    }
}

fn git(directory: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(directory)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs([
            ("GIT_AUTHOR_NAME", "e2e"),
            ("GIT_AUTHOR_EMAIL", "e2e@example.org"),
            ("GIT_COMMITTER_NAME", "e2e"),
            ("GIT_COMMITTER_EMAIL", "e2e@example.org"),
        ])
        .output();
    match output {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!("git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("git: {error}"),
    }
}
