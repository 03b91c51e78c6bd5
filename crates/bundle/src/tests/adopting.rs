//! A log that goes over into another organisation.

use domain::session::{Fact, PrivateFact, State, status};
use protocol::{
    OrgId, SessionId, UserId,
    event::PAYLOAD_FIELDS,
    session::{ImportedFrom, SessionStatus},
};

use super::life::{Life, at, author, binding};
use crate::{Adopted, Adoption, BundleError, Line, adopt};

fn adoption() -> Adoption {
    Adoption {
        session: SessionId::from_bits(100),
        org: OrgId::from_bits(200),
        importer: author(300, Some("bo@example.org")),
        from: ImportedFrom {
            installation: "https://a.example.org".into(),
            org_id: OrgId::from_bits(2),
            session_id: SessionId::from_bits(1),
            exported_at: at(5),
            imported_at: at(9),
            head: 0,
        },
        model: None,
        now: at(1_000_000),
    }
}

fn adopted(lines: &[Line], adoption: &Adoption) -> Result<(Vec<Adopted>, State), BundleError> {
    let lines = lines.iter().map(|line| {
        let fact = line.fact()?;
        Ok((line.clone(), fact))
    });
    adopt(lines, adoption)
}

#[test]
fn the_session_is_the_importers_and_names_stay() {
    let life = Life::resting();
    let (facts, state) = adopted(&life.lines(), &adoption()).unwrap();
    let profile = state.profile.clone().unwrap();
    assert_eq!(
        (profile.id, profile.org),
        (SessionId::from_bits(100), OrgId::from_bits(200))
    );
    assert_eq!(profile.created_by.user_id, UserId::from_bits(300));
    assert_eq!(profile.created_by.name.as_deref(), Some("ana@example.org"));
    assert_eq!((profile.environment_id, profile.git_token.clone()), (None, None));
    assert_eq!(profile.setup, ["make"]);
    // What of the conversation counts is the same.
    assert_eq!(state.agent_session_id, life.state.agent_session_id);
    assert_eq!((state.generation, state.head), (1, life.state.head));
    assert_eq!(status(&state), SessionStatus::Hibernated);
    assert!(state.outbox.is_empty(), "what was owed there is not owed here");
    assert_eq!(state.imported.as_ref().unwrap().head, life.state.head);
    let text: String = facts.iter().map(|fact| fact.body.as_str()).collect();
    for foreign in [OrgId::from_bits(2).to_string(), UserId::from_bits(3).to_string()] {
        let marks = text.matches(&foreign).count();
        let allowed = usize::from(foreign.starts_with("org_"));
        assert_eq!(marks, allowed, "{foreign} is only in the mark of the import");
    }
    // Somebody without a name is known by the id.
    assert!(text.contains(&format!("\"name\":\"{}\"", UserId::from_bits(7))));

    // What is stored adds up to what was computed.
    let mut folded = State::default();
    for fact in &facts {
        let stored = Fact::from_stored(
            fact.position,
            fact.seq.is_some(),
            fact.prompt_id,
            &fact.kind,
            &fact.body,
        );
        folded.apply(fact.at, &stored.unwrap());
    }
    assert_eq!(folded, state);
    assert!(
        facts
            .iter()
            .zip(1..)
            .all(|(fact, position)| fact.position == position)
    );
}

#[test]
fn another_model_can_be_chosen() {
    let with = Adoption {
        model: Some(("demo/scripted".into(), binding())),
        ..adoption()
    };
    let (_, state) = adopted(&Life::resting().lines(), &with).unwrap();
    assert_eq!(state.profile.unwrap().model, "demo/scripted");
}

#[test]
fn it_can_go_on_to_a_third_place() {
    let (facts, _) = adopted(&Life::resting().lines(), &adoption()).unwrap();
    let again: Vec<Line> = facts
        .iter()
        .map(|fact| {
            Line::of_stored(
                fact.position,
                fact.seq,
                fact.at,
                fact.prompt_id,
                &fact.kind,
                &fact.body,
            )
            .unwrap()
        })
        .collect();
    let there = Adoption {
        now: at(2_000_000),
        ..adoption()
    };
    adopted(&again, &there).unwrap();
}

#[test]
fn only_sessions_at_rest_with_a_log_of_their_own_are_taken() {
    let resting = Life::resting().lines();
    let error = adopted(&Life::working().lines(), &adoption()).unwrap_err();
    assert!(error.to_string().contains("not at rest"), "{error}");
    assert!(
        adopted(&[], &adoption())
            .unwrap_err()
            .to_string()
            .contains("no session")
    );
    let without_first = &resting[1..];
    assert!(adopted(without_first, &adoption()).is_err());
    let mut gap = resting.clone();
    gap.remove(4);
    assert!(matches!(
        adopted(&gap, &adoption()),
        Err(BundleError::Log { line: 5, .. })
    ));
    let mut swapped = resting.clone();
    swapped.swap(4, 5);
    assert!(adopted(&swapped, &adoption()).is_err());
    let mut future = resting.clone();
    future.last_mut().unwrap().at = at(i64::MAX / 2);
    assert!(
        adopted(&future, &adoption())
            .unwrap_err()
            .to_string()
            .contains("future")
    );
    let mut backwards = resting.clone();
    backwards.last_mut().unwrap().at = at(1);
    assert!(adopted(&backwards, &adoption()).is_err());
    let mut profile_twice = resting.clone();
    let mut second = resting[0].clone();
    second.position = resting.len() as u64 + 1;
    second.at = resting.last().unwrap().at;
    profile_twice.push(second);
    assert!(adopted(&profile_twice, &adoption()).is_err());
}

#[test]
fn sums_cannot_be_made_to_overflow() {
    let mut lines = Life::resting().lines();
    let last = lines.last().unwrap().clone();
    let body = r#"{"provider":"a","model":"b","tokens":{"input":1,"output":1},"cost_micro_usd":9223372036854775807,"source":"metered","duration_ms":1}"#;
    lines.push(
        Line::of_stored(
            last.position + 1,
            Some(Life::resting().state.head + 1),
            last.at,
            None,
            "usage.recorded",
            body,
        )
        .unwrap(),
    );
    assert!(
        adopted(&lines, &adoption())
            .unwrap_err()
            .to_string()
            .contains("costs")
    );
}

/// A new payload with an author in it has to be thought of here.
#[test]
fn every_author_is_mapped() {
    let with_author: Vec<&str> = PAYLOAD_FIELDS
        .iter()
        .filter(|(_, fields)| fields.iter().any(|(_, kind)| kind.contains("Author")))
        .map(|(name, _)| *name)
        .collect();
    let mapped = include_str!("../adopt.rs");
    for name in with_author {
        assert!(mapped.contains(&format!("EventBody::{name}(")), "{name}");
    }
}

#[test]
fn the_life_has_what_is_tested() {
    let life = Life::resting();
    assert_eq!(life.private(|fact| matches!(fact, PrivateFact::RunOwed(_))), 1);
    assert_eq!(
        life.private(|fact| matches!(fact, PrivateFact::RunnerLinked { .. })),
        1
    );
    assert_eq!(
        life.private(|fact| matches!(fact, PrivateFact::GenerationOpened { .. })),
        1
    );
}
