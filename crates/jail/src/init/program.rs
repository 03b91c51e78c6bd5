//! The program that runs inside, made ready while allocation and look-ups are still harmless.

use std::ffi::CString;

use anyhow::{Context, Result, bail};
use protocol::keeper::JailSpec;

use crate::sys;

pub(crate) struct Program {
    path: CString,
    argv: Vec<CString>,
    env: Vec<CString>,
    cwd: String,
}

impl Program {
    pub(crate) fn prepare(jail: &JailSpec) -> Result<Self> {
        let argv = jail
            .argv
            .iter()
            .map(|argument| CString::new(argument.as_str()))
            .collect::<Result<Vec<_>, _>>()
            .context("an argument contains a zero byte")?;
        let env = jail
            .env
            .iter()
            .map(|(name, value)| CString::new(format!("{name}={value}")))
            .collect::<Result<Vec<_>, _>>()
            .context("an environment variable contains a zero byte")?;
        let Some(path) = argv.first().cloned() else {
            bail!("no program to run")
        };
        if !path.as_bytes().starts_with(b"/") {
            bail!("the program must be an absolute path inside");
        }
        Ok(Self {
            path,
            argv,
            env,
            cwd: jail.cwd.clone(),
        })
    }

    /// Becomes the program; comes back only on failure.
    pub(crate) fn exec(&self) -> std::io::Error {
        let steps = || -> std::io::Result<()> {
            nix::unistd::setsid()?;
            nix::unistd::chdir(self.cwd.as_str())?;
            sys::default_signals()
        };
        match steps() {
            Ok(()) => sys::exec(&self.path, &self.argv, &self.env),
            Err(error) => error,
        }
    }
}
