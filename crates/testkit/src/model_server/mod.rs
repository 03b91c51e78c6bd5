//! A model provider on loopback that answers from a script, in the openai-chat and the anthropic dialect.
//!
//! It stands in for a real provider in tests with real processes: it takes any key unless told which ones are
//! good, writes down what each request carried, and misbehaves on demand. What it says follows the lines of the
//! latest prompt: `run: COMMAND` calls the shell tool and then quotes its output, `write: PATH=CONTENT` calls the
//! write tool, `question: TEXT | OPTION | OPTION` the question tool, `think: TEXT` reasons first, `slow: N` streams N
//! words at twenty a second; anything else is answered by quoting the first and the latest prompt.

mod anthropic;
pub mod contract;
mod fault;
mod openai;
mod recorded;
mod script;
mod serve;

use std::{
    collections::BTreeSet,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{net::TcpListener, task::JoinHandle};

pub use self::{
    fault::{Fault, Times},
    recorded::Recorded,
};

/// A running server; it stops when dropped.
#[derive(Debug)]
pub struct ModelServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    requests: Mutex<Vec<Recorded>>,
    faults: Mutex<Vec<fault::Planned>>,
    /// Empty = every key is good.
    keys: Mutex<BTreeSet<String>>,
}

impl ModelServer {
    /// Starts on a free loopback port.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Starts on a given address.
    ///
    /// # Errors
    /// When it can't be bound.
    pub async fn start_on(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(serve::accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            task,
        })
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `base_url` for an openai-chat provider.
    #[must_use]
    pub fn url_openai(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// `base_url` for an anthropic provider.
    #[must_use]
    pub fn url_anthropic(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.shared.requests).clone()
    }

    /// From now on only these keys are good; others get 401.
    pub fn accept_keys<'a>(&self, keys: impl IntoIterator<Item = &'a str>) {
        *lock(&self.shared.keys) = keys.into_iter().map(str::to_owned).collect();
    }

    /// Misbehaves for requests that name `model`, or for all of them.
    pub fn misbehave(&self, model: Option<&str>, fault: Fault, times: Times) {
        lock(&self.shared.faults).push(fault::Planned::new(model, fault, times));
    }

    /// Behaves well again.
    pub fn behave(&self) {
        lock(&self.shared.faults).clear();
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
