//! The audit log: dense, chained, newest first for readers, whole for who checks it.

use std::sync::Arc;

use domain::audit::{AuditEntry, GENESIS, Signed, Verifier};
use ports::{
    AuditLog, Cursor, StoreError,
    audit::{AuditFilter, ByActor},
};
use protocol::{
    OrgId,
    audit::{AuditActor, AuditCheckpoint, AuditOutcome, AuditRecord, Hex},
};

use crate::sample::{at, audit_entry, org_id, user_id};

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn AuditLog>) {
    super::cases!(
        "audit",
        adapter,
        make,
        [
            numbers_are_dense_and_chained_in_each_organisation,
            records_come_back_as_they_went_in,
            pages_cover_everything_once_newest_first,
            filters_choose,
            another_organisation_is_not_seen,
            many_writers_leave_one_chain,
            checkpoints_are_of_records_that_are_there,
            what_is_due_stays_due,
            a_forgotten_organisation_goes_on_behind_its_end,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::audit::Fake::default())).await;
    let quiet = || crate::fault::audit::Faulty::around(Arc::new(crate::fake::audit::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

async fn fill(log: &dyn AuditLog, org: u64, from: u64, to: u64) {
    let entries = (from..=to).map(|n| audit_entry(n, org_id(org))).collect();
    log.append(entries).await.unwrap();
}

/// Reads all of it, and checks it on the way.
async fn verified(log: &dyn AuditLog, org: OrgId) -> Vec<AuditRecord> {
    let head = log.head(org).await.unwrap();
    let mut verifier = Verifier::begin(head).unwrap();
    let mut all = Vec::new();
    loop {
        let part = log.chain(org, verifier.next() - 1, 7).await.unwrap();
        if part.records.is_empty() {
            break;
        }
        for record in part.records {
            verifier.record(&record).unwrap();
            for checkpoint in &part.checkpoints {
                if checkpoint.seq == record.seq {
                    verifier.checkpoint(checkpoint, Signed::Good).unwrap();
                }
            }
            all.push(record);
        }
    }
    let end = verifier.end().unwrap();
    assert_eq!(end.last, head.seq);
    all
}

async fn numbers_are_dense_and_chained_in_each_organisation(log: Arc<dyn AuditLog>) {
    let head = log.head(org_id(1)).await.unwrap();
    assert_eq!((head.seq, head.hash, head.removed), (0, GENESIS, 0));
    assert_eq!(verified(&*log, org_id(1)).await.len(), 0);
    let placed = log
        .append(vec![
            audit_entry(1, org_id(1)),
            audit_entry(1, org_id(2)),
            audit_entry(2, org_id(1)),
        ])
        .await
        .unwrap();
    let where_to: Vec<_> = placed.iter().map(|placed| (placed.org, placed.seq)).collect();
    assert_eq!(where_to, [(org_id(1), 1), (org_id(2), 1), (org_id(1), 2)]);
    fill(&*log, 1, 3, 20).await;
    assert_eq!(log.append(Vec::new()).await.unwrap(), []);
    let all = verified(&*log, org_id(1)).await;
    assert_eq!((all.len(), all[1].hash), (20, placed[2].hash));
    assert_eq!(verified(&*log, org_id(2)).await.len(), 1);
}

async fn records_come_back_as_they_went_in(log: Arc<dyn AuditLog>) {
    let entries = [
        AuditEntry {
            target: Some("key_1".into()),
            address: Some("2001:db8::1".parse().unwrap()),
            details: [
                ("a".into(), "ü \"quoted\"\n\u{1}".into()),
                ("b".into(), String::new()),
            ]
            .into(),
            ..audit_entry(2, org_id(1))
        },
        AuditEntry {
            actor: AuditActor::Operator,
            target: Some(String::new()),
            address: Some([192, 0, 2, 1].into()),
            ..audit_entry(1, org_id(1))
        },
        AuditEntry {
            actor: AuditActor::System,
            request: None,
            at: at(-5),
            ..audit_entry(1, org_id(1))
        },
        AuditEntry {
            target: Some("x".repeat(1000)),
            ..audit_entry(1, org_id(1))
        },
    ];
    for entry in entries {
        log.append(vec![entry.clone()]).await.unwrap();
        let page = log
            .list(org_id(1), AuditFilter::default(), None, 1)
            .await
            .unwrap();
        let record = page.items[0].clone();
        let back = AuditEntry {
            org: record.org_id,
            at: record.at,
            actor: record.actor,
            action: record.action,
            target: record.target,
            outcome: record.outcome,
            address: record.address,
            request: record.request_id,
            details: record.details,
        };
        assert_eq!(back, entry.bounded());
    }
    verified(&*log, org_id(1)).await;
}

async fn pages_cover_everything_once_newest_first(log: Arc<dyn AuditLog>) {
    fill(&*log, 1, 1, 10).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = log
            .list(org_id(1), AuditFilter::default(), after, 3)
            .await
            .unwrap();
        seen.extend(page.items.iter().map(|record| record.seq));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, (1..=10).rev().collect::<Vec<u64>>());
    let none = log
        .list(org_id(1), AuditFilter::default(), Some(Cursor(1)), 3)
        .await;
    assert_eq!(none.unwrap().items.len(), 0);
    let all = log
        .list(org_id(1), AuditFilter::default(), Some(Cursor(u128::MAX)), 10)
        .await;
    assert_eq!(all.unwrap().next, None);
}

async fn filters_choose(log: Arc<dyn AuditLog>) {
    fill(&*log, 1, 1, 6).await;
    let operator = AuditEntry {
        actor: AuditActor::Operator,
        action: "organisation.bootstrap".into(),
        outcome: AuditOutcome::Denied,
        target: Some("t%".into()),
        at: at(100),
        ..audit_entry(7, org_id(1))
    };
    log.append(vec![operator]).await.unwrap();
    let seqs = async |filter: AuditFilter| {
        let page = log.list(org_id(1), filter, None, 100).await.unwrap();
        page.items.iter().map(|record| record.seq).collect::<Vec<_>>()
    };
    let none = AuditFilter::default;
    for (actor, expected) in [
        (ByActor::Operator, vec![7]),
        (ByActor::System, vec![]),
        (ByActor::User(user_id(2)), vec![2]),
    ] {
        let actor = Some(actor);
        assert_eq!(seqs(AuditFilter { actor, ..none() }).await, expected);
    }
    for (begin, expected) in [
        ("organ", vec![7]),
        ("api_key.", vec![6, 5, 4, 3, 2, 1]),
        ("api%", vec![]),
    ] {
        let action = Some(begin.to_owned());
        assert_eq!(seqs(AuditFilter { action, ..none() }).await, expected);
    }
    let outcome = Some(AuditOutcome::Denied);
    assert_eq!(seqs(AuditFilter { outcome, ..none() }).await, [7]);
    let target = Some("t%".to_owned());
    assert_eq!(seqs(AuditFilter { target, ..none() }).await, [7]);
    let filter = AuditFilter {
        since: Some(at(3)),
        until: Some(at(5)),
        ..none()
    };
    assert_eq!(seqs(filter).await, [4, 3]);
}

async fn another_organisation_is_not_seen(log: Arc<dyn AuditLog>) {
    fill(&*log, 1, 1, 3).await;
    let other = log
        .list(org_id(2), AuditFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!((other.items.len(), other.next), (0, None));
    assert_eq!(log.chain(org_id(2), 0, 10).await.unwrap().records.len(), 0);
    assert_eq!(log.head(org_id(2)).await.unwrap().seq, 0);
    assert_eq!(log.forget(org_id(2)).await.unwrap(), 0);
    assert_eq!(verified(&*log, org_id(1)).await.len(), 3);
}

async fn many_writers_leave_one_chain(log: Arc<dyn AuditLog>) {
    let writers = (0..20_u64).map(|writer| {
        let log = Arc::clone(&log);
        tokio::spawn(async move {
            for n in 0..5 {
                let entries = vec![audit_entry(n, org_id(1)), audit_entry(n, org_id(writer % 2 + 1))];
                log.append(entries).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(verified(&*log, org_id(1)).await.len(), 150);
    assert_eq!(verified(&*log, org_id(2)).await.len(), 50);
}

fn checkpoint(record: &AuditRecord) -> AuditCheckpoint {
    AuditCheckpoint {
        org_id: record.org_id,
        seq: record.seq,
        hash: record.hash,
        at: record.at,
        key: Hex([1; 32]),
        signature: Hex([2; 64]),
    }
}

async fn checkpoints_are_of_records_that_are_there(log: Arc<dyn AuditLog>) {
    fill(&*log, 1, 1, 5).await;
    let records = verified(&*log, org_id(1)).await;
    let good = checkpoint(&records[2]);
    log.add_checkpoint(good).await.unwrap();
    log.add_checkpoint(good).await.unwrap();
    for bad in [
        AuditCheckpoint { seq: 6, ..good },
        AuditCheckpoint { seq: 4, ..good },
        AuditCheckpoint {
            org_id: org_id(2),
            ..good
        },
    ] {
        assert!(matches!(
            log.add_checkpoint(bad).await,
            Err(StoreError::Invalid(_))
        ));
    }
    let part = log.chain(org_id(1), 1, 2).await.unwrap();
    assert_eq!((part.records.len(), part.checkpoints), (2, vec![good]));
    assert_eq!(log.chain(org_id(1), 3, 10).await.unwrap().checkpoints, []);
    verified(&*log, org_id(1)).await;
}

async fn what_is_due_stays_due(log: Arc<dyn AuditLog>) {
    let append = async |n: u64, ms: i64| {
        let entry = AuditEntry {
            at: at(ms),
            ..audit_entry(n, org_id(1))
        };
        log.append(vec![entry]).await.unwrap()[0]
    };
    assert!(append(1, 0).await.checkpoint_due && append(2, 1).await.checkpoint_due);
    let records = verified(&*log, org_id(1)).await;
    log.add_checkpoint(checkpoint(&records[1])).await.unwrap();
    assert!(!append(3, 2).await.checkpoint_due);
    assert!(append(4, 3_600_000).await.checkpoint_due, "the next hour");
}

async fn a_forgotten_organisation_goes_on_behind_its_end(log: Arc<dyn AuditLog>) {
    fill(&*log, 1, 1, 40).await;
    fill(&*log, 2, 1, 2).await;
    let records = verified(&*log, org_id(1)).await;
    log.add_checkpoint(checkpoint(&records[0])).await.unwrap();
    assert_eq!(log.forget(org_id(1)).await.unwrap(), 40);
    assert_eq!(log.forget(org_id(1)).await.unwrap(), 0);
    let head = log.head(org_id(1)).await.unwrap();
    assert_eq!(
        (head.seq, head.removed, head.removed_hash),
        (40, 40, records[39].hash)
    );
    assert_eq!(verified(&*log, org_id(1)).await.len(), 0);
    let placed = log.append(vec![audit_entry(1, org_id(1))]).await.unwrap();
    assert_eq!((placed[0].seq, placed[0].checkpoint_due), (41, true));
    assert_eq!(verified(&*log, org_id(1)).await.len(), 1);
    assert_eq!(
        verified(&*log, org_id(2)).await.len(),
        2,
        "nobody else is concerned"
    );
}
