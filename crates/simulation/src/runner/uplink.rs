//! The runner's side of its connection: say hello, send what is kept in order, take frames; again for ever.
//!
//! The rules are those of the program inside a sandbox: a window, a timer for sending again, a heartbeat, both
//! credentials after a hello without an answer.

use std::time::Duration;

use protocol::{
    keeper::EndCause,
    runner::{HEARTBEAT_S, RESEND_S, RUNNER_PROTOCOL, RunnerFrame, STALE_S, ServerFrame},
};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until, timeout},
};

use super::{Runner, Standing, door};
use crate::world::{Shared, lock};

/// Reports under way without acknowledgement.
const WINDOW: u64 = 256;
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a connection is over.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Loss {
    Gone,
    /// The server does not want this runner any more.
    Over,
}

impl Runner {
    pub(super) async fn uplink(self: std::sync::Arc<Self>, world: &Shared) {
        tokio::select! {
            biased;
            () = self.dead.cancelled() => {}
            () = self.keep(world) => {
                world.note(|| format!("the runner of generation {} gives up", self.generation));
                self.kill();
                let cause = EndCause::Exited { code: Some(3), signal: None, stderr_tail: String::new() };
                world.sandboxes.end(self.sandbox, cause);
            }
        }
    }

    async fn keep(&self, world: &Shared) {
        loop {
            if self.connect(world).await == Loss::Over {
                return;
            }
            world.sleep(100, 5_000).await;
        }
    }

    async fn connect(&self, world: &Shared) -> Loss {
        world.pause(40).await;
        let standing = lock(&self.inside).standing;
        let tries: &[&str] = match standing {
            Standing::New => &[&self.token],
            Standing::Welcomed => &[&self.secret],
            Standing::HelloSent => &[&self.secret, &self.token],
        };
        let mut loss = Loss::Gone;
        for credential in tries {
            match door::dial(world, self, credential).await {
                Ok(host) => return self.converse(world, host, credential).await,
                Err(Loss::Over) => loss = Loss::Over,
                Err(Loss::Gone) => return Loss::Gone,
            }
        }
        loss
    }

    async fn converse(&self, world: &Shared, host: sessions::Sessions, credential: &str) -> Loss {
        {
            let mut inside = lock(&self.inside);
            if inside.standing == Standing::New {
                inside.standing = Standing::HelloSent;
            }
        }
        let hello = sessions::RunnerHello {
            session_id: self.session,
            sandbox_id: self.sandbox,
            generation: self.generation,
            credential: credential.to_owned(),
            secret: self.secret.clone(),
            runner_version: RUNNER_PROTOCOL.to_string(),
        };
        let (up, mut down) = door::open(world, host, hello);
        let acked = match timeout(PATIENCE, down.recv()).await {
            Ok(Some(ServerFrame::Welcome { acked })) => acked,
            Ok(Some(ServerFrame::Fenced { .. })) => return Loss::Over,
            Ok(_) | Err(_) => return Loss::Gone,
        };
        lock(&self.inside).standing = Standing::Welcomed;
        world.count("connections of runners");
        self.ack(acked);
        let cut = if world.is_calm() {
            Duration::from_secs(86_400)
        } else {
            Duration::from_millis(world.draw(|rng| rng.spread(1, world.plan.connection_ms)))
        };
        let loss = self.exchange(world, &up, &mut down, Instant::now() + cut).await;
        if world.chance(300) {
            // Half-open: the server does not notice for a while.
            let world = std::sync::Arc::clone(world);
            tokio::spawn(async move {
                world.sleep(1_000, STALE_S * 1_000).await;
                drop((up, down));
            });
        }
        loss
    }

    async fn exchange(
        &self,
        world: &Shared,
        up: &mpsc::UnboundedSender<RunnerFrame>,
        down: &mut mpsc::Receiver<ServerFrame>,
        cut: Instant,
    ) -> Loss {
        let generation = self.generation;
        let mut next = lock(&self.inside).acked + 1;
        let mut acked = next - 1;
        let mut waiting = Instant::now();
        let mut beat = Instant::now() + Duration::from_secs(HEARTBEAT_S);
        let mut heard = Instant::now();
        loop {
            loop {
                let frame = {
                    let mut inside = lock(&self.inside);
                    if inside.acked > acked {
                        acked = inside.acked;
                        waiting = Instant::now();
                    }
                    next = next.max(acked + 1);
                    if let Some(command_id) = inside.to_confirm.pop_front() {
                        RunnerFrame::CommandDone {
                            generation,
                            command_id,
                        }
                    } else if let Some((prompt_id, delta)) = inside.deltas.pop_front() {
                        RunnerFrame::Delta {
                            generation,
                            prompt_id,
                            delta,
                        }
                    } else if next <= inside.last && next <= acked + WINDOW {
                        let at = usize::try_from(next - acked - 1).unwrap_or(usize::MAX);
                        let Some((prompt_id, report)) = inside.kept.get(at).cloned() else {
                            break;
                        };
                        if next == acked + 1 {
                            waiting = Instant::now();
                        }
                        next += 1;
                        RunnerFrame::Report {
                            generation,
                            n: next - 1,
                            prompt_id,
                            report,
                        }
                    } else {
                        break;
                    }
                };
                if up.send(frame).is_err() {
                    return Loss::Gone;
                }
            }
            let resend = waiting + Duration::from_secs(RESEND_S);
            let stale = heard + Duration::from_secs(STALE_S);
            tokio::select! {
                biased;
                frame = down.recv() => {
                    heard = Instant::now();
                    match frame {
                        None => return Loss::Gone,
                        Some(ServerFrame::Welcome { acked: n } | ServerFrame::Ack { n }) => self.ack(n),
                        Some(ServerFrame::Command { command_id, command }) => self.arrive(command_id, command),
                        Some(ServerFrame::Fenced { .. }) => return Loss::Over,
                        Some(ServerFrame::Credential { .. } | ServerFrame::Secrets { .. }) => {}
                    }
                }
                () = self.work.notified() => {}
                () = sleep_until(cut) => {
                    world.count("connections cut");
                    return Loss::Gone;
                }
                () = sleep_until(resend), if next > acked + 1 => {
                    world.count("reports sent again");
                    next = acked + 1;
                    waiting = Instant::now();
                }
                () = sleep_until(beat) => {
                    beat = Instant::now() + Duration::from_secs(HEARTBEAT_S);
                    // The other side answers a ping.
                    heard = Instant::now();
                    if up.send(RunnerFrame::Heartbeat { generation }).is_err() {
                        return Loss::Gone;
                    }
                }
                () = sleep_until(stale) => return Loss::Gone,
            }
        }
    }
}
