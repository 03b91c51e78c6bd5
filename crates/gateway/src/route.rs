//! The few routes that exist.

use http::Method;
use ports::model_gateway::ModelCall;
use protocol::agent::Dialect;

/// A call that a sandbox may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    ChatCompletions,
    /// Answered here: the alias is the only model there is.
    Models,
    Messages,
    CountTokens,
}

impl Route {
    /// The route of a path below `/gateway`, query left out; everything not listed does not exist.
    #[must_use]
    pub fn find(method: &Method, path: &str) -> Option<Self> {
        match (method.as_str(), path) {
            ("POST", "/gateway/openai-chat/v1/chat/completions") => Some(Self::ChatCompletions),
            ("GET", "/gateway/openai-chat/v1/models") => Some(Self::Models),
            ("POST", "/gateway/anthropic/v1/messages") => Some(Self::Messages),
            ("POST", "/gateway/anthropic/v1/messages/count_tokens") => Some(Self::CountTokens),
            _ => None,
        }
    }

    /// The dialect of errors on a path that may not exist.
    #[must_use]
    pub(crate) fn dialect_of(path: &str) -> Dialect {
        if path.starts_with("/gateway/anthropic/") {
            Dialect::Anthropic
        } else {
            Dialect::OpenaiChat
        }
    }

    #[must_use]
    pub fn dialect(self) -> Dialect {
        match self {
            Self::ChatCompletions | Self::Models => Dialect::OpenaiChat,
            Self::Messages | Self::CountTokens => Dialect::Anthropic,
        }
    }

    pub(crate) fn call(self) -> ModelCall {
        match self {
            Self::ChatCompletions => ModelCall::ChatCompletions,
            Self::Models => ModelCall::Models,
            Self::Messages => ModelCall::Messages,
            Self::CountTokens => ModelCall::CountTokens,
        }
    }

    /// Whether the provider bills this call.
    pub(crate) fn is_metered(self) -> bool {
        matches!(self, Self::ChatCompletions | Self::Messages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_routes_exist() {
        let post = |path| Route::find(&Method::POST, path);
        assert_eq!(
            post("/gateway/openai-chat/v1/chat/completions"),
            Some(Route::ChatCompletions)
        );
        assert_eq!(post("/gateway/anthropic/v1/messages"), Some(Route::Messages));
        assert_eq!(
            post("/gateway/anthropic/v1/messages/count_tokens"),
            Some(Route::CountTokens)
        );
        assert_eq!(
            Route::find(&Method::GET, "/gateway/openai-chat/v1/models"),
            Some(Route::Models)
        );
        for path in [
            "/gateway/openai-chat/v1/chat/completions/",
            "/gateway/openai-chat/v1//chat/completions",
            "/gateway/openai-chat/v1/x/../chat/completions",
            "/gateway/openai-chat/v1/embeddings",
            "/gateway/openai-chat/v1/messages",
            "/gateway/anthropic/v1/chat/completions",
            "/gateway/anthropic/v1/messages/batches",
            "/gateway/openai-chat/v1/models",
            "/gateway/",
            "",
        ] {
            assert_eq!(post(path), None, "{path}");
        }
        assert_eq!(
            Route::find(&Method::GET, "/gateway/openai-chat/v1/chat/completions"),
            None
        );
    }
}
