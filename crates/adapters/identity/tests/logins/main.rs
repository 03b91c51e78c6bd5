//! Providers over the wire: an issuer and a GitHub in this process, which do as they should, and then everything wrong that
//! one could do.

#![expect(
    clippy::unwrap_used,
    reason = "what a test expects and does not get is a panic"
)]

mod double;
mod github;
mod honest;
mod jwt;
mod lies;
mod network;
