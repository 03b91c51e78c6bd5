//! The binary: everything is in the library, so that tests can reach it.

use std::process::ExitCode;

/// A server that streams allocates small things by the million, and hands them from one thread to another: with the
/// system's allocator that is a fifth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(coordinator::cli::main())
}
