//! Programs of the system that building and testing need. Missing ones are installed where that is possible without
//! asking (Debian, as root); otherwise the one command that installs them is the answer.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

struct Tool {
    program: &'static str,
    /// An argument with which it answers and ends.
    probe: &'static str,
    package: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        program: "git",
        probe: "--version",
        package: "git",
    },
    Tool {
        program: "cc",
        probe: "--version",
        package: "gcc",
    },
    Tool {
        program: "make",
        probe: "--version",
        package: "make",
    },
    Tool {
        program: "tar",
        probe: "--version",
        package: "tar",
    },
    Tool {
        program: "gzip",
        probe: "--version",
        package: "gzip",
    },
];

pub(crate) fn ensure() -> Result<String> {
    let mut missing: Vec<&str> = TOOLS
        .iter()
        .filter(|tool| !process::exists(tool.program, tool.probe))
        .map(|tool| tool.package)
        .collect();
    // A C compiler without the C library's headers can't build anything.
    if !std::path::Path::new("/usr/include/stdlib.h").exists() && process::exists("apt-get", "--version") {
        missing.push("libc6-dev");
    }
    // The agents come from the npm registry: npm fetches them, or else curl does.
    if !process::exists("npm", "--version") && !process::exists("curl", "--version") {
        missing.extend(["curl", "ca-certificates"]);
    }
    if missing.is_empty() {
        return Ok("all there".to_owned());
    }
    if !process::exists("apt-get", "--version") {
        bail!(
            "missing: {} (named as Debian packages); install them with this system's package manager",
            missing.join(" ")
        );
    }
    install(&missing)?;
    Ok(format!("installed {}", missing.join(" ")))
}

/// Installs Debian packages: as root without asking, and otherwise by telling how.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if !root() {
        bail!(
            "missing packages; install them with: sudo apt-get install -y --no-install-recommends {}",
            packages.join(" ")
        );
    }
    process::run(Command::new("apt-get").arg("update").arg("-qq"))?;
    process::run(
        Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages),
    )
}

fn root() -> bool {
    process::capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
