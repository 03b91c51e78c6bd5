//! Takes known secrets out of text that an agent produced about itself (errors, standard error).

use std::collections::BTreeMap;

const MARK: &str = "[redacted]";
/// Shorter values would blank out ordinary words.
const SHORTEST: usize = 8;
const SECRET_NAMES: &[&str] = &["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL"];

/// Knows the secrets of one agent.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    secrets: Vec<String>,
}

impl Redactor {
    /// `secrets` and every value of `env` whose name says that it is one.
    pub(crate) fn new(secrets: impl IntoIterator<Item = String>, env: &BTreeMap<String, String>) -> Self {
        let named = env.iter().filter(|(name, _)| {
            let name = name.to_ascii_uppercase();
            SECRET_NAMES.iter().any(|word| name.contains(word))
        });
        let mut secrets: Vec<String> = secrets
            .into_iter()
            .chain(named.map(|(_, value)| value.clone()))
            .filter(|secret| secret.len() >= SHORTEST)
            .collect();
        // The longest first, so that a secret within a secret leaves no rest behind.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.dedup();
        Self { secrets }
    }

    pub(crate) fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), MARK);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_by_value_and_by_name_go_and_the_rest_stays() {
        let env = BTreeMap::from([
            ("NPM_TOKEN".to_owned(), "npm_123456789".to_owned()),
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("SHORT_KEY".to_owned(), "abc".to_owned()),
        ]);
        let redactor = Redactor::new(["model-key-1".to_owned()], &env);
        assert_eq!(
            redactor.apply("model-key-1 npm_123456789 /usr/bin:/bin abc"),
            "[redacted] [redacted] /usr/bin:/bin abc"
        );
    }
}
