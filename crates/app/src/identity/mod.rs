//! Who acts: API keys and browser sessions become actors here, people sign in and out, and the first owner is made.

mod accounts;
mod authenticate;
mod bootstrap;
mod browser;
mod browsers;
mod challenge;
mod endings;
mod letters;
mod link;
mod logins;
mod me;
mod refresh;
mod reset;
mod second_factor;
mod set_password;
mod sign_in;
mod sign_out;
mod sign_up;
mod throttle;
mod verify_email;

use domain::{api_key, session::hash_secret};
use ports::Entropy;

pub use accounts::AccountSettings;
pub(crate) use accounts::{Accounts, address};
pub use bootstrap::bootstrap;
pub(crate) use bootstrap::check_slug;
pub use browser::Browser;
pub use endings::Endings;
pub(crate) use endings::{Ended, Teller};
pub use link::{sign_in_link, sign_in_url};
pub use logins::{LoginBegun, LoginOutcome, LoginReturn, LoginTrouble};
pub use sign_in::{NewBrowser, SignInOutcome};
pub(crate) use throttle::Throttle;

/// What every API key starts with.
pub const KEY_PREFIX: &str = api_key::PREFIX;

/// A fresh key: the text, its hash and its hint.
pub(crate) fn fresh_key(entropy: &dyn Entropy) -> (String, [u8; 32], String) {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    let text = api_key::text(&bytes);
    let hash = hash_secret(&text);
    let hint = text.chars().take(api_key::HINT).collect();
    (text, hash, hint)
}
