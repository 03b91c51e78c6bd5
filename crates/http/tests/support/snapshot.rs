//! All of the victim's organisation that its owner can read, for comparing before with after. What there is to read
//! comes from the rows: an operation that reads and is added tomorrow is compared tomorrow.

use std::collections::BTreeMap;

use ports::identity::{Accounts as _, IdentityStore as _};
use serde_json::{Value, json};

use crate::{
    row::Asks,
    rows,
    stage::{MODEL_KEY, Stage},
};

/// What was read, by request.
pub(crate) type Snapshot = BTreeMap<String, Value>;

/// Told by the clock or by reading itself, and no change.
const PASSING: &[&str] = &["last_used_at", "last_seen_at", "request_id", "csrf_token"];
/// What a refusal of a member may be written into.
const RECORDS: &[&str] = &["/v1/audit", "/v1/events"];

async fn take(stage: &Stage) -> Snapshot {
    let ana = stage.ana();
    let mut paths: Vec<String> = rows::all()
        .iter()
        .filter(|row| row.steady && !matches!(row.asks, Asks::Nothing | Asks::Runner))
        .map(|row| row.target(stage))
        .collect();
    for session in [&stage.quiet, &stage.busy] {
        for rest in ["", "/events?after=0&limit=1000", "/prompts", "/artifacts"] {
            paths.push(format!("/v1/sessions/{session}{rest}"));
        }
    }
    let mut snapshot = Snapshot::new();
    for path in paths {
        let answer = ana.get(&path).await;
        let mut body = serde_json::from_slice(&answer.bytes).unwrap_or_else(|_| Value::from(answer.text()));
        forget_passing(&mut body);
        snapshot.insert(path, Value::from(vec![Value::from(answer.status.as_u16()), body]));
    }
    let fakes = &stage.house.fakes;
    let with_key = fakes
        .model_gateway
        .requests()
        .iter()
        .filter(|request| secrecy::ExposeSecret::expose_secret(&request.upstream.api_key) == MODEL_KEY)
        .count();
    snapshot.insert("calls with the model key".into(), Value::from(with_key));
    let sandboxes = fakes
        .sandboxes
        .started()
        .iter()
        .filter(|spec| [&stage.quiet, &stage.busy].contains(&&spec.session_id.to_string()))
        .count();
    snapshot.insert("sandboxes started".into(), Value::from(sandboxes));
    people(stage, &mut snapshot).await;
    snapshot
}

/// How the victim's people sign in and where they are signed in. A key, with which the rest is read, is not told.
async fn people(stage: &Stage, snapshot: &mut Snapshot) {
    let identity = &stage.house.fakes.identity;
    for who in [&stage.owner, &stage.admin, &stage.member, &stage.viewer] {
        let user = who.user_id;
        let password = identity.password_of(user).await.unwrap();
        let factor = identity.second_factor(user).await.unwrap();
        let browsers = identity.list_browser_sessions(user).await.unwrap();
        let mut browsers: Vec<String> = browsers.iter().map(|one| one.id.to_string()).collect();
        browsers.sort();
        let belongs = identity.list_memberships(user).await.unwrap().len();
        let all = json!({
            "password": password.map(|hash| hash.as_str().to_owned()),
            "factor": factor.map(|factor| format!("{:?} {}", factor.confirmed_at, factor.recovery.len())),
            "browsers": browsers,
            "belongs": belongs,
        });
        snapshot.insert(format!("the sign-in of {user}"), all);
    }
}

/// A snapshot of when nothing moves any more.
pub(crate) async fn settled(stage: &Stage) -> Snapshot {
    let mut last = take(stage).await;
    for _ in 0..100 {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        let now = take(stage).await;
        if difference(&last, &now, false).is_none() {
            return now;
        }
        last = now;
    }
    panic!("the victim's organisation does not come to rest");
}

fn forget_passing(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in PASSING {
                fields.remove(*name);
            }
            fields.values_mut().for_each(forget_passing);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_passing),
        _ => {}
    }
}

/// What is not as it was; with `records` the audit log and the feed may have grown.
pub(crate) fn difference(before: &Snapshot, after: &Snapshot, records: bool) -> Option<String> {
    let compared = |path: &str| !records || !RECORDS.iter().any(|record| path.starts_with(record));
    let path = before
        .keys()
        .chain(after.keys())
        .find(|path| compared(path) && before.get(*path) != after.get(*path))?;
    Some(format!(
        "{path}\nbefore: {:?}\nafter:  {:?}",
        before.get(path),
        after.get(path)
    ))
}
