//! Why a command was refused.

use protocol::ProblemCode;

/// A refusal. Nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("there is no such session")]
    NoSession,
    #[error("the session is archived; start a new one to go on")]
    Archived,
    #[error("{limit} prompts are waiting already; wait for one to finish or cancel one")]
    QueueFull { limit: usize },
    #[error("there is no such prompt in this session")]
    NoPrompt,
    #[error("the prompt is not waiting any more; interrupt the session to stop a running one")]
    NotQueued,
    #[error("no prompt is running")]
    NothingRunning,
    #[error("there is no such permission request in this session, or its turn is over")]
    NoPermission,
    #[error("there is no such question in this session, or its turn is over")]
    NoQuestion,
    #[error("it has been answered already; the first answer counts")]
    AlreadyAnswered,
    #[error("one list of answers is needed for each question")]
    AnswersMissing,
    #[error("a prompt is running or waiting; interrupt or cancel it first")]
    Busy,
    #[error("the session is still being worked on; interrupt it first")]
    StillRunning,
    #[error("there is no such artifact in this session")]
    NoArtifact,
    #[error("the artifact has more than {limit} bytes")]
    ArtifactTooLarge { limit: u64 },
    #[error("the session has {limit} artifacts already; remove one first")]
    TooManyArtifacts { limit: usize },
    #[error("the session's artifacts would have more than {limit} bytes together; remove some first")]
    ArtifactsTooLarge { limit: u64 },
    /// To a runner: this generation is over.
    #[error("generation {generation} is over")]
    Fenced { generation: u64 },
    /// To a runner: a report is missing before this one.
    #[error("report {expected} is expected next")]
    Gap { expected: u64 },
    #[error("the credential is not valid for this generation")]
    BadCredential,
}

impl Refusal {
    /// The code it travels with.
    #[must_use]
    pub fn code(&self) -> ProblemCode {
        match self {
            Self::NoSession | Self::NoPrompt | Self::NoPermission | Self::NoQuestion | Self::NoArtifact => {
                ProblemCode::NotFound
            }
            Self::Archived => ProblemCode::SessionArchived,
            Self::QueueFull { .. } => ProblemCode::QueueFull,
            Self::ArtifactTooLarge { .. } => ProblemCode::BodyTooLarge,
            Self::TooManyArtifacts { .. } | Self::ArtifactsTooLarge { .. } => ProblemCode::ArtifactLimit,
            Self::NotQueued => ProblemCode::PromptNotCancellable,
            Self::NothingRunning | Self::Busy | Self::StillRunning => ProblemCode::Conflict,
            Self::AlreadyAnswered => ProblemCode::AlreadyAnswered,
            Self::AnswersMissing => ProblemCode::InvalidRequest,
            Self::Fenced { .. } | Self::Gap { .. } => ProblemCode::Conflict,
            Self::BadCredential => ProblemCode::Unauthenticated,
        }
    }

    /// The limit that was passed, where one was.
    #[must_use]
    pub fn limit(&self) -> Option<u64> {
        match self {
            Self::QueueFull { limit } | Self::TooManyArtifacts { limit } => u64::try_from(*limit).ok(),
            Self::ArtifactTooLarge { limit } | Self::ArtifactsTooLarge { limit } => Some(*limit),
            _ => None,
        }
    }
}
