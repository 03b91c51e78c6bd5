//! Who acts: API keys and browser sessions become actors here, people sign in and out, and the first owner is made.

mod authenticate;
mod bootstrap;
mod browser;
mod endings;
mod link;
mod me;
mod refresh;
mod set_password;
mod sign_in;
mod sign_out;
mod throttle;

use domain::session::hash_secret;
use ports::Entropy;

pub use bootstrap::bootstrap;
pub use browser::Browser;
pub use endings::Endings;
pub(crate) use endings::{Ended, Teller};
pub use link::{sign_in_link, sign_in_url};
pub use sign_in::NewBrowser;
pub(crate) use throttle::Throttle;

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
