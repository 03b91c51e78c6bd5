//! Prompts for one session, all the time, each with a key: what is not answered is sent again until it is, and now and
//! then what was answered is sent again too, which must change nothing.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    Counts, Storm,
    ledger::{Ledger, Sent},
    random::Random,
};

/// Prompts of one session on their way at once.
const AHEAD: usize = 3;

pub(crate) async fn flow(storm: Arc<Storm>, ledger: Arc<Ledger>, mut random: Random) {
    let mut number = 0;
    while !storm.calm.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(20 + random.below(800))).await;
        if ledger.unfinished() >= AHEAD {
            continue;
        }
        number += 1;
        let sent = if ledger.scripted {
            scripted(&mut random, number)
        } else {
            coded(number)
        };
        let body = json!({"text": sent.text});
        let key = format!("{}-{number}", ledger.id);
        let path = format!("/v1/sessions/{}/prompts", ledger.id);
        let Some(id) = give(&storm, &ledger, &path, &key, &body).await else {
            continue;
        };
        Counts::add(&storm.counts.accepted);
        let before = ledger.told().accepted.insert(id.clone(), sent);
        if before.is_some() {
            ledger.fault(format!("two keys were given the prompt {id}"));
        }
        if random.percent(10) {
            Counts::add(&storm.counts.repeated);
            let again = give(&storm, &ledger, &path, &key, &body).await;
            if again.as_deref() != Some(id.as_str()) {
                ledger.fault(format!("key {key} was given {id}, and then {again:?}"));
            }
        }
        if random.percent(4) {
            tokio::time::sleep(Duration::from_millis(random.below(800))).await;
            Counts::add(&storm.counts.interrupts);
            interrupt(&storm, &ledger, &key).await;
        }
    }
}

fn scripted(random: &mut Random, number: u64) -> Sent {
    let burst = 1 + random.below(40);
    let (rounds, pause) = (1 + random.below(4), random.below(4));
    let text = format!(
        "think: prompt {number}\nburst: {burst}\nevent: storm.mark={{\"number\":{number}}}\n\
         run: for i in $(seq {rounds}); do echo {number}-$i; sleep 0.{pause}; done\nsay: done with {number}"
    );
    Sent { text, burst, number }
}

fn coded(number: u64) -> Sent {
    Sent {
        text: format!("run: for i in 1 2 3; do echo {number}-$i; sleep 0.2; done"),
        burst: 0,
        number,
    }
}

/// Sends until there is an answer; the id of the prompt.
async fn give(storm: &Storm, ledger: &Ledger, path: &str, key: &str, body: &Value) -> Option<String> {
    loop {
        match post(storm, path, key, body).await {
            Some((202, answer)) => return answer["id"].as_str().map(str::to_owned),
            // The server is away, or on its way up or down.
            None | Some((500.., _)) => Counts::add(&storm.counts.unanswered),
            // A first attempt is still being carried out.
            Some((409, answer)) if answer["type"] != "/problems/idempotency_conflict" => {}
            Some((status, answer)) => {
                ledger.fault(format!("prompt {key} was answered with {status}: {answer}"));
                return None;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn interrupt(storm: &Storm, ledger: &Ledger, key: &str) {
    let path = format!("/v1/sessions/{}/interrupt", ledger.id);
    let key = format!("{key}-stop");
    loop {
        match post(storm, &path, &key, &Value::Null).await {
            Some((202 | 409, _)) => return,
            None | Some((500.., _)) => {}
            Some((status, answer)) => {
                return ledger.fault(format!("an interrupt was answered with {status}: {answer}"));
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn post(storm: &Storm, path: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
    let request = storm
        .http
        .post(format!("{}{path}", storm.url))
        .bearer_auth(&storm.key)
        .header("Idempotency-Key", key);
    let request = if body.is_null() {
        request
    } else {
        request.json(body)
    };
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    let bytes = answer.bytes().await.ok()?;
    // Half an answer is none.
    Some((status, serde_json::from_slice(&bytes).ok()?))
}
