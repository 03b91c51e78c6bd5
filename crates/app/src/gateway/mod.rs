//! What the model gateway needs from the rooms inside: who a runner is, where its model call goes, and where the
//! tokens are counted.

mod grant;
mod meter;

pub use grant::Grant;
pub use meter::{Meter, Usage};
