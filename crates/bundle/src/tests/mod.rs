//! The format from both sides: what is written is read again, and nothing else is.

mod adopting;
mod format;
mod life;
mod replaying;
