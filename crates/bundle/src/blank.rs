//! What of a private fact stays at home: everything that opens something.
//!
//! The match has no "everything else": a new kind of fact does not compile until somebody has decided what of it may
//! travel.

use domain::session::{PrivateFact, Profile};

/// Stands where a hash was. No secret has it, and a bundle with a sandbox in it is refused anyway.
const NOTHING: [u8; 32] = [0; 32];

/// The fact without secrets.
pub(crate) fn blank(fact: PrivateFact) -> PrivateFact {
    match fact {
        // Sealed under a key that never leaves its installation: useless elsewhere, and nobody else's business.
        PrivateFact::Profiled(profile) => PrivateFact::Profiled(Box::new(Profile {
            git_token: None,
            ..*profile
        })),
        // Hashes of a runner's credentials.
        PrivateFact::GenerationOpened {
            sandbox_id,
            generation,
            token_hash: _,
        } => PrivateFact::GenerationOpened {
            sandbox_id,
            generation,
            token_hash: NOTHING,
        },
        PrivateFact::RunnerLinked {
            generation,
            secret_hash: _,
        } => PrivateFact::RunnerLinked {
            generation,
            secret_hash: NOTHING,
        },
        // Attachments are the person's own words to the agent; the conversation is not whole without them.
        fact @ PrivateFact::PromptAccepted { .. } => fact,
        fact @ (PrivateFact::IsolationKnown { .. }
        | PrivateFact::RunnerAdvanced { .. }
        | PrivateFact::CommandIssued { .. }
        | PrivateFact::CommandDone { .. }
        | PrivateFact::GateClosed { .. }
        | PrivateFact::GateOpened
        | PrivateFact::SandboxStopping { .. }
        | PrivateFact::LivenessChecked { .. }
        | PrivateFact::OutputPreviewed { .. }
        | PrivateFact::RunOwed(_)
        | PrivateFact::RunFlushed { .. }
        | PrivateFact::AttemptFailed { .. }
        | PrivateFact::ExpiryKnown { .. }
        | PrivateFact::SandboxRetiring { .. }
        | PrivateFact::SandboxSaving { .. }
        | PrivateFact::WakeWanted { .. }
        | PrivateFact::Imported(_)) => fact,
    }
}
