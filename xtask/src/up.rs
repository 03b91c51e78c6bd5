//! `up`: from a clone to a serving URL.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::progress::Steps;
use crate::{build, repository};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Passed on to `coordinator up`, for example `--listen 127.0.0.1:9000 --data-dir /var/lib/coordinator`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    let root = repository::root()?;
    let mut steps = Steps::new("up", build::STEPS + 1);
    build::all(&root, &mut steps)?;
    steps.announce(&format!("Serving (ready to start after {})", steps.elapsed()));
    let program = repository::release(&root).join("coordinator");
    let mut command = Command::new(&program);
    command.arg("up").args(defaults(
        &arguments.rest,
        |name| std::env::var_os(name).is_some(),
        &root,
    ));
    command.args(&arguments.rest);
    // From here on this process is the server: signals and the exit code are its own.
    let error = command.exec();
    bail!("can't start {}: {error}", program.display());
}

/// Settings that the person left to us. Data lies in the clone unless told otherwise.
fn defaults(rest: &[String], set: impl Fn(&str) -> bool, root: &std::path::Path) -> Vec<String> {
    let given = |flag: &str| {
        rest.iter().any(|word| {
            word == flag
                || word
                    .strip_prefix(flag)
                    .is_some_and(|after| after.starts_with('='))
        })
    };
    let configured = given("--config") || set("COORDINATOR_CONFIG");
    let mut add = Vec::new();
    if !configured && !given("--listen") && !set("COORDINATOR_LISTEN") {
        add.extend(["--listen".to_owned(), "127.0.0.1:8080".to_owned()]);
    }
    if !configured && !given("--data-dir") && !set("COORDINATOR_DATA_DIR") {
        add.extend(["--data-dir".to_owned(), root.join(".data").display().to_string()]);
    }
    add
}

#[cfg(test)]
mod tests {
    use super::defaults;

    #[test]
    fn only_what_nobody_stated_gets_a_default() {
        let root = std::path::Path::new("/clone");
        let none = defaults(&[], |_| false, root);
        assert_eq!(none, ["--listen", "127.0.0.1:8080", "--data-dir", "/clone/.data"]);
        let flag = defaults(&["--listen=[::1]:1".to_owned()], |_| false, root);
        assert_eq!(flag, ["--data-dir", "/clone/.data"]);
        assert!(defaults(&[], |_| true, root).is_empty());
        assert!(defaults(&["--config".into(), "a.toml".into()], |_| false, root).is_empty());
    }
}
