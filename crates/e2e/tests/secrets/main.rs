//! Secrets with real processes: nothing of them is found where they are not due, keys change under load without a loss,
//! what was moved or shredded does not open, and the audit log names what was changed.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod accounts;
mod audit;
mod journey;
mod keys;
mod moved;
mod process;
mod search;

/// Figures, for whoever looks at the output.
fn say(text: String) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}
