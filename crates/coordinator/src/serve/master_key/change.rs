//! Rewrites what is left under an older key, while the server serves: a few rows at a time, again from what is left
//! after a crash.

use std::{sync::Arc, time::Duration};

use app::App;
use tokio_util::sync::CancellationToken;

use super::Keeper;

/// Rows of one step.
pub(super) const STEP: usize = 50;
/// After something went wrong.
const PAUSE: Duration = Duration::from_secs(60);

/// Works until `stop`: at start, which also takes over what an earlier version sealed, and after each change.
pub(in crate::serve) async fn keep_changing(keeper: Arc<Keeper>, app: App, stop: CancellationToken) {
    let work = async {
        loop {
            if let Err(error) = rewrite(&keeper, &app).await {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "the change of the master key does not go on"
                );
                let again = tokio::time::timeout(PAUSE, keeper.begun.notified());
                // Asked again, or time for another try.
                drop(again.await);
                continue;
            }
            keeper.begun.notified().await;
        }
    };
    stop.run_until_cancelled(work).await;
}

async fn rewrite(keeper: &Keeper, app: &App) -> anyhow::Result<()> {
    let mut all = 0;
    loop {
        let done = app
            .change_master_key(STEP)
            .await
            .map_err(super::super::compose::plain)?;
        all += done;
        if done == 0 {
            break;
        }
        tracing::debug!(rows = all, "rows are under the new master key");
        tokio::task::yield_now().await;
    }
    let report = app
        .master_key_report()
        .await
        .map_err(super::super::compose::plain)?;
    keeper.settle(&report)?;
    if all > 0 {
        tracing::info!(
            rows = all,
            key = report.key_id,
            "everything that can be is under the master key in use"
        );
    }
    Ok(())
}
