//! What people see of a session: its title, and why it is as it is.

use protocol::{
    EventBody,
    event::{PermissionRequested, Question, QuestionAsked, SessionRenamed, WorkspaceProgress},
    keeper::EndCause,
    runner::RunnerReport,
    session::SessionStatus,
};

use super::world::{World, author, prompt};
use crate::session::{Command, Observed, in_short, status_in_words, why};

fn titled(world: &World) -> Option<&str> {
    world.state.profile.as_ref().unwrap().title.as_deref()
}

fn ask(world: &mut World, n: u128, text: &str) {
    let mut prompt = prompt(protocol::PromptId::from_bits(n));
    prompt.text = text.into();
    world.give(Command::Enqueue(Box::new(prompt))).unwrap();
}

#[test]
fn the_first_prompt_gives_a_title_once() {
    let mut world = World::new();
    assert_eq!(titled(&world), None);
    ask(&mut world, 1, "\n  Fix \u{202e}the tests\nplease");
    assert_eq!(titled(&world), Some("Fix the tests"));
    ask(&mut world, 2, "something else");
    assert_eq!(titled(&world), Some("Fix the tests"));
    let renamed: Vec<_> = world
        .events()
        .filter_map(|event| match event {
            EventBody::SessionRenamed(renamed) => Some(renamed.clone()),
            _ => None,
        })
        .collect();
    let by_itself = SessionRenamed {
        title: "Fix the tests".into(),
        by: None,
    };
    assert_eq!(renamed, [by_itself]);
}

#[test]
fn a_title_that_a_person_gave_stays() {
    let mut world = World::new();
    let title = || "Mine".to_owned();
    world
        .give(Command::Rename {
            title: title(),
            by: author(),
        })
        .unwrap();
    ask(&mut world, 1, "Fix the tests");
    assert_eq!(titled(&world), Some("Mine"));
}

#[test]
fn a_session_made_with_a_prompt_is_created_with_its_title() {
    let world = World::with_prompt("Fix the tests\nplease");
    assert_eq!(titled(&world), Some("Fix the tests"));
    assert!(!world.kinds().contains(&"session.renamed"));
    let Some(EventBody::SessionCreated(created)) = world.events().next() else {
        panic!("another first event")
    };
    assert_eq!(created.title.as_deref(), Some("Fix the tests"));
}

#[test]
fn each_state_says_why_and_what_comes_next() {
    let mut world = World::new();
    let seen = |world: &World| {
        let why = why(&world.state, &world.policy);
        let (cause, message) = in_short(&world.state);
        assert_eq!((cause, &message), (why.cause.as_str(), &why.message));
        (
            why.cause,
            why.next_step,
            why.deadline.map(|at| at.since(world.now)),
        )
    };
    let says = |cause: &str, next: Option<(&str, std::time::Duration)>| {
        let (step, deadline) = next.unzip();
        (cause.to_owned(), step.map(str::to_owned), deadline)
    };
    assert_eq!(seen(&world), says("never_started", None));

    let id = world.prompt(1);
    let connect = world.policy.connect;
    assert_eq!(
        seen(&world),
        says("sandbox_starting", Some(("replace_sandbox", connect)))
    );
    world.hello().unwrap();
    let prepare = world.policy.prepare;
    for (phase, words) in [
        ("clone", "cloned"),
        ("setup", "set-up"),
        ("agent", "agent"),
        ("<b>", "workspace is being prepared"),
    ] {
        let event = WorkspaceProgress {
            phase: phase.into(),
            state: "started".into(),
            message: None,
            elapsed_ms: None,
            percent: None,
        };
        world
            .report(None, RunnerReport::Event { event: event.into() })
            .unwrap();
        assert_eq!(
            seen(&world),
            says("workspace_preparing", Some(("replace_sandbox", prepare)))
        );
        assert!(
            why(&world.state, &world.policy).message.contains(words),
            "{phase}"
        );
    }
    let ready = RunnerReport::Ready {
        agent: "scripted".into(),
        version: "1".into(),
        agent_session_id: "conversation".into(),
        resumed: false,
        elapsed_ms: 1,
    };
    world.report(None, ready).unwrap();
    let first = world.policy.first_output;
    assert_eq!(seen(&world), says("prompt_running", Some(("fail_prompt", first))));
    world.text(id, "hi");
    let idle = world.policy.turn_idle;
    assert_eq!(seen(&world), says("prompt_running", Some(("fail_prompt", idle))));

    let asked = QuestionAsked {
        question_id: "que_1".into(),
        questions: vec![Question {
            header: "h".into(),
            question: "q".into(),
            options: vec![],
            multiple: false,
        }],
    };
    world
        .report(Some(id), RunnerReport::Event { event: asked.into() })
        .unwrap();
    assert_eq!(
        seen(&world),
        says("waiting_for_answer", None),
        "a person may take as long as it takes"
    );
    let asked = PermissionRequested {
        permission_id: "per_1".into(),
        tool: "bash".into(),
        title: "ls".into(),
        patterns: vec![],
        details: serde_json::Value::Null,
    };
    world
        .report(Some(id), RunnerReport::Event { event: asked.into() })
        .unwrap();
    assert_eq!(seen(&world), says("waiting_for_permission", None));
    world.complete(id);
    let hibernate = world.policy.hibernate;
    assert_eq!(seen(&world), says("ready", Some(("hibernate", hibernate))));
    world.give(Command::Hibernate { by: author() }).unwrap();
    assert_eq!(seen(&world), says("hibernated", None));
    world.give(Command::SandboxStopped { generation: 1 }).unwrap();
    assert_eq!(seen(&world), says("hibernated", None));
    assert!(
        why(&world.state, &world.policy)
            .message
            .starts_with("Asleep: wakes when you write")
    );
    world.give(Command::Archive { by: author() }).unwrap();
    assert_eq!(seen(&world), says("archived", None));
}

#[test]
fn a_failure_says_what_failed_and_what_to_do() {
    let mut world = World::new();
    world.policy.attempts = 1;
    world.prompt(1);
    let observed = Observed::Ended(EndCause::Stopped);
    world
        .give(Command::SandboxObserved {
            generation: 1,
            observed,
            link_seen: None,
        })
        .unwrap();
    assert_eq!(world.status(), SessionStatus::Failed);
    let (cause, message) = in_short(&world.state);
    assert_eq!(cause, "attempt_failed");
    assert!(message.contains("Send the prompt again"), "{message}");
}

#[test]
fn a_status_alone_has_words_too() {
    for status in [
        SessionStatus::Idle,
        SessionStatus::Queued,
        SessionStatus::Starting,
        SessionStatus::Running,
        SessionStatus::Waiting,
        SessionStatus::Hibernated,
        SessionStatus::Failed,
        SessionStatus::Archived,
    ] {
        let (cause, message) = status_in_words(status);
        assert!(!cause.is_empty() && message.ends_with('.'));
    }
}
