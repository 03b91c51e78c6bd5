//! The `data` of each event type.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ArtifactId, EnvironmentId, MicroUsd, SandboxId,
    environment::EnvironmentPlan,
    keeper::Isolation,
    session::{
        AttachmentMeta, Author, PermissionMode, PromptMode, Repository, SessionStatus, Tokens, TurnError, Why,
    },
};

macro_rules! payloads {
    ($($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty,)* })+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
            pub struct $name { $($(#[$fmeta])* pub $field: $type,)* }
        )+

        /// Each payload's name with its fields and their types, for the reference.
        pub const PAYLOAD_FIELDS: &[(&str, &[(&str, &str)])] =
            &[$((stringify!($name), &[$((stringify!($field), stringify!($type)),)*]),)+];
    };
}

payloads! {
    SessionCreated {
        title: Option<String>,
        agent: String,
        model: String,
        permissions: PermissionMode,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repository: Option<Repository>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        environment_id: Option<EnvironmentId>,
        created_by: Author,
    }
    SessionStatusChanged {
        status: SessionStatus,
        previous: SessionStatus,
        why: Why,
    }
    SessionRenamed { title: String, by: Option<Author>, }
    SessionArchived { by: Option<Author>, }
    SessionDeleted {
        by: Option<Author>,
        /// `retention` when nobody did it: its time was over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
    }
    /// A prompt was taken into the queue; the text is verbatim.
    PromptQueued {
        text: String,
        author: Author,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<AttachmentMeta>,
        /// Its place among those that wait; 0 = next to run. Prompts from there on move back by one.
        position: u32,
        /// Absent = `queue`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mode: Option<PromptMode>,
    }
    PromptStarted { model: String, }
    PromptCompleted {
        tokens: Tokens,
        /// Null when a price is unknown.
        cost_micro_usd: Option<MicroUsd>,
        duration_ms: u64,
    }
    PromptFailed {
        error: TurnError,
        tokens: Tokens,
        cost_micro_usd: Option<MicroUsd>,
        duration_ms: u64,
    }
    PromptCancelled {
        /// `cancelled` (while queued), `interrupted` (while running), `archived`, `deleted`.
        cause: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Author>,
    }
    SandboxRequested { sandbox_id: SandboxId, generation: u64, provider: String, cause: String, }
    SandboxConnected {
        sandbox_id: SandboxId,
        generation: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        isolation: Option<Isolation>,
        runner_version: String,
        /// From request to this contact.
        elapsed_ms: u64,
    }
    SandboxLost { sandbox_id: SandboxId, generation: u64, cause: String, }
    SandboxStopped { sandbox_id: SandboxId, generation: u64, cause: String, }
    SandboxFailed { sandbox_id: SandboxId, generation: u64, cause: String, retryable: bool, next_step: String, }
    SandboxSnapshotted { sandbox_id: SandboxId, generation: u64, snapshot: String, }
    /// One phase of preparing the workspace.
    WorkspaceProgress {
        /// `connect`, `clone`, `checkout`, `setup`, `agent`.
        phase: String,
        /// `started`, `running`, `completed`, `failed`.
        state: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        elapsed_ms: Option<u64>,
        /// 0 to 100 where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        percent: Option<u8>,
    }
    EnvironmentDetected { plan: EnvironmentPlan, }
    AgentReady {
        agent: String,
        version: String,
        /// The agent's own conversation id.
        agent_session_id: String,
        /// True when an earlier conversation goes on.
        resumed: bool,
        elapsed_ms: u64,
    }
    ModelRetrying {
        attempt: u32,
        message: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_in_ms: Option<u64>,
    }
    MessageText { message_id: String, part_id: String, text: String, }
    MessageReasoning { message_id: String, part_id: String, text: String, }
    ToolCallStarted {
        tool_call_id: String,
        tool: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        #[serde(default)]
        input: Value,
    }
    ToolCallUpdated {
        tool_call_id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Output that is new since the last update.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output_delta: Option<String>,
    }
    ToolCallCompleted {
        tool_call_id: String,
        tool: String,
        /// `completed` or `failed`.
        status: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        #[serde(default)]
        input: Value,
        output: String,
        /// True when `output` was cut.
        #[serde(default)]
        truncated: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exit_code: Option<i32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration_ms: Option<u64>,
        /// Unified diff of an edit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        diff: Option<String>,
    }
    PlanUpdated { items: Vec<PlanItem>, }
    PermissionRequested {
        permission_id: String,
        /// Tool class, for example `bash` or `edit`.
        tool: String,
        /// What it wants to do, in one line.
        title: String,
        #[serde(default)]
        patterns: Vec<String>,
        #[serde(default)]
        details: Value,
    }
    PermissionResolved {
        permission_id: String,
        reply: crate::runner::PermissionReply,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Author>,
        /// Set when no person answered: `turn_ended`, `sandbox_gone`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
    }
    QuestionAsked { question_id: String, questions: Vec<Question>, }
    QuestionAnswered {
        question_id: String,
        /// One list of chosen labels (or own words) for each question; empty when rejected.
        answers: Vec<Vec<String>>,
        #[serde(default)]
        rejected: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Author>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
    }
    FileChanged { path: String, }
    EgressDecided {
        host: String,
        port: u16,
        /// `allowed` or `denied`.
        decision: String,
        reason: String,
        /// Requests with this decision that this event stands for.
        count: u64,
    }
    ArtifactCreated {
        artifact_id: ArtifactId,
        name: String,
        media_type: String,
        size_bytes: u64,
        /// SHA-256 of the content, 64 hexadecimal digits.
        #[serde(default)]
        sha256: String,
        /// Who uploaded it; absent when the agent left it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Author>,
    }
    ArtifactRemoved {
        artifact_id: ArtifactId,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Author>,
    }
    UsageRecorded {
        provider: String,
        model: String,
        tokens: Tokens,
        cost_micro_usd: Option<MicroUsd>,
        /// `metered` by the gateway, `estimated` when the provider gave no usage, or `agent` as the agent says.
        source: String,
        duration_ms: u64,
    }
    BudgetReached { scope: String, limit_micro_usd: MicroUsd, spent_micro_usd: MicroUsd, }
    GitPushed { remote: String, reference: String, }
    PullRequestOpened { url: String, number: u64, title: String, }
    EnvironmentChanged { environment_id: EnvironmentId, change: String, }
    ErrorRaised { error: TurnError, }
    /// One line of the agent's to-do list.
    PlanItem { content: String, status: String, priority: Option<String>, }
    Question {
        header: String,
        question: String,
        options: Vec<QuestionOption>,
        #[serde(default)]
        multiple: bool,
    }
    QuestionOption { label: String, description: String, }
}
