//! Typed identifiers: a prefix that names the kind, then 128 bits in base32hex (lower case, 26 characters).
//!
//! The 128 bits are laid out as UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then randomness, so
//! ids of one kind sort by creation time both as bytes and as text.

use std::{fmt, str::FromStr, sync::LazyLock};

use data_encoding::{Encoding, Specification};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789abcdefghijklmnopqrstuv");
    #[expect(
        clippy::expect_used,
        reason = "a constant alphabet of 32 distinct symbols is always valid"
    )]
    specification.encoding().expect("valid alphabet")
});

/// Lays out 128 bits as UUID version 7: `unix_ms` in front, `random` behind.
#[must_use]
pub fn uuid_v7(unix_ms: i64, random: u128) -> u128 {
    let time = (unix_ms.max(0) as u128 & 0xffff_ffff_ffff) << 80;
    let rest = random & 0x0fff_3fff_ffff_ffff_ffff;
    time | 0x7000_8000_0000_0000_0000 | rest
}

/// Why a text is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an id that starts with `{expected}` followed by 26 characters")]
pub struct InvalidId {
    /// The prefix of the wanted kind, for example `ses_`.
    pub expected: &'static str,
}

fn encode(prefix: &str, bits: u128) -> String {
    format!("{prefix}{}", BASE32.encode(&bits.to_be_bytes()))
}

fn decode(prefix: &'static str, text: &str) -> Result<u128, InvalidId> {
    let invalid = InvalidId { expected: prefix };
    let rest = text.strip_prefix(prefix).ok_or_else(|| invalid.clone())?;
    if rest.len() != 26 {
        return Err(invalid);
    }
    let bytes = BASE32.decode(rest.as_bytes()).map_err(|_| invalid.clone())?;
    let bytes: [u8; 16] = bytes.try_into().map_err(|_| invalid)?;
    Ok(u128::from_be_bytes(bytes))
}

macro_rules! typed_ids {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal;)+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(u128);

            impl $name {
                /// The text every id of this kind starts with.
                pub const PREFIX: &'static str = $prefix;

                /// Makes an id from the time and 128 random bits, both given by the caller.
                #[must_use]
                pub fn new(unix_ms: i64, random: u128) -> Self {
                    Self(uuid_v7(unix_ms, random))
                }

                /// The id as bits, for storage.
                #[must_use]
                pub fn bits(self) -> u128 {
                    self.0
                }

                /// The id from stored bits.
                #[must_use]
                pub fn from_bits(bits: u128) -> Self {
                    Self(bits)
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&encode($prefix, self.0))
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(self, f)
                }
            }

            impl FromStr for $name {
                type Err = InvalidId;
                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    decode($prefix, text).map(Self)
                }
            }

            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(de::Error::custom)
                }
            }

            #[cfg(feature = "openapi")]
            impl utoipa::PartialSchema for $name {
                fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                    utoipa::openapi::ObjectBuilder::new()
                        .schema_type(utoipa::openapi::schema::Type::String)
                        .pattern(Some(concat!("^", $prefix, "[0-9a-v]{26}$")))
                        .into()
                }
            }

            #[cfg(feature = "openapi")]
            impl utoipa::ToSchema for $name {}
        )+
    };
}

typed_ids! {
    /// A session: one conversation with one agent in one sandbox.
    SessionId = "ses_";
    /// An organisation: the tenant that owns sessions, keys and runs.
    OrgId = "org_";
    /// A person.
    UserId = "usr_";
    /// An API key (the record, not the secret).
    ApiKeyId = "key_";
    /// A prompt, and the turn it becomes.
    PromptId = "prm_";
    /// An event of the organisation feed.
    EventId = "evt_";
    /// The durable record of one finished turn.
    RunId = "run_";
    /// A sandbox.
    SandboxId = "sbx_";
    /// An environment definition.
    EnvironmentId = "env_";
    /// An artifact.
    ArtifactId = "art_";
    /// A model provider registered by an organisation.
    ModelProviderId = "mpr_";
    /// A browser in which somebody is signed in (the record, not the secret).
    BrowserId = "brw_";
    /// An identity at a provider through which somebody signs in.
    IdentityId = "idn_";
    /// An environment secret (the row, not the value).
    SecretId = "sec_";
    /// An invitation into an organisation.
    InvitationId = "inv_";
    /// A command on its way to a runner.
    CommandId = "cmd_";
    /// A request of a client, for logs and problem documents.
    RequestId = "req_";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_sorts_by_time() {
        let early = SessionId::new(1_000, u128::MAX);
        let late = SessionId::new(1_001, 0);
        assert!(early.to_string() < late.to_string());
        assert_eq!(early.to_string().parse::<SessionId>().unwrap(), early);
        assert_eq!(early.to_string().len(), 30);
    }

    #[test]
    fn another_kind_is_refused() {
        let text = SessionId::new(1, 2).to_string();
        assert!(text.parse::<OrgId>().is_err());
        assert!("ses_".parse::<SessionId>().is_err());
        assert!("ses_zzzzzzzzzzzzzzzzzzzzzzzzzz".parse::<SessionId>().is_err());
    }
}
