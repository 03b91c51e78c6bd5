//! What can lead to a transition.

use crate::session::{Alarm, Command, Observed};
use protocol::{runner::RunnerReport, session::PromptMode};

/// A command, a report, an alarm, or the step that follows each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trigger {
    Create,
    Prompt,
    Steer,
    PromptInterrupt,
    Cancel,
    Interrupt,
    Permission,
    Answer,
    Hibernate,
    Wake,
    Rename,
    AddArtifact,
    RemoveArtifact,
    Archive,
    Delete,
    Hello,
    Event,
    Listing,
    Ready,
    Broken,
    TurnEnded,
    CommandDone,
    Started,
    StartFailed,
    Observed,
    Gone,
    Snapshotted,
    SnapshotFailed,
    Stopped,
    RunFlushed,
    Detected,
    Metered,
    Egress,
    Look,
    Quiesce,
    Recover,
    Dispatch,
    Retire,
    Alarm(Alarm),
}

/// From whom triggers come, in the order of the reference.
pub(super) const GROUPS: [(&str, &str); 6] = [
    ("person", "From people"),
    ("runner", "From the runner in the sandbox"),
    ("effect", "From effects: their outcomes come back as commands"),
    ("host", "From the host"),
    ("alarm", "Alarms"),
    ("step", "Steps that follow by themselves"),
];

impl Trigger {
    /// All but the alarms.
    pub(super) const PLAIN: [Self; 38] = [
        Self::Create,
        Self::Prompt,
        Self::Steer,
        Self::PromptInterrupt,
        Self::Cancel,
        Self::Interrupt,
        Self::Permission,
        Self::Answer,
        Self::Hibernate,
        Self::Wake,
        Self::Rename,
        Self::AddArtifact,
        Self::RemoveArtifact,
        Self::Archive,
        Self::Delete,
        Self::Hello,
        Self::Event,
        Self::Listing,
        Self::Ready,
        Self::Broken,
        Self::TurnEnded,
        Self::CommandDone,
        Self::Started,
        Self::StartFailed,
        Self::Observed,
        Self::Gone,
        Self::Snapshotted,
        Self::SnapshotFailed,
        Self::Stopped,
        Self::RunFlushed,
        Self::Detected,
        Self::Metered,
        Self::Egress,
        Self::Look,
        Self::Quiesce,
        Self::Recover,
        Self::Dispatch,
        Self::Retire,
    ];

    /// Which one a command is; an alarm says for itself which it is.
    #[must_use]
    pub fn of(command: &Command) -> Option<Self> {
        Some(match command {
            Command::Create(..) => Self::Create,
            Command::Enqueue(prompt) => match prompt.mode {
                PromptMode::Queue => Self::Prompt,
                PromptMode::Steer => Self::Steer,
                PromptMode::Interrupt => Self::PromptInterrupt,
            },
            Command::Cancel { .. } => Self::Cancel,
            Command::Interrupt { .. } => Self::Interrupt,
            Command::AnswerPermission { .. } => Self::Permission,
            Command::AnswerQuestion { .. } => Self::Answer,
            Command::Hibernate { .. } => Self::Hibernate,
            Command::Wake { .. } => Self::Wake,
            Command::Rename { .. } => Self::Rename,
            Command::AddArtifact { .. } => Self::AddArtifact,
            Command::RemoveArtifact { .. } => Self::RemoveArtifact,
            Command::Archive { .. } => Self::Archive,
            Command::Delete { .. } => Self::Delete,
            Command::RunnerHello { .. } => Self::Hello,
            Command::RunnerReport { report, .. } => match **report {
                RunnerReport::Event { .. } => Self::Event,
                RunnerReport::Listing { .. } => Self::Listing,
                RunnerReport::Ready { .. } => Self::Ready,
                RunnerReport::Broken { .. } => Self::Broken,
                RunnerReport::TurnEnded { .. } => Self::TurnEnded,
            },
            Command::RunnerDone { .. } => Self::CommandDone,
            Command::SandboxStarted { .. } => Self::Started,
            Command::SandboxStartFailed { .. } => Self::StartFailed,
            Command::SandboxObserved { observed, .. } => match observed {
                Observed::Running(_) => Self::Observed,
                Observed::Ended(_) | Observed::Unknown => Self::Gone,
            },
            Command::SandboxSnapshotted { .. } => Self::Snapshotted,
            Command::SnapshotFailed { .. } => Self::SnapshotFailed,
            Command::SandboxStopped { .. } => Self::Stopped,
            Command::RunFlushed { .. } => Self::RunFlushed,
            Command::Detected { .. } => Self::Detected,
            Command::Metered { .. } => Self::Metered,
            Command::Egress { .. } => Self::Egress,
            Command::AlarmDue { .. } => return None,
            Command::Quiesce => Self::Quiesce,
            Command::Recover => Self::Recover,
        })
    }

    /// Its name in the table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Prompt => "prompt",
            Self::Steer => "prompt (steer)",
            Self::PromptInterrupt => "prompt (interrupt)",
            Self::Cancel => "cancel",
            Self::Interrupt => "interrupt",
            Self::Permission => "permission",
            Self::Answer => "answer",
            Self::Hibernate => "hibernate",
            Self::Wake => "wake",
            Self::Rename => "rename",
            Self::AddArtifact => "artifact",
            Self::RemoveArtifact => "artifact removed",
            Self::Archive => "archive",
            Self::Delete => "delete",
            Self::Hello => "runner: hello",
            Self::Event => "runner: event",
            Self::Listing => "runner: listing",
            Self::Ready => "runner: ready",
            Self::Broken => "runner: broken",
            Self::TurnEnded => "runner: turn ended",
            Self::CommandDone => "runner: command done",
            Self::Started => "provider: started",
            Self::StartFailed => "provider: start failed",
            Self::Observed => "provider: runs",
            Self::Gone => "provider: gone",
            Self::Snapshotted => "provider: snapshot made",
            Self::SnapshotFailed => "provider: snapshot failed",
            Self::Stopped => "provider: stopped",
            Self::RunFlushed => "run recorded",
            Self::Detected => "environment detected",
            Self::Metered => "model call metered",
            Self::Egress => "egress decided",
            Self::Look => "alarm: look",
            Self::Quiesce => "server stops",
            Self::Recover => "owner changed",
            Self::Dispatch => "dispatch",
            Self::Retire => "retire",
            Self::Alarm(alarm) => alarm.word(),
        }
    }

    pub(super) fn group(self) -> &'static str {
        match self {
            Self::Create
            | Self::Prompt
            | Self::Steer
            | Self::PromptInterrupt
            | Self::Cancel
            | Self::Interrupt
            | Self::Permission
            | Self::Answer
            | Self::Hibernate
            | Self::Wake
            | Self::Rename
            | Self::AddArtifact
            | Self::RemoveArtifact
            | Self::Archive
            | Self::Delete => "person",
            Self::Hello
            | Self::Event
            | Self::Listing
            | Self::Ready
            | Self::Broken
            | Self::TurnEnded
            | Self::CommandDone => "runner",
            Self::Started
            | Self::StartFailed
            | Self::Observed
            | Self::Gone
            | Self::Snapshotted
            | Self::SnapshotFailed
            | Self::Stopped
            | Self::RunFlushed
            | Self::Detected
            | Self::Metered
            | Self::Egress => "effect",
            Self::Look | Self::Quiesce | Self::Recover => "host",
            Self::Dispatch | Self::Retire => "step",
            Self::Alarm(_) => "alarm",
        }
    }

    /// What it is, for the reference.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Create => "A session is created, perhaps with its first prompt.",
            Self::Prompt => "A prompt is given in mode `queue`.",
            Self::Steer => {
                "A prompt is given in mode `steer`: before those that wait, taken as soon as the running turn has ended."
            }
            Self::PromptInterrupt => {
                "A prompt is given in mode `interrupt`: the running turn is ended, and it runs next."
            }
            Self::Cancel => "A waiting prompt is taken back.",
            Self::Interrupt => "The running turn is ended now.",
            Self::Permission => "A permission request is answered.",
            Self::Answer => "A question is answered.",
            Self::Hibernate => "The sandbox is to be stopped; workspace and conversation are kept.",
            Self::Wake => "The sandbox is to be started before there is a prompt for it.",
            Self::Rename => "The session gets another title.",
            Self::AddArtifact => "A file is kept with the session.",
            Self::RemoveArtifact => "Such a file is removed.",
            Self::Archive => "The session is put away: it can be read, not continued.",
            Self::Delete => "The session and everything of it is removed.",
            Self::Hello => "The runner makes contact, with the one-time token or its own secret.",
            Self::Event => "The runner reports something that happened.",
            Self::Listing => "The runner reports what is in the workspace.",
            Self::Ready => "Workspace and agent are ready for a turn.",
            Self::Broken => "Workspace or agent can't be made ready, or the agent is gone for good.",
            Self::TurnEnded => "The agent is done with a turn, or confirms that it was interrupted.",
            Self::CommandDone => "The runner has taken a command it was owed.",
            Self::Started => "The provider says that the sandbox runs, and when it will end it, if ever.",
            Self::StartFailed => "The provider could not start the sandbox.",
            Self::Observed => "Asked, the provider says that the sandbox runs.",
            Self::Gone => "Asked, the provider says that the sandbox has ended, or that it does not know it.",
            Self::Snapshotted => "The provider has kept workspace and home.",
            Self::SnapshotFailed => "The provider could not keep them.",
            Self::Stopped => "Nothing of the sandbox runs any more.",
            Self::RunFlushed => "The run history has taken a record.",
            Self::Detected => "A plan was made of the listing.",
            Self::Metered => "The gateway has counted a model call.",
            Self::Egress => "The proxy has let a connection pass, or not.",
            Self::Look => "Some alarm is due: previews of output that passed are taken note of first.",
            Self::Quiesce => "The server is stopped for good; the sandbox goes.",
            Self::Recover => {
                "A new owner has taken over, perhaps after a crash: what is owed is named again."
            }
            Self::Dispatch => {
                "After each of the others, in the same commit: the next prompt begins if one waits and a sandbox is ready; one is asked for if none is there."
            }
            Self::Retire => {
                "After each of the others, in the same commit: a sandbox near its end in which nothing runs is kept and stopped."
            }
            Self::Alarm(alarm) => alarm.meaning(),
        }
    }
}
