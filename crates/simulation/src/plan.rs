//! What a seed decides before anything happens: how many take part, how bad the world is, when the server dies.

use std::time::Duration;

use domain::session::Policy;

use crate::rng::Rng;

/// Chances, in thousandths of the occasions on which each could strike.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rates {
    pub(crate) log_full: u32,
    pub(crate) log_unavailable: u32,
    pub(crate) log_unknown_written: u32,
    pub(crate) log_unknown_lost: u32,
    pub(crate) log_read: u32,
    pub(crate) log_slow: u32,
    pub(crate) catalog: u32,
    pub(crate) runs: u32,
    pub(crate) start: u32,
    pub(crate) start_permanent: u32,
    pub(crate) stop: u32,
    pub(crate) state: u32,
    pub(crate) frame_lost: u32,
    pub(crate) frame_twice: u32,
    pub(crate) frame_late: u32,
    pub(crate) request_lost: u32,
    pub(crate) reply_lost: u32,
    pub(crate) request_twice: u32,
    pub(crate) sandbox_dies: u32,
    pub(crate) sandbox_forgotten: u32,
    pub(crate) clock_steps: u32,
    pub(crate) agent_hangs: u32,
    pub(crate) agent_breaks: u32,
}

/// How one life of the server ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    /// Everything in memory is gone: so many polls of tasks after so many calls of ports.
    Crash { calls: u64, polls: u64 },
    /// The same, after a time.
    CrashAt { after: Duration, polls: u64 },
    /// Stopped in order; it may still be killed on the way.
    Stop {
        after: Duration,
        sandboxes_too: bool,
        patience: Duration,
    },
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    pub(crate) end: End,
    /// No server for so long before it.
    pub(crate) downtime: Duration,
    /// After this time a second host takes over while the first goes on in the belief that it owns everything.
    pub(crate) rival_after: Option<Duration>,
}

#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) sessions: usize,
    pub(crate) readers: usize,
    pub(crate) writers: usize,
    pub(crate) requests: u64,
    pub(crate) turn_steps: u64,
    pub(crate) rates: Rates,
    pub(crate) lives: Vec<Life>,
    pub(crate) policy: Policy,
    pub(crate) sleep_after: Duration,
    /// Longest life of a connection, ms; shorter ones are as likely.
    pub(crate) connection_ms: u64,
    /// Longest pause of a person, ms.
    pub(crate) think_ms: u64,
    pub(crate) may_delete: bool,
    /// How long a provider lets a sandbox live, where it sets an end.
    pub(crate) lifetime: Option<Duration>,
    pub(crate) can_snapshot: bool,
}

impl Plan {
    pub(crate) fn draw(rng: &mut Rng) -> Self {
        let rates = Rates::draw(rng);
        let lives = (0..rng.pick(&[0, 1, 1, 2, 2, 3, 4], 1))
            .map(|_| Life::draw(rng))
            .collect();
        Self {
            sessions: rng.pick(&[1, 1, 1, 2, 3], 1),
            readers: rng.pick(&[1, 1, 2, 3], 1),
            writers: rng.pick(&[1, 1, 2], 1),
            requests: rng.between(2, 7),
            turn_steps: rng.spread(1, 24),
            rates,
            lives,
            policy: policy(rng),
            sleep_after: Duration::from_millis(rng.pick(&[50, 500, 2_000, 10_000], 500)),
            connection_ms: rng.pick(&[300, 5_000, 60_000, 600_000], 5_000),
            think_ms: rng.pick(&[5, 300, 3_000, 15_000], 300),
            may_delete: rng.chance(60),
            lifetime: rng
                .chance(150)
                .then(|| Duration::from_secs(rng.spread(60, 2_000))),
            can_snapshot: rng.chance(500),
        }
    }

    /// True when two hosts work on the same stores at some time.
    pub(crate) fn has_rival(&self) -> bool {
        self.lives.iter().any(|life| life.rival_after.is_some())
    }
}

impl Rates {
    /// Each kind of fault is absent from many runs, so that a rare one is not always in the shadow of a frequent one.
    fn draw(rng: &mut Rng) -> Self {
        if rng.chance(80) {
            return Self::default();
        }
        let mut often = |choices: &[u32]| rng.pick(choices, 0);
        Self {
            log_full: often(&[0, 0, 0, 5, 40]),
            log_unavailable: often(&[0, 0, 5, 40, 150]),
            log_unknown_written: often(&[0, 0, 5, 40, 150]),
            log_unknown_lost: often(&[0, 0, 5, 40, 150]),
            log_read: often(&[0, 0, 5, 40]),
            log_slow: often(&[0, 0, 20, 100]),
            catalog: often(&[0, 0, 10, 60]),
            runs: often(&[0, 0, 100, 600]),
            start: often(&[0, 0, 50, 300]),
            start_permanent: often(&[0, 0, 0, 50]),
            stop: often(&[0, 0, 100, 400]),
            state: often(&[0, 0, 100, 400]),
            frame_lost: often(&[0, 0, 10, 100]),
            frame_twice: often(&[0, 0, 20, 200]),
            frame_late: often(&[0, 0, 20, 200]),
            request_lost: often(&[0, 20, 100]),
            reply_lost: often(&[0, 20, 200]),
            request_twice: often(&[0, 100, 400]),
            sandbox_dies: often(&[0, 0, 20, 100]),
            sandbox_forgotten: often(&[0, 0, 20, 60]),
            clock_steps: often(&[0, 0, 20, 100]),
            agent_hangs: often(&[0, 0, 5, 30]),
            agent_breaks: often(&[0, 0, 0, 50]),
        }
    }
}

impl Life {
    fn draw(rng: &mut Rng) -> Self {
        let after = Duration::from_millis(rng.spread(20, 240_000));
        let polls = rng.spread(1, 64) - 1;
        let end = match rng.below(10) {
            0..7 => End::Crash {
                calls: rng.spread(1, 1_000),
                polls,
            },
            7 => End::CrashAt { after, polls },
            _ => End::Stop {
                after,
                sandboxes_too: rng.chance(400),
                patience: Duration::from_millis(rng.spread(1, 60_000)),
            },
        };
        Self {
            end,
            downtime: Duration::from_millis(rng.pick(&[0, 10, 1_000, 30_000], 0)),
            rival_after: rng
                .chance(80)
                .then(|| Duration::from_millis(rng.spread(10, 60_000))),
        }
    }
}

/// Short limits, so that every watchdog gets its turn; now and then those of the product.
fn policy(rng: &mut Rng) -> Policy {
    let standard = Policy::default();
    if rng.chance(150) {
        return standard;
    }
    let seconds = |n: u64| Duration::from_secs(n);
    Policy {
        max_queued: rng.pick(&[2, 4, 32], 4),
        connect: seconds(rng.between(5, 40)),
        prepare: seconds(rng.between(10, 60)),
        first_output: seconds(rng.between(15, 90)),
        turn_idle: seconds(rng.between(15, 90)),
        interrupt: seconds(rng.between(2, 15)),
        hibernate: seconds(rng.between(5, 120)),
        stale: seconds(rng.between(10, 60)),
        unreachable: seconds(rng.between(30, 180)),
        stop: seconds(rng.between(5, 60)),
        breaker_pause: seconds(rng.between(5, 120)),
        expiry_buffer: seconds(rng.between(10, 120)),
        expiry_floor: seconds(rng.between(5, 60)),
        snapshot: seconds(rng.between(5, 120)),
        ..standard
    }
}
