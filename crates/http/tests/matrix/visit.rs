//! Visits the cells: each row by everybody.
//!
//! Refusals and reads of one row share a stage; what succeeds and changes something has a stage of its own.

use domain::{
    policy::{Action, authorise},
    tenancy::{Actor, Asked, Role, Scope},
};
use protocol::{OrgId, UserId};
use serde_json::Value;

use crate::{
    caller::{Credential, Standing, Who},
    house::Answer,
    row::{Asks, Payload, Row},
    snapshot::{difference, settled},
    stage::{MARK, Stage},
};

/// What a cell has to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expected {
    Done,
    Refused {
        status: u16,
        problem: &'static str,
        /// Has to be among the words.
        because: String,
    },
}

fn refused(status: u16, problem: &'static str) -> Expected {
    Expected::Refused {
        status,
        problem,
        because: String::new(),
    }
}

/// What the policy's table says of somebody inside.
pub(crate) fn policy(actions: &[Action], role: Role, scope: Option<Scope>) -> Expected {
    let actor = Actor {
        org: OrgId::from_bits(1),
        user: UserId::from_bits(1),
        email: String::new(),
        role,
        api_key: None,
        key_hash: None,
        browser: None,
        scopes: scope.into_iter().collect(),
        closing: None,
        asked: Asked::default(),
    };
    let denied = actions.iter().find_map(|action| authorise(&actor, *action).err());
    denied.map_or(Expected::Done, |denied| Expected::Refused {
        status: 403,
        problem: "forbidden",
        because: denied.to_string(),
    })
}

pub(crate) fn expected(row: &Row, who: Who) -> Expected {
    match (row.asks, who.standing()) {
        (Asks::Nothing, _) => Expected::Done,
        // A person stays one without an organisation, and can sign out.
        (Asks::Person, _) if who == Who::FormerBrowser => Expected::Done,
        // They may be repeating the request by which they left.
        (Asks::PersonInside(_), _) if who == Who::FormerBrowser && row.path.ends_with("/leave") => {
            refused(404, "not_found")
        }
        // Who they are they may know; what is done in an organisation they are told that they have none for.
        (Asks::Anyone, _) if who == Who::FormerBrowser && row.path == "/v1/me" => Expected::Done,
        (Asks::Anyone | Asks::PersonInside(_) | Asks::Policy(_) | Asks::Hidden(_), Standing::Unknown)
            if who == Who::FormerBrowser =>
        {
            refused(403, "no_organisation")
        }
        (Asks::Runner, _) | (_, Standing::Unknown) => refused(401, "unauthenticated"),
        (Asks::Person, _) if who.in_browser() => Expected::Done,
        (Asks::Person, _) => refused(403, "forbidden"),
        (_, Standing::Stranger { names_victim }) if row.aimed || names_victim => refused(404, "not_found"),
        (_, Standing::Stranger { .. }) | (Asks::Anyone, Standing::Inside { .. }) => Expected::Done,
        (Asks::PersonInside(_), Standing::Inside { .. }) if !who.in_browser() => refused(403, "forbidden"),
        (Asks::PersonInside(actions), Standing::Inside { role, scope }) => policy(actions, role, scope),
        (Asks::Policy(actions), Standing::Inside { role, scope }) => policy(actions, role, scope),
        (Asks::Hidden(actions), Standing::Inside { role, scope }) => match policy(actions, role, scope) {
            Expected::Done => Expected::Done,
            Expected::Refused { .. } => refused(404, "not_found"),
        },
    }
}

/// Every cell of these rows; how many there were.
pub(crate) async fn all(rows: Vec<Row>) -> usize {
    let mut cells = 0;
    for row in &rows {
        let stage = Stage::new().await;
        let mut callers = Vec::new();
        for who in Who::ALL {
            callers.push((*who, stage.credential(*who).await));
        }
        let mut doers = Vec::new();
        let before = settled(&stage).await;
        let mut insiders = Vec::new();
        for (who, credential) in callers {
            let expected = expected(row, who);
            if expected == Expected::Done && !row.only_reads() && row.done < 400 {
                doers.push(who);
            } else if matches!(who.standing(), Standing::Inside { .. }) {
                insiders.push((who, credential, expected));
            } else {
                cell(&stage, row, who, &credential, &expected).await;
                cells += 1;
            }
        }
        // Nobody outside leaves a trace, not even in the records.
        let between = settled(&stage).await;
        unchanged(row, difference(&before, &between, false));
        for (who, credential, expected) in insiders {
            cell(&stage, row, who, &credential, &expected).await;
            cells += 1;
        }
        unchanged(row, difference(&between, &settled(&stage).await, true));
        for who in doers {
            let stage = Stage::new().await;
            let credential = stage.credential(who).await;
            let before = settled(&stage).await;
            cell(&stage, row, who, &credential, &Expected::Done).await;
            cells += 1;
            if !matches!(who.standing(), Standing::Inside { .. }) {
                unchanged(row, difference(&before, &settled(&stage).await, false));
            }
        }
    }
    assert_eq!(cells, rows.len() * Who::ALL.len());
    cells
}

fn unchanged(row: &Row, difference: Option<String>) {
    assert_eq!(difference, None, "{} changed the victim's", row.name());
}

async fn cell(stage: &Stage, row: &Row, who: Who, credential: &Credential, expected: &Expected) {
    let (target, payload) = (row.target(stage), row.body(stage));
    let answer = stage
        .house
        .send(credential.request(row.method, &target, &payload))
        .await;
    let at = format!("{} as {who:?}", row.name());
    assert!(answer.status.as_u16() < 500, "{at}: {}", answer.text());
    match expected {
        Expected::Done => assert_eq!(answer.status.as_u16(), row.done, "{at}: {}", answer.text()),
        Expected::Refused {
            status,
            problem,
            because,
        } => {
            assert_eq!(answer.status.as_u16(), *status, "{at}: {}", answer.text());
            assert_eq!(answer.problem(), *problem, "{at}");
            let detail = answer.json()["detail"].as_str().unwrap().to_lowercase();
            assert!(detail.contains(&because.to_lowercase()), "{at}: {detail}");
        }
    }
    if matches!(who.standing(), Standing::Inside { .. }) {
        return;
    }
    assert_eq!(leak(stage, &answer), None, "{at}");
    if answer.status == 404 {
        let other = credential.request(
            row.method,
            &unknown(stage, &target),
            &unknown_payload(stage, payload),
        );
        let other = stage.house.send(other).await;
        assert_eq!(
            (other.status, words(&other)),
            (answer.status, words(&answer)),
            "{at}: what is another's and what is not there read alike"
        );
    }
}

/// Something of the victim's in an answer.
pub(crate) fn leak(stage: &Stage, answer: &Answer) -> Option<String> {
    let text = format!("{:?}{}", answer.headers, answer.text()).to_lowercase();
    let mut marks = stage.ids();
    marks.push(MARK.to_owned());
    marks.into_iter().find(|mark| text.contains(&mark.to_lowercase()))
}

/// The same with ids that nobody has.
fn unknown(stage: &Stage, text: &str) -> String {
    stage.ids().iter().fold(text.to_owned(), |text, id| {
        let prefix = id.split('_').next().unwrap_or_default();
        text.replace(id.as_str(), &format!("{prefix}_{}", "0".repeat(26)))
    })
}

fn unknown_payload(stage: &Stage, payload: Payload) -> Payload {
    match payload {
        Payload::Json(body) => {
            Payload::Json(serde_json::from_str(&unknown(stage, &body.to_string())).unwrap())
        }
        other => other,
    }
}

/// Without what differs between any two requests.
fn words(answer: &Answer) -> Value {
    let mut problem = answer.json();
    problem.as_object_mut().unwrap().remove("request_id");
    problem
}
