//! Removes what is past its time, now and then.

use std::time::Duration;

use app::{App, Retention};
use tokio_util::sync::CancellationToken;

/// Longest pause between two sweeps.
const MOST: Duration = Duration::from_secs(3600);
const LEAST: Duration = Duration::from_secs(1);

/// Sweeps until the server stops. Where nothing is ever removed there is nothing to do.
pub(super) async fn keep(app: App, retention: Retention, stop: CancellationToken) {
    if !retention.is_some() {
        return;
    }
    let shortest = [retention.archived, retention.runs].into_iter().flatten().min();
    // Nothing is kept much longer than wanted, and nobody looks more often than makes sense.
    let pause = shortest.map_or(MOST, |kept| (kept / 20).clamp(LEAST, MOST));
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = app.sweep(retention) => {}
        }
    }
}
