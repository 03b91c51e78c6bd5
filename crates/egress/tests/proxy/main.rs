//! The proxy from both of its sides.

mod plain;
mod tunnels;
mod world;
