//! A provider of sandboxes: what it started it shows, stops and cleans up.

use std::sync::Arc;

use futures::StreamExt;
use ports::{
    SandboxProvider,
    sandbox::{
        ProbeSpec, ProbeWorkspace, RunningSandbox, SandboxError, SandboxExpiry, SandboxSpec, SandboxState,
    },
};
use protocol::{
    SandboxId,
    agent::{Dialect, ModelBinding},
    probe::ProbeRequest,
    runner::{AgentStart, RUNNER_PROTOCOL, RunnerStart, WorkspacePlan},
    session::PermissionMode,
};

use crate::sample::session_id;

/// What the suite runs on.
pub struct Harness {
    pub provider: Arc<dyn SandboxProvider>,
    /// A probe in [`ProbeWorkspace::Scratch`] that answers at least two bytes; `None` leaves those cases out.
    pub probe: Option<ProbeSpec>,
}

impl std::fmt::Debug for Harness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Harness")
            .field("provider", &self.provider.name())
            .finish_non_exhaustive()
    }
}

/// Runs the suite; `make` is called once for each case.
pub async fn run(adapter: &str, make: impl Fn() -> Harness) {
    super::cases!(
        "sandboxes",
        adapter,
        make,
        [
            it_tells_which_isolation_it_gives,
            a_started_sandbox_runs_until_it_is_stopped,
            starting_again_answers_the_one_that_runs,
            what_is_not_there_can_be_stopped,
            another_sandbox_of_the_session_can_follow,
            an_end_is_told_and_work_can_be_kept_before_it,
            a_probe_answers_within_its_bounds,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    let scripted = || {
        let fake = crate::fake::ScriptedSandboxes::default();
        fake.on_probe(|_| Ok(vec!["[".into(), "]".into()]));
        Arc::new(fake)
    };
    run("fake", || Harness {
        provider: scripted(),
        probe: Some(listing()),
    })
    .await;
    let expiring = |can_snapshot| {
        let fake = scripted();
        let at = protocol::Timestamp::from_ms(3_600_000);
        fake.expire(Some(SandboxExpiry { at, can_snapshot }));
        fake
    };
    for can_snapshot in [false, true] {
        run("fake with an end", || Harness {
            provider: expiring(can_snapshot),
            probe: Some(listing()),
        })
        .await;
    }
    let quiet = || crate::fault::sandboxes::Faulty::around(scripted());
    run("fake behind faults", || Harness {
        provider: quiet(),
        probe: Some(listing()),
    })
    .await;
}

/// A probe that lists an empty workspace.
#[must_use]
pub fn listing() -> ProbeSpec {
    ProbeSpec {
        workspace: ProbeWorkspace::Scratch,
        sandbox_id: SandboxId::from_bits(99),
        request: ProbeRequest::Directory { path: String::new() },
        hide: Vec::new(),
        network: false,
        timeout_ms: 30_000,
        max_output_bytes: 1 << 20,
    }
}

/// A spec of session `n`; nothing it names has to exist for a sandbox to start.
#[must_use]
pub fn spec(n: u64, generation: u64) -> SandboxSpec {
    let session_id = session_id(n);
    let sandbox_id = SandboxId::from_bits(u128::from(n) << 32 | u128::from(generation));
    let model = ModelBinding {
        dialect: Dialect::OpenaiChat,
        context: 128_000,
        max_output: 8_192,
    };
    let agent = AgentStart {
        agent: "scripted".into(),
        permissions: PermissionMode::Allow,
        agent_session_id: None,
        model,
    };
    let start = RunnerStart {
        protocol: RUNNER_PROTOCOL,
        session_id,
        sandbox_id,
        generation,
        token: "f".repeat(64),
        uplink: "http://127.0.0.1:3129".into(),
        plan: WorkspacePlan {
            clone_timeout_s: 60,
            setup_timeout_s: 60,
            ..WorkspacePlan::default()
        },
        agent,
    };
    SandboxSpec {
        sandbox_id,
        session_id,
        generation,
        start,
        limits: None,
    }
}

fn listed(spec: &SandboxSpec) -> RunningSandbox {
    RunningSandbox {
        sandbox_id: spec.sandbox_id,
        session_id: spec.session_id,
        generation: spec.generation,
    }
}

async fn it_tells_which_isolation_it_gives(harness: Harness) {
    assert!(!harness.provider.name().is_empty());
    harness.provider.isolation().await.unwrap();
    assert_eq!(harness.provider.list().await.unwrap(), []);
}

async fn a_started_sandbox_runs_until_it_is_stopped(harness: Harness) {
    let provider = harness.provider;
    let (one, other) = (spec(1, 1), spec(2, 1));
    provider.start(one.clone()).await.unwrap();
    provider.start(other.clone()).await.unwrap();
    assert!(matches!(
        provider.state(one.sandbox_id).await.unwrap(),
        SandboxState::Running { .. }
    ));
    let mut list = provider.list().await.unwrap();
    list.sort_unstable_by_key(|sandbox| sandbox.sandbox_id);
    assert_eq!(list, [listed(&one), listed(&other)]);

    provider.stop(one.sandbox_id, 1000).await.unwrap();
    assert!(!matches!(
        provider.state(one.sandbox_id).await.unwrap(),
        SandboxState::Running { .. }
    ));
    assert_eq!(
        provider.list().await.unwrap(),
        [listed(&other)],
        "the other one runs on"
    );
    provider.stop(one.sandbox_id, 1000).await.unwrap();
    provider.stop(other.sandbox_id, 0).await.unwrap();
    assert_eq!(provider.list().await.unwrap(), []);
    for spec in [one, other] {
        provider.destroy(spec.session_id).await.unwrap();
        provider.destroy(spec.session_id).await.unwrap();
    }
}

async fn starting_again_answers_the_one_that_runs(harness: Harness) {
    let provider = harness.provider;
    let spec = spec(1, 1);
    let first = provider.start(spec.clone()).await.unwrap();
    assert_eq!(provider.start(spec.clone()).await.unwrap(), first);
    assert_eq!(provider.list().await.unwrap(), [listed(&spec)]);
    provider.stop(spec.sandbox_id, 0).await.unwrap();
    assert_eq!(provider.list().await.unwrap(), []);
    provider.destroy(spec.session_id).await.unwrap();
}

async fn what_is_not_there_can_be_stopped(harness: Harness) {
    let absent = spec(7, 1);
    assert_eq!(
        harness.provider.state(absent.sandbox_id).await.unwrap(),
        SandboxState::Unknown
    );
    harness.provider.stop(absent.sandbox_id, 1000).await.unwrap();
    harness.provider.destroy(absent.session_id).await.unwrap();
}

async fn another_sandbox_of_the_session_can_follow(harness: Harness) {
    let provider = harness.provider;
    for generation in 1..=2 {
        let spec = spec(1, generation);
        provider.start(spec.clone()).await.unwrap();
        assert_eq!(provider.list().await.unwrap(), [listed(&spec)]);
        provider.stop(spec.sandbox_id, 0).await.unwrap();
    }
    provider.destroy(session_id(1)).await.unwrap();
}

/// A provider either sets no end, or one that stays; it keeps snapshots exactly when it says so.
async fn an_end_is_told_and_work_can_be_kept_before_it(harness: Harness) {
    let provider = harness.provider;
    let absent = spec(7, 1);
    assert_eq!(provider.expiry(absent.sandbox_id).await.unwrap(), None);
    provider.snapshot(absent.sandbox_id).await.unwrap_err();
    let spec = spec(1, 1);
    provider.start(spec.clone()).await.unwrap();
    let expiry = provider.expiry(spec.sandbox_id).await.unwrap();
    let kept = provider.snapshot(spec.sandbox_id).await;
    if expiry.is_some_and(|expiry| expiry.can_snapshot) {
        assert!(!kept.unwrap().is_empty());
        assert!(!provider.snapshot(spec.sandbox_id).await.unwrap().is_empty());
    } else {
        assert!(matches!(kept, Err(SandboxError::Permanent(_))));
    }
    assert_eq!(
        provider.expiry(spec.sandbox_id).await.unwrap(),
        expiry,
        "the end stays the same"
    );
    assert_eq!(provider.list().await.unwrap(), [listed(&spec)], "it runs on");
    provider.stop(spec.sandbox_id, 0).await.unwrap();
    assert_eq!(provider.expiry(spec.sandbox_id).await.unwrap(), None);
    provider.snapshot(spec.sandbox_id).await.unwrap_err();
    provider.destroy(spec.session_id).await.unwrap();
}

async fn a_probe_answers_within_its_bounds(harness: Harness) {
    let Some(probe) = harness.probe else { return };
    let provider = harness.provider;
    let ask = async |max_output_bytes| {
        let mut output = provider
            .probe(ProbeSpec {
                max_output_bytes,
                ..probe.clone()
            })
            .await
            .unwrap();
        let (mut bytes, mut failed) = (0, false);
        while let Some(item) = output.next().await {
            assert!(!failed, "an error is the last item");
            match item {
                Ok(chunk) => bytes += chunk.len() as u64,
                Err(_) => failed = true,
            }
        }
        (bytes, failed)
    };
    let (whole, failed) = ask(probe.max_output_bytes).await;
    assert!(!failed && whole >= 2);
    let (part, failed) = ask(whole - 1).await;
    assert!(failed && part < whole, "output past the bound ends in an error");
    assert_eq!(provider.list().await.unwrap(), [], "nothing of a probe stays");
}
