//! No report may be larger than a frame: one that cannot be sent would block all behind it for ever.

use protocol::{
    EventBody,
    event::{ErrorRaised, ToolCallCompleted},
    runner::RunnerReport,
    session::TurnError,
};

use crate::tail::clip;

/// Room for the largest text of one event.
const MOST_TEXT: usize = 2 << 20;
/// A report as JSON, well below the frame limit.
const MOST_REPORT: usize = 12 << 20;

/// The report itself, or the same with its longest texts cut, or an error that stands for it.
pub(super) fn bound(report: RunnerReport) -> RunnerReport {
    let RunnerReport::Event { mut event } = report else {
        return fits(report);
    };
    match &mut event {
        EventBody::MessageText(message) => cut(&mut message.text),
        EventBody::MessageReasoning(message) => cut(&mut message.text),
        EventBody::ToolCallUpdated(update) => {
            if let Some(output) = &mut update.output_delta {
                cut(output);
            }
        }
        EventBody::ToolCallCompleted(ToolCallCompleted {
            output,
            truncated,
            diff,
            ..
        }) => {
            *truncated |= output.len() > MOST_TEXT;
            cut(output);
            if let Some(diff) = diff {
                cut(diff);
            }
        }
        _ => {}
    }
    fits(RunnerReport::Event { event })
}

fn cut(text: &mut String) {
    text.truncate(clip(text, MOST_TEXT).len());
}

fn fits(report: RunnerReport) -> RunnerReport {
    let size = serde_json::to_vec(&report).map_or(usize::MAX, |json| json.len());
    if size <= MOST_REPORT {
        return report;
    }
    let kind = match &report {
        RunnerReport::Event { event } => event.kind().to_owned(),
        RunnerReport::Listing { .. } => "listing".to_owned(),
        _ => "report".to_owned(),
    };
    RunnerReport::Event {
        event: ErrorRaised {
            error: TurnError {
                code: "report_too_large".into(),
                message: format!(
                    "The agent produced a `{kind}` of {size} bytes, which is too large to keep."
                ),
                next_step: "Nothing needs to be done; that one event is missing from the log.".into(),
                detail: None,
            },
        }
        .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::event::{MessageText, ToolCallStarted};

    #[test]
    fn long_text_is_cut_between_characters() {
        let event = MessageText {
            message_id: "m".into(),
            part_id: "p".into(),
            text: "é".repeat(MOST_TEXT),
        };
        let RunnerReport::Event {
            event: EventBody::MessageText(message),
        } = bound(RunnerReport::Event { event: event.into() })
        else {
            panic!("another event");
        };
        assert_eq!(message.text.len(), MOST_TEXT);
    }

    #[test]
    fn what_cannot_be_cut_is_named() {
        let event = ToolCallStarted {
            tool_call_id: "c".into(),
            tool: "bash".into(),
            title: None,
            input: serde_json::Value::String("x".repeat(MOST_REPORT + 1)),
        };
        let RunnerReport::Event { event } = bound(RunnerReport::Event { event: event.into() }) else {
            panic!("another report");
        };
        assert_eq!(event.kind(), "error.raised");
    }
}
