//! The audit log as it is shown, exported and kept: who did what, or tried to, in a chain of hashes.
//!
//! The JSON of these types is also the format of an export, line by line. It only grows.

use std::{collections::BTreeMap, fmt, net::IpAddr, str::FromStr};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{ApiKeyId, OrgId, RequestId, Timestamp, UserId};

/// Bytes, written as lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const N: usize> FromStr for Hex<N> {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok();
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| format!("expected {} lower-case hexadecimal characters", 2 * N))
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// SHA-256 over a record and everything before it.
pub type AuditHash = Hex<32>;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AuditActor {
    User {
        user_id: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        api_key_id: Option<ApiKeyId>,
        /// E-mail address as it was then.
        name: String,
    },
    /// Whoever runs the server, on its machine.
    Operator,
    /// The server, in the course of something that was noted before.
    System,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AuditOutcome {
    /// The policy let it happen. Written before it is done.
    Allowed,
    /// The policy, or a wrong password, did not.
    Denied,
    /// It was allowed, and then could not be done.
    Failed,
}

impl AuditOutcome {
    pub const ALL: [Self; 3] = [Self::Allowed, Self::Denied, Self::Failed];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for AuditOutcome {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
            .ok_or_else(|| "expected allowed, denied or failed".to_owned())
    }
}

/// One record, with its place in the organisation's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditRecord {
    pub org_id: OrgId,
    /// 1, 2, 3 ... without gaps within an organisation.
    pub seq: u64,
    pub at: Timestamp,
    pub actor: AuditActor,
    /// `noun.verb`, for example `api_key.create`.
    pub action: String,
    /// Id of what it was done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    pub outcome: AuditOutcome,
    /// Where the request came from, as far as that can be believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub address: Option<IpAddr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// A few words more; never a secret.
    #[serde(default)]
    pub details: BTreeMap<String, String>,
    /// Over this record and the hash before it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub hash: AuditHash,
}

/// The server's signature under a hash: everything up to it was so at that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditCheckpoint {
    pub org_id: OrgId,
    /// Of the record whose hash is signed.
    pub seq: u64,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub hash: AuditHash,
    /// When that record was made.
    pub at: Timestamp,
    /// Ed25519 public key that the signature is checked with.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub key: Hex<32>,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub signature: Hex<64>,
}

/// Where a chain begins and ends, kept apart from its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditHead {
    pub org_id: OrgId,
    /// `seq` of the last record; 0 = none.
    pub seq: u64,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub hash: AuditHash,
    /// Records up to this one were removed on purpose; 0 = none.
    pub removed: u64,
    /// Hash of the last one removed; zeros = none.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub removed_hash: AuditHash,
}

/// A line of an export: the start, then the records in order, each checkpoint behind its record, then the head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AuditLine {
    Start(AuditHead),
    Record(AuditRecord),
    Checkpoint(AuditCheckpoint),
    Head(AuditHead),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_written_as_it_always_was() {
        let record = AuditRecord {
            org_id: OrgId::from_bits(1),
            seq: 7,
            at: Timestamp::from_ms(1_769_860_800_000),
            actor: AuditActor::User {
                user_id: UserId::from_bits(2),
                api_key_id: None,
                name: "ana@example.org".into(),
            },
            action: "api_key.create".into(),
            target: None,
            outcome: AuditOutcome::Allowed,
            address: Some([192, 0, 2, 1].into()),
            request_id: None,
            details: BTreeMap::new(),
            hash: Hex([0xab; 32]),
        };
        let text = serde_json::to_string(&AuditLine::Record(record.clone())).unwrap();
        let expected = format!(
            "{{\"record\":{{\"org_id\":\"org_00000000000000000000000004\",\"seq\":7,\"at\":\"2026-01-31T12:00:00.000Z\",\
             \"actor\":{{\"type\":\"user\",\"user_id\":\"usr_00000000000000000000000008\",\"name\":\"ana@example.org\"}},\
             \"action\":\"api_key.create\",\"outcome\":\"allowed\",\"address\":\"192.0.2.1\",\"details\":{{}},\"hash\":\"{}\"}}}}",
            "ab".repeat(32)
        );
        assert_eq!(text, expected);
        assert_eq!(
            serde_json::from_str::<AuditLine>(&text).unwrap(),
            AuditLine::Record(record)
        );
        assert!("AB".repeat(32).parse::<AuditHash>().is_err());
    }
}
