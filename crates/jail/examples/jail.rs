//! The jail's processes alone, for trying them out by hand and for tests: dispatches as the runner binary does.

fn main() -> std::process::ExitCode {
    jail::dispatch().unwrap_or(std::process::ExitCode::FAILURE)
}
