//! `/v1/audit`.

use domain::policy::Action::ReadAudit;

use crate::row::{Asks::Policy, Row};

pub(crate) fn rows() -> Vec<Row> {
    vec![Row::new("GET", "/v1/audit", Policy(&[ReadAudit]), 200)]
}
