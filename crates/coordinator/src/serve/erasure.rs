//! Erases organisations whose time of grace is over, at the start and now and then.

use std::time::Duration;

use app::App;
use tokio_util::sync::CancellationToken;

/// Longest pause between two looks.
const MOST: Duration = Duration::from_secs(600);
const LEAST: Duration = Duration::from_secs(1);

/// Looks until the server stops. What was begun before a crash is taken up at the start.
pub(super) async fn keep(app: App, grace: Duration, stop: CancellationToken) {
    // Nobody waits much longer than was said, and nobody looks more often than makes sense.
    let pause = (grace / 20).clamp(LEAST, MOST);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = app.erase_organisations() => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
