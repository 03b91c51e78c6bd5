//! Which addresses the server may connect to on behalf of a tenant or a sandbox.
//!
//! Model endpoints, git hosts and everything a sandbox asks the egress proxy for are named by people (or by code)
//! that the operator does not trust. The rules here are pure: a name is resolved elsewhere, and each address it
//! resolved to is checked here, right before the connection to exactly that address.

mod allow_list;
mod base_url;
mod class;
mod guard;
mod host;
mod private;
mod registries;

pub use allow_list::{AllowList, InvalidPattern, Pattern};
pub use base_url::{InvalidBaseUrl, check_base_url};
pub use class::{AddressClass, classify, unwrap_v4};
pub use guard::{Guard, Refusal};
pub use host::{Authority, Host, InvalidHost};
pub use private::{InvalidNetwork, PrivateNetworks};
pub use registries::PUBLIC_REGISTRIES;
