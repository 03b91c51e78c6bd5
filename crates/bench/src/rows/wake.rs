//! Row 5, waking a session that sleeps: a request that needs its owner.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result};
use rusqlite::{Connection, OpenFlags};

use crate::{
    arm::Arm,
    clock,
    figure::{Figure, Goal, Samples},
    load::Http,
    product::{Keepers, Server, find},
    run::Context,
    say,
};

/// Events that each has behind it.
const EVENTS: usize = 50;

pub(super) async fn measure(context: &Context) -> Result<Vec<Figure>> {
    let count = context.options.pick(100, 5);
    let (data_dir, log) = context.data_dir("wake")?;
    let server = Server::start(&context.program, &data_dir, &log)?;
    let keepers = Keepers::listen(&data_dir)?;
    let key = server.bootstrap(&context.program)?;
    let arm = Arm::product(&server, &keepers, &key, count).await?;
    for lane in &arm.lanes {
        for _ in 1..EVENTS {
            lane.runner.event().await?;
        }
        lane.runner.end_turn().await?;
    }
    let mut http = Http::open(server.address(), &key).await?;
    let copies = context.place.join("bare-wake");
    std::fs::create_dir_all(&copies)?;
    let (mut ours, mut theirs, mut awake) = (Samples::default(), Samples::default(), Samples::default());
    for round in 0..context.options.rounds {
        say("waiting until all sleep");
        server.all_asleep().await?;
        if round == 0 {
            for (index, lane) in arm.lanes.iter().enumerate() {
                let file = find(&data_dir.join("sessions"), &lane.session)?;
                std::fs::copy(file, copies.join(format!("{index}.db")))?;
            }
        }
        let (mut woken, mut again, mut read) = (Vec::new(), Vec::new(), Vec::new());
        for (index, lane) in arm.lanes.iter().enumerate() {
            let path = format!("/v1/sessions/{}", lane.session);
            woken.push(get(&mut http, &path).await?);
            let copy = copies.join(format!("{index}.db"));
            read.push(tokio::task::spawn_blocking(move || open_and_read(&copy)).await??);
            again.push(get(&mut http, &path).await?);
            // No two wakes in the same breath.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let in_memory = server.in_memory().unwrap_or(0);
        anyhow::ensure!(
            in_memory >= count as u64 * 9 / 10,
            "{in_memory} of {count} sessions are in memory: the request does not wake them"
        );
        ours.add(woken);
        theirs.add(read);
        awake.add(again);
    }
    let make = |what: &str, ours: f64, theirs: f64| {
        Figure::new(
            "5",
            format!("wake, {EVENTS} events: {what}"),
            "ms",
            ours,
            Some(theirs),
            Goal::AtMost(2.0),
        )
    };
    Ok(vec![
        make("p50", ours.p50(), theirs.p50())
            .with("samples", ours.len())
            .with("same_request_awake_p50_ms", awake.p50()),
        make("p99", ours.p99(), theirs.p99()).with("same_request_awake_p99_ms", awake.p99()),
    ])
}

async fn get(http: &mut Http, path: &str) -> Result<u64> {
    let began = clock::now();
    let answer = http.get(path).await?;
    let took = clock::now() - began;
    answer.json()?;
    Ok(took)
}

/// Opens the file and reads what an owner starts from: the stored state, and the facts since.
fn open_and_read(path: &Path) -> Result<u64> {
    let began = clock::now();
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let _: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    let (at, state): (Option<i64>, Option<Vec<u8>>) = connection
        .query_row("SELECT snapshot_position, snapshot FROM meta", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .context("the session's file has another shape than this bench knows")?;
    let mut query =
        connection.prepare("SELECT position, seq, body FROM fact WHERE position > ?1 ORDER BY position")?;
    let facts: Vec<(i64, Option<i64>, String)> = query
        .query_map([at.unwrap_or(0)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let read: serde_json::Value = serde_json::from_slice(&state.unwrap_or_else(|| b"null".to_vec()))?;
    let took = clock::now() - began;
    drop((facts, read));
    Ok(took)
}
