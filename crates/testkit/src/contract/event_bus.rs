//! The feed: dense numbers, each event once, told after it can be read, trimmed from its old end.

use std::sync::Arc;

use ports::{
    EventBus,
    event_bus::{BEHIND, Batch, Mark, Publication},
};
use protocol::{
    EnvironmentId, OrgEvent, OrgEventBody,
    event::EnvironmentChanged,
    org_event::{AuditEvent, OrgSessionDeleted},
};
use serde_json::json;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use crate::sample::{at, org_id, session_id};

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn EventBus>) {
    super::cases!(
        "event_bus",
        adapter,
        make,
        [
            numbers_are_dense_in_each_organisation,
            the_same_key_is_the_same_event,
            events_come_back_as_published,
            pages_cover_everything_once,
            what_is_told_is_there_and_in_order,
            a_reader_that_is_behind_is_told_so,
            many_publishers_leave_no_gap,
            marks_are_kept_with_their_events,
            a_forgotten_session_leaves_places_without_data,
            trimming_takes_the_old_end_and_no_number_comes_again,
            a_forgotten_organisation_leaves_nothing_and_the_others_alone,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::event_bus::Fake::default())).await;
    let quiet = || crate::fault::event_bus::Faulty::around(Arc::new(crate::fake::event_bus::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

/// The `n`th event of an organisation.
fn event(n: u64, org: u64) -> Publication {
    Publication {
        org: org_id(org),
        session: None,
        at: at(n.cast_signed()),
        body: OrgEventBody::EnvironmentChanged(EnvironmentChanged {
            environment_id: EnvironmentId::from_bits(u128::from(n)),
            change: "created".into(),
        }),
        key: format!("{org}:{n}"),
    }
}

fn of(publications: Vec<Publication>) -> Batch {
    Batch {
        publications,
        marks: Vec::new(),
    }
}

async fn seqs(bus: &dyn EventBus, org: u64) -> Vec<u64> {
    let page = bus.read(org_id(org), 0, 10_000).await.unwrap();
    page.events.iter().map(|event| event.seq).collect()
}

async fn numbers_are_dense_in_each_organisation(bus: Arc<dyn EventBus>) {
    let page = bus.read(org_id(1), 0, 10).await.unwrap();
    assert_eq!((page.events.len(), page.head, page.oldest), (0, 0, 1));
    assert_eq!(
        bus.publish(of(vec![event(1, 1), event(1, 2), event(2, 1)]))
            .await
            .unwrap(),
        3
    );
    bus.publish(of(vec![event(2, 2), event(3, 1)])).await.unwrap();
    assert_eq!(seqs(&*bus, 1).await, [1, 2, 3]);
    assert_eq!(seqs(&*bus, 2).await, [1, 2]);
    assert_eq!(seqs(&*bus, 3).await, [0_u64; 0]);
    let page = bus.read(org_id(1), 3, 10).await.unwrap();
    assert_eq!((page.events.len(), page.head, page.oldest), (0, 3, 1));
}

async fn the_same_key_is_the_same_event(bus: Arc<dyn EventBus>) {
    assert_eq!(bus.publish(of(vec![event(1, 1), event(1, 1)])).await.unwrap(), 1);
    let mut again = event(1, 1);
    again.at = at(99);
    assert_eq!(bus.publish(of(vec![again, event(2, 1)])).await.unwrap(), 1);
    assert_eq!(bus.publish(of(vec![event(2, 1)])).await.unwrap(), 0);
    let page = bus.read(org_id(1), 0, 10).await.unwrap();
    let told: Vec<_> = page.events.iter().map(|event| (event.seq, event.at)).collect();
    assert_eq!(told, [(1, at(1)), (2, at(2))]);
}

async fn events_come_back_as_published(bus: Arc<dyn EventBus>) {
    let unknown = Publication {
        body: OrgEventBody::Unknown {
            kind: "moon.landed".into(),
            data: json!({"x": [1, null]}),
        },
        key: "moon".into(),
        ..event(2, 1)
    };
    let audit = Publication {
        session: Some(session_id(4)),
        body: OrgEventBody::AuditEvent(AuditEvent {
            record: crate::sample::audit_record(1, org_id(1)),
        }),
        key: "audit".into(),
        ..event(3, 1)
    };
    let all = vec![event(1, 1), unknown, audit];
    bus.publish(of(all.clone())).await.unwrap();
    let expected: Vec<OrgEvent> = (1..)
        .zip(all)
        .map(|(seq, new)| OrgEvent {
            seq,
            at: new.at,
            session_id: new.session,
            body: new.body,
        })
        .collect();
    assert_eq!(bus.read(org_id(1), 0, 10).await.unwrap().events, expected);
}

async fn pages_cover_everything_once(bus: Arc<dyn EventBus>) {
    bus.publish(of((1..=9).map(|n| event(n, 1)).collect()))
        .await
        .unwrap();
    for limit in [1, 2, 4, 9, 50] {
        let (mut after, mut seen) = (0, Vec::new());
        loop {
            let page = bus.read(org_id(1), after, limit).await.unwrap();
            assert!(page.events.len() <= limit && page.head == 9);
            let Some(last) = page.events.last() else { break };
            after = last.seq;
            seen.extend(page.events.iter().map(|event| event.seq));
        }
        assert_eq!(seen, (1..=9).collect::<Vec<u64>>(), "limit {limit}");
    }
}

async fn what_is_told_is_there_and_in_order(bus: Arc<dyn EventBus>) {
    bus.publish(of(vec![event(1, 1)])).await.unwrap();
    let mut live = bus.subscribe(org_id(1));
    let mut other = bus.subscribe(org_id(2));
    let publisher = Arc::clone(&bus);
    let publishing = tokio::spawn(async move {
        for n in 2..=40 {
            publisher.publish(of(vec![event(n, 1)])).await.unwrap();
        }
    });
    for seq in 2..=40 {
        let told = live.recv().await.unwrap();
        assert_eq!(told.seq, seq);
        let page = bus.read(org_id(1), seq - 1, 1).await.unwrap();
        assert_eq!(
            page.events,
            [OrgEvent::clone(&told)],
            "told before it can be read"
        );
    }
    publishing.await.unwrap();
    assert_eq!(other.try_recv().unwrap_err(), TryRecvError::Empty);
    // A repeat is not told again.
    bus.publish(of(vec![event(40, 1), event(41, 1)])).await.unwrap();
    assert_eq!(live.recv().await.unwrap().seq, 41);
}

async fn a_reader_that_is_behind_is_told_so(bus: Arc<dyn EventBus>) {
    let mut live = bus.subscribe(org_id(1));
    let many = u64::try_from(BEHIND).unwrap() + 10;
    bus.publish(of((1..=many).map(|n| event(n, 1)).collect()))
        .await
        .unwrap();
    assert!(matches!(live.recv().await, Err(RecvError::Lagged(_))));
    assert_eq!(seqs(&*bus, 1).await, (1..=many).collect::<Vec<u64>>());
}

async fn many_publishers_leave_no_gap(bus: Arc<dyn EventBus>) {
    let tasks: Vec<_> = (0..8_u64)
        .map(|task| {
            let bus = Arc::clone(&bus);
            tokio::spawn(async move {
                for n in 0..10 {
                    // Every event is published by two tasks.
                    let n = (task / 2) * 10 + n;
                    bus.publish(of(vec![event(n, 1), event(n, 2)])).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    for org in [1, 2] {
        assert_eq!(seqs(&*bus, org).await, (1..=40).collect::<Vec<u64>>());
    }
}

async fn marks_are_kept_with_their_events(bus: Arc<dyn EventBus>) {
    let mark = |n: u64, position: u64, told: &str| Mark {
        session: session_id(n),
        position,
        told: told.into(),
    };
    assert_eq!(bus.marks(vec![session_id(1)]).await.unwrap(), []);
    bus.publish(Batch {
        publications: vec![event(1, 1)],
        marks: vec![mark(1, 3, "a"), mark(2, 1, "b"), mark(1, 4, "c")],
    })
    .await
    .unwrap();
    let ids = || (1..=3).map(session_id).collect::<Vec<_>>();
    let sorted = async || {
        let mut marks = bus.marks(ids()).await.unwrap();
        marks.sort_by_key(|mark| mark.session);
        marks
    };
    assert_eq!(sorted().await, [mark(1, 4, "c"), mark(2, 1, "b")]);
    // They outlive their events.
    bus.trim(at(1_000_000), 0).await.unwrap();
    bus.publish(Batch {
        publications: Vec::new(),
        marks: vec![mark(2, 9, "d")],
    })
    .await
    .unwrap();
    assert_eq!(sorted().await, [mark(1, 4, "c"), mark(2, 9, "d")]);
}

async fn a_forgotten_session_leaves_places_without_data(bus: Arc<dyn EventBus>) {
    let of_session = |n: u64, session: u64| Publication {
        session: Some(session_id(session)),
        ..event(n, 1)
    };
    let deleted = Publication {
        body: OrgEventBody::SessionDeleted(OrgSessionDeleted {}),
        ..of_session(4, 7)
    };
    bus.publish(Batch {
        publications: vec![of_session(1, 7), of_session(2, 8), event(3, 1), deleted],
        marks: vec![
            Mark {
                session: session_id(7),
                position: 1,
                told: "secret".into(),
            },
            Mark {
                session: session_id(8),
                position: 1,
                told: "kept".into(),
            },
        ],
    })
    .await
    .unwrap();
    for _ in 0..2 {
        bus.forget_session(session_id(7)).await.unwrap();
        let events = bus.read(org_id(1), 0, 10).await.unwrap().events;
        assert_eq!(seqs(&*bus, 1).await, [1, 2, 3, 4]);
        assert_eq!(events[0].body.kind(), "environment.changed");
        assert_eq!(events[0].body.data().unwrap(), json!({}));
        assert_eq!(events[1].body, event(2, 1).body);
        assert_eq!(events[2].body, event(3, 1).body);
        assert_eq!(events[3].body.kind(), "session.deleted");
        let marks = bus.marks(vec![session_id(7), session_id(8)]).await.unwrap();
        assert_eq!(
            marks.iter().map(|mark| mark.session).collect::<Vec<_>>(),
            [session_id(8)]
        );
    }
    // Its keys are still known.
    assert_eq!(bus.publish(of(vec![of_session(1, 7)])).await.unwrap(), 0);
}

async fn trimming_takes_the_old_end_and_no_number_comes_again(bus: Arc<dyn EventBus>) {
    let mut all: Vec<Publication> = (1..=10).map(|n| event(n, 1)).collect();
    // A clock that stepped: what is young keeps what is behind it.
    all[6].at = at(0);
    bus.publish(of(all)).await.unwrap();
    bus.publish(of(vec![event(1, 2), event(2, 2)])).await.unwrap();
    assert_eq!(bus.trim(at(0), 100).await.unwrap(), 0);
    assert_eq!(bus.trim(at(3), 100).await.unwrap(), 2 + 2);
    assert_eq!(seqs(&*bus, 1).await, (3..=10).collect::<Vec<u64>>());
    let page = bus.read(org_id(2), 2, 10).await.unwrap();
    assert_eq!((page.events.len(), page.head, page.oldest), (0, 2, 3));
    assert_eq!(bus.trim(at(0), 4).await.unwrap(), 4);
    let page = bus.read(org_id(1), 0, 2).await.unwrap();
    assert_eq!((page.events[0].seq, page.head, page.oldest), (7, 10, 7));
    bus.publish(of(vec![event(11, 1), event(3, 2)])).await.unwrap();
    assert_eq!(seqs(&*bus, 1).await, [7, 8, 9, 10, 11]);
    assert_eq!(seqs(&*bus, 2).await, [3]);
}

async fn a_forgotten_organisation_leaves_nothing_and_the_others_alone(bus: Arc<dyn EventBus>) {
    bus.publish(of(vec![event(1, 1), event(2, 1)])).await.unwrap();
    bus.publish(of(vec![event(1, 2)])).await.unwrap();
    for _ in 0..2 {
        bus.forget_organisation(org_id(1)).await.unwrap();
        let page = bus.read(org_id(1), 0, 10).await.unwrap();
        assert_eq!((page.events.len(), page.head), (0, 0));
        assert_eq!(seqs(&*bus, 2).await, [1]);
    }
}
