//! What the server tells everybody.

use crate::row::{Asks::Nothing, Row};

pub(crate) fn rows() -> Vec<Row> {
    let open = |path| Row::new("GET", path, Nothing, 200);
    vec![
        open("/health"),
        open("/ready"),
        open("/metrics"),
        open("/openapi.json"),
        open("/docs"),
        open("/problems/{slug}")
            .with("slug", |_| "not_found".into())
            .aimless(),
    ]
}
