//! The durable history of finished turns.

mod get;
mod list;

pub use list::RunQuery;
