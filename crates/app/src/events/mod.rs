//! A session's events: page by page, and live.

mod page;
mod subscribe;

pub use page::EventQuery;
