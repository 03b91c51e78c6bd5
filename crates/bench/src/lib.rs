//! The bench of the session engine: the real server process under load, each figure beside a bare baseline that is
//! measured in the same run, on the same disk, by the same load generator, in turns.
//!
//! Three kinds of processes, all from this one program: the load (runner doubles and clients), the baseline
//! ([`bare`]: tungstenite and rusqlite and nothing else), and the stand-in for the runner that the server under test
//! starts in place of a sandbox ([`product`]).

mod arm;
mod bare;
mod clock;
mod figure;
mod load;
mod options;
mod product;
mod rows;
mod run;
mod tenants;
mod vitals;

use std::{io::Write as _, process::ExitCode};

/// Which of its parts this process plays, and playing it.
#[must_use]
pub fn main() -> ExitCode {
    let outcome = match options::role() {
        options::Role::StandIn(arguments) => product::stand_in(&arguments),
        options::Role::Bare(arguments) => bare::serve(&arguments).map(|()| true),
        options::Role::Flood => tenants::flood().map(|()| true),
        options::Role::Refuse => tenants::refuse().map(|()| true),
        options::Role::Measure(options) => run::run(&options),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Progress, for a person; figures go to standard output.
fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}
