//! The log against everything that was told.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use e2e::Client;
use serde_json::Value;

use crate::ledger::{Ledger, Sent, Told, fingerprint, is_end};

/// How long the last prompts may take, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(600);

#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) events: u64,
    pub(crate) completed: u64,
    pub(crate) failed: u64,
    pub(crate) cancelled: u64,
    pub(crate) runs: u64,
    pub(crate) lost: u64,
    pub(crate) duplicates: u64,
    pub(crate) gaps: u64,
    pub(crate) faults: Vec<String>,
}

impl Found {
    pub(crate) fn is_clean(&self) -> bool {
        (self.lost, self.duplicates, self.gaps) == (0, 0, 0) && self.faults.is_empty()
    }
}

/// Waits until every session has nothing to do any more and every prompt's end was shown.
pub(crate) async fn settle(client: &Client, ledgers: &[Arc<Ledger>]) {
    let mut last = String::new();
    let waiting = async {
        for ledger in ledgers {
            loop {
                let session = client.get(&format!("/v1/sessions/{}", ledger.id)).await;
                let quiet = matches!(session["status"].as_str(), Some("idle" | "hibernated" | "failed"));
                if quiet && ledger.unfinished() == 0 {
                    break;
                }
                last = format!("{} prompts without an end: {session:#}", ledger.unfinished());
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
    assert!(in_time, "it does not come to rest: {last}");
}

pub(crate) async fn all(client: &Client, ledgers: &[Arc<Ledger>]) -> Found {
    let mut found = Found::default();
    for ledger in ledgers {
        let events = events(client, &ledger.id).await;
        let runs = runs(client, ledger).await;
        let told = ledger.told();
        check_events(ledger, &told, &events, &mut found);
        check_prompts(ledger, &told, &events, &runs, &mut found);
        found.lost += told.lost;
        found.duplicates += told.duplicates;
        found.gaps += told.gaps;
        found.faults.extend(told.faults.iter().cloned());
    }
    found
}

async fn events(client: &Client, session: &str) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut after = 0;
    loop {
        let page = client
            .get(&format!("/v1/sessions/{session}/events?after={after}&limit=1000"))
            .await;
        let events = page["events"].as_array().cloned().unwrap_or_default();
        if events.is_empty() {
            return all;
        }
        after = page["next_after"].as_u64().unwrap_or_default();
        all.extend(events);
    }
}

/// All run records of a session. They are written after the event, so they are waited for.
async fn runs(client: &Client, ledger: &Ledger) -> Vec<Value> {
    let expected = ledger.told().accepted.len();
    let mut all = Vec::new();
    for _ in 0..600 {
        all = page_through_runs(client, &ledger.id).await;
        if all.len() >= expected {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    all
}

async fn page_through_runs(client: &Client, session: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client
            .get(&format!("/v1/runs?session={session}&limit=100{cursor}"))
            .await;
        all.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

/// Dense from 1, and everything that was shown is there as it was shown.
fn check_events(ledger: &Ledger, told: &Told, events: &[Value], found: &mut Found) {
    found.events += events.len() as u64;
    let mut last = 0;
    let mut kept: BTreeMap<u64, u64> = BTreeMap::new();
    for event in events {
        let seq = event["seq"].as_u64().unwrap_or_default();
        if seq <= last {
            found.duplicates += 1;
        } else if seq != last + 1 {
            found.gaps += 1;
        }
        last = seq;
        kept.insert(seq, fingerprint(event));
    }
    for (seq, mark) in &told.events {
        if kept.get(seq) != Some(mark) {
            found.lost += 1;
            let now = events.iter().find(|event| event["seq"] == *seq);
            found
                .faults
                .push(format!("{} {seq}: was shown, and the log has {now:?}", ledger.id));
        }
    }
}

fn check_prompts(ledger: &Ledger, told: &Told, events: &[Value], runs: &[Value], found: &mut Found) {
    let mut of_prompt: HashMap<&str, Vec<&Value>> = HashMap::new();
    for event in events {
        if let Some(prompt) = event["prompt_id"].as_str() {
            of_prompt.entry(prompt).or_default().push(event);
        }
    }
    for prompt in of_prompt.keys() {
        if !told.accepted.contains_key(*prompt) {
            found.duplicates += 1;
            found.faults.push(format!(
                "{} {prompt}: no key was given this prompt, so some key made two",
                ledger.id
            ));
        }
    }
    for (prompt, sent) in &told.accepted {
        let Some(own) = of_prompt.get(prompt.as_str()) else {
            found.lost += 1;
            found.faults.push(format!(
                "{} {prompt}: accepted, and the log knows nothing of it",
                ledger.id
            ));
            continue;
        };
        let count = |kind: &str| own.iter().filter(|event| event["type"] == kind).count();
        let ends: Vec<&&Value> = own.iter().filter(|event| is_end(event)).collect();
        let records: Vec<&Value> = runs.iter().filter(|run| run["prompt_id"] == **prompt).collect();
        if (count("prompt.queued"), ends.len(), records.len()) != (1, 1, 1) || count("prompt.started") > 1 {
            found.faults.push(format!(
                "{} {prompt}: queued {}, started {}, ended {}, recorded {}",
                ledger.id,
                count("prompt.queued"),
                count("prompt.started"),
                ends.len(),
                records.len()
            ));
            continue;
        }
        let outcome = ends[0]["type"].as_str().unwrap_or_default();
        let outcome = outcome.strip_prefix("prompt.").unwrap_or_default();
        match outcome {
            "completed" => found.completed += 1,
            "failed" => found.failed += 1,
            _ => found.cancelled += 1,
        }
        if records[0]["outcome"] != outcome {
            found.faults.push(format!(
                "{} {prompt}: {outcome}, recorded as {}",
                ledger.id, records[0]
            ));
        }
        if ledger.scripted
            && let Err(fault) = follows_script(sent, own, outcome == "completed")
        {
            found.faults.push(format!("{} {prompt}: {fault}", ledger.id));
        }
    }
    found.runs += runs.len() as u64;
}

/// What the agent did is in the log once and in order: all of it after a turn that came to its end, else the beginning.
fn follows_script(sent: &Sent, own: &[&Value], whole: bool) -> Result<(), String> {
    let queued = own.iter().find(|event| event["type"] == "prompt.queued");
    if queued.is_none_or(|event| event["data"]["text"] != *sent.text) {
        return Err(format!("another text than was sent: {queued:?}"));
    }
    let mut steps: Vec<String> = vec![format!("think prompt {}", sent.number)];
    steps.extend((1..=sent.burst).map(|n| format!("burst {n} of {}", sent.burst)));
    steps.push(format!("mark {}", sent.number));
    steps.extend(["call started".to_owned(), "call completed".to_owned()]);
    steps.push(format!("done with {}", sent.number));
    let text = |event: &Value| event["data"]["text"].as_str().unwrap_or_default().to_owned();
    let done: Vec<String> = own
        .iter()
        .filter_map(|event| match event["type"].as_str()? {
            "message.reasoning" => Some(format!("think {}", text(event))),
            "message.text" => Some(text(event)),
            "storm.mark" => Some(format!("mark {}", event["data"]["number"])),
            "tool_call.started" => Some("call started".to_owned()),
            "tool_call.completed" => Some("call completed".to_owned()),
            _ => None,
        })
        .collect();
    let as_far = steps.get(..done.len()).is_some_and(|steps| steps == done);
    if !as_far || (whole && done.len() != steps.len()) {
        return Err(format!("the script says {steps:?}, the log {done:?}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PROMPT: &str = "prm_1";

    fn sent() -> Sent {
        Sent {
            text: "t".into(),
            burst: 2,
            number: 1,
        }
    }

    /// One prompt as it must be.
    fn events() -> Vec<Value> {
        let text = |kind: &str, text: &str| (kind.to_owned(), json!({"text": text}));
        let plain = |kind: &str| (kind.to_owned(), json!({}));
        let of_prompt = [
            text("prompt.queued", "t"),
            plain("prompt.started"),
            text("message.reasoning", "prompt 1"),
            text("message.text", "burst 1 of 2"),
            text("message.text", "burst 2 of 2"),
            ("storm.mark".to_owned(), json!({"number": 1})),
            plain("tool_call.started"),
            plain("tool_call.completed"),
            text("message.text", "done with 1"),
            plain("prompt.completed"),
        ];
        let numbered = of_prompt.into_iter().zip(1..);
        numbered
            .map(|((kind, data), seq): (_, u64)| json!({"seq": seq, "type": kind, "prompt_id": PROMPT, "data": data}))
            .collect()
    }

    /// What is found when all this was shown and the log then has `log`.
    fn found(shown: &[Value], log: &[Value], runs: usize) -> Found {
        let ledger = Ledger::new("s".into(), true);
        for event in shown {
            ledger.shown(event);
        }
        ledger.told().accepted.insert(PROMPT.into(), sent());
        let runs = vec![json!({"prompt_id": PROMPT, "outcome": "completed"}); runs];
        let mut found = Found::default();
        let told = ledger.told();
        check_events(&ledger, &told, log, &mut found);
        check_prompts(&ledger, &told, log, &runs, &mut found);
        found
    }

    #[test]
    fn what_is_as_it_should_be_is_clean() {
        let found = found(&events(), &events(), 1);
        assert!(found.is_clean() && found.completed == 1, "{found:?}");
    }

    #[test]
    fn each_fault_is_found() {
        let without =
            |seq: u64| -> Vec<Value> { events().into_iter().filter(|event| event["seq"] != seq).collect() };
        // Lost at the end, in the middle, and changed.
        assert!(found(&events(), &without(10), 1).lost == 1);
        let middle = found(&events(), &without(5), 1);
        assert!((middle.lost, middle.gaps) == (1, 1), "{middle:?}");
        let mut changed = events();
        changed[3]["data"]["text"] = json!("burst 1 of 3");
        assert_eq!(found(&events(), &changed, 1).lost, 1);
        // Twice under one number, and under two.
        let mut twice = events();
        twice.insert(4, twice[3].clone());
        assert_eq!(found(&[], &twice, 1).duplicates, 1);
        let mut again = events();
        again.insert(4, again[3].clone());
        for (event, seq) in again.iter_mut().zip(1u64..) {
            event["seq"] = json!(seq);
        }
        assert!(!found(&[], &again, 1).is_clean());
        // A prompt without an end, with two, of which nobody was told; without its record, or with two.
        assert!(!found(&[], &events()[..9], 1).is_clean());
        let mut ends = events();
        ends.push(json!({"seq": 11, "type": "prompt.failed", "prompt_id": PROMPT, "data": {}}));
        assert!(!found(&[], &ends, 1).is_clean());
        let mut stranger = events();
        stranger.push(json!({"seq": 11, "type": "prompt.queued", "prompt_id": "prm_2", "data": {}}));
        assert_eq!(found(&[], &stranger, 1).duplicates, 1);
        assert!(!found(&[], &events(), 0).is_clean() && !found(&[], &events(), 2).is_clean());
    }
}
