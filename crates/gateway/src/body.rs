//! The request body on its way out: the real model in, routing fields out.
//!
//! Only the top level is edited. Everything below stays byte for byte as the agent wrote it, in its order, since
//! the order of a tool's parameters can matter to a model and to its provider's prompt cache. Fields that occur
//! twice are dropped but for the last, so there is one reading of a body.

use std::fmt;

use bytes::Bytes;
use serde::{
    Deserialize, Serialize, Serializer,
    de::{Deserializer, MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::value::{RawValue, to_raw_value};

use crate::{grant::Grant, route::Route};

/// Largest body a sandbox may send.
pub const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;

/// Most fields on the top level.
const MAX_FIELDS: usize = 256;

/// Fields that steer a request somewhere, carry a key, or tag it for someone: some gateways obey them.
const DROPPED: [&str; 24] = [
    "api_base",
    "api_key",
    "api_version",
    "base_url",
    "base_model",
    "azure_endpoint",
    "organization",
    "user_config",
    "metadata",
    "litellm_metadata",
    "litellm_params",
    "custom_llm_provider",
    "extra_body",
    "extra_headers",
    "headers",
    "proxy",
    "provider",
    "models",
    "fallbacks",
    "context_window_fallback_dict",
    "route",
    "virtual_key",
    "mock_response",
    "vertex_credentials",
];

/// Why a body can't be sent on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidBody {
    #[error("the request body is larger than {MAX_BODY_BYTES} bytes")]
    TooLarge,
    #[error("the request body is not a JSON object")]
    NotAnObject,
}

/// A body ready for the provider.
#[derive(Debug)]
pub(crate) struct Rewritten {
    pub(crate) bytes: Bytes,
    /// The agent asked for usage in its stream (or it is in every answer of this dialect).
    pub(crate) wants_usage: bool,
}

/// Puts the real model in and takes routing fields out.
pub(crate) fn rewrite(route: Route, body: &[u8], grant: &Grant) -> Result<Rewritten, InvalidBody> {
    let mut fields: Fields = serde_json::from_slice(body).map_err(|_| InvalidBody::NotAnObject)?;
    fields.0.retain(|(name, _)| !DROPPED.contains(&name.as_str()));
    fields.set("model", &grant.model);
    if let Some(limit) = grant.max_output {
        for name in ["max_tokens", "max_completion_tokens"] {
            if fields
                .get(name)
                .and_then(|raw| raw.parse::<f64>().ok())
                .is_some_and(|asked| asked > limit as f64)
            {
                fields.set(name, &limit);
            }
        }
    }
    let streams = fields.get("stream") == Some("true");
    let mut wants_usage = true;
    if route == Route::ChatCompletions && streams {
        let given = fields
            .get("stream_options")
            .and_then(|raw| serde_json::from_str(raw).ok());
        let mut options: serde_json::Map<String, serde_json::Value> = given.unwrap_or_default();
        wants_usage = options.get("include_usage") == Some(&true.into());
        options.insert("include_usage".into(), true.into());
        fields.set("stream_options", &options);
    }
    let bytes = serde_json::to_vec(&fields).map_err(|_| InvalidBody::NotAnObject)?;
    Ok(Rewritten {
        bytes: bytes.into(),
        wants_usage,
    })
}

/// A JSON object whose values are kept as they are written.
struct Fields(Vec<(String, Box<RawValue>)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, raw)| raw.get())
    }

    fn set(&mut self, name: &str, value: &impl Serialize) {
        let Ok(raw) = to_raw_value(value) else { return };
        match self.0.iter_mut().find(|(own, _)| own == name) {
            Some((_, old)) => *old = raw,
            None => self.0.push((name.to_owned(), raw)),
        }
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields: Vec<(String, Box<RawValue>)> = Vec::new();
                while let Some((name, raw)) = map.next_entry::<String, Box<RawValue>>()? {
                    if let Some((_, old)) = fields.iter_mut().find(|(own, _)| *own == name) {
                        *old = raw;
                    } else if fields.len() < MAX_FIELDS {
                        fields.push((name, raw));
                    } else {
                        return Err(serde::de::Error::custom("too many fields"));
                    }
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, raw) in &self.0 {
            map.serialize_entry(name, raw)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use ports::model_gateway::Upstream;
    use protocol::{OrgId, agent::Dialect};

    use super::*;

    fn rewritten(route: Route, body: &str) -> String {
        let upstream = Upstream {
            provider: "hub".into(),
            dialect: Dialect::OpenaiChat,
            base_url: None,
            api_key: "k".to_owned().into(),
        };
        let org = OrgId::new(0, 0);
        let grant = Grant {
            org,
            prompt: None,
            model: "real/m-1".into(),
            upstream,
            price: None,
            max_output: Some(100),
        };
        let bytes = rewrite(route, body.as_bytes(), &grant).unwrap().bytes;
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn the_model_is_the_real_one_and_the_rest_stays_as_it_was() {
        assert_eq!(
            rewritten(
                Route::Messages,
                r#"{"z":{"b":1,  "a":[2.50]},"model":"session-model","messages":[{"x":1}]}"#
            ),
            r#"{"z":{"b":1,  "a":[2.50]},"model":"real/m-1","messages":[{"x":1}]}"#
        );
        assert_eq!(rewritten(Route::Messages, "{}"), r#"{"model":"real/m-1"}"#);
        assert_eq!(
            rewritten(Route::Messages, r#"{"model":"a","model":"b","mod\u0065l":"c"}"#),
            r#"{"model":"real/m-1"}"#
        );
    }

    #[test]
    fn routing_fields_are_dropped_however_they_are_spelled() {
        assert_eq!(
            rewritten(
                Route::Messages,
                r#"{"api_base":"http://x","metadata":{},"\u0061pi_key":"k","user_config":1,"keep":2}"#
            ),
            r#"{"keep":2,"model":"real/m-1"}"#
        );
    }

    #[test]
    fn usage_is_asked_for_in_streams() {
        assert_eq!(
            rewritten(
                Route::ChatCompletions,
                r#"{"model":"x","stream":true,"stream_options":{"a":1}}"#
            ),
            r#"{"model":"real/m-1","stream":true,"stream_options":{"a":1,"include_usage":true}}"#
        );
        assert_eq!(
            rewritten(Route::ChatCompletions, r#"{"model":"x"}"#),
            r#"{"model":"real/m-1"}"#
        );
        assert_eq!(
            rewritten(Route::Messages, r#"{"stream":true}"#),
            r#"{"stream":true,"model":"real/m-1"}"#
        );
    }

    #[test]
    fn output_limits_are_lowered_not_raised() {
        assert_eq!(
            rewritten(Route::Messages, r#"{"max_tokens":9e9}"#),
            r#"{"max_tokens":100,"model":"real/m-1"}"#
        );
        assert_eq!(
            rewritten(Route::Messages, r#"{"max_tokens":5}"#),
            r#"{"max_tokens":5,"model":"real/m-1"}"#
        );
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let fails = |body: &str| serde_json::from_str::<Fields>(body).is_err();
        for body in ["", "[]", "1", "null", "{", r#"{"a":1}x"#, r#"{"a":}"#] {
            assert!(fails(body), "{body}");
        }
        let many = (0..300)
            .map(|n| format!("\"f{n}\":1"))
            .collect::<Vec<_>>()
            .join(",");
        assert!(fails(&format!("{{{many}}}")));
    }
}
