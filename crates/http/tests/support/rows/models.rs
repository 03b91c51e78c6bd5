//! What can be used now.

use domain::policy::Action::ReadConfiguration;

use crate::row::{Asks::Policy, Row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("GET", "/v1/models", Policy(&[ReadConfiguration]), 200),
        Row::new("GET", "/v1/agents", Policy(&[ReadConfiguration]), 200),
    ]
}
