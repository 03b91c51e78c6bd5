//! Run records: written once, found by their organisation only, listed newest first.

use std::sync::Arc;

use ports::{
    Cursor, RunHistory,
    run_history::{LARGEST_FIGURE, RunFilter},
};
use protocol::{
    ApiKeyId, MicroUsd, Timestamp,
    run::{RunOutcome, RunRecord},
    session::Tokens,
    usage::{UsageBy, UsageRow, UsageSums},
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
            old_runs_are_removed_a_bounded_number_at_a_time,
            a_batch_is_written_and_what_is_there_already_stays,
            hostile_text_comes_back_as_written,
            usage_is_summed_by_whatever_is_asked_for,
            usage_sees_one_organisation_and_what_the_filter_lets_through,
            unknown_costs_are_never_nought_and_figures_never_overflow,
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
        history.record(vec![run.clone()]).await.unwrap();
        assert_eq!(history.lookup(org_id(1), run.id).await.unwrap(), Some(run));
    }
}

async fn writing_again_changes_nothing(history: Arc<dyn RunHistory>) {
    let run = sample_run(1, org_id(1), session_id(1));
    history.record(vec![run.clone()]).await.unwrap();
    history
        .record(vec![RunRecord {
            tool_calls: 99,
            ..run.clone()
        }])
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
            .record(vec![sample_run(n, org_id(1), session_id(1))])
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
        history.record(vec![run]).await.unwrap();
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
    history.record(vec![run.clone()]).await.unwrap();
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
            .record(vec![sample_run(n, org_id(1), session_id(session))])
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

async fn old_runs_are_removed_a_bounded_number_at_a_time(history: Arc<dyn RunHistory>) {
    let runs: Vec<RunRecord> = (1..=5)
        .map(|n| RunRecord {
            ended_at: at(100 * n),
            ..sample_run(
                u64::try_from(n).unwrap(),
                org_id(u64::try_from(n % 2).unwrap() + 1),
                session_id(1),
            )
        })
        .collect();
    history.record(runs.clone()).await.unwrap();
    assert_eq!(history.remove_before(at(100), 10).await.unwrap(), 0);
    assert_eq!(history.remove_before(at(401), 3).await.unwrap(), 3);
    assert_eq!(history.remove_before(at(401), 3).await.unwrap(), 1);
    assert_eq!(history.remove_before(at(401), 3).await.unwrap(), 0);
    for (index, run) in runs.iter().enumerate() {
        let left = history.lookup(run.org_id, run.id).await.unwrap();
        assert_eq!(left.is_some(), index == 4, "{index}");
    }
}

async fn a_batch_is_written_and_what_is_there_already_stays(history: Arc<dyn RunHistory>) {
    history.record(vec![]).await.unwrap();
    let run = |n| sample_run(n, org_id(1), session_id(n % 7));
    history.record(vec![run(3)]).await.unwrap();
    let other = RunRecord {
        tool_calls: 99,
        ..run(3)
    };
    let batch: Vec<_> = (1..=256).map(run).chain([other, run(1)]).collect();
    history.record(batch.clone()).await.unwrap();
    history.record(batch).await.unwrap();
    let page = history
        .list(org_id(1), RunFilter::default(), None, 500)
        .await
        .unwrap();
    assert_eq!(page.items, (1..=256).rev().map(run).collect::<Vec<_>>());
    let of_one = RunFilter {
        session: Some(session_id(2)),
        ..RunFilter::default()
    };
    let page = history.list(org_id(1), of_one, None, 3).await.unwrap();
    assert_eq!(page.items, [254, 247, 240].map(run).to_vec());
}

async fn hostile_text_comes_back_as_written(history: Arc<dyn RunHistory>) {
    let mut run = sample_run(1, org_id(1), session_id(1));
    run.model = "hub/a\0b'\"; DROP TABLE run; --\u{202e}".into();
    run.agent = "\0".into();
    if let Some(error) = &mut run.error {
        error.message = "\0\u{1}\u{fffe}".repeat(500);
    }
    history.record(vec![run.clone()]).await.unwrap();
    assert_eq!(
        history.lookup(org_id(1), run.id).await.unwrap(),
        Some(run.clone())
    );
    let filter = RunFilter {
        model: Some(run.model.clone()),
        ..RunFilter::default()
    };
    let page = history.list(org_id(1), filter, None, 9).await.unwrap();
    assert_eq!(page.items, vec![run]);
}

const HOUR: i64 = 3_600_000;

/// Ended so many hours after noon.
fn ended(n: u64, hours: i64) -> RunRecord {
    RunRecord {
        ended_at: at(hours * HOUR + 5),
        queued_at: at(hours * HOUR - 100),
        started_at: Some(at(hours * HOUR)),
        cost_micro_usd: Some(MicroUsd(7)),
        outcome: RunOutcome::Completed,
        ..sample_run(n, org_id(1), session_id(1))
    }
}

fn sums(runs: u64) -> UsageSums {
    UsageSums {
        runs,
        completed: runs,
        tokens: Tokens {
            input: 100 * runs,
            output: 20 * runs,
            cached: 0,
            reasoning: 5 * runs,
        },
        tool_calls: 3 * runs,
        cost_micro_usd: Some(MicroUsd(7 * runs.cast_signed())),
        known_cost_micro_usd: MicroUsd(7 * runs.cast_signed()),
        queued_ms: 100 * runs,
        running_ms: 5 * runs,
        ..UsageSums::default()
    }
}

async fn usage_is_summed_by_whatever_is_asked_for(history: Arc<dyn RunHistory>) {
    let runs = vec![
        ended(1, 0),
        ended(2, 0),
        RunRecord {
            api_key_id: None,
            ..ended(3, 1)
        },
        RunRecord {
            model: "a/b".into(),
            user_id: user_id(2),
            ..ended(4, 20)
        },
        RunRecord {
            session_id: session_id(2),
            model: "B/b".into(),
            ..ended(5, 20)
        },
    ];
    history.record(runs).await.unwrap();
    let usage = async |by: &[UsageBy], limit| {
        let usage = history.usage(org_id(1), RunFilter::default(), by.to_vec(), limit);
        usage.await.unwrap()
    };
    let row = |runs| UsageRow {
        sums: sums(runs),
        ..UsageRow::default()
    };
    let all = usage(&[], 10).await;
    assert_eq!((all.rows, all.truncated, all.total), (vec![], false, sums(5)));

    let day = |ms| Some(Timestamp::from_ms(at(0).as_ms() - 12 * HOUR + ms));
    let by_day = usage(&[UsageBy::Day], 10).await;
    let expected = [
        UsageRow {
            from: day(24 * HOUR),
            ..row(2)
        },
        UsageRow {
            from: day(0),
            ..row(3)
        },
    ];
    assert_eq!(by_day.rows, expected);
    assert_eq!(by_day.total, sums(5));
    let by_hour = usage(&[UsageBy::Hour, UsageBy::Day], 2).await;
    let expected = [
        UsageRow {
            from: Some(at(20 * HOUR)),
            ..row(2)
        },
        UsageRow {
            from: Some(at(HOUR)),
            ..row(1)
        },
    ];
    assert_eq!(
        (by_hour.rows.as_slice(), by_hour.truncated),
        (expected.as_slice(), true)
    );
    assert_eq!(by_hour.total, sums(5), "the total is over all of them");

    let by_model = usage(&[UsageBy::Model], 3).await;
    let model = |model: &str, runs| UsageRow {
        model: Some(model.into()),
        ..row(runs)
    };
    assert_eq!(
        by_model.rows,
        [model("B/b", 1), model("a/b", 1), model("openai/gpt-x", 3)]
    );
    assert!(!by_model.truncated);
    let by_user = usage(&[UsageBy::User], 10).await;
    let user = |n, runs| UsageRow {
        user_id: Some(user_id(n)),
        ..row(runs)
    };
    assert_eq!(by_user.rows, [user(1, 4), user(2, 1)]);
    let by_key = usage(&[UsageBy::ApiKey], 10).await;
    let key = |key: Option<u128>, runs| UsageRow {
        api_key_id: key.map(ApiKeyId::from_bits),
        ..row(runs)
    };
    assert_eq!(by_key.rows, [key(None, 1), key(Some(1), 4)]);
    let both = usage(&[UsageBy::Session, UsageBy::Day], 10).await;
    let both_of = |ms, n, runs| UsageRow {
        from: day(ms),
        session_id: Some(session_id(n)),
        ..row(runs)
    };
    let expected = [
        both_of(24 * HOUR, 1, 1),
        both_of(24 * HOUR, 2, 1),
        both_of(0, 1, 3),
    ];
    assert_eq!(both.rows, expected);
}

async fn usage_sees_one_organisation_and_what_the_filter_lets_through(history: Arc<dyn RunHistory>) {
    let other = RunRecord {
        org_id: org_id(2),
        ..ended(2, 0)
    };
    history
        .record(vec![ended(1, 0), other, ended(3, 2)])
        .await
        .unwrap();
    let filter = RunFilter {
        from: Some(at(HOUR)),
        ..RunFilter::default()
    };
    let usage = history
        .usage(org_id(1), filter, vec![UsageBy::Hour], 9)
        .await
        .unwrap();
    assert_eq!(usage.rows.len(), 1);
    assert_eq!(usage.total, sums(1));
    let filter = RunFilter {
        model: Some("none/such".into()),
        ..RunFilter::default()
    };
    let nothing = history
        .usage(org_id(1), filter, vec![UsageBy::Model], 9)
        .await
        .unwrap();
    assert_eq!((nothing.rows.len(), nothing.total), (0, sums(0)));
}

async fn unknown_costs_are_never_nought_and_figures_never_overflow(history: Arc<dyn RunHistory>) {
    let unknown = RunRecord {
        cost_micro_usd: None,
        started_at: None,
        outcome: RunOutcome::Cancelled,
        ..ended(1, 0)
    };
    let huge = |n| RunRecord {
        tokens: Tokens {
            input: u64::MAX,
            output: u64::MAX,
            cached: u64::MAX,
            reasoning: u64::MAX,
        },
        tool_calls: u64::MAX,
        cost_micro_usd: Some(MicroUsd(i64::MAX)),
        queued_at: Timestamp::from_ms(i64::MIN),
        outcome: RunOutcome::Failed,
        ..ended(n, 0)
    };
    history.record(vec![unknown, huge(2), huge(3)]).await.unwrap();
    let usage = history
        .usage(org_id(1), RunFilter::default(), vec![UsageBy::Day], 9)
        .await
        .unwrap();
    let total = usage.total;
    assert_eq!((total.cost_micro_usd, total.unknown_cost_runs), (None, 1));
    assert_eq!(total.known_cost_micro_usd, MicroUsd(2 * LARGEST_FIGURE));
    assert_eq!(total.tool_calls, 2 * LARGEST_FIGURE.cast_unsigned() + 3);
    assert_eq!(
        (total.runs, total.completed, total.failed, total.cancelled),
        (3, 0, 2, 1)
    );
    assert_eq!(
        (total.running_ms, total.queued_ms),
        (10, 105 + 2 * LARGEST_FIGURE.cast_unsigned())
    );
    assert_eq!(usage.rows[0].sums, total);
}
