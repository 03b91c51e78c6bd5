//! Model providers of an organisation, the models they offer, and prices.

use protocol::{MicroUsd, ModelProviderId, OrgId, Timestamp, agent::Dialect, session::Tokens};
use serde::{Deserialize, Serialize};

use crate::sealed::Sealed;

/// Context window assumed when an organisation names none, tokens.
pub const DEFAULT_CONTEXT: u64 = 128_000;
/// Output limit assumed when an organisation names none, tokens.
pub const DEFAULT_MAX_OUTPUT: u64 = 8_192;
/// The provider that needs no key and answers from a script; always labelled as a demo.
pub const DEMO_PROVIDER: &str = "demo";
/// The demo provider's one model.
pub const DEMO_MODEL: &str = "scripted";

/// A provider that an organisation registered, with its sealed key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelProvider {
    pub id: ModelProviderId,
    pub org: OrgId,
    /// The organisation's word for it; the part of `model` before the first `/`.
    pub slug: String,
    pub dialect: Dialect,
    pub base_url: Option<String>,
    pub sealed_key: Sealed,
    /// Last characters of the key, to recognise it in a list.
    pub key_hint: String,
    pub models: Vec<ModelOffer>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A model of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelOffer {
    pub id: String,
    #[serde(default)]
    pub context: Option<u64>,
    #[serde(default)]
    pub max_output: Option<u64>,
    #[serde(default)]
    pub price: Option<Price>,
}

/// Price in micro-USD for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub input: u64,
    pub output: u64,
    /// Tokens read from the provider's cache; as `input` when absent.
    #[serde(default)]
    pub cached: Option<u64>,
}

impl Price {
    /// What a call costs, rounded up to the next micro-USD once, at the end.
    #[must_use]
    pub fn cost(&self, tokens: Tokens) -> MicroUsd {
        let cached = tokens.cached.min(tokens.input);
        let fresh = tokens.input - cached;
        let sum = u128::from(fresh) * u128::from(self.input)
            + u128::from(cached) * u128::from(self.cached.unwrap_or(self.input))
            + u128::from(tokens.output) * u128::from(self.output);
        MicroUsd(i64::try_from(sum.div_ceil(1_000_000)).unwrap_or(i64::MAX))
    }
}

/// `provider/model`, split at the first slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelRef<'a> {
    pub provider: &'a str,
    pub model: &'a str,
}

impl<'a> ModelRef<'a> {
    /// `None` when either half is missing.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (provider, model) = text.split_once('/')?;
        (is_slug(provider) && !model.is_empty() && model.len() <= 256 && !model.contains(char::is_whitespace))
            .then_some(Self { provider, model })
    }
}

/// A provider's word: 1 to 63 of `a-z`, `0-9`, `-`, `_`, `.`, starting with a letter or digit.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 63
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.'))
        && text.as_bytes()[0].is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cost_is_exact_and_rounded_up_once() {
        let price = Price {
            input: 3_000_000,
            output: 15_000_000,
            cached: Some(300_000),
        };
        let tokens = Tokens {
            input: 1000,
            output: 10,
            cached: 900,
            reasoning: 0,
        };
        // 100 * 3 + 900 * 0.3 + 10 * 15 = 720 micro-USD
        assert_eq!(price.cost(tokens), MicroUsd(720));
        assert_eq!(
            price.cost(Tokens {
                input: 1,
                ..Tokens::default()
            }),
            MicroUsd(3)
        );
        assert_eq!(
            Price {
                input: 1,
                output: 1,
                cached: None
            }
            .cost(Tokens {
                input: 1,
                ..Tokens::default()
            }),
            MicroUsd(1)
        );
    }

    #[test]
    fn the_provider_is_the_part_before_the_first_slash() {
        assert_eq!(
            ModelRef::parse("hub/org/name"),
            Some(ModelRef {
                provider: "hub",
                model: "org/name"
            })
        );
        assert_eq!(ModelRef::parse("hub"), None);
        assert_eq!(ModelRef::parse("/x"), None);
        assert_eq!(ModelRef::parse("hub/"), None);
    }
}
