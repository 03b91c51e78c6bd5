//! Modes of a prompt: where it goes, and what it does to the turn in flight.

use protocol::{
    EventBody, PromptId,
    run::RunOutcome,
    session::{PromptMode, SessionStatus},
};

use super::world::{World, author, prompt};
use crate::session::{Command, OwedCommand, Refusal, Reply};

fn ask(world: &mut World, n: u128, mode: PromptMode) -> Result<Reply, Refusal> {
    let mut prompt = prompt(PromptId::from_bits(n));
    prompt.mode = mode;
    prompt.text = format!("text {n}").into();
    world.give(Command::Enqueue(Box::new(prompt)))
}

fn queue(world: &World) -> Vec<u128> {
    let id = |n: u128| PromptId::from_bits(n);
    let numbers = 1..50;
    world
        .state
        .queue
        .iter()
        .map(|prompt| numbers.clone().find(|n| id(*n) == prompt.id).unwrap())
        .collect()
}

#[test]
fn steering_prompts_go_before_others_in_the_order_in_which_they_were_said() {
    let mut world = World::new();
    let first = world.prompt(1);
    world.ready();
    world.prompt(2);
    let position = |reply: Result<Reply, Refusal>| match reply {
        Ok(Reply::Queued { position, .. }) => position,
        other => panic!("{other:?}"),
    };
    assert_eq!(position(ask(&mut world, 3, PromptMode::Steer)), 0);
    assert_eq!(position(ask(&mut world, 4, PromptMode::Steer)), 1);
    assert_eq!(position(ask(&mut world, 5, PromptMode::Queue)), 3);
    assert_eq!(queue(&world), [3, 4, 2, 5]);
    // The running turn goes on, and is followed by the first of them with its text as it was written.
    assert_eq!(world.state.turn.as_ref().unwrap().prompt.id, first);
    world.complete(first);
    let turn = world.state.turn.as_ref().unwrap();
    assert_eq!(turn.prompt.id, PromptId::from_bits(3));
    assert_eq!(&*turn.prompt.text, "text 3");
}

#[test]
fn with_nothing_running_every_mode_simply_runs() {
    for mode in [PromptMode::Queue, PromptMode::Steer, PromptMode::Interrupt] {
        let mut world = World::new();
        ask(&mut world, 1, mode).unwrap();
        world.ready();
        assert_eq!(world.status(), SessionStatus::Running);
        assert!(!world.kinds().contains(&"prompt.cancelled"));
    }
}

#[test]
fn a_prompt_that_interrupts_ends_the_turn_as_its_author_would_and_is_the_next() {
    let mut world = World::new();
    let first = world.prompt(1);
    world.ready();
    world.prompt(2);
    ask(&mut world, 3, PromptMode::Interrupt).unwrap();
    let cancelled = world.events().find_map(|event| match event {
        EventBody::PromptCancelled(data) => Some((data.cause.clone(), data.by.clone())),
        _ => None,
    });
    assert_eq!(cancelled, Some(("interrupted".into(), Some(author()))));
    assert_eq!(world.state.outbox.last().unwrap().outcome, RunOutcome::Cancelled);
    assert_eq!(queue(&world), [3, 2]);
    // Nothing is dispatched until the runner confirms.
    assert!(world.state.turn.is_none());
    assert!(
        world
            .owed()
            .iter()
            .any(|(_, owed)| matches!(owed, OwedCommand::Interrupt { prompt_id } if *prompt_id == first))
    );
    world.complete(first);
    assert_eq!(
        world.state.turn.as_ref().unwrap().prompt.id,
        PromptId::from_bits(3)
    );
}

#[test]
fn a_prompt_for_which_there_is_no_room_interrupts_nothing() {
    let mut world = World::new();
    world.policy.max_queued = 1;
    world.prompt(1);
    world.ready();
    world.prompt(2);
    for mode in [PromptMode::Steer, PromptMode::Interrupt] {
        assert_eq!(ask(&mut world, 3, mode), Err(Refusal::QueueFull { limit: 1 }));
        assert_eq!(world.status(), SessionStatus::Running);
    }
}

#[test]
fn each_of_them_ends_once_with_a_record_of_its_own() {
    let mut world = World::new();
    let first = world.prompt(1);
    world.ready();
    ask(&mut world, 2, PromptMode::Steer).unwrap();
    ask(&mut world, 3, PromptMode::Interrupt).unwrap();
    world.complete(first);
    world.complete(PromptId::from_bits(3));
    world.complete(PromptId::from_bits(2));
    let ended: Vec<_> = world.state.outbox.iter().map(|run| run.prompt_id).collect();
    assert_eq!(ended, [1, 3, 2].map(PromptId::from_bits));
    let terminal = world
        .kinds()
        .into_iter()
        .filter(|kind| matches!(*kind, "prompt.completed" | "prompt.cancelled"));
    assert_eq!(terminal.count(), 3);
}
