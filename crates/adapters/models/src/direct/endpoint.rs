//! The address of one call.

use domain::address::check_base_url;
use ports::model_gateway::{ModelCall, ModelError};
use protocol::agent::Dialect;
use reqwest::Url;

/// Base address and path of `call`.
pub(super) fn endpoint(
    slug: &str,
    dialect: Dialect,
    base_url: Option<&str>,
    call: ModelCall,
) -> Result<Url, ModelError> {
    let path = match (dialect, call) {
        (Dialect::OpenaiChat, ModelCall::ChatCompletions) => "/chat/completions",
        (Dialect::OpenaiChat | Dialect::OpenaiResponses, ModelCall::Models) => "/models",
        (Dialect::Anthropic, ModelCall::Messages) => "/v1/messages",
        (Dialect::Anthropic, ModelCall::CountTokens) => "/v1/messages/count_tokens",
        (Dialect::Anthropic, ModelCall::Models) => "/v1/models",
        (Dialect::Gemini, ModelCall::Models) => "/v1beta/models",
        _ => {
            let api = dialect.as_str();
            return Err(ModelError::Unreachable(format!(
                "the api `{api}` does not have this call"
            )));
        }
    };
    let mut url = check_base_url(slug, dialect, base_url)
        .map_err(|error| ModelError::AddressNotAllowed(error.to_string()))?;
    let whole = format!("{}{path}", url.path().trim_end_matches('/'));
    url.set_path(&whole);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_follow_the_dialect() {
        use Dialect::*;
        use ModelCall::*;
        for (slug, dialect, base, call, expected) in [
            (
                "openai",
                OpenaiChat,
                None,
                ChatCompletions,
                "https://api.openai.com/v1/chat/completions",
            ),
            (
                "openai",
                OpenaiResponses,
                None,
                Models,
                "https://api.openai.com/v1/models",
            ),
            (
                "anthropic",
                Anthropic,
                None,
                Messages,
                "https://api.anthropic.com/v1/messages",
            ),
            (
                "a",
                Anthropic,
                Some("http://h/v1"),
                CountTokens,
                "http://h/v1/messages/count_tokens",
            ),
            (
                "a",
                Anthropic,
                Some("http://h/x/"),
                Messages,
                "http://h/x/v1/messages",
            ),
            (
                "o",
                OpenaiChat,
                Some("http://h:1/v1/"),
                ChatCompletions,
                "http://h:1/v1/chat/completions",
            ),
        ] {
            assert_eq!(endpoint(slug, dialect, base, call).unwrap().as_str(), expected);
        }
        assert!(endpoint("openai", OpenaiChat, None, Messages).is_err());
        assert!(endpoint("other", OpenaiChat, None, ChatCompletions).is_err());
    }
}
