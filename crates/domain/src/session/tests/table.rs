//! The table against the machine, both ways: whatever happens is in the table, whatever is in the table happens.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use protocol::{PromptId, session::PromptMode};

use super::{
    invariants::{Step, step, take},
    world::{Sight, World, profile, prompt, repository},
};
use crate::session::{
    Alarm, CAUSES, Command, Machine, Policy, Row, TABLE, Trigger, machine_markdown, table::MAY, why,
};

/// Enough for chance to see everything in the table, but for [`rare`].
const LIVES: usize = 3_500;
const STEPS: usize = 80;

/// One transition.
type Way = (Machine, &'static str, Trigger, &'static str);

#[derive(Default)]
struct Seen {
    /// With the facts and effects that came along each time.
    ways: BTreeMap<Way, (BTreeSet<String>, BTreeSet<&'static str>)>,
    /// Everything that a trigger has added at some time.
    may: BTreeMap<Trigger, (BTreeSet<String>, BTreeSet<&'static str>)>,
    causes: BTreeSet<String>,
}

impl Seen {
    fn take(&mut self, sight: &Sight) {
        let Sight {
            trigger,
            from,
            to,
            prompts,
            facts,
            effects,
            called,
        } = sight;
        let mut ways: Vec<Way> = [
            (Machine::Session, from.session, to.session),
            (Machine::Turn, from.turn, to.turn),
            (Machine::Sandbox, from.sandbox, to.sandbox),
        ]
        .into_iter()
        .filter(|(_, from, to)| from != to)
        .map(|(machine, from, to)| (machine, from, *trigger, to))
        .collect();
        ways.extend(
            prompts
                .iter()
                .map(|(from, to)| (Machine::Prompt, *from, *trigger, *to)),
        );
        for way in ways {
            match self.ways.get_mut(&way) {
                Some((known, always)) => {
                    known.retain(|fact| facts.contains(fact));
                    always.retain(|effect| effects.contains(effect));
                }
                None => {
                    self.ways.insert(way, (facts.clone(), effects.clone()));
                }
            }
        }
        let (all, may_call) = self.may.entry(*trigger).or_default();
        all.extend(facts.iter().cloned());
        may_call.extend(called.iter().copied());
    }
}

/// Lives that lead where chance rarely does.
fn rare() -> Vec<Vec<Step>> {
    let save = |then: Vec<Step>| {
        let mut steps = vec![
            Step::Prompt(PromptMode::Queue),
            Step::Along,
            // An hour, and its provider can keep the workspace.
            Step::Started(22),
            Step::Ready,
            Step::Pass(3_000),
            Step::End(0),
        ];
        steps.extend(then);
        steps
    };
    vec![save(vec![Step::Wake, Step::Observed(1)])]
}

/// Many lives, the same ones each time.
fn walk() -> Seen {
    let mut runner = TestRunner::deterministic();
    let strategy = step();
    let mut seen = Seen::default();
    let mut chance = || {
        (0..STEPS)
            .map(|_| strategy.new_tree(&mut runner).unwrap().current())
            .collect()
    };
    let lives: Vec<Vec<Step>> = rare().into_iter().chain((0..LIVES).map(|_| chance())).collect();
    for (life, steps) in lives.iter().enumerate() {
        let mut world = World::empty();
        world.sights = Some(Vec::new());
        let with_repository = (life % 2 == 1).then(repository);
        let first = (life % 3 == 1).then(|| Box::new(prompt(PromptId::from_bits(1 << 64))));
        let create = Command::Create(Box::new(profile(with_repository)), first);
        world.give(create).unwrap();
        let mut next_prompt = 0;
        for step in steps {
            take(&mut world, step, &mut next_prompt);
            seen.causes.insert(why(&world.state, &world.policy).cause);
        }
        for sight in world.sights.take().unwrap_or_default() {
            seen.take(&sight);
        }
    }
    seen
}

/// The ways of the table, each with its row.
fn ways() -> BTreeMap<Way, &'static Row> {
    let mut ways = BTreeMap::new();
    for row in TABLE.iter().copied().flatten() {
        for from in row.from {
            for on in row.on {
                let twice = ways.insert((row.machine, *from, *on, row.to), row);
                assert!(
                    twice.is_none(),
                    "{from} on {on:?} to {} is in the table twice",
                    row.to
                );
            }
        }
    }
    ways
}

#[test]
fn the_table_is_what_the_machine_does() {
    let seen = walk();
    let table = ways();
    let unknown: Vec<_> = seen.ways.keys().filter(|way| !table.contains_key(way)).collect();
    assert!(
        unknown.is_empty(),
        "happens, but is not in the table: {unknown:#?}"
    );
    let never: Vec<_> = table.keys().filter(|way| !seen.ways.contains_key(way)).collect();
    assert!(never.is_empty(), "is in the table, but never happens: {never:#?}");
    for (way, row) in &table {
        let (facts, effects) = &seen.ways[way];
        assert!(
            row.facts.iter().all(|fact| facts.contains(*fact)),
            "{way:?} comes with {facts:?}"
        );
        assert!(
            row.effects.iter().all(|effect| effects.contains(effect)),
            "{way:?} comes with {effects:?}"
        );
    }
    for (trigger, facts, effects) in MAY {
        let (seen_facts, seen_effects) = &seen.may[trigger];
        assert_eq!(
            seen_facts,
            &facts.iter().map(ToString::to_string).collect(),
            "{trigger:?}"
        );
        assert_eq!(seen_effects, &effects.iter().copied().collect(), "{trigger:?}");
    }
    assert_eq!(MAY.len(), seen.may.len(), "every trigger is there once");
    let causes: BTreeSet<String> = CAUSES.iter().map(|cause| cause.word.to_owned()).collect();
    assert_eq!(seen.causes, causes, "each cause is given in some state");
}

#[test]
fn where_two_ways_part_the_table_says_when() {
    let mut ends: BTreeMap<(Machine, &str, Trigger), Vec<&Row>> = BTreeMap::new();
    for ((machine, from, trigger, _), row) in ways() {
        ends.entry((machine, from, trigger)).or_default().push(row);
    }
    for (way, rows) in ends.iter().filter(|(_, rows)| rows.len() > 1) {
        let guards: BTreeSet<&str> = rows.iter().map(|row| row.guard).collect();
        assert!(
            guards.len() == rows.len() && !guards.contains(""),
            "{way:?}: {guards:?}"
        );
    }
}

#[test]
fn the_reference_tells_everything() {
    let page = machine_markdown();
    for row in TABLE.iter().copied().flatten() {
        assert!(
            row.on
                .iter()
                .all(|trigger| page.contains(&format!("| {} |", trigger.word())))
        );
        assert!(page.contains(row.guard) && row.facts.iter().all(|fact| page.contains(fact)));
    }
    for alarm in Alarm::ALL {
        assert!(page.contains(&alarm.due(&Policy::default())) && page.contains(alarm.meaning()));
    }
    assert!(CAUSES.iter().all(|cause| page.contains(cause.message)));
    assert_eq!(page.matches("```mermaid").count(), Machine::ALL.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Other lives each time: nothing happens that the table does not know.
    #[test]
    fn no_life_leaves_the_table(steps in prop::collection::vec(step(), 1..80), repository in any::<bool>()) {
        let mut world = if repository { World::with_repository() } else { World::new() };
        world.sights = Some(Vec::new());
        let mut next_prompt = 0;
        for step in &steps {
            take(&mut world, step, &mut next_prompt);
        }
        let mut seen = Seen::default();
        for sight in world.sights.iter().flatten() {
            seen.take(sight);
        }
        let table = ways();
        for (way, (facts, effects)) in &seen.ways {
            let row = table.get(way);
            prop_assert!(row.is_some(), "{way:?} is not in the table");
            prop_assert!(row.is_none_or(|row| {
                row.facts.iter().all(|fact| facts.contains(*fact))
                    && row.effects.iter().all(|effect| effects.contains(effect))
            }), "{way:?} comes with {facts:?} and {effects:?}");
        }
    }
}
