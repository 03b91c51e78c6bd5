//! Row 6, a data directory with very many sessions that sleep.

use std::{
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use super::sleepers;
use crate::{
    clock,
    figure::{Figure, Goal, Samples, median},
    load::Http,
    product::Server,
    run::Context,
    say, vitals,
};

/// What one start came to.
#[derive(Default)]
struct Starts {
    seconds: Vec<f64>,
    mib: Vec<f64>,
    pages: Samples,
}

pub(super) async fn measure(context: &Context) -> Result<Vec<Figure>> {
    let count = context.options.pick(100_000, 500);
    let starts = context.options.pick(5, 2);
    let (full, key) = full(context, count).await?;
    let (empty, log) = context.data_dir("empty")?;
    let empty_key = {
        let server = Server::start(&context.program, &empty, &log)?;
        let key = server.bootstrap(&context.program)?;
        server.stop()?;
        key
    };
    let (mut ours, mut theirs) = (Starts::default(), Starts::default());
    for _ in 0..starts {
        start(context, &full, &log, &key, &mut ours).await?;
        start(context, &empty, &log, &empty_key, &mut theirs).await?;
    }
    let name = |what: &str| format!("{count} sleeping sessions: {what}");
    let (seconds, empty_s) = (median(&ours.seconds), median(&theirs.seconds));
    Ok(vec![
        Figure::new(
            "6",
            name("start-up"),
            "ms",
            seconds * 1e3,
            Some(empty_s * 1e3),
            Goal::AtMost(2.0),
        )
        .with("starts_s", serde_json::json!(ours.seconds))
        .with("empty_starts_s", serde_json::json!(theirs.seconds)),
        Figure::new(
            "6",
            name("memory"),
            "MiB",
            median(&ours.mib),
            Some(median(&theirs.mib)),
            Goal::Within(10.0),
        ),
        Figure::new(
            "6",
            name("list page p99"),
            "ms",
            ours.pages.p99(),
            Some(theirs.pages.p99()),
            Goal::Under(20.0),
        )
        .with("p50_ms", ours.pages.p50())
        .with("pages", ours.pages.len()),
    ])
}

/// Start, and as many list pages as fit into a hundred, one after the other.
async fn start(context: &Context, data_dir: &Path, log: &Path, key: &str, starts: &mut Starts) -> Result<()> {
    let server = Server::start(&context.program, data_dir, log)?;
    starts.seconds.push(server.ready_s);
    let mut http = Http::open(server.address(), key).await?;
    let mut times = Vec::new();
    let mut cursor = String::new();
    for _ in 0..100 {
        let path = format!("/v1/sessions{cursor}");
        let began = clock::now();
        let answer = http.get(&path).await?;
        times.push(clock::now() - began);
        let page = answer.json()?;
        cursor = match page.get("next_cursor").and_then(|cursor| cursor.as_str()) {
            Some(next) => format!("?cursor={next}"),
            None => String::new(),
        };
    }
    starts.pages.add(times);
    starts
        .mib
        .push(vitals::of(server.pid()).rss as f64 / f64::from(1 << 20));
    anyhow::ensure!(
        server.in_memory() == Some(0),
        "sessions are awake after the start"
    );
    Ok(())
}

/// The directory, made once for each build of the server, and its key.
async fn full(context: &Context, count: usize) -> Result<(PathBuf, String)> {
    if context.options.quick {
        let (data_dir, log) = context.data_dir("full")?;
        let (key, _) = sleepers::make(context, &data_dir, &log, count).await?;
        return Ok((data_dir, key));
    }
    let program = std::fs::metadata(&context.program)?;
    let stamp = format!("{count}-{}-{}", program.len(), program.mtime());
    let place = context.cache.join("sleeping");
    let (data_dir, note) = (place.join("data"), place.join("made.json"));
    if let Ok(text) = std::fs::read_to_string(&note)
        && let Ok(made) = serde_json::from_str::<serde_json::Value>(&text)
        && made.get("stamp").and_then(|made| made.as_str()) == Some(&stamp)
    {
        let key = made.get("key").and_then(|key| key.as_str()).context("no key")?;
        return Ok((data_dir, key.to_owned()));
    }
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(&data_dir)?;
    std::fs::set_permissions(&data_dir, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    let began = clock::now();
    let (key, _) = sleepers::make(context, &data_dir, &place.join("making.log"), count).await?;
    say(&format!("made in {:.0} s", clock::seconds(began, clock::now())));
    let document = serde_json::json!({"stamp": stamp, "key": key});
    std::fs::write(&note, document.to_string())?;
    Ok((data_dir, key))
}
