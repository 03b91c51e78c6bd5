//! Getting the work out.

use domain::policy::Action::ReadSessions;

use crate::row::{Asks::Policy, Row};

pub(crate) fn rows() -> Vec<Row> {
    let of = |path| Row::new("GET", path, Policy(&[ReadSessions]), 200).with("id", |stage| stage.busy.clone());
    vec![
        of("/v1/sessions/{id}/diff"),
        of("/v1/sessions/{id}/files").query(|_| "?path=zanzibar.rs".into()),
        of("/v1/sessions/{id}/archive"),
    ]
}
