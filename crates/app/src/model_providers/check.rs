//! What is acceptable in a model provider.

use domain::{
    address::check_base_url,
    models::{DEMO_PROVIDER, ModelOffer, Price, is_slug},
};
use protocol::{agent::Dialect, api::ModelOfferInput};

use crate::{App, AppError, error::sentence, text};

/// Longest key that is taken, bytes.
const MAX_KEY: usize = 4096;
const MAX_MODELS: usize = 500;
/// More tokens than any model has; keeps arithmetic far from overflow.
const MAX_TOKENS: u64 = 1_000_000_000;
/// Micro-USD for a million tokens: a dollar a token.
const MAX_PRICE: u64 = 1_000_000_000_000;

pub(super) fn slug(word: &str) -> Result<(), AppError> {
    if !is_slug(word) {
        return Err(AppError::invalid(
            "provider",
            "`provider` must have 1 to 63 of a-z, 0-9, `-`, `_` and `.`, and start with a letter or digit.",
        ));
    }
    if word == DEMO_PROVIDER {
        return Err(AppError::invalid(
            "provider",
            "`demo` is the name of the built-in demo; choose another word.",
        ));
    }
    Ok(())
}

pub(super) fn api_key(key: &str) -> Result<(), AppError> {
    text::secret("api_key", key, MAX_KEY)
}

impl App {
    /// A base address as it is kept: as the caller wrote it, without closing slashes.
    pub(super) async fn check_base_url(
        &self,
        slug: &str,
        dialect: Dialect,
        base_url: Option<&str>,
    ) -> Result<Option<String>, AppError> {
        let url = check_base_url(slug, dialect, base_url)
            .map_err(|invalid| AppError::invalid("base_url", sentence(&invalid.to_string())))?;
        let Some(text) = base_url else { return Ok(None) };
        self.settings()
            .guard
            .check(url.as_str())
            .await
            .map_err(|refused| AppError::from(refused).field("base_url"))?;
        Ok(Some(text.trim_end_matches('/').to_owned()))
    }
}

pub(super) fn offers(models: Vec<ModelOfferInput>) -> Result<Vec<ModelOffer>, AppError> {
    if models.len() > MAX_MODELS {
        return Err(AppError::invalid(
            "models",
            format!("`models` may have at most {MAX_MODELS} entries."),
        )
        .limit(MAX_MODELS as u64));
    }
    let mut seen = std::collections::BTreeSet::new();
    models
        .into_iter()
        .map(|offer| {
            let name = &offer.id;
            if name.is_empty()
                || name.len() > 256
                || name.contains(|c: char| c.is_whitespace() || c.is_control())
            {
                return Err(AppError::invalid(
                    "models",
                    "A model's name has 1 to 256 characters and no white space.",
                ));
            }
            if !seen.insert(name.clone()) {
                return Err(AppError::invalid(
                    "models",
                    format!("The model `{name}` is listed twice."),
                ));
            }
            let tokens = [offer.context, offer.max_output];
            if tokens
                .into_iter()
                .flatten()
                .any(|n| !(1..=MAX_TOKENS).contains(&n))
            {
                return Err(AppError::invalid(
                    "models",
                    "`context` and `max_output` are numbers of tokens above 0.",
                ));
            }
            if let (Some(context), Some(max_output)) = (offer.context, offer.max_output)
                && max_output > context
            {
                return Err(AppError::invalid(
                    "models",
                    "`max_output` must not be larger than `context`.",
                ));
            }
            let price = offer.price.map(|price| Price {
                input: price.input,
                output: price.output,
                cached: price.cached,
            });
            if price.is_some_and(|p| p.input.max(p.output).max(p.cached.unwrap_or(0)) > MAX_PRICE) {
                return Err(AppError::invalid(
                    "models",
                    "A price is in micro-USD for a million tokens; this one is too high.",
                )
                .limit(MAX_PRICE));
            }
            Ok(ModelOffer {
                id: offer.id,
                context: offer.context,
                max_output: offer.max_output,
                price,
            })
        })
        .collect()
}
