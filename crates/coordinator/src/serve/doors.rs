//! The way out of each sandbox: which hosts, decided by what it works on.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::{
    address::{AllowList, Guard, Host, Pattern},
    session::Command,
};
use egress::{DecisionSink, Door, EgressPolicy, MappedHost, Receipt, ReceiptSink, Receipts, SystemResolver};
use protocol::{SandboxId, SessionId, event::EgressDecided, keeper::RelayPreamble};
use sessions::Sessions;
use url::Url;

use super::git_host;

/// The doors of all sandboxes. Cheap to clone.
#[derive(Clone)]
pub(super) struct Doors(Arc<Inner>);

struct Inner {
    guard: Arc<Guard>,
    /// What every sandbox may reach.
    base: AllowList,
    open: Mutex<HashMap<SandboxId, Open>>,
}

#[derive(Clone)]
struct Open {
    door: Door,
    /// `None` for one-shot sandboxes, which have no session to write into.
    receipts: Option<Arc<Receipts>>,
}

impl Doors {
    pub(super) fn new(guard: Arc<Guard>, base: AllowList) -> Self {
        Self(Arc::new(Inner {
            guard,
            base,
            open: Mutex::default(),
        }))
    }

    fn open(&self) -> MutexGuard<'_, HashMap<SandboxId, Open>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn door(&self, repository: Option<&str>, sink: Arc<dyn DecisionSink>) -> Door {
        let policy = policy(&self.0.base, &self.0.guard, repository);
        Door::new(Arc::new(policy), Arc::new(SystemResolver), sink)
    }

    /// Opens the door of a one-shot sandbox that clones `url`; dropping the answer closes it.
    pub(super) fn for_probe(&self, id: SandboxId, url: Option<&str>) -> ProbeDoor {
        let door = self.door(url, Arc::new(Unrecorded));
        self.open().insert(id, Open { door, receipts: None });
        ProbeDoor {
            doors: self.clone(),
            id,
        }
    }

    /// The door of a sandbox that a connection comes from. `None` when its session is gone.
    pub(super) async fn of(&self, preamble: &RelayPreamble, sessions: &Sessions) -> Option<Door> {
        if let Some(open) = self.open().get(&preamble.sandbox_id) {
            return Some(open.door.clone());
        }
        let view = sessions.view(preamble.session_id).await.ok()?;
        let profile = view.state.profile.as_ref()?;
        let url = profile
            .repository
            .as_ref()
            .map(|repository| repository.url.clone());
        let sink = Arc::new(IntoSession {
            sessions: sessions.clone(),
            session: preamble.session_id,
            generation: preamble.generation,
        });
        let mut open = self.open();
        // Another connection of the same sandbox may have been quicker.
        let entry = open.entry(preamble.sandbox_id).or_insert_with(|| {
            let receipts = Receipts::start(sink);
            let decisions: Arc<dyn DecisionSink> = Arc::<Receipts>::clone(&receipts);
            Open {
                door: self.door(url.as_deref(), decisions),
                receipts: Some(receipts),
            }
        });
        Some(entry.door.clone())
    }

    /// The sandbox is gone: its last receipts are written.
    pub(super) async fn close(&self, id: SandboxId) {
        let gone = self.open().remove(&id);
        if let Some(receipts) = gone.and_then(|open| open.receipts) {
            receipts.close().await;
        }
    }

    /// Writes the receipts of all sandboxes, before the server goes.
    pub(super) async fn close_all(&self) {
        let ids: Vec<SandboxId> = self.open().keys().copied().collect();
        futures::future::join_all(ids.into_iter().map(|id| self.close(id))).await;
    }
}

/// A one-shot sandbox's way out.
pub(super) struct ProbeDoor {
    doors: Doors,
    id: SandboxId,
}

impl Drop for ProbeDoor {
    fn drop(&mut self) {
        self.doors.open().remove(&self.id);
    }
}

/// What a sandbox may reach: the common list, and the host of its repository.
fn policy(base: &AllowList, guard: &Arc<Guard>, repository: Option<&str>) -> EgressPolicy {
    let mut policy = EgressPolicy {
        allow: base.clone(),
        mapped: Vec::new(),
        guard: Arc::clone(guard),
    };
    let Some((host, port)) = repository.and_then(host_and_port) else {
        return policy;
    };
    let Some(ip) = git_host::loopback(&host).or_else(|| git_host::outside(&host)) else {
        policy.allow.add(Pattern::exact(host, port));
        return policy;
    };
    let name = match &host {
        Host::Name(name) if git_host::outside(&host).is_some() => Some(name.clone()),
        _ => repository
            .and_then(git_host::inside)
            .and_then(|url| host_and_port(&url))
            .map(|(host, _)| host.to_string()),
    };
    if let Some(name) = name {
        match MappedHost::new(&name, port, SocketAddr::new(ip, port), guard) {
            Ok(mapped) => policy.mapped.push(mapped),
            Err(error) => {
                tracing::debug!(%error, "the git host of a repository cannot be reached from its sandbox")
            }
        }
    }
    policy
}

fn host_and_port(url: &str) -> Option<(Host, u16)> {
    let url = Url::parse(url).ok()?;
    Some((Host::parse(url.host_str()?).ok()?, url.port_or_known_default()?))
}

struct Unrecorded;

impl DecisionSink for Unrecorded {
    fn decided(&self, decision: egress::Decision) {
        tracing::debug!(
            host = decision.host,
            port = decision.port,
            allowed = decision.allowed,
            "a probe asked for a way out"
        );
    }
}

/// Decisions become events of the session.
struct IntoSession {
    sessions: Sessions,
    session: SessionId,
    generation: u64,
}

#[async_trait]
impl ReceiptSink for IntoSession {
    async fn receipts(&self, receipts: Vec<Receipt>) {
        for receipt in receipts {
            let decided = EgressDecided {
                host: receipt.host,
                port: receipt.port,
                decision: if receipt.allowed { "allowed" } else { "denied" }.to_owned(),
                reason: receipt.reason,
                count: receipt.count,
            };
            let command = Command::Egress {
                generation: self.generation,
                decided,
            };
            if let Err(error) = self.sessions.command(self.session, command, None).await {
                tracing::debug!(session.id = %self.session, %error, "an egress decision was not recorded");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(private: &str) -> Arc<Guard> {
        Arc::new(Guard {
            private: private.parse().unwrap(),
            ..Guard::default()
        })
    }

    #[test]
    fn the_repositorys_host_is_let_through_on_its_port_alone() {
        let policy = policy(
            &AllowList::default(),
            &guard("false"),
            Some("https://git.example.org:8443/r.git"),
        );
        let host = Host::parse("git.example.org").unwrap();
        assert!(policy.allow.permits(&host, 8443).is_some());
        assert!(policy.allow.permits(&host, 443).is_none());
        assert!(policy.mapped.is_empty());
    }

    #[test]
    fn a_loopback_host_is_mapped_only_where_the_operator_opened_it() {
        let open = |private: &str, url: &str| {
            policy(&AllowList::default(), &guard(private), Some(url))
                .mapped
                .len()
        };
        assert_eq!(open("127.0.0.0/8:8081", "http://127.0.0.1:8081/r.git"), 1);
        assert_eq!(open("127.0.0.0/8:8081", "http://git-host.internal:8081/r.git"), 1);
        assert_eq!(open("127.0.0.0/8:8081", "http://127.0.0.1:8082/r.git"), 0);
        assert_eq!(open("false", "http://127.0.0.1:8081/r.git"), 0);
        let all = policy(
            &AllowList::default(),
            &guard("true"),
            Some("http://127.0.0.1:8081/r.git"),
        );
        assert!(
            all.allow.patterns().is_empty(),
            "loopback itself is never let through"
        );
    }
}
