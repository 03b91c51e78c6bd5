//! Which passwords are taken: long enough, not among the first that anybody tries, and not made of what everybody knows
//! about their owner.

/// Shortest password, characters.
pub const SHORTEST_PASSWORD: usize = 12;
/// Longest password, bytes.
pub const LONGEST_PASSWORD: usize = 1024;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password has at least {SHORTEST_PASSWORD} characters")]
    Short,
    #[error("a password has at most {LONGEST_PASSWORD} bytes")]
    Long,
    #[error("the password must not contain the e-mail address or the part of it before the @")]
    Email,
    #[error("the password must not contain the name of the organisation")]
    Organisation,
    #[error("this password is among the first that anybody tries")]
    Common,
}

/// Passwords of twelve and more characters that lead every list of stolen ones.
const COMMON: &[&str] = &[
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789012345",
    "1234567890123456",
    "012345678910",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abcdefghijkl",
    "administrator",
    "changemechangeme",
    "correcthorsebatterystaple",
    "iloveyou1234",
    "letmeinletmein",
    "password1234",
    "password12345",
    "password123456",
    "passwordpassword",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdf",
    "qwerty123456",
    "qwertyqwerty",
    "welcome12345",
];

/// Names shorter than this may be part of a password: they are part of too many words.
const SHORTEST_NAME: usize = 4;

/// Checks a password that a user of these organisations wants to have. `slugs` are the names of the organisations.
///
/// # Errors
/// Says which rule it breaks.
pub fn check_password(password: &str, email: &str, slugs: &[&str]) -> Result<(), WeakPassword> {
    if password.len() > LONGEST_PASSWORD {
        return Err(WeakPassword::Long);
    }
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(WeakPassword::Short);
    }
    let folded = password.trim().to_lowercase();
    let email = email.trim().to_lowercase();
    let local = email.rsplit_once('@').map_or(email.as_str(), |(local, _)| local);
    let names = |name: &str| name.chars().count() >= SHORTEST_NAME && folded.contains(name);
    if folded == email || names(local) {
        return Err(WeakPassword::Email);
    }
    if slugs.iter().any(|slug| names(&slug.to_lowercase())) {
        return Err(WeakPassword::Organisation);
    }
    let first = folded.chars().next();
    let all_the_same = folded.chars().all(|c| Some(c) == first);
    if all_the_same || COMMON.contains(&folded.as_str()) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_judged_by_length_and_by_how_easily_they_are_guessed() {
        let judge = |password: &str| check_password(password, "ana.long@example.org", &["acme", "abc"]);
        assert_eq!(judge("elevenchars"), Err(WeakPassword::Short));
        assert_eq!(judge("twelve chars"), Ok(()));
        assert_eq!(judge("zwölf Zeichen"), Ok(()));
        assert_eq!(
            judge("äöüäöüäöüäö"),
            Err(WeakPassword::Short),
            "characters, not bytes"
        );
        assert_eq!(judge("Ana.Long@Example.org"), Err(WeakPassword::Email));
        assert_eq!(judge("my ANA.LONG password"), Err(WeakPassword::Email));
        assert_eq!(judge("work at Acme since 2020"), Err(WeakPassword::Organisation));
        assert_eq!(judge("abc is too short a name"), Ok(()));
        assert_eq!(
            check_password("al is a short name", "al@example.org", &[]),
            Ok(())
        );
        assert_eq!(judge("PasswordPassword"), Err(WeakPassword::Common));
        assert_eq!(judge("zzzzzzzzzzzzzzz"), Err(WeakPassword::Common));
        assert_eq!(judge(&"ab".repeat(LONGEST_PASSWORD / 2)), Ok(()));
        assert_eq!(judge(&"ab".repeat(LONGEST_PASSWORD)), Err(WeakPassword::Long));
        assert!(COMMON.iter().all(|word| word.len() >= SHORTEST_PASSWORD));
    }
}
