//! `timing`: whether the time of an answer tells that an account exists. A measurement, not a test: on a busy machine
//! noise would decide its outcome. `cargo xtask bench timing` builds and calls it.
//!
//! The real server process, asked over HTTP on one connection, one request at a time. Each door is asked with addresses
//! that have an account and with such that have none, in an order drawn at random, and the two sets of times are
//! compared.

mod doors;
mod people;
mod statistics;

use std::{io::Write as _, process::ExitCode, time::Duration};

use doors::Door;
use e2e::{Server, Start};
use people::People;
use statistics::Comparison;

/// Samples of each kind at each door, unless the first argument says otherwise.
const SAMPLES: usize = 1_000;
/// Accounts with a password. Enough that none gets more messages in an hour than it may.
const ACCOUNTS: usize = 700;
/// Fixed, so that a run can be repeated; which order it is does not matter.
const SEED: u64 = 0x5eed_0123_4567_89ab;

fn main() -> ExitCode {
    let samples = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(SAMPLES);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            say(&format!("no runtime: {error}"));
            return ExitCode::FAILURE;
        }
    };
    if runtime.block_on(measure(samples)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn measure(samples: usize) -> bool {
    let start = Start::default()
        .with("COORDINATOR_SIGN_UP", "open")
        // Each request comes from a network of its own, as far as the limits are concerned.
        .with("COORDINATOR_TRUSTED_PROXIES", "127.0.0.0/8")
        .with("COORDINATOR_RATE_PER_S", "100000")
        .with("COORDINATOR_RATE_BURST", "100000");
    let mut server = Server::start(start).await;
    let accounts = ACCOUNTS.min(samples * 7 / 10 + 1);
    say(&format!("making {accounts} accounts"));
    let mut people = People::new(&mut server, accounts, SEED).await;
    say(&Comparison::head());
    let mut told = false;
    for door in Door::ALL {
        let (mut known, mut absent) = (Vec::new(), Vec::new());
        // Some to warm up, which do not count.
        for round in 0..(2 * samples + 20) {
            let exists = if round < 20 {
                round % 2 == 0
            } else if known.len() == samples {
                false
            } else if absent.len() == samples {
                true
            } else {
                people.draw(2) == 0
            };
            let time = door.ask(&mut people, exists).await;
            // What goes on behind this answer is not to be measured with the next.
            tokio::time::sleep(Duration::from_millis(8)).await;
            if round >= 20 {
                if exists { &mut known } else { &mut absent }.push(time);
            }
        }
        let comparison = Comparison::of(known, absent);
        told |= comparison.tells();
        say(&comparison.line(door.name()));
    }
    say(&Comparison::legend());
    !told
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
