//! Which models an organisation can use now, and why not.

mod list;
mod resolve;

use domain::models::{DEFAULT_CONTEXT, DEFAULT_MAX_OUTPUT, ModelOffer};
use protocol::agent::{Dialect, ModelBinding};

pub use resolve::ResolvedModel;

/// Dialects that the model gateway speaks; providers of another can be kept, but not used yet.
pub const SPOKEN_DIALECTS: &[Dialect] = &[Dialect::OpenaiChat, Dialect::Anthropic];

fn unspoken(dialect: Dialect) -> Option<String> {
    (!SPOKEN_DIALECTS.contains(&dialect))
        .then(|| format!("The model gateway does not speak `{}` yet.", dialect.as_str()))
}

/// What the agent is told of a model: the offer's sizes, or the defaults.
fn binding(dialect: Dialect, offer: Option<&ModelOffer>) -> ModelBinding {
    let context = offer.and_then(|offer| offer.context).unwrap_or(DEFAULT_CONTEXT);
    let max_output = offer
        .and_then(|offer| offer.max_output)
        .unwrap_or(DEFAULT_MAX_OUTPUT)
        .min(context);
    ModelBinding {
        dialect,
        context,
        max_output,
    }
}
