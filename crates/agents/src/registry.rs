//! The drivers this build has, by the word used in the API.

use std::sync::Arc;

use crate::{AgentDriver, OpenCode, Scripted};

/// The driver called `name`.
#[must_use]
pub fn driver(name: &str) -> Option<Arc<dyn AgentDriver>> {
    match name {
        OpenCode::NAME => Some(Arc::new(OpenCode::default())),
        Scripted::NAME => Some(Arc::new(Scripted)),
        _ => None,
    }
}

/// Every name that [`driver`] knows.
#[must_use]
pub fn names() -> &'static [&'static str] {
    &[OpenCode::NAME, Scripted::NAME]
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_name_has_its_driver() {
        for name in super::names() {
            assert_eq!(super::driver(name).map(|driver| driver.name()), Some(*name));
        }
        assert!(super::driver("nobody").is_none());
    }
}
