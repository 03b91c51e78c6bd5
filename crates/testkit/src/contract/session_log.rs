//! The log of a session: fenced, dense, all or nothing, readable by anyone.

use std::sync::Arc;

use ports::{
    SessionLog, StoreError,
    idempotency::{KEY_LIFETIME_MS, Written},
    session_log::{Acquired, Commit, LogEntry, PAGE_BYTES},
};
use protocol::SessionId;

use crate::sample::{at, key, private, public, session_id};

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn SessionLog>) {
    super::cases!(
        "session_log",
        adapter,
        make,
        [
            what_is_not_there_is_absent,
            making_a_log_again_keeps_it,
            facts_come_back_as_written,
            only_public_facts_are_read_by_cursor,
            all_facts_are_read_by_position,
            what_stands_before_an_event_is_found_if_it_is_private,
            a_page_is_bounded_by_bytes_and_empty_only_at_the_end,
            a_commit_that_does_not_continue_the_log_is_refused,
            a_newer_owner_fences_the_older,
            another_position_is_fenced,
            a_released_owner_cannot_append,
            a_stale_release_takes_nothing_away,
            of_two_racing_owners_the_newest_wins,
            a_snapshot_stands_for_what_came_before,
            looking_takes_nothing_over,
            keys_are_remembered_with_their_commit,
            keys_are_forgotten_after_their_time,
            a_reader_follows_a_writer_without_gaps,
            deleting_removes_one_log_and_no_other,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::session_log::Fake::default())).await;
    let quiet =
        || crate::fault::session_log::Faulty::around(Arc::new(crate::fake::session_log::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

fn commit(entries: Vec<LogEntry>) -> Commit {
    Commit {
        entries,
        ..Commit::default()
    }
}

async fn made(log: &Arc<dyn SessionLog>, n: u64) -> (SessionId, Acquired) {
    let id = session_id(n);
    log.create(id).await.unwrap();
    let owner = log.acquire(id).await.unwrap().unwrap();
    (id, owner)
}

async fn what_is_not_there_is_absent(log: Arc<dyn SessionLog>) {
    let id = session_id(1);
    assert_eq!(log.acquire(id).await.unwrap(), None);
    assert_eq!(log.read(id, 0, 10).await.unwrap(), None);
    assert_eq!(
        log.recall(id, "s", "k", &[0; 32], at(0)).await.unwrap(),
        Written::Done
    );
    assert!(matches!(
        log.append(id, 1, 0, commit(vec![])).await,
        Err(StoreError::Fenced)
    ));
    log.release(id, 1).await.unwrap();
    log.delete(id).await.unwrap();
    assert_eq!(log.acquire(id).await.unwrap(), None, "nothing of this made one");
}

async fn making_a_log_again_keeps_it(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    assert_eq!(
        (owner.position, owner.head, owner.snapshot, owner.entries),
        (0, 0, None, vec![])
    );
    assert_eq!(log.head(id).await.unwrap(), Some(0));
    log.append(id, owner.epoch, 0, commit(vec![public(1, 1, "{}")]))
        .await
        .unwrap();
    log.create(id).await.unwrap();
    assert_eq!(log.read(id, 0, 10).await.unwrap().unwrap().len(), 1);
    log.append(id, owner.epoch, 1, commit(vec![public(2, 2, "{}")]))
        .await
        .unwrap();
}

async fn facts_come_back_as_written(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    let large = format!("{{\"text\":\"{}\"}}", "ä\u{1f600}\\n".repeat(50_000));
    let facts = vec![
        private(1, "{\"token\":1}"),
        public(2, 1, &large),
        private(3, "{}"),
        public(4, 2, "\"\u{0}\""),
    ];
    log.append(id, owner.epoch, 0, commit(facts.clone()))
        .await
        .unwrap();
    assert_eq!(
        log.read(id, 0, 10).await.unwrap().unwrap(),
        vec![facts[1].clone(), facts[3].clone()]
    );
    assert_eq!(log.head(id).await.unwrap(), Some(2));
    log.release(id, owner.epoch).await.unwrap();
    let again = log.acquire(id).await.unwrap().unwrap();
    assert_eq!((again.position, again.head), (4, 2));
    assert_eq!(again.entries, facts);
}

async fn only_public_facts_are_read_by_cursor(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    let mut facts = Vec::new();
    for n in 1..=10 {
        facts.push(private(2 * n - 1, "{}"));
        facts.push(public(2 * n, n, &n.to_string()));
    }
    log.append(id, owner.epoch, 0, commit(facts)).await.unwrap();
    let seqs = async |after, limit| {
        let page = log.read(id, after, limit).await.unwrap().unwrap();
        page.iter().map(|entry| entry.seq.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(seqs(0, 3).await, [1, 2, 3]);
    assert_eq!(seqs(3, 3).await, [4, 5, 6]);
    assert_eq!(seqs(9, 100).await, [10]);
    assert_eq!(seqs(10, 100).await, [0; 0]);
    assert_eq!(seqs(u64::MAX, 100).await, [0; 0]);
    assert_eq!(seqs(0, 0).await, [0; 0]);
}

async fn all_facts_are_read_by_position(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    assert_eq!(log.facts(id, 0, 10).await.unwrap().unwrap(), []);
    let all = vec![
        private(1, "{\"a\":1}"),
        public(2, 1, "{}"),
        private(3, "{}"),
        public(4, 2, "{}"),
    ];
    log.append(id, owner.epoch, 0, commit(all.clone())).await.unwrap();
    assert_eq!(log.facts(id, 0, 10).await.unwrap().unwrap(), all);
    assert_eq!(log.facts(id, 1, 2).await.unwrap().unwrap(), all[1..3]);
    assert_eq!(log.facts(id, 4, 2).await.unwrap().unwrap(), []);
    assert_eq!(log.facts(session_id(2), 0, 2).await.unwrap(), None);
    let large = format!("\"{}\"", "x".repeat(PAGE_BYTES));
    log.append(
        id,
        owner.epoch,
        4,
        commit(vec![private(5, &large), public(6, 3, "{}")]),
    )
    .await
    .unwrap();
    assert_eq!(log.facts(id, 4, 10).await.unwrap().unwrap().len(), 1, "full");
}

async fn what_stands_before_an_event_is_found_if_it_is_private(log: Arc<dyn SessionLog>) {
    let prompt = public(1, 1, "{}").prompt_id.unwrap();
    let find = async |id, prompt, kind| log.private_before(id, prompt, kind).await.unwrap();
    assert_eq!(find(session_id(9), prompt, "message.text").await, None, "no log");
    let (id, owner) = made(&log, 1).await;
    assert_eq!(find(id, prompt, "message.text").await, None, "an empty log");
    let secret = private(2, "{\"n\":2}");
    let mut second = public(3, 2, "{}");
    second.kind = "tool.used".into();
    let entries = vec![public(1, 1, "{}"), secret.clone(), second, public(4, 3, "{}")];
    log.append(id, owner.epoch, 0, commit(entries)).await.unwrap();
    assert_eq!(find(id, prompt, "tool.used").await, Some(secret));
    assert_eq!(
        find(id, prompt, "message.text").await,
        None,
        "it is the very first fact"
    );
    assert_eq!(find(id, prompt, "other").await, None);
    let other = protocol::PromptId::from_bits(99);
    assert_eq!(find(id, other, "tool.used").await, None, "of another prompt");
}

async fn a_page_is_bounded_by_bytes_and_empty_only_at_the_end(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    let sizes = [
        PAGE_BYTES / 2,
        PAGE_BYTES / 2,
        1,
        PAGE_BYTES - 2,
        PAGE_BYTES + 1,
        1,
    ];
    for (n, size) in (1..).zip(sizes) {
        let large = public(n, n, &"x".repeat(size));
        log.append(id, owner.epoch, n - 1, commit(vec![large]))
            .await
            .unwrap();
    }
    let (mut pages, mut after) = (Vec::new(), 0);
    loop {
        let page = log.read(id, after, 100).await.unwrap().unwrap();
        let Some(last) = page.last() else { break };
        after = last.seq.unwrap();
        pages.push(page.len());
    }
    assert_eq!(pages, [2, 3, 1]);
}

async fn a_commit_that_does_not_continue_the_log_is_refused(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    log.append(id, owner.epoch, 0, commit(vec![public(1, 1, "{}")]))
        .await
        .unwrap();
    let broken = [
        vec![public(3, 2, "{}")],
        vec![public(1, 2, "{}")],
        vec![public(2, 3, "{}")],
        vec![public(2, 1, "{}")],
        vec![public(2, 2, "{}"), public(3, 4, "{}")],
        vec![public(2, 2, "{}"), private(2, "{}")],
    ];
    for entries in broken {
        let refused = Commit {
            idempotency: vec![key("k", 1, "{}")],
            ..commit(entries)
        };
        assert!(matches!(
            log.append(id, owner.epoch, 1, refused).await,
            Err(StoreError::Invalid(_))
        ));
    }
    let entry = key("k", 1, "{}");
    let recalled = log
        .recall(id, &entry.scope, &entry.key, &entry.fingerprint, at(0))
        .await
        .unwrap();
    assert_eq!(recalled, Written::Done, "nothing of a refused commit is kept");
    assert_eq!(log.read(id, 0, 10).await.unwrap().unwrap().len(), 1);
    log.append(id, owner.epoch, 1, commit(vec![public(2, 2, "{}")]))
        .await
        .unwrap();
}

async fn a_newer_owner_fences_the_older(log: Arc<dyn SessionLog>) {
    let (id, first) = made(&log, 1).await;
    let second = log.acquire(id).await.unwrap().unwrap();
    assert!(second.epoch > first.epoch);
    assert!(matches!(
        log.append(id, first.epoch, 0, commit(vec![public(1, 1, "\"old\"")]))
            .await,
        Err(StoreError::Fenced)
    ));
    assert!(matches!(
        log.append(id, second.epoch + 1, 0, commit(vec![public(1, 1, "\"odd\"")]))
            .await,
        Err(StoreError::Fenced)
    ));
    log.append(id, second.epoch, 0, commit(vec![public(1, 1, "\"new\"")]))
        .await
        .unwrap();
    assert_eq!(&*log.read(id, 0, 10).await.unwrap().unwrap()[0].body, "\"new\"");
}

async fn another_position_is_fenced(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    log.append(
        id,
        owner.epoch,
        0,
        commit(vec![public(1, 1, "{}"), private(2, "{}")]),
    )
    .await
    .unwrap();
    for expected in [0, 1, 3] {
        let entries = vec![public(expected + 1, 2, "{}")];
        assert!(matches!(
            log.append(id, owner.epoch, expected, commit(entries)).await,
            Err(StoreError::Fenced)
        ));
    }
    log.append(id, owner.epoch, 2, commit(vec![public(3, 2, "{}")]))
        .await
        .unwrap();
}

async fn a_released_owner_cannot_append(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    log.append(id, owner.epoch, 0, commit(vec![public(1, 1, "{}")]))
        .await
        .unwrap();
    log.release(id, owner.epoch).await.unwrap();
    log.release(id, owner.epoch).await.unwrap();
    assert!(matches!(
        log.append(id, owner.epoch, 1, commit(vec![public(2, 2, "{}")]))
            .await,
        Err(StoreError::Fenced)
    ));
    assert_eq!(
        log.read(id, 0, 10).await.unwrap().unwrap().len(),
        1,
        "the log stays"
    );
    let next = log.acquire(id).await.unwrap().unwrap();
    assert!(next.epoch > owner.epoch);
    log.append(id, next.epoch, 1, commit(vec![public(2, 2, "{}")]))
        .await
        .unwrap();
}

async fn a_stale_release_takes_nothing_away(log: Arc<dyn SessionLog>) {
    let (id, first) = made(&log, 1).await;
    let second = log.acquire(id).await.unwrap().unwrap();
    log.release(id, first.epoch).await.unwrap();
    log.append(id, second.epoch, 0, commit(vec![public(1, 1, "{}")]))
        .await
        .unwrap();
}

async fn of_two_racing_owners_the_newest_wins(log: Arc<dyn SessionLog>) {
    let id = session_id(1);
    log.create(id).await.unwrap();
    let mut racers = Vec::new();
    for _ in 0..4 {
        let log = Arc::clone(&log);
        racers.push(tokio::spawn(async move {
            let owner = log.acquire(id).await.unwrap().unwrap();
            let (mut position, mut head) = (owner.position, owner.head);
            let mut acked = Vec::new();
            for _ in 0..25 {
                let entry = public(position + 1, head + 1, &owner.epoch.to_string());
                match log
                    .append(id, owner.epoch, position, commit(vec![entry.clone()]))
                    .await
                {
                    Ok(()) => acked.push(entry),
                    Err(StoreError::Fenced) => return (owner.epoch, acked, false),
                    Err(error) => panic!("{error}"),
                }
                position += 1;
                head += 1;
            }
            (owner.epoch, acked, true)
        }));
    }
    let mut acked = Vec::new();
    let mut outcomes = Vec::new();
    for racer in racers {
        let (epoch, entries, finished) = racer.await.unwrap();
        outcomes.push((epoch, finished));
        acked.extend(entries);
    }
    outcomes.sort_unstable();
    outcomes.dedup_by_key(|(epoch, _)| *epoch);
    assert_eq!(outcomes.len(), 4, "every acquisition got an epoch of its own");
    assert!(outcomes[3].1, "nobody fences the newest owner");
    acked.sort_by_key(|entry| entry.position);
    let stored = log.read(id, 0, 1000).await.unwrap().unwrap();
    assert_eq!(
        stored, acked,
        "what was acknowledged is there, once, and nothing else"
    );
    let epochs: Vec<u64> = stored.iter().map(|entry| entry.body.parse().unwrap()).collect();
    assert!(epochs.is_sorted(), "an older owner wrote after a newer one");
}

async fn a_snapshot_stands_for_what_came_before(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    let with_snapshot = |entries, state: &[u8]| Commit {
        snapshot: Some(state.to_vec()),
        ..commit(entries)
    };
    log.append(
        id,
        owner.epoch,
        0,
        with_snapshot(vec![public(1, 1, "{}"), private(2, "{}")], b"two"),
    )
    .await
    .unwrap();
    log.append(id, owner.epoch, 2, commit(vec![public(3, 2, "{}")]))
        .await
        .unwrap();
    let next = log.acquire(id).await.unwrap().unwrap();
    assert_eq!(next.snapshot, Some((2, b"two".to_vec())));
    assert_eq!((next.position, next.head), (3, 2));
    assert_eq!(next.entries, vec![public(3, 2, "{}")]);

    log.append(id, next.epoch, 3, with_snapshot(vec![], b"three"))
        .await
        .unwrap();
    let last = log.acquire(id).await.unwrap().unwrap();
    assert_eq!(
        (last.snapshot, last.entries),
        (Some((3, b"three".to_vec())), vec![])
    );
    assert_eq!((last.position, last.head), (3, 2));
    assert_eq!(
        log.read(id, 0, 10).await.unwrap().unwrap().len(),
        2,
        "history stays readable"
    );
}

async fn looking_takes_nothing_over(log: Arc<dyn SessionLog>) {
    assert_eq!(log.peek(session_id(404)).await.unwrap(), None);
    let (id, owner) = made(&log, 13).await;
    let mut with_snapshot = commit(vec![public(1, 1, "a"), private(2, "b")]);
    with_snapshot.snapshot = Some(b"state".to_vec());
    log.append(id, owner.epoch, 0, with_snapshot).await.unwrap();
    log.append(id, owner.epoch, 2, commit(vec![public(3, 2, "c")]))
        .await
        .unwrap();

    let seen = log.peek(id).await.unwrap().unwrap();
    assert_eq!(seen.epoch, owner.epoch);
    assert_eq!((seen.position, seen.head, seen.entries.len()), (3, 2, 1));
    assert_eq!(seen.snapshot, Some((2, b"state".to_vec())));
    log.append(id, owner.epoch, 3, commit(vec![public(4, 3, "d")]))
        .await
        .unwrap();
    log.release(id, owner.epoch).await.unwrap();
    let seen = log.peek(id).await.unwrap().unwrap();
    assert_eq!((seen.position, seen.head), (4, 3), "nobody needs to own it");
    let next = log.acquire(id).await.unwrap().unwrap();
    assert_eq!(
        Acquired {
            epoch: seen.epoch,
            ..next
        },
        seen
    );
}

async fn keys_are_remembered_with_their_commit(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    let (other, _) = made(&log, 2).await;
    let entry = key("k", 1, "{\"id\":\"first\"}");
    let ask = async |id, scope: &str, fingerprint| {
        log.recall(id, scope, "k", &[fingerprint; 32], at(5))
            .await
            .unwrap()
    };
    assert_eq!(ask(id, &entry.scope, 1).await, Written::Done);
    let first = Commit {
        idempotency: vec![entry.clone()],
        ..commit(vec![public(1, 1, "{}")])
    };
    log.append(id, owner.epoch, 0, first).await.unwrap();
    assert_eq!(
        ask(id, &entry.scope, 1).await,
        Written::Replayed(entry.reply.clone())
    );
    assert_eq!(ask(id, &entry.scope, 2).await, Written::Conflict);
    assert_eq!(ask(id, "another scope", 2).await, Written::Done);
    assert_eq!(
        ask(other, &entry.scope, 2).await,
        Written::Done,
        "keys are the session's own"
    );

    let again = Commit {
        idempotency: vec![key("k", 2, "{\"id\":\"second\"}")],
        ..commit(vec![public(2, 2, "{}")])
    };
    log.append(id, owner.epoch, 1, again).await.unwrap();
    assert_eq!(
        ask(id, &entry.scope, 1).await,
        Written::Replayed(entry.reply.clone()),
        "the first reply stays"
    );
    log.release(id, owner.epoch).await.unwrap();
    assert_eq!(
        ask(id, &entry.scope, 1).await,
        Written::Replayed(entry.reply),
        "owned or not"
    );
}

async fn keys_are_forgotten_after_their_time(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    let entry = key("k", 1, "{}");
    let first = Commit {
        idempotency: vec![entry.clone()],
        ..commit(vec![public(1, 1, "{}")])
    };
    log.append(id, owner.epoch, 0, first).await.unwrap();
    let ask = async |fingerprint, ms| {
        log.recall(id, &entry.scope, "k", &[fingerprint; 32], at(ms))
            .await
            .unwrap()
    };
    assert_eq!(ask(2, KEY_LIFETIME_MS - 1).await, Written::Conflict);
    assert_eq!(ask(2, KEY_LIFETIME_MS).await, Written::Done);
    let mut later = key("k", 2, "\"later\"");
    later.at = at(KEY_LIFETIME_MS);
    let second = Commit {
        idempotency: vec![later],
        ..commit(vec![public(2, 2, "{}")])
    };
    log.append(id, owner.epoch, 1, second).await.unwrap();
    assert_eq!(
        ask(2, KEY_LIFETIME_MS + 1).await,
        Written::Replayed("\"later\"".into())
    );
}

async fn a_reader_follows_a_writer_without_gaps(log: Arc<dyn SessionLog>) {
    const LAST: u64 = 60;
    let (id, owner) = made(&log, 1).await;
    let reader = tokio::spawn({
        let log = Arc::clone(&log);
        async move {
            let mut after = 0;
            while after < LAST {
                for entry in log.read(id, after, 7).await.unwrap().unwrap() {
                    after += 1;
                    assert_eq!(entry.seq, Some(after));
                    assert_eq!(*entry.body, after.to_string());
                }
                tokio::task::yield_now().await;
            }
        }
    });
    for n in 1..=LAST {
        log.append(id, owner.epoch, n - 1, commit(vec![public(n, n, &n.to_string())]))
            .await
            .unwrap();
        tokio::task::yield_now().await;
    }
    reader.await.unwrap();
}

async fn deleting_removes_one_log_and_no_other(log: Arc<dyn SessionLog>) {
    let (id, owner) = made(&log, 1).await;
    let (other, other_owner) = made(&log, 2).await;
    log.append(id, owner.epoch, 0, commit(vec![public(1, 1, "{}")]))
        .await
        .unwrap();
    log.append(other, other_owner.epoch, 0, commit(vec![public(1, 1, "{}")]))
        .await
        .unwrap();
    log.delete(id).await.unwrap();
    log.delete(id).await.unwrap();
    assert_eq!(log.read(id, 0, 10).await.unwrap(), None);
    assert_eq!(log.acquire(id).await.unwrap(), None);
    assert!(matches!(
        log.append(id, owner.epoch, 1, commit(vec![public(2, 2, "{}")]))
            .await,
        Err(StoreError::Fenced)
    ));
    log.append(other, other_owner.epoch, 1, commit(vec![public(2, 2, "{}")]))
        .await
        .unwrap();
    log.create(id).await.unwrap();
    assert_eq!(
        log.acquire(id).await.unwrap().unwrap().entries,
        vec![],
        "nothing of the old one comes back"
    );
}
