//! Limits and time-outs of the machine. Numbers are an operator's to change; the defaults are reasoned here.

use std::time::Duration;

/// What a session may do and how long things may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Prompts that may wait behind the running one.
    pub max_queued: usize,
    /// A requested sandbox must make contact within this time. A runner connects before it clones, so this
    /// covers process start only.
    pub connect: Duration,
    /// A connected sandbox that prepares its workspace must show progress within this time. Longer than the
    /// runner's own limits for clone and set-up, so that the runner's better message wins.
    pub prepare: Duration,
    /// A turn must produce its first output within this time.
    pub first_output: Duration,
    /// A turn must go on producing something within this time: an idle limit, because wall limits kill long work.
    pub turn_idle: Duration,
    /// An interrupted runner must confirm within this time, or its sandbox is replaced.
    pub interrupt: Duration,
    /// A session without work hibernates after this time.
    pub hibernate: Duration,
    /// Silence of a runner after which the provider is asked.
    pub stale: Duration,
    /// Silence of a runner after which its sandbox is given up although the provider says that it runs.
    pub unreachable: Duration,
    /// A stop that has not come through after this time is asked for again.
    pub stop: Duration,
    /// Attempts to get a working sandbox before waiting prompts fail. A new prompt starts the count anew.
    pub attempts: u32,
    /// Permanent failures in a row, across prompts, after which sandboxes are not started by themselves for
    /// `breaker_pause`. Failures that may pass do not count; an agent that becomes ready forgets them all.
    pub breaker_failures: u32,
    pub breaker_pause: Duration,
    /// Before the end that a provider has set: from then on no turn is dispatched into the sandbox. At most a
    /// quarter of its whole life.
    pub expiry_buffer: Duration,
    /// Before that end: a turn that still runs is ended, so that the workspace can be kept. At most an eighth of
    /// its whole life.
    pub expiry_floor: Duration,
    /// A provider must have kept the workspace within this time, or the sandbox is stopped without.
    pub snapshot: Duration,
    /// The sandbox provider's word, shown in events.
    pub provider: String,
    /// What a session may leave behind.
    pub artifacts: super::ArtifactLimits,
    /// Longest clone, seconds, told to the runner.
    pub clone_timeout_s: u64,
    /// Longest set-up command, seconds, told to the runner.
    pub setup_timeout_s: u64,
}

impl Default for Policy {
    fn default() -> Self {
        let minutes = |n: u64| Duration::from_secs(n * 60);
        Self {
            max_queued: 32,
            connect: minutes(2),
            prepare: minutes(25),
            first_output: minutes(10),
            turn_idle: minutes(30),
            interrupt: Duration::from_secs(15),
            hibernate: minutes(15),
            stale: Duration::from_secs(protocol::runner::STALE_S),
            unreachable: Duration::from_secs(180),
            stop: minutes(1),
            attempts: 3,
            breaker_failures: 3,
            breaker_pause: minutes(5),
            expiry_buffer: minutes(10),
            expiry_floor: minutes(5),
            snapshot: minutes(2),
            provider: "local".into(),
            artifacts: super::ArtifactLimits::default(),
            clone_timeout_s: 600,
            setup_timeout_s: 900,
        }
    }
}
