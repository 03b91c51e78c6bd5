//! `/v1/runs` and `/v1/usage`.

use domain::policy::Action::ReadRuns;

use crate::row::{Asks::Policy, Row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("GET", "/v1/runs", Policy(&[ReadRuns]), 200),
        Row::new("GET", "/v1/runs/{id}", Policy(&[ReadRuns]), 200).with("id", |stage| stage.run.clone()),
        Row::new("GET", "/v1/usage", Policy(&[ReadRuns]), 200),
    ]
}
