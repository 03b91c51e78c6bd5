//! `/v1/me`.

use crate::row::{Asks::Anyone, Row};

pub(crate) fn rows() -> Vec<Row> {
    vec![Row::new("GET", "/v1/me", Anyone, 200)]
}
