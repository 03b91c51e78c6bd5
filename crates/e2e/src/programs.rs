//! Where the programs under test are.

use std::path::{Path, PathBuf};

/// The directory of `coordinator` and `coordinator-runner`.
///
/// # Panics
/// When they are not built.
#[must_use]
pub fn programs_directory() -> PathBuf {
    let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/release");
    let directory = std::env::var_os("COORDINATOR_BIN_DIR").map_or_else(built, PathBuf::from);
    for name in ["coordinator", "coordinator-runner"] {
        assert!(
            directory.join(name).is_file(),
            "{name} is not in {}: run `cargo xtask build`, or set COORDINATOR_BIN_DIR",
            directory.display()
        );
    }
    match directory.canonicalize() {
        Ok(directory) => directory,
        Err(error) => panic!("{}: {error}", directory.display()),
    }
}

/// One of the programs.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    programs_directory().join(name)
}
