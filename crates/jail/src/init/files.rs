//! Landlock: a second, independent wall around files. Reading follows what is mounted; writing is a short list.
//!
//! There is no rule for TCP ports: the network namespace is that boundary, and a port rule would break the
//! servers that test suites start on loopback.

use anyhow::{Context, Result};
use landlock::{
    ABI, Access, AccessFs, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};
use protocol::keeper::JailSpec;

use crate::sys;

/// Rights as this version of the jail knows them; older kernels hold the part they know.
const KNOWN: ABI = ABI::V6;

/// Answers the ABI in force, 0 for none.
pub(crate) fn restrict(jail: &JailSpec, notes: &mut Vec<String>) -> Result<u32> {
    let abi = sys::landlock_abi();
    if abi < 2 {
        // The first version cannot allow moving files between directories, which breaks every package manager.
        notes.push("landlock is not available".into());
        return Ok(0);
    }
    let all = AccessFs::from_all(KNOWN);
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(all)?
        .scope(Scope::AbstractUnixSocket | Scope::Signal)?
        .create()
        .context("create a landlock ruleset")?;
    ruleset = allow(ruleset, "/", AccessFs::from_read(KNOWN))?;
    let use_files = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::Truncate;
    ruleset = allow(ruleset, "/dev", use_files | AccessFs::IoctlDev)?;
    ruleset = allow(ruleset, "/proc", use_files)?;
    let mut writable = vec!["/tmp", "/dev/shm", "/home/agent"];
    if !jail.workspace_read_only {
        writable.push("/workspace");
    }
    for path in writable {
        ruleset = allow(ruleset, path, all)?;
    }
    let status = ruleset.restrict_self().context("enter landlock")?;
    if status.ruleset == RulesetStatus::NotEnforced {
        notes.push("landlock was not enforced".into());
        return Ok(0);
    }
    Ok(abi)
}

fn allow(ruleset: RulesetCreated, path: &str, access: BitFlags<AccessFs>) -> Result<RulesetCreated> {
    let fd = PathFd::new(path).with_context(|| format!("open {path}"))?;
    Ok(ruleset.add_rule(PathBeneath::new(fd, access))?)
}
