//! Who acts: API keys become actors here, and the first owner is made.

mod authenticate;
mod bootstrap;
mod me;
mod refresh;

use domain::session::hash_secret;
use ports::Entropy;

pub use bootstrap::bootstrap;

/// What every API key starts with.
pub const KEY_PREFIX: &str = "ack_";

/// Characters of a key that are kept to recognise it: the prefix and six more.
const HINT: usize = 10;

/// A fresh key: the text, its hash and its hint.
pub(crate) fn fresh_key(entropy: &dyn Entropy) -> (String, [u8; 32], String) {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    let text = format!("{KEY_PREFIX}{}", data_encoding::BASE64URL_NOPAD.encode(&bytes));
    let hash = hash_secret(&text);
    let hint = text.chars().take(HINT).collect();
    (text, hash, hint)
}
