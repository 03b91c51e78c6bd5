//! What goes on after its request was answered: events of runners, frames to sockets and streams. Each organisation has so
//! many of both a second; what is more is not refused but slowed down, at its source.
//!
//! A request is counted at the door. A runner that reports, or a socket that follows a session from its beginning, would
//! otherwise be one request and all the work that there is.

use std::time::Duration;

use domain::flow::Flow;
use protocol::OrgId;

use crate::App;

/// What counts as one, bytes: a large event is as much work as several small ones.
const EACH: usize = 4 * 1024;
/// Who has to wait, waits for this much longer: what comes meanwhile is then taken, and committed, together. One by one it would
/// cost the disk as many commits as there are events.
const GATHER: Duration = Duration::from_millis(50);

impl App {
    /// A runner of this organisation has sent a frame. Returns when it may send the next: until then its connection is not
    /// read, and the runner keeps on its own disk what it could not send.
    pub async fn pace_runner(&self, org: OrgId, bytes: usize) {
        let limiter = self.limiter();
        let (rate, now) = (limiter.rates.events, self.now());
        let weight = weight(bytes);
        let pause = limiter
            .events
            .with(org, |flow: &mut Flow| flow.take(rate, weight, now));
        if !pause.is_zero() {
            tokio::time::sleep(pause + GATHER).await;
        }
    }

    /// So many frames, of so many bytes together, went out to a socket or stream of this organisation. Answers how long it is
    /// until it may have more: until then the reader is slow, and reads from the log what it has missed.
    #[must_use]
    pub fn pace_reader(&self, org: OrgId, frames: usize, bytes: usize) -> Duration {
        let limiter = self.limiter();
        let (rate, now) = (limiter.rates.frames, self.now());
        let weight = (frames as u64).max(weight(bytes));
        limiter
            .frames
            .with(org, |flow: &mut Flow| flow.take(rate, weight, now))
    }
}

fn weight(bytes: usize) -> u64 {
    (bytes / EACH + 1) as u64
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ::sessions::{HostSettings, Sessions};
    use domain::limits::Rate;
    use testkit::{registry::Fakes, sample};
    use tokio::time::Instant;

    use super::*;
    use crate::{AddressCheck, AddressRefused, AppSettings, FreeSpace, Limits, Rates};

    struct Anywhere;

    #[async_trait::async_trait]
    impl AddressCheck for Anywhere {
        async fn check(&self, _url: &str) -> Result<(), AddressRefused> {
            Ok(())
        }
    }

    #[async_trait::async_trait]
    impl FreeSpace for Anywhere {
        async fn free_bytes(&self) -> Option<u64> {
            None
        }
    }

    fn app(fakes: &Fakes) -> App {
        let rates = Rates {
            events: Rate::new(10, 20),
            frames: Rate::new(100, 200),
            ..Rates::default()
        };
        let settings = AppSettings {
            agents: Vec::new(),
            demo_enabled: true,
            guard: Arc::new(Anywhere),
            space: Arc::new(Anywhere),
            reserve_bytes: 0,
            limits: Limits {
                rates,
                ..Limits::default()
            },
        };
        let sessions = Sessions::new(fakes.ports(), HostSettings::default());
        App::new(fakes.ports(), sessions, settings)
    }

    #[tokio::test(start_paused = true)]
    async fn runners_of_one_organisation_wait_for_each_other_and_for_nobody_else() {
        let fakes = Fakes::default();
        let app = app(&fakes);
        let (loud, quiet) = (sample::org_id(1), sample::org_id(2));
        let began = Instant::now();
        for _ in 0..20 {
            app.pace_runner(loud, 500).await;
        }
        assert_eq!(began.elapsed(), Duration::ZERO, "the stock");
        app.pace_runner(loud, 500).await;
        assert_eq!(began.elapsed(), Duration::from_millis(150));
        // A large event is as many small ones: three here, and the one before is owed, too.
        app.pace_runner(loud, 2 * EACH + 1).await;
        assert_eq!(began.elapsed(), Duration::from_millis(600));
        let began = Instant::now();
        app.pace_runner(quiet, 500).await;
        assert_eq!(began.elapsed(), Duration::ZERO);
        fakes.clock.advance(Duration::from_secs(10));
        app.pace_runner(loud, 500).await;
        assert_eq!(began.elapsed(), Duration::ZERO, "it came back");
    }

    #[tokio::test]
    async fn readers_are_told_how_long_to_wait() {
        let fakes = Fakes::default();
        let app = app(&fakes);
        let org = sample::org_id(1);
        assert_eq!(app.pace_reader(org, 200, 1_000), Duration::ZERO);
        assert_eq!(app.pace_reader(org, 10, 1_000), Duration::from_millis(100));
        assert_eq!(
            app.pace_reader(org, 1, 10 * EACH - 1),
            Duration::from_millis(200),
            "bytes count, too"
        );
        assert_eq!(app.pace_reader(sample::org_id(2), 64, 1_000), Duration::ZERO);
    }
}
