//! The machine driven again: a true log keeps every promise, and a changed one is found out.

use protocol::session::SessionStatus;

use super::life::{Life, Made};
use crate::{Line, Replay, Step};

fn replayed(lines: &[Line]) -> (Vec<Step>, Vec<String>) {
    let mut replay = Replay::default();
    let steps: Vec<Step> = lines
        .iter()
        .map(|line| replay.step(line, &line.fact().unwrap()))
        .collect();
    let mut found: Vec<String> = steps
        .iter()
        .flat_map(|step| &step.violations)
        .map(|violation| violation.what.clone())
        .collect();
    found.extend(replay.finish().into_iter().map(|violation| violation.what));
    assert_eq!(replay.violations(), found.len() as u64);
    (steps, found)
}

#[test]
fn a_true_log_keeps_every_promise_and_tells_each_transition() {
    let life = Life::resting();
    let (steps, found) = replayed(&life.lines());
    assert_eq!(found, Vec::<String>::new());
    let statuses: Vec<SessionStatus> = steps
        .iter()
        .filter_map(|step| step.status.as_ref().map(|change| change.after))
        .collect();
    assert!(statuses.contains(&SessionStatus::Starting), "{statuses:?}");
    assert!(statuses.contains(&SessionStatus::Running), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&SessionStatus::Hibernated));
    let armed = |alarm: &str| {
        steps
            .iter()
            .any(|step| step.armed.iter().any(|set| set.alarm == alarm))
    };
    let gone = |alarm: &str| {
        steps
            .iter()
            .any(|step| step.disarmed.iter().any(|name| name == alarm))
    };
    for alarm in ["connect", "first_output", "hibernate"] {
        assert!(armed(alarm) && gone(alarm), "{alarm}");
    }
    assert!(
        steps.iter().any(|step| step.kind == "generation_opened"),
        "private facts say what they are"
    );
    let (_, found) = replayed(&Life::working().lines());
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_changed_log_is_found_out() {
    let lines = Life::resting().lines();
    let find = |kind: &str| lines.iter().position(|line| line.kind == kind).unwrap();
    let complains = |lines: &[Line], words: &str| {
        let (_, found) = replayed(lines);
        assert!(
            found.iter().any(|what| what.contains(words)),
            "{words}: {found:#?}"
        );
    };
    let mut gap = lines.clone();
    gap.remove(find("message.text"));
    complains(&gap, "missing or doubled");

    // A terminal twice, with everything else in order.
    let mut twice = lines.clone();
    let ended = find("prompt.completed");
    let mut again = twice[ended].clone();
    again.at = twice.last().unwrap().at;
    twice.push(again);
    let mut seq = 0;
    for (line, position) in twice.iter_mut().zip(1..) {
        line.position = position;
        if line.seq.is_some() {
            seq += 1;
            line.seq = Some(seq);
        }
    }
    complains(&twice, "ends a second time");

    let mut lying = lines.clone();
    let told = find("session.status_changed");
    let body = lying[told]
        .body
        .get()
        .replacen("\"status\":\"", "\"status\":\"waiting\",\"was\":\"", 1);
    lying[told].body = serde_json::value::RawValue::from_string(body).unwrap();
    complains(&lying, "the facts add up to");

    // Cut in the middle: the prompt neither waits nor ended is not said of a part, but a whole one is.
    let (_, found) = replayed(&lines[..find("prompt.completed")]);
    assert!(
        found.iter().all(|what| !what.contains("never ended")),
        "{found:?}"
    );
}

#[test]
fn it_reads_what_a_bundle_holds() {
    let lines = Life::resting().lines();
    let mut file = std::io::Cursor::new(Made::of(&lines).bytes());
    let checked = crate::check(&mut file, &crate::Limits::default()).unwrap();
    let read: Vec<Line> = checked
        .lines(&mut file)
        .unwrap()
        .map(|line| line.unwrap().0)
        .collect();
    assert_eq!(read.len(), lines.len());
    assert_eq!(replayed(&read).1, Vec::<String>::new());
}
