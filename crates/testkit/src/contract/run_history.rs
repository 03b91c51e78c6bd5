//! Run records: written once, found by their organisation only, listed newest first.

use std::sync::Arc;

use ports::{Cursor, RunHistory, run_history::RunFilter};
use protocol::{
    ApiKeyId, MicroUsd,
    run::{RunOutcome, RunRecord},
};

use crate::sample::{at, org_id, run as sample_run, session_id, user_id};

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn RunHistory>) {
    super::cases!(
        "run_history",
        adapter,
        make,
        [
            records_come_back_as_written,
            writing_again_changes_nothing,
            pages_are_newest_first_and_complete,
            filters_narrow_the_list,
            runs_of_another_organisation_are_absent,
            runs_of_a_session_can_be_removed,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::run_history::Fake::default())).await;
    let quiet =
        || crate::fault::run_history::Faulty::around(Arc::new(crate::fake::run_history::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

async fn records_come_back_as_written(history: Arc<dyn RunHistory>) {
    let mut bare = sample_run(2, org_id(1), session_id(1));
    bare.api_key_id = None;
    bare.repository = None;
    bare.error = None;
    bare.outcome = RunOutcome::Completed;
    bare.started_at = None;
    bare.cost_micro_usd = Some(MicroUsd(0));
    for run in [sample_run(1, org_id(1), session_id(1)), bare] {
        assert_eq!(history.lookup(org_id(1), run.id).await.unwrap(), None);
        history.record(run.clone()).await.unwrap();
        assert_eq!(history.lookup(org_id(1), run.id).await.unwrap(), Some(run));
    }
}

async fn writing_again_changes_nothing(history: Arc<dyn RunHistory>) {
    let run = sample_run(1, org_id(1), session_id(1));
    history.record(run.clone()).await.unwrap();
    history
        .record(RunRecord {
            tool_calls: 99,
            ..run.clone()
        })
        .await
        .unwrap();
    let page = history
        .list(org_id(1), RunFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(page.items, vec![run]);
}

async fn pages_are_newest_first_and_complete(history: Arc<dyn RunHistory>) {
    for n in [4, 2, 5, 1, 3] {
        history
            .record(sample_run(n, org_id(1), session_id(1)))
            .await
            .unwrap();
    }
    for limit in [1, 2, 5, 50] {
        let mut seen = Vec::new();
        let mut after: Option<Cursor> = None;
        loop {
            let page = history
                .list(org_id(1), RunFilter::default(), after, limit)
                .await
                .unwrap();
            assert!(page.items.len() <= limit);
            seen.extend(page.items.into_iter().map(|run| run.ended_at));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, [5, 4, 3, 2, 1].map(at), "limit {limit}");
    }
}

async fn filters_narrow_the_list(history: Arc<dyn RunHistory>) {
    let base = |n| sample_run(n, org_id(1), session_id(1));
    let runs = [
        base(1),
        RunRecord {
            session_id: session_id(2),
            ..base(2)
        },
        RunRecord {
            user_id: user_id(5),
            ..base(3)
        },
        RunRecord {
            api_key_id: None,
            ..base(4)
        },
        RunRecord {
            model: "other/m".into(),
            api_key_id: Some(ApiKeyId::from_bits(5)),
            ..base(5)
        },
    ];
    for run in runs {
        history.record(run).await.unwrap();
    }
    let list = async |filter| {
        let page = history.list(org_id(1), filter, None, 10).await.unwrap();
        page.items
            .into_iter()
            .map(|run| run.ended_at.as_ms() - at(0).as_ms())
            .collect::<Vec<_>>()
    };
    let any = RunFilter::default();
    assert_eq!(
        list(RunFilter {
            session: Some(session_id(2)),
            ..any.clone()
        })
        .await,
        [2]
    );
    assert_eq!(
        list(RunFilter {
            user: Some(user_id(5)),
            ..any.clone()
        })
        .await,
        [3]
    );
    assert_eq!(
        list(RunFilter {
            api_key: Some(ApiKeyId::from_bits(1)),
            ..any.clone()
        })
        .await,
        [3, 2, 1]
    );
    assert_eq!(
        list(RunFilter {
            model: Some("other/m".into()),
            ..any.clone()
        })
        .await,
        [5]
    );
    assert_eq!(
        list(RunFilter {
            from: Some(at(2)),
            until: Some(at(4)),
            ..any.clone()
        })
        .await,
        [3, 2]
    );
    let both = RunFilter {
        session: Some(session_id(1)),
        from: Some(at(5)),
        ..any
    };
    assert_eq!(list(both).await, [5]);
}

async fn runs_of_another_organisation_are_absent(history: Arc<dyn RunHistory>) {
    let run = sample_run(1, org_id(1), session_id(1));
    history.record(run.clone()).await.unwrap();
    assert_eq!(history.lookup(org_id(2), run.id).await.unwrap(), None);
    let filter = RunFilter {
        session: Some(session_id(1)),
        ..RunFilter::default()
    };
    assert_eq!(
        history.list(org_id(2), filter, None, 10).await.unwrap().items,
        vec![]
    );
}

async fn runs_of_a_session_can_be_removed(history: Arc<dyn RunHistory>) {
    for (n, session) in [(1, 1), (2, 2), (3, 1)] {
        history
            .record(sample_run(n, org_id(1), session_id(session)))
            .await
            .unwrap();
    }
    history.remove_session(session_id(1)).await.unwrap();
    history.remove_session(session_id(1)).await.unwrap();
    let page = history
        .list(org_id(1), RunFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(
        page.items.iter().map(|run| run.session_id).collect::<Vec<_>>(),
        [session_id(2)]
    );
}
