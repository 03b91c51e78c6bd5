//! From a target to a connection: the decision, the look-up, the guard, the connection to a judged address.

use std::{net::SocketAddr, time::Duration};

use domain::address::{Authority, Host};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};

use crate::{
    decision::{Decision, DecisionSink},
    policy::EgressPolicy,
    refusal::Refused,
    resolver::Resolver,
};

/// Look-up and connection together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// One address of several.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);
/// Addresses of one name that are tried.
const MAX_ATTEMPTS: usize = 6;

/// Decides about `target`, tells `sink`, and connects.
pub(crate) async fn reach(
    target: &Authority,
    policy: &EgressPolicy,
    resolver: &dyn Resolver,
    sink: &dyn DecisionSink,
) -> Result<TcpStream, Refused> {
    let deadline = Instant::now() + CONNECT_TIMEOUT;
    let judged = match timeout_at(deadline, judge(target, policy, resolver)).await {
        Ok(judged) => judged,
        Err(_) => Err(Refused::NoSuchName(target.clone())),
    };
    let (allowed, reason) = match &judged {
        Ok((_, reason)) => (true, reason.clone()),
        Err(refused) => (false, refused.to_string()),
    };
    sink.decided(Decision {
        host: target.host.to_string(),
        port: target.port,
        allowed,
        reason,
    });
    let (addresses, _) = judged?;
    let mut last = Refused::TimedOut(target.clone());
    for address in addresses.into_iter().take(MAX_ATTEMPTS) {
        let attempt = timeout(ATTEMPT_TIMEOUT, TcpStream::connect(address));
        match timeout_at(deadline, attempt).await {
            Ok(Ok(Ok(stream))) => {
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Ok(Err(error))) => {
                last = Refused::Unreachable {
                    target: target.clone(),
                    why: error.kind().to_string(),
                }
            }
            Ok(Err(_)) => last = Refused::TimedOut(target.clone()),
            Err(_) => return Err(Refused::TimedOut(target.clone())),
        }
    }
    Err(last)
}

/// The addresses that may be connected to, and why.
async fn judge(
    target: &Authority,
    policy: &EgressPolicy,
    resolver: &dyn Resolver,
) -> Result<(Vec<SocketAddr>, String), Refused> {
    let refused = |why: String| Refused::Address {
        target: target.clone(),
        why,
    };
    if let Some(to) = policy.mapped_to(&target.host, target.port) {
        policy
            .guard
            .check(to.ip(), to.port())
            .map_err(|refusal| refused(refusal.to_string()))?;
        return Ok((vec![to], "the session's own host".into()));
    }
    let Some(pattern) = policy.allow.permits(&target.host, target.port) else {
        return Err(Refused::NotListed(target.clone()));
    };
    let found = match &target.host {
        Host::Ip(ip) => vec![*ip],
        Host::Name(name) => resolver
            .resolve(name)
            .await
            .map_err(|_| Refused::NoSuchName(target.clone()))?,
    };
    let mut first_refusal = None;
    let mut addresses = Vec::new();
    for ip in found {
        match policy.guard.check(ip, target.port) {
            Ok(()) => addresses.push(SocketAddr::new(ip, target.port)),
            Err(refusal) => first_refusal = first_refusal.or(Some(refusal)),
        }
    }
    match first_refusal {
        _ if !addresses.is_empty() => Ok((addresses, format!("listed: {pattern}"))),
        Some(refusal) => Err(refused(refusal.to_string())),
        None => Err(Refused::NoSuchName(target.clone())),
    }
}
