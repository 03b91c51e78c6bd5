//! `simulation`: runs seeds, or replays one with everything that happened in it.

use std::{
    io::{self, Write},
    process::ExitCode,
    thread,
};

use clap::Parser;
use simulation::{Mutant, Tally, many, simulate};

#[derive(Debug, Parser)]
#[command(
    about = "Runs the session engine in a simulated world, one seed after another",
    version
)]
struct Arguments {
    /// Replays this one seed
    #[arg(long, conflicts_with_all = ["seeds", "from"])]
    seed: Option<u64>,
    /// Prints everything that happens in it
    #[arg(long, requires = "seed")]
    trace: bool,
    /// How many seeds
    #[arg(long, default_value_t = 20_000)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Threads; as many as there are cores unless said otherwise
    #[arg(long)]
    threads: Option<usize>,
    /// A broken variant of the product, which has to be found out
    #[arg(long)]
    mutant: Option<Mutant>,
    /// Goes on after a violation
    #[arg(long)]
    all: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.seed {
        Some(seed) => one(seed, &arguments),
        None => several(&arguments),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

fn one(seed: u64, arguments: &Arguments) -> io::Result<bool> {
    let outcome = simulate(seed, arguments.mutant, arguments.trace);
    let mut out = io::stdout().lock();
    for line in &outcome.trace {
        writeln!(out, "{line}")?;
    }
    table(&mut out, &outcome.tally)?;
    match &outcome.violation {
        Some(violation) => writeln!(out, "seed {seed}: {}", violation.words)?,
        None => writeln!(out, "seed {seed}: every rule held")?,
    }
    Ok(outcome.violation.is_none())
}

fn several(arguments: &Arguments) -> io::Result<bool> {
    let threads = arguments
        .threads
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let watch = tokio::time::Instant::now();
    let progress = |done: u64, broken: usize| {
        if done.is_multiple_of(500) {
            let rate = done as f64 / watch.elapsed().as_secs_f64().max(0.001);
            let _ = writeln!(
                io::stderr(),
                "{done} of {} seeds, {broken} violations, {rate:.0} seeds/s",
                arguments.seeds
            );
        }
    };
    let total = many(
        arguments.from,
        arguments.seeds,
        threads,
        arguments.mutant,
        !arguments.all,
        progress,
    );
    let mut out = io::stdout().lock();
    table(&mut out, &total.tally)?;
    for violation in &total.violations {
        writeln!(out, "seed {}: {}", violation.seed, violation.words)?;
    }
    writeln!(
        out,
        "{} seeds, {} violations, {:.1} s",
        total.seeds,
        total.violations.len(),
        watch.elapsed().as_secs_f64()
    )?;
    Ok(total.violations.is_empty())
}

fn table(out: &mut impl Write, tally: &Tally) -> io::Result<()> {
    for (what, count) in &tally.counts {
        writeln!(out, "{count:>12}  {what}")?;
    }
    Ok(())
}
