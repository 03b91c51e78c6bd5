//! Pieces that the tests here share.

use std::sync::Arc;

use domain::address::Guard;
use models::{Direct, SystemLookup};
use ports::model_gateway::Upstream;
use protocol::agent::Dialect;

pub(crate) fn guard(private: &str) -> Guard {
    Guard {
        private: private.parse().expect("a list of networks"),
        ..Guard::default()
    }
}

pub(crate) fn direct(guard: Guard) -> Direct {
    Direct::new(Arc::new(guard), Arc::new(SystemLookup))
}

pub(crate) fn upstream(provider: &str, dialect: Dialect, base_url: Option<&str>) -> Upstream {
    Upstream {
        provider: provider.into(),
        dialect,
        base_url: base_url.map(Into::into),
        api_key: "sk-tenant-key".to_owned().into(),
    }
}
