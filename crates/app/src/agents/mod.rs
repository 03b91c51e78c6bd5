//! Agents that are installed here.

mod list;
mod pick;
