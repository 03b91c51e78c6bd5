//! Model providers that an organisation brings with its own keys.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::Secret;
use crate::{ModelProviderId, Timestamp, agent::Dialect};

/// Body of `POST /v1/model-providers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelProviderCreate {
    /// Any word of `a-z`, `0-9`, `-`, `_`, `.`: the part of `model` before the first `/`.
    pub provider: String,
    /// The dialect it speaks.
    pub api: Dialect,
    /// May be omitted for `openai`, `anthropic` and `gemini` (their public address). For `openai-*` it ends in `/v1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Write-only: sealed at rest, never shown, never inside a sandbox.
    pub api_key: Secret,
    /// Which models may be used, with sizes and prices; any model when absent.
    #[serde(
        default,
        deserialize_with = "super::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub models: Vec<ModelOfferInput>,
}

/// Body of `PATCH /v1/model-providers/{id}`; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelProviderPatch {
    /// A new key in place of the old one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<Secret>,
    /// Null takes it away.
    #[serde(
        default,
        deserialize_with = "super::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub base_url: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models: Option<Vec<ModelOfferInput>>,
}

/// The new provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelProviderInfo {
    pub id: ModelProviderId,
    pub provider: String,
    pub api: Dialect,
    pub base_url: Option<String>,
    /// Last characters of the key, to recognise it.
    pub key_hint: String,
    pub models: Vec<ModelOfferInput>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A model provider as it was made.
pub type ModelProviderCreated = ModelProviderInfo;

/// What a live test of a provider's key found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelProviderTest {
    pub ok: bool,
    /// HTTP status of the provider, if it answered.
    pub upstream_status: Option<u16>,
    /// What it means and what to do.
    pub message: String,
    /// Names of models that the provider lists; at most 500.
    pub models: Vec<String>,
    pub duration_ms: u64,
}

/// A model: its name alone, or with sizes and price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelOfferInput {
    pub id: String,
    /// Context window, tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<u64>,
    /// Most output tokens of one call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<ModelPrice>,
}

/// Price in micro-USD for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelPrice {
    pub input: u64,
    pub output: u64,
    /// Tokens read from the provider's cache; as `input` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached: Option<u64>,
}

impl<'de> Deserialize<'de> for ModelOfferInput {
    // By hand: an untagged enum would hide which field of the object is wrong.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Full {
            id: String,
            #[serde(default)]
            context: Option<u64>,
            #[serde(default)]
            max_output: Option<u64>,
            #[serde(default)]
            price: Option<ModelPrice>,
        }

        struct NameOrFull;

        impl<'de> de::Visitor<'de> for NameOrFull {
            type Value = ModelOfferInput;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a model's name, or an object with `id`, `context`, `max_output` and `price`")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
                Ok(ModelOfferInput {
                    id: name.to_owned(),
                    context: None,
                    max_output: None,
                    price: None,
                })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let full = Full::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(ModelOfferInput {
                    id: full.id,
                    context: full.context,
                    max_output: full.max_output,
                    price: full.price,
                })
            }
        }

        deserializer.deserialize_any(NameOrFull)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_a_name_or_an_object() {
        let offers: Vec<ModelOfferInput> =
            serde_json::from_str(r#"["a", {"id":"b","price":{"input":3,"output":4}}]"#).unwrap();
        assert_eq!(offers[0].id, "a");
        assert_eq!(offers[1].price.unwrap().output, 4);
        let error = serde_json::from_str::<Vec<ModelOfferInput>>(r#"[{"id":"b","prize":1}]"#).unwrap_err();
        assert!(error.to_string().contains("unknown field `prize`"), "{error}");
    }

    #[test]
    fn a_patch_tells_null_from_absent() {
        let patch: ModelProviderPatch = serde_json::from_str(r#"{"base_url":null}"#).unwrap();
        assert_eq!(patch.base_url, Some(None));
        let patch: ModelProviderPatch = serde_json::from_str("{}").unwrap();
        assert_eq!(patch.base_url, None);
    }
}
