//! `bench-session`: measures the session engine. `cargo xtask bench session` builds and calls it.

use std::process::ExitCode;

fn main() -> ExitCode {
    bench::main()
}
