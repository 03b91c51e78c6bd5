//! Alarms of sleeping sessions: one loop over the catalogue's earliest ones.

use std::{sync::atomic::Ordering, time::Duration};

use protocol::SessionId;

use crate::{SessionError, Sessions};

/// Longest pause between two looks, so that a clock step is noticed.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// Sessions woken in one go.
const AT_ONCE: usize = 100;

impl Sessions {
    /// Wakes a session that is to do something by itself, and is looked after until it has.
    pub(crate) async fn wake_marked(&self, id: SessionId) -> Result<(), SessionError> {
        let slot = self.slot(id);
        {
            // Held, so that nobody falls asleep between the mark and our belief in it.
            let _mailbox = slot.mailbox.lock().await;
            self.0.ports.catalog.mark_awake(id).await?;
            slot.marked.store(true, Ordering::Relaxed);
        }
        self.view(id).await.map(drop)
    }

    pub(crate) async fn keep_alarms(&self) {
        loop {
            let next = self.0.ports.catalog.next_alarm().await;
            let pause = match next {
                Ok(Some(at)) => at.since(self.now()).min(LOOK_AGAIN),
                Ok(None) => LOOK_AGAIN,
                Err(error) => {
                    tracing::warn!(%error, "the catalogue's alarms cannot be read");
                    Duration::from_secs(1)
                }
            };
            tokio::select! {
                biased;
                () = self.0.stopping.cancelled() => return,
                () = self.0.alarm_changed.notified() => continue,
                () = tokio::time::sleep(pause) => {}
            }
            self.sweep();
            match self.0.ports.catalog.due(self.now(), AT_ONCE).await {
                Ok(due) => {
                    let mut failed = false;
                    for id in due {
                        // Waking is enough: the owner sees by itself what is due. The mark comes first, for until then
                        // the alarm counts as one that nobody looks after.
                        if let Err(error) = self.wake_marked(id).await {
                            tracing::warn!(session.id = %id, %error, "a session with a due alarm could not be woken");
                            failed = true;
                        }
                    }
                    if failed {
                        // It is still due: not again at once.
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                }
                Err(error) => tracing::warn!(%error, "the catalogue's due alarms cannot be read"),
            }
        }
    }
}
