//! What anybody was told about one session, to be held against its log at the end.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

/// A prompt as it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) text: String,
    /// Texts that its turn produces, if it comes to its end.
    pub(crate) burst: u64,
    pub(crate) number: u64,
}

#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) id: String,
    /// The agent does exactly what a prompt says, so its turns can be held against their scripts.
    pub(crate) scripted: bool,
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
pub(crate) struct Told {
    /// `seq` of every event that was shown, and what it was.
    pub(crate) events: BTreeMap<u64, u64>,
    /// Answered with 202.
    pub(crate) accepted: HashMap<String, Sent>,
    pub(crate) ended: HashSet<String>,
    pub(crate) faults: Vec<String>,
    pub(crate) lost: u64,
    pub(crate) duplicates: u64,
    pub(crate) gaps: u64,
}

impl Ledger {
    pub(crate) fn new(id: String, scripted: bool) -> Self {
        Self {
            id,
            scripted,
            told: Mutex::default(),
        }
    }

    pub(crate) fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an event down that somebody was shown; answers its `seq`.
    pub(crate) fn shown(&self, event: &Value) -> u64 {
        let seq = event["seq"].as_u64().unwrap_or_default();
        let mark = fingerprint(event);
        let mut told = self.told();
        match told.events.insert(seq, mark) {
            Some(before) if before != mark => {
                told.faults
                    .push(format!("{} {seq}: shown with two contents, now {event}", self.id));
                told.lost += 1;
            }
            _ => {}
        }
        if is_end(event)
            && let Some(prompt) = event["prompt_id"].as_str()
        {
            told.ended.insert(prompt.to_owned());
        }
        seq
    }

    /// An event came to a reader whose last one was `cursor`.
    pub(crate) fn followed(&self, who: &str, cursor: u64, seq: u64) {
        if seq == cursor + 1 {
            return;
        }
        let mut told = self.told();
        if seq <= cursor {
            told.duplicates += 1;
        } else {
            told.gaps += 1;
        }
        told.faults
            .push(format!("{} {who}: {seq} after {cursor}", self.id));
    }

    /// The server says that it never had what it has shown.
    pub(crate) fn refused_cursor(&self, who: &str, cursor: u64, said: &str) {
        let mut told = self.told();
        told.lost += 1;
        told.faults
            .push(format!("{} {who}: cursor {cursor} refused: {said}", self.id));
    }

    pub(crate) fn fault(&self, what: String) {
        self.told().faults.push(format!("{}: {what}", self.id));
    }

    pub(crate) fn unfinished(&self) -> usize {
        let told = self.told();
        told.accepted
            .keys()
            .filter(|id| !told.ended.contains(*id))
            .count()
    }
}

pub(crate) fn is_end(event: &Value) -> bool {
    let kind = event["type"].as_str().unwrap_or_default();
    matches!(kind, "prompt.completed" | "prompt.failed" | "prompt.cancelled")
}

/// The same for the same document, in whatever order its fields came.
pub(crate) fn fingerprint(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    feed(value, &mut hasher);
    hasher.finish()
}

fn feed(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Array(items) => {
            ("array", items.len()).hash(hasher);
            items.iter().for_each(|item| feed(item, hasher));
        }
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            ("object", sorted.len()).hash(hasher);
            for (name, field) in sorted {
                name.hash(hasher);
                feed(field, hasher);
            }
        }
        other => other.to_string().hash(hasher),
    }
}
