//! Removes what a keeper that was killed could not: its groups, its socket, its record. Its processes are gone
//! already, because the kernel ties them to the keeper.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};

use super::record;
use crate::{launch, limits};

/// `sweep STATE_DIR`: fails when a keeper still lives there or something could not be removed.
#[must_use]
pub fn main() -> ExitCode {
    let swept = std::env::args_os()
        .nth(2)
        .context("no state directory")
        .and_then(|state| sweep(Path::new(&state)));
    match swept {
        Ok(true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn sweep(state: &Path) -> Result<bool> {
    let Some(_lock) = super::lock(state)? else {
        return Ok(false);
    };
    let groups: Vec<PathBuf> = std::fs::read(state.join(launch::GROUPS))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let mut left = groups;
    for _ in 0..100 {
        left.retain(|group| !limits::remove_group(group));
        if left.is_empty() {
            break;
        }
        let _ = nix::poll::poll(&mut [], nix::poll::PollTimeout::from(20_u8));
    }
    if !left.is_empty() {
        return Ok(false);
    }
    let _ = std::fs::remove_file(state.join("control.sock"));
    record::forget(state);
    Ok(true)
}
