//! `/v1/invitations`: for whoever has a link.

pub(crate) mod accept;
pub(crate) mod preview;

/// A token is small.
const SMALL: usize = 16 * 1024;
