//! The stored format only grows: what an older server wrote is read, and what is as it always was is written so.

use protocol::{
    PromptId,
    session::{PromptMode, TurnError},
};
use serde_json::{Value, json};

use super::world::{World, isolation};
use crate::session::{Breaker, Command, Expiry, Fact, PrivateFact, State};

/// Fields that older snapshots don't have.
const NEW: [&str; 5] = ["breaker", "wake_wanted", "expiry", "retiring", "mode"];

fn without(value: &mut Value, fields: &[&str]) {
    match value {
        Value::Object(object) => {
            object.retain(|name, _| !fields.contains(&name.as_str()));
            object.values_mut().for_each(|value| without(value, fields));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| without(value, fields)),
        _ => {}
    }
}

#[test]
fn a_snapshot_of_an_older_server_is_read() {
    let mut world = World::new();
    world.prompt(1);
    world.prompt(2);
    world.ready();
    let mut stored = serde_json::to_value(&world.state).unwrap();
    without(&mut stored, &NEW);
    let read: State = serde_json::from_value(stored).unwrap();
    assert_eq!(read, world.state);
}

#[test]
fn a_snapshot_keeps_what_is_new() {
    let mut world = World::new();
    world.prompt(1);
    let at = world.now;
    let expiry = Expiry {
        at,
        can_snapshot: true,
    };
    world
        .give(Command::SandboxStarted {
            generation: 1,
            isolation: isolation(),
            expiry: Some(expiry),
        })
        .unwrap();
    world.state.wake_wanted = true;
    world.state.breaker = Breaker {
        failures: 2,
        last_at: at,
    };
    let stored = serde_json::to_vec(&world.state).unwrap();
    let read: State = serde_json::from_slice(&stored).unwrap();
    assert_eq!(read, world.state);
}

#[test]
fn facts_of_an_older_server_are_read() {
    let read = |body: Value| match Fact::from_stored(1, false, None, "private", &body.to_string()).unwrap() {
        Fact::Private(fact) => fact,
        Fact::Event { .. } => panic!("a private fact"),
    };
    let id = PromptId::from_bits(1);
    let binding = json!({"dialect": "openai-chat", "context": 1, "max_output": 1});
    let accepted = json!({"kind": "prompt_accepted", "data": {
        "prompt_id": id, "model": "m", "binding": binding, "attachments": []
    }});
    let error = json!({"code": "c", "message": "m", "next_step": "n"});
    let failed = json!({"kind": "attempt_failed", "data": {"error": error, "permanent": true}});
    let fact = read(accepted.clone());
    assert!(matches!(
        &fact,
        PrivateFact::PromptAccepted {
            mode: PromptMode::Queue,
            position: None,
            ..
        }
    ));
    assert_eq!(serde_json::to_value(&fact).unwrap(), accepted);
    let fact = read(failed.clone());
    let error = TurnError {
        code: "c".into(),
        message: "m".into(),
        next_step: "n".into(),
        detail: None,
    };
    let expected = PrivateFact::AttemptFailed {
        error,
        permanent: true,
        hopeless: false,
    };
    assert_eq!(fact, expected);
    assert_eq!(serde_json::to_value(&fact).unwrap(), failed);
}

#[test]
fn a_prompt_in_the_usual_mode_is_told_as_it_always_was() {
    let mut world = World::new();
    world.prompt(1);
    let (_, queued) = world
        .log
        .iter()
        .find(|(_, fact)| fact.kind() == "prompt.queued")
        .unwrap();
    assert!(!queued.body().unwrap().contains("mode"));
}
