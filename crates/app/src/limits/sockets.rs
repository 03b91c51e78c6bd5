//! Connections that stay open: each organisation has so many, so that it does not take the server's last.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use protocol::OrgId;

use super::full;
use crate::{App, AppError};

/// How many each organisation has open.
#[derive(Debug, Default, Clone)]
pub(super) struct Sockets(Arc<Mutex<HashMap<OrgId, u64>>>);

/// One of them; counted until dropped.
#[derive(Debug)]
pub struct OpenSocket {
    all: Sockets,
    org: OrgId,
}

impl Sockets {
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<OrgId, u64>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn open(&self, org: OrgId) -> u64 {
        self.with(|all| all.get(&org).copied().unwrap_or(0))
    }

    fn take(&self, org: OrgId, most: u64) -> Option<OpenSocket> {
        self.with(|all| {
            let open = all.entry(org).or_default();
            (*open < most).then(|| {
                *open += 1;
                OpenSocket {
                    all: self.clone(),
                    org,
                }
            })
        })
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        self.all.with(|all| {
            if let Some(open) = all.get_mut(&self.org) {
                *open = open.saturating_sub(1);
                if *open == 0 {
                    all.remove(&self.org);
                }
            }
        });
    }
}

impl App {
    /// A socket or stream of this organisation is about to be opened; held for as long as it is.
    ///
    /// # Errors
    /// `quota_exceeded` when there are as many as it may have.
    pub fn open_socket(&self, org: OrgId) -> Result<OpenSocket, AppError> {
        let limiter = self.limiter();
        let most = limiter.quotas.sockets;
        limiter
            .sockets
            .take(org, most)
            .ok_or_else(|| full("sockets and streams open", most, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_organisation_has_its_own_and_gives_them_back() {
        let sockets = Sockets::default();
        let (one, two) = (OrgId::from_bits(1), OrgId::from_bits(2));
        let held = [sockets.take(one, 2).unwrap(), sockets.take(one, 2).unwrap()];
        assert!(sockets.take(one, 2).is_none());
        let other = sockets.take(two, 2).unwrap();
        assert_eq!((sockets.open(one), sockets.open(two)), (2, 1));
        drop(held);
        assert!(sockets.take(one, 2).is_some());
        drop(other);
        assert!(
            sockets.0.lock().unwrap().is_empty(),
            "those without are forgotten"
        );
    }
}
