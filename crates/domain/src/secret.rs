//! Environment secrets: what may be one, how many there may be, and which of them a sandbox gets.

use std::collections::BTreeMap;

use protocol::{
    EnvironmentId, OrgId, SecretId, Timestamp,
    api::{SecretPhase, SecretScope},
    runner::WorkPhase,
};

use crate::sealed::Sealed;

/// Longest name, characters.
pub const MOST_NAME: usize = 256;
/// Shortest value, characters: anything shorter would be hidden all over the output, or not at all.
pub const LEAST_VALUE: usize = 6;
/// Longest value, bytes.
pub const MOST_VALUE: usize = 16 * 1024;
/// Secrets of one scope.
pub const MOST_IN_SCOPE: usize = 50;
/// Names and values of one scope together, bytes. Two scopes meet in a sandbox, so it gets twice that at most.
pub const MOST_SCOPE_BYTES: u64 = 64 * 1024;

/// Variables that belong to the sandbox: with them somebody could steer the runner, git, the loader or the shell.
const RESERVED: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "PWD",
    "OLDPWD",
    "TMPDIR",
    "ENV",
    "BASH_ENV",
    "IFS",
    "CI",
    "DEBIAN_FRONTEND",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_OPTIONS",
];
/// What starts so is reserved as a whole.
const RESERVED_PREFIXES: &[&str] = &["COORDINATOR_", "GIT_", "LD_", "OPENCODE_", "XDG_"];

/// A secret as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentSecret {
    pub id: SecretId,
    pub org: OrgId,
    pub scope: SecretScope,
    pub name: String,
    pub phase: SecretPhase,
    pub sealed: Sealed,
    /// Bytes of name and value, for the limit of the scope; shown nowhere.
    pub size: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Why something is no secret, or one too many. Says nothing of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("a name has 1 to {MOST_NAME} letters, digits and `_`, and does not start with a digit")]
    Name,
    #[error("this variable belongs to the sandbox and cannot be a secret")]
    Reserved,
    #[error(
        "a value has at least {LEAST_VALUE} characters, because a shorter one cannot be hidden from output; put it into a set-up command instead"
    )]
    TooShort,
    #[error("a value has at most {MOST_VALUE} bytes")]
    TooLong,
    #[error("a value cannot contain the NUL character")]
    Nul,
    #[error("a scope has at most {MOST_IN_SCOPE} secrets")]
    TooMany,
    #[error("names and values of a scope have at most {MOST_SCOPE_BYTES} bytes together")]
    TooMuch,
}

/// # Errors
/// When it is not the name of a variable, or one that the sandbox needs.
pub fn check_name(name: &str) -> Result<(), Unfit> {
    let mut bytes = name.bytes();
    let first = bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if !first || name.len() > MOST_NAME || !bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Err(Unfit::Name);
    }
    let upper = name.to_ascii_uppercase();
    if RESERVED.contains(&upper.as_str()) || RESERVED_PREFIXES.iter().any(|prefix| upper.starts_with(prefix))
    {
        return Err(Unfit::Reserved);
    }
    Ok(())
}

/// # Errors
/// When it is too short to be hidden, too long, or cannot be in an environment.
pub fn check_value(value: &str) -> Result<(), Unfit> {
    if value.trim().chars().count() < LEAST_VALUE {
        Err(Unfit::TooShort)
    } else if value.len() > MOST_VALUE {
        Err(Unfit::TooLong)
    } else if value.contains('\0') {
        Err(Unfit::Nul)
    } else {
        Ok(())
    }
}

/// Bytes that count against the limit of a scope.
#[must_use]
pub fn size(name: &str, value: &str) -> u64 {
    (name.len() + value.len()) as u64
}

/// Whether a scope takes one more of `size`, given how many others it has and how many bytes those have.
///
/// # Errors
/// Says which limit stands in the way.
pub fn check_room(others: usize, bytes: u64, size: u64) -> Result<(), Unfit> {
    if others >= MOST_IN_SCOPE {
        Err(Unfit::TooMany)
    } else if bytes.saturating_add(size) > MOST_SCOPE_BYTES {
        Err(Unfit::TooMuch)
    } else {
        Ok(())
    }
}

fn is_for(secret: SecretPhase, phase: WorkPhase) -> bool {
    match secret {
        SecretPhase::Both => true,
        SecretPhase::Setup => phase == WorkPhase::Setup,
        SecretPhase::Agent => phase == WorkPhase::Agent,
    }
}

/// Those of `all` that a sandbox with this environment gets for a phase, by name. What its environment has wins over
/// what the organisation has: a name that the environment keeps for the other phase is not filled from the
/// organisation.
#[must_use]
pub fn of_phase(
    all: Vec<EnvironmentSecret>,
    environment: Option<EnvironmentId>,
    phase: WorkPhase,
) -> Vec<EnvironmentSecret> {
    let mut chosen: BTreeMap<String, EnvironmentSecret> = BTreeMap::new();
    for secret in all {
        let own = match secret.scope {
            SecretScope::Organisation => false,
            SecretScope::EnvironmentId(id) if Some(id) == environment => true,
            SecretScope::EnvironmentId(_) => continue,
        };
        if own || !chosen.contains_key(&secret.name) {
            chosen.insert(secret.name.clone(), secret);
        }
    }
    chosen
        .into_values()
        .filter(|secret| is_for(secret.phase, phase))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(n: u128, name: &str, scope: SecretScope, phase: SecretPhase) -> EnvironmentSecret {
        EnvironmentSecret {
            id: SecretId::from_bits(n),
            org: OrgId::from_bits(1),
            scope,
            name: name.into(),
            phase,
            sealed: Sealed {
                version: 2,
                key_id: String::new(),
                data: String::new(),
            },
            size: 10,
            created_at: Timestamp::from_ms(0),
            updated_at: Timestamp::from_ms(0),
        }
    }

    #[test]
    fn names_are_those_of_variables_and_not_the_sandboxes_own() {
        for good in ["A", "_", "npm_token", "DATABASE_URL", "A1", "LIBGIT"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in ["", "1A", "A-B", "A B", "A=B", "Ä", "A\n", &"A".repeat(257)] {
            assert_eq!(check_name(bad), Err(Unfit::Name), "{bad}");
        }
        for reserved in [
            "PATH",
            "path",
            "COORDINATOR_X",
            "LD_PRELOAD",
            "git_config_count",
            "BASH_ENV",
        ] {
            assert_eq!(check_name(reserved), Err(Unfit::Reserved), "{reserved}");
        }
    }

    #[test]
    fn values_are_bounded_on_both_sides() {
        assert_eq!(check_value("12345"), Err(Unfit::TooShort));
        assert_eq!(
            check_value("  12345   "),
            Err(Unfit::TooShort),
            "white space hides nothing"
        );
        assert_eq!(check_value("123456"), Ok(()));
        assert_eq!(check_value(&"x".repeat(MOST_VALUE)), Ok(()));
        assert_eq!(check_value(&"x".repeat(MOST_VALUE + 1)), Err(Unfit::TooLong));
        assert_eq!(check_value("123\x00456"), Err(Unfit::Nul));
    }

    #[test]
    fn a_scope_is_full_by_number_or_by_bytes() {
        assert_eq!(check_room(49, 0, 10), Ok(()));
        assert_eq!(check_room(50, 0, 10), Err(Unfit::TooMany));
        assert_eq!(check_room(1, MOST_SCOPE_BYTES - 10, 10), Ok(()));
        assert_eq!(check_room(1, MOST_SCOPE_BYTES - 9, 10), Err(Unfit::TooMuch));
    }

    #[test]
    fn the_environment_wins_and_each_phase_gets_its_own() {
        let env = EnvironmentId::from_bits(5);
        let own = SecretScope::EnvironmentId(env);
        let all = || {
            vec![
                secret(1, "A", own, SecretPhase::Setup),
                secret(2, "A", SecretScope::Organisation, SecretPhase::Both),
                secret(3, "B", SecretScope::Organisation, SecretPhase::Agent),
                secret(
                    4,
                    "C",
                    SecretScope::EnvironmentId(EnvironmentId::from_bits(6)),
                    SecretPhase::Both,
                ),
                secret(5, "B", own, SecretPhase::Both),
            ]
        };
        let ids = |environment, phase| {
            let chosen = of_phase(all(), environment, phase);
            chosen
                .into_iter()
                .map(|secret| secret.id.bits())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(Some(env), WorkPhase::Setup), [1, 5]);
        assert_eq!(ids(Some(env), WorkPhase::Agent), [5]);
        assert_eq!(ids(None, WorkPhase::Agent), [2, 3]);
        assert_eq!(ids(None, WorkPhase::Setup), [2]);
    }
}
