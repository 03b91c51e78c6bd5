//! What there is to tell: the difference between a session's row and what was told of it last.

use ports::{
    catalog::SessionRow,
    event_bus::{Mark, Publication},
};
use protocol::{
    OrgEventBody,
    api::{PendingCounts, SessionSummary, WhyInShort},
    org_event::{OrgSessionDeleted, OrgStatusChange},
    session::{Author, SessionStatus},
};
use serde::{Deserialize, Serialize};

/// The cause in the row of a session that is being removed.
const DELETED: &str = "deleted";

/// Whether a list that shows the one has to hear of the other. Tokens and cost come along with the next that does.
pub(crate) fn shows(before: Option<&SessionRow>, now: &SessionRow) -> bool {
    before.is_none_or(|before| {
        before.status != now.status
            || before.waiting != now.waiting
            || before.cause != now.cause
            || before.title != now.title
    })
}

/// A row as it is shown.
#[must_use]
pub fn summary(row: SessionRow) -> SessionSummary {
    SessionSummary {
        id: row.id,
        status: row.status,
        title: row.title,
        agent: row.agent,
        model: row.model,
        repository: row.repository,
        created_at: row.created_at,
        updated_at: row.updated_at,
        created_by: Author {
            user_id: row.created_by,
            api_key_id: None,
            name: row.created_by_name,
        },
        tokens: row.tokens,
        cost_micro_usd: row.cost_micro_usd,
        pending: PendingCounts {
            permissions: row.waiting.permissions,
            questions: row.waiting.questions,
        },
        queued: row.waiting.prompts,
        why: in_short(row.status, row.cause, row.message),
    }
}

/// A row from before rows had words says what its status says.
fn in_short(status: SessionStatus, cause: String, message: String) -> WhyInShort {
    if cause.is_empty() {
        let (cause, message) = domain::session::status_in_words(status);
        return WhyInShort {
            cause: cause.to_owned(),
            message: message.to_owned(),
        };
    }
    WhyInShort { cause, message }
}

/// What a mark remembers: stored, so it only grows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    status: SessionStatus,
    cause: String,
    permissions: u64,
    questions: u64,
    prompts: u64,
    title: Option<String>,
}

impl Told {
    fn of(row: &SessionRow) -> Self {
        Self {
            status: row.status,
            cause: row.cause.clone(),
            permissions: row.waiting.permissions,
            questions: row.waiting.questions,
            prompts: row.waiting.prompts,
            title: row.title.clone(),
        }
    }
}

/// The events that bring a reader from the mark to the row, and the mark after them. `None`: nothing to tell.
pub(super) fn changes(mark: Option<&Mark>, row: &SessionRow) -> Option<(Vec<Publication>, Mark)> {
    let now = Told::of(row);
    // A mark that cannot be read is as good as none: its session is introduced again.
    let told = mark.and_then(|mark| serde_json::from_str::<Told>(&mark.told).ok());
    let older = mark.is_some_and(|mark| row.position <= mark.position);
    if older || told.as_ref() == Some(&now) {
        return None;
    }
    let gone = row.cause == DELETED;
    let bodies = match told {
        // Never introduced, or taken away already.
        None if gone => return None,
        None => vec![OrgEventBody::SessionCreated(summary(row.clone()))],
        Some(told) if told.cause == DELETED => return None,
        Some(_) if gone => vec![OrgEventBody::SessionDeleted(OrgSessionDeleted {})],
        Some(told) => between(&told, &now, row),
    };
    let publications = bodies.into_iter().map(|body| Publication {
        org: row.org,
        session: Some(row.id),
        at: row.updated_at,
        key: format!("{}:{}:{}", row.id, row.position, body.kind()),
        body,
    });
    let mark = Mark {
        session: row.id,
        position: row.position,
        told: serde_json::to_string(&now).ok()?,
    };
    Some((publications.collect(), mark))
}

fn between(told: &Told, now: &Told, row: &SessionRow) -> Vec<OrgEventBody> {
    let mut bodies = Vec::new();
    if told.title != now.title {
        bodies.push(OrgEventBody::SessionRenamed(summary(row.clone())));
    }
    if now.status == SessionStatus::Archived && told.status != SessionStatus::Archived {
        bodies.push(OrgEventBody::SessionArchived(summary(row.clone())));
        return bodies;
    }
    let told = Told {
        title: now.title.clone(),
        ..told.clone()
    };
    if told != *now {
        bodies.push(OrgEventBody::SessionStatusChanged(OrgStatusChange {
            previous: told.status,
            session: summary(row.clone()),
        }));
    }
    bodies
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(position: u64, status: SessionStatus, cause: &str) -> SessionRow {
        SessionRow {
            position,
            status,
            cause: cause.into(),
            title: None,
            ..testkit::sample::session_row(1, testkit::sample::org_id(1))
        }
    }

    /// The types told, and the mark after it.
    fn step(mark: Option<&Mark>, row: &SessionRow) -> (Vec<String>, Option<Mark>) {
        match changes(mark, row) {
            Some((told, mark)) => (
                told.iter().map(|new| new.body.kind().to_owned()).collect(),
                Some(mark),
            ),
            None => (Vec::new(), mark.cloned()),
        }
    }

    #[test]
    fn a_life_is_told_once_however_often_its_rows_come() {
        let mut renamed = row(6, SessionStatus::Running, "prompt_running");
        renamed.title = Some("t".into());
        let mut both = row(8, SessionStatus::Idle, "ready");
        both.title = Some("u".into());
        both.waiting.prompts = 0;
        let life = [
            (row(2, SessionStatus::Idle, "ready"), vec!["session.created"]),
            (
                row(4, SessionStatus::Running, "prompt_running"),
                vec!["session.status_changed"],
            ),
            (renamed, vec!["session.renamed"]),
            (both, vec!["session.renamed", "session.status_changed"]),
            (
                row(9, SessionStatus::Archived, "archived"),
                vec!["session.renamed", "session.archived"],
            ),
            (
                row(11, SessionStatus::Archived, "deleted"),
                vec!["session.deleted"],
            ),
        ];
        let mut mark = None;
        let mut earlier: Vec<SessionRow> = Vec::new();
        for (row, expected) in life {
            let (told, next) = step(mark.as_ref(), &row);
            assert_eq!(told, expected, "{row:?}");
            mark = next;
            earlier.push(row);
            // The same row again, later ones that show the same, and old ones that come late.
            for old in &earlier {
                assert_eq!(step(mark.as_ref(), old).0, [""; 0]);
            }
            let mut same = earlier.last().unwrap().clone();
            same.position += 1;
            assert_eq!(step(mark.as_ref(), &same).0, [""; 0]);
        }
        // What comes after the end is not told.
        assert_eq!(
            step(mark.as_ref(), &row(12, SessionStatus::Idle, "ready")).0,
            [""; 0]
        );
        assert_eq!(
            step(None, &row(12, SessionStatus::Archived, "deleted")).0,
            [""; 0]
        );
    }

    #[test]
    fn what_a_crash_left_out_is_told_as_one_step() {
        let (_, mark) = step(None, &row(2, SessionStatus::Idle, "ready"));
        // Started, waited and went on: nobody heard of it.
        let (told, _) = changes(mark.as_ref(), &row(9, SessionStatus::Failed, "turn_failed")).unwrap();
        let [
            Publication {
                body: OrgEventBody::SessionStatusChanged(change),
                key,
                ..
            },
        ] = &told[..]
        else {
            panic!("{told:?}")
        };
        assert_eq!(change.previous, SessionStatus::Idle);
        assert_eq!(change.session.status, SessionStatus::Failed);
        assert!(key.ends_with(":9:session.status_changed"), "{key}");
    }

    #[test]
    fn numbers_alone_are_not_worth_an_event() {
        let before = row(2, SessionStatus::Running, "prompt_running");
        let mut now = row(3, SessionStatus::Running, "prompt_running");
        now.tokens.input += 10;
        now.cost_micro_usd = None;
        now.message = "other words".into();
        assert!(!shows(Some(&before), &now));
        now.waiting.questions = 1;
        assert!(shows(Some(&before), &now) && shows(None, &now));
    }
}
