//! A chat completion request, as far as the script looks at it.

use serde::{Deserialize, Deserializer};

#[derive(Debug, Deserialize)]
pub(super) struct Conversation {
    pub(super) model: String,
    #[serde(default)]
    pub(super) messages: Vec<Message>,
    #[serde(default)]
    pub(super) tools: Vec<Tool>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) stream: bool,
    #[serde(default, deserialize_with = "or_default")]
    stream_options: StreamOptions,
}

#[derive(Debug, Default, Deserialize)]
struct StreamOptions {
    #[serde(default)]
    include_usage: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) role: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) content: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    tool_calls: Vec<Called>,
    #[serde(default)]
    tool_call_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Called {
    #[serde(default)]
    id: String,
    function: Named,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tool {
    function: Option<Named>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// The result of a tool call.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ToolResult {
    /// The tool's name, where the call is in the conversation.
    pub(super) tool: String,
    pub(super) output: String,
}

impl Conversation {
    pub(super) fn wants_usage(&self) -> bool {
        self.stream_options.include_usage
    }

    /// The texts of the person, in order; what an agent adds on its own is left out.
    pub(super) fn prompts(&self) -> Vec<String> {
        let own = |text: &&String| !text.trim_start().starts_with("<system-reminder>");
        let users = self.messages.iter().filter(|message| message.role == "user");
        let texts = users.map(|message| {
            message
                .content
                .iter()
                .filter(own)
                .cloned()
                .collect::<Vec<_>>()
                .join("\n")
        });
        texts.filter(|text| !text.is_empty()).collect()
    }

    /// Results of the tool calls made since the latest prompt.
    pub(super) fn results(&self) -> Vec<ToolResult> {
        let after = self
            .messages
            .iter()
            .rposition(|message| message.role == "user")
            .map_or(0, |at| at + 1);
        let called = |id: &str| {
            let calls = self.messages.iter().flat_map(|message| &message.tool_calls);
            calls
                .filter(|call| call.id == id)
                .map(|call| call.function.name.clone())
                .next_back()
        };
        let results = self.messages[after..]
            .iter()
            .filter(|message| message.role == "tool");
        results
            .map(|message| ToolResult {
                tool: message
                    .tool_call_id
                    .as_deref()
                    .and_then(called)
                    .unwrap_or_else(|| "bash".into()),
                output: message.content.join("\n"),
            })
            .collect()
    }

    /// The offered tool of this name, as the agent spells it.
    pub(super) fn tool(&self, name: &str) -> Option<&str> {
        let names = self
            .tools
            .iter()
            .filter_map(|tool| tool.function.as_ref())
            .map(|named| named.name.as_str());
        names
            .into_iter()
            .find(|offered| offered.eq_ignore_ascii_case(name))
    }
}

fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A text, or the text parts of a list of parts.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Content {
        Text(String),
        Parts(Vec<Part>),
        Nothing(()),
    }
    #[derive(Deserialize)]
    struct Part {
        #[serde(default)]
        text: Option<String>,
    }
    Ok(match Content::deserialize(deserializer)? {
        Content::Text(text) => vec![text],
        Content::Parts(parts) => parts.into_iter().filter_map(|part| part.text).collect(),
        Content::Nothing(()) => Vec::new(),
    })
}
