//! Row 4, sockets that wait on sessions that sleep.

use std::time::Duration;

use anyhow::Result;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::sleepers;
use crate::{
    bare::Relay,
    figure::{Figure, Goal},
    load::Client,
    product::Server,
    run::Context,
    say, vitals,
};

/// Files that this process, and the server, need besides sockets.
const SPARE: u64 = 500;
/// 250 sockets in a second.
const AT_A_TIME: usize = 25;
const TICK: Duration = Duration::from_millis(100);

pub(super) async fn measure(context: &Context) -> Result<Vec<Figure>> {
    let wanted = context.options.pick(10_000, 200);
    let most = nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_NOFILE)?.0;
    let count = wanted.min(usize::try_from(most.saturating_sub(SPARE))?);
    let (data_dir, log) = context.data_dir("idle")?;
    let (key, ids) = sleepers::make(context, &data_dir, &log, count + count / 20).await?;
    let server = Server::start(&context.program, &data_dir, &log)?;
    // What is there once, for the first that comes, is not counted.
    let (first, ids) = ids.split_at(count / 20);
    drop(open(&server, &key, first).await?);
    server.all_asleep().await?;
    let before = vitals::of(server.pid()).rss;
    say(&format!("{count} sockets"));
    let clients = open(&server, &key, ids).await?;
    let awake = vitals::of(server.pid()).rss;
    server.all_asleep().await?;
    let after = vitals::of(server.pid()).rss;
    let files = vitals::open_below(server.pid(), &data_dir.join("sessions"));
    let closed = clients
        .iter()
        .filter(|client| client.tally.closed.load(std::sync::atomic::Ordering::Relaxed))
        .count();
    anyhow::ensure!(closed == 0, "{closed} sockets were closed");
    drop(clients);
    drop(server);

    // The same number of bare sockets, which read as little at a time as the product's do.
    let relay = Relay::start(&context.place.join("bare-idle"), 1, 2048)?;
    let empty = vitals::of(relay.pid()).rss;
    let bare: Vec<Client> = stream::iter(0..count)
        .map(|session| Client::of_bare(relay.address(), session, 0))
        .buffered(64)
        .try_collect()
        .await?;
    let full = vitals::of(relay.pid()).rss;
    drop(bare);
    let each = |from: u64, to: u64| to.saturating_sub(from) as f64 / count as f64 / 1024.0;
    let name = |what: &str| format!("{count} idle sockets on sleeping sessions: {what}");
    Ok(vec![
        Figure::new(
            "4",
            name("memory of each"),
            "KiB",
            each(before, after),
            Some(each(empty, full)),
            Goal::Under(8.0),
        )
        .with("wanted", wanted)
        .with("open_file_limit", most)
        .with("while_awake_kib", each(before, awake)),
        Figure::new(
            "4",
            name("session files open"),
            "",
            files as f64,
            None,
            Goal::Under(0.0),
        ),
    ])
}

/// Opens them at a pace: a session that has just been woken keeps its files open for a while, and those count, too.
async fn open(server: &Server, key: &str, ids: &[String]) -> Result<Vec<Client>> {
    let mut tick = tokio::time::interval(TICK);
    let mut clients = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_A_TIME) {
        tick.tick().await;
        let opening = some
            .iter()
            .map(|id| Client::of_session(server.address(), key, id));
        clients.extend(futures::future::try_join_all(opening).await?);
    }
    Ok(clients)
}
