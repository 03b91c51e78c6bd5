//! Artifacts: kept within limits, from whom they may come, and once.

use protocol::{ArtifactId, EventBody, event::ArtifactCreated, runner::RunnerReport};

use super::world::{World, author};
use crate::session::{Command, Refusal, Reply};

fn artifact(n: u128, name: &str, size_bytes: u64, sha256: &str) -> Box<ArtifactCreated> {
    Box::new(ArtifactCreated {
        artifact_id: ArtifactId::from_bits(n),
        name: name.into(),
        media_type: "text/plain".into(),
        size_bytes,
        sha256: sha256.into(),
        by: None,
    })
}

fn add(artifact: Box<ArtifactCreated>, generation: Option<u64>) -> Command {
    Command::AddArtifact {
        artifact,
        prompt_id: None,
        generation,
    }
}

fn kept(n: u128) -> Result<Reply, Refusal> {
    Ok(Reply::Artifact {
        artifact_id: ArtifactId::from_bits(n),
    })
}

#[test]
fn limits_hold_and_what_is_removed_makes_room() {
    let mut world = World::new();
    world.policy.artifacts.each_bytes = 10;
    world.policy.artifacts.number = 3;
    world.policy.artifacts.session_bytes = 15;
    let large = add(artifact(1, "a", 11, "h"), None);
    assert_eq!(world.give(large), Err(Refusal::ArtifactTooLarge { limit: 10 }));
    assert_eq!(world.give(add(artifact(1, "a", 10, "h"), None)), kept(1));
    // A person may keep the same twice; the same id is the same.
    assert_eq!(world.give(add(artifact(2, "a", 5, "h"), None)), kept(2));
    assert_eq!(world.give(add(artifact(2, "a", 5, "h"), None)), kept(2));
    assert_eq!(world.state.artifacts.len(), 2);
    let much = add(artifact(3, "b", 1, "h"), None);
    assert_eq!(
        world.give(much.clone()),
        Err(Refusal::ArtifactsTooLarge { limit: 15 })
    );
    assert_eq!(world.give(add(artifact(4, "empty", 0, "h"), None)), kept(4));
    let many = add(artifact(5, "empty", 0, "h"), None);
    assert_eq!(world.give(many), Err(Refusal::TooManyArtifacts { limit: 3 }));
    let remove = Command::RemoveArtifact {
        artifact_id: ArtifactId::from_bits(1),
        by: author(),
    };
    assert_eq!(world.give(remove.clone()), Ok(Reply::Done));
    assert_eq!(world.give(remove), Err(Refusal::NoArtifact));
    assert_eq!(world.give(much), kept(3));
}

#[test]
fn a_sandbox_gives_each_file_once_and_only_while_it_is_there() {
    let mut world = World::new();
    let prompt = world.prompt(1);
    world.ready();
    let offer = |n, name: &str, hash: &str, generation| Command::AddArtifact {
        artifact: artifact(n, name, 1, hash),
        prompt_id: Some(prompt),
        generation: Some(generation),
    };
    assert_eq!(
        world.give(offer(1, "a", "h1", 2)),
        Err(Refusal::Fenced { generation: 2 })
    );
    assert_eq!(world.give(offer(1, "a", "h1", 1)), kept(1));
    assert_eq!(
        world.give(offer(2, "a", "h1", 1)),
        kept(1),
        "the one it is already"
    );
    assert_eq!(world.give(offer(2, "a", "h2", 1)), kept(2));
    let of_turn = |world: &World, n| world.state.artifacts[&ArtifactId::from_bits(n)].prompt_id;
    assert_eq!(of_turn(&world, 1), Some(prompt));
    world.complete(prompt);
    assert_eq!(world.give(offer(3, "late", "h3", 1)), kept(3));
    assert_eq!(of_turn(&world, 3), None, "its turn is over");
}

#[test]
fn a_report_cannot_claim_an_artifact() {
    let mut world = World::new();
    let prompt = world.prompt(1);
    world.ready();
    let event = EventBody::from(*artifact(1, "forged", 1, "h"));
    world.report(Some(prompt), RunnerReport::Event { event }).unwrap();
    assert!(world.state.artifacts.is_empty());
    assert!(world.kinds().contains(&"error.raised"));
}

#[test]
fn an_archived_session_takes_nothing_more_and_a_deleted_one_is_not_there() {
    let mut world = World::new();
    world.give(add(artifact(1, "a", 1, "h"), None)).unwrap();
    world.give(Command::Archive { by: author() }).unwrap();
    assert_eq!(
        world.give(add(artifact(2, "b", 1, "h"), None)),
        Err(Refusal::Archived)
    );
    let remove = |n| Command::RemoveArtifact {
        artifact_id: ArtifactId::from_bits(n),
        by: author(),
    };
    assert_eq!(world.give(remove(1)), Ok(Reply::Done));
    world.give(Command::Delete { by: Some(author()) }).unwrap();
    assert_eq!(
        world.give(add(artifact(2, "b", 1, "h"), None)),
        Err(Refusal::NoSession)
    );
    assert_eq!(world.give(remove(1)), Err(Refusal::NoSession));
}
