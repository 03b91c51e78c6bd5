//! Tokens made by hand, so that they can be wrong in every way.

use aws_lc_rs::{
    hmac,
    signature::{Ed25519KeyPair, KeyPair},
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    Rightly,
    /// By a key that is not the issuer's, under the name of the issuer's.
    ByAnother,
    /// By a key that nobody knows, under a name of its own.
    ByUnknown,
    /// Not at all.
    None,
    /// Not at all, but said to be.
    Empty,
    /// With the public key as a shared secret.
    WithPublicKey,
    /// With the client's secret, as some providers do.
    WithSecret,
    /// Rightly, but something was changed afterwards.
    Changed,
}

pub(crate) fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

/// A key set with these keys in it, and one of a kind that nobody knows.
pub(crate) fn key_set(keys: &[(&str, &Ed25519KeyPair)]) -> Value {
    let mut all: Vec<Value> = keys
        .iter()
        .map(|(name, key)| {
            let x = BASE64URL_NOPAD.encode(key.public_key().as_ref());
            json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": name, "x": x})
        })
        .collect();
    all.push(json!({"kty": "AKP", "alg": "ML-DSA-44", "kid": "later", "pub": "AAAA"}));
    json!({"keys": all})
}

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

pub(crate) fn token(claims: &Value, signed: Signed, secret: &str) -> String {
    let (alg, kid) = match signed {
        Signed::None => ("none", "one"),
        Signed::WithPublicKey | Signed::WithSecret => ("HS256", "one"),
        Signed::ByUnknown => ("EdDSA", "three"),
        _ => ("EdDSA", "one"),
    };
    let head = part(&json!({"alg": alg, "typ": "JWT", "kid": kid}));
    let message = format!("{head}.{}", part(claims));
    let mac = |secret: &[u8]| {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        tag.as_ref().to_vec()
    };
    let signature = match signed {
        Signed::Rightly | Signed::Changed => key(1).sign(message.as_bytes()).as_ref().to_vec(),
        Signed::ByAnother => key(2).sign(message.as_bytes()).as_ref().to_vec(),
        Signed::ByUnknown => key(3).sign(message.as_bytes()).as_ref().to_vec(),
        Signed::None | Signed::Empty => Vec::new(),
        Signed::WithPublicKey => mac(key(1).public_key().as_ref()),
        Signed::WithSecret => mac(secret.as_bytes()),
    };
    let signature = BASE64URL_NOPAD.encode(&signature);
    if signed == Signed::Changed {
        let mut claims = claims.clone();
        claims["sub"] = json!("somebody-else");
        return format!("{head}.{}.{signature}", part(&claims));
    }
    format!("{message}.{signature}")
}
