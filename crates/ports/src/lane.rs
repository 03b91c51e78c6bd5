//! For whom a task works: so that what all share (readers of a database, threads that wait for the disk) can be shared fairly.
//!
//! It is a property of the task and not an argument of each call, as a log line's request is: it changes when something is
//! done and never what is done. Whatever a task starts that works for the same organisation says so itself; what says
//! nothing works for the house, which is a lane like any other.

use std::{cell::Cell, future::Future};

use protocol::OrgId;
use tokio::task::futures::TaskLocalFuture;

/// An organisation, or nobody in particular.
pub type Lane = Option<OrgId>;

tokio::task_local! {
    static LANE: Cell<Lane>;
}

/// Runs `work` for a lane.
pub fn within<F: Future>(lane: Lane, work: F) -> TaskLocalFuture<Cell<Lane>, F> {
    LANE.scope(Cell::new(lane), work)
}

/// From here on the task works for this organisation. Nothing happens outside of [`within`].
pub fn go_on_for(org: OrgId) {
    let _ = LANE.try_with(|lane| lane.set(Some(org)));
}

/// For whom the task works now.
#[must_use]
pub fn current() -> Lane {
    LANE.try_with(Cell::get).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_learns_for_whom_it_works() {
        let org = OrgId::from_bits(1);
        assert_eq!(current(), None);
        go_on_for(org);
        assert_eq!(current(), None, "it never said that it would");
        within(None, async {
            assert_eq!(current(), None);
            go_on_for(org);
            tokio::task::yield_now().await;
            assert_eq!(current(), Some(org));
            let other = tokio::spawn(async { current() });
            assert_eq!(other.await.unwrap(), None, "another task says so itself");
        })
        .await;
        assert_eq!(current(), None);
    }
}
