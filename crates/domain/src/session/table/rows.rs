//! The rows.

use super::Row;

/// Every transition there is.
pub const TABLE: &[Row] = &[];
