//! The rows, by machine.

mod may;
mod prompt;
mod sandbox;
mod session;
mod turn;

use super::Row;

pub(in crate::session) use may::MAY;

/// Every transition there is.
pub const TABLE: &[&[Row]] = &[session::ROWS, prompt::ROWS, turn::ROWS, sandbox::ROWS];
