//! Bodies of the HTTP API, shared by the inbound door, the CLI and the Rust client.
