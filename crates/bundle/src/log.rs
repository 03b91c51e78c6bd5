//! The log in a bundle: one fact a line, in order.

use std::io::{BufRead, BufReader, Read, Write};

use domain::session::{Fact, PrivateFact};
use protocol::{PromptId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{BundleError, blank::blank};

/// Longest line: a prompt may carry 8 MiB of attachments, which base64 makes a third longer.
pub const MAX_LINE: u64 = 24 << 20;

/// One fact, as the log has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub position: u64,
    /// Only events have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_id: Option<PromptId>,
    pub kind: String,
    pub body: Box<RawValue>,
}

impl Line {
    /// A stored fact as it goes into a bundle: events as they are, private facts without what is secret.
    ///
    /// # Errors
    /// When the fact cannot be read.
    pub fn of_stored(
        position: u64,
        seq: Option<u64>,
        at: Timestamp,
        prompt_id: Option<PromptId>,
        kind: &str,
        body: &str,
    ) -> Result<Self, BundleError> {
        let wrong = |error: &dyn std::error::Error| BundleError::log(position, error.to_string());
        let fact = Fact::from_stored(position, seq.is_some(), prompt_id, kind, body)
            .map_err(|error| wrong(&error))?;
        let body = match fact {
            Fact::Private(fact) => Fact::Private(blank(fact)).body().map_err(|error| wrong(&error))?,
            Fact::Event { .. } => body.to_owned(),
        };
        Ok(Self {
            position,
            seq,
            at,
            prompt_id,
            kind: kind.to_owned(),
            body: RawValue::from_string(body).map_err(|error| wrong(&error))?,
        })
    }

    /// The fact in it.
    ///
    /// # Errors
    /// When this build does not know it.
    pub fn fact(&self) -> Result<Fact, BundleError> {
        Fact::from_stored(
            self.position,
            self.seq.is_some(),
            self.prompt_id,
            &self.kind,
            self.body.get(),
        )
        .map_err(|error| BundleError::log(self.position, error.source.to_string()))
    }

    /// Whether it begins a prompt.
    #[must_use]
    pub fn is_prompt(&self) -> bool {
        self.seq.is_some() && self.kind == "prompt.queued"
    }

    /// Writes it with its line end.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }
}

/// Reads lines.
pub struct Lines<R> {
    from: BufReader<R>,
    read: u64,
    buffer: Vec<u8>,
}

impl<R> std::fmt::Debug for Lines<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lines")
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}

impl<R: Read> Lines<R> {
    pub fn new(from: R) -> Self {
        Self {
            from: BufReader::with_capacity(64 * 1024, from),
            read: 0,
            buffer: Vec::new(),
        }
    }

    fn line(&mut self) -> Result<Option<(Line, Fact)>, BundleError> {
        let number = self.read + 1;
        self.buffer.clear();
        let length = (&mut self.from)
            .take(MAX_LINE)
            .read_until(b'\n', &mut self.buffer)
            .map_err(|error| BundleError::log(number, error.to_string()))?;
        if length == 0 {
            return Ok(None);
        }
        if self.buffer.pop() != Some(b'\n') {
            return Err(BundleError::log(
                number,
                format!("it has no end within {MAX_LINE} bytes"),
            ));
        }
        self.read = number;
        let line: Line = serde_json::from_slice(&self.buffer)
            .map_err(|error| BundleError::log(number, error.to_string()))?;
        if line.seq.is_none() && line.kind != PRIVATE || line.kind.is_empty() || line.kind.len() > 128 {
            return Err(BundleError::log(number, "its kind is not one of a fact"));
        }
        let fact = line.fact()?;
        Ok(Some((line, fact)))
    }
}

/// What private facts are called.
pub(crate) const PRIVATE: &str = "private";

impl<R: Read> Iterator for Lines<R> {
    type Item = Result<(Line, Fact), BundleError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line().transpose()
    }
}

/// Makes sure that what is blanked out is what is written.
#[must_use]
pub(crate) fn body_of(fact: &PrivateFact) -> Option<String> {
    serde_json::to_string(fact).ok()
}
