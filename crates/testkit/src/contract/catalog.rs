//! The catalogue of sessions: reservations, projections, paging, who is awake and what is due.

use std::sync::Arc;

use ports::{
    Catalog, Cursor,
    catalog::{
        ArchivedSession, KEPT_STEP, OrgUsage, OwedRuns, Reserved, SEARCH_ROWS, SessionFilter, SessionRow,
        Waiting,
    },
    idempotency::{KEY_LIFETIME_MS, Written},
};
use protocol::{SessionId, session::SessionStatus};

use crate::sample::{at, key, org_id, session_id, session_row, user_id};

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn Catalog>) {
    super::cases!(
        "catalog",
        adapter,
        make,
        [
            a_reservation_is_a_row_that_is_awake,
            reserving_again_by_key_makes_nothing_new,
            an_older_projection_never_overwrites_a_newer,
            a_projection_does_not_bring_a_row_back,
            pages_are_newest_first_and_complete,
            the_list_is_the_organisations_own,
            filters_narrow_the_list,
            a_search_finds_title_and_repository,
            a_search_ends_and_goes_on,
            a_mere_reservation_is_not_listed,
            sleepers_wake_by_their_alarm,
            waking_marks_last_until_asleep,
            sleepers_that_owe_are_found_the_oldest_first,
            archived_ones_come_the_oldest_first_behind_a_place,
            removing_is_final,
            what_an_organisation_has_is_counted,
            keys_of_deletions_outlive_the_row,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::catalog::Fake::default())).await;
    let quiet = || crate::fault::catalog::Faulty::around(Arc::new(crate::fake::catalog::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

async fn reserved(catalog: &Arc<dyn Catalog>, row: SessionRow) -> SessionId {
    let id = row.id;
    assert_eq!(catalog.reserve(row, None).await.unwrap(), Reserved::New);
    id
}

async fn a_reservation_is_a_row_that_is_awake(catalog: Arc<dyn Catalog>) {
    assert_eq!(catalog.lookup(session_id(1)).await.unwrap(), None);
    let mut bare = session_row(2, org_id(1));
    bare.title = None;
    bare.repository = None;
    bare.cost_micro_usd = None;
    bare.created_by_name = None;
    bare.waiting = Waiting::default();
    for row in [session_row(1, org_id(1)), bare] {
        reserved(&catalog, row.clone()).await;
        assert_eq!(catalog.lookup(row.id).await.unwrap(), Some(row));
    }
    let mut awake = catalog.awake().await.unwrap();
    awake.sort_unstable();
    assert_eq!(awake, [session_id(1), session_id(2)]);
    assert_eq!(
        catalog.reserve(session_row(1, org_id(1)), None).await.unwrap(),
        Reserved::Existing(session_id(1)),
        "the same row again, after an answer that was lost"
    );
}

async fn reserving_again_by_key_makes_nothing_new(catalog: Arc<dyn Catalog>) {
    let reserve = async |n, entry| {
        catalog
            .reserve(session_row(n, org_id(1)), Some(entry))
            .await
            .unwrap()
    };
    assert_eq!(reserve(1, key("k", 1, "{}")).await, Reserved::New);
    assert_eq!(
        reserve(2, key("k", 1, "{}")).await,
        Reserved::Existing(session_id(1))
    );
    assert_eq!(reserve(2, key("k", 2, "{}")).await, Reserved::Conflict);
    assert_eq!(catalog.lookup(session_id(2)).await.unwrap(), None);
    let mut later = key("k", 2, "{}");
    later.at = at(KEY_LIFETIME_MS);
    assert_eq!(reserve(3, later).await, Reserved::New);
    let mut elsewhere = key("k", 9, "{}");
    elsewhere.scope = "another".into();
    assert_eq!(reserve(4, elsewhere).await, Reserved::New);
}

async fn an_older_projection_never_overwrites_a_newer(catalog: Arc<dyn Catalog>) {
    let id = reserved(&catalog, session_row(1, org_id(1))).await;
    let version = |position, title: &str| SessionRow {
        position,
        title: Some(title.into()),
        status: SessionStatus::Running,
        updated_at: at(position.cast_signed()),
        ..session_row(1, org_id(1))
    };
    let title = async || catalog.lookup(id).await.unwrap().unwrap().title.unwrap();
    catalog.project(version(5, "five")).await.unwrap();
    assert_eq!(catalog.lookup(id).await.unwrap(), Some(version(5, "five")));
    catalog.project(version(4, "four")).await.unwrap();
    assert_eq!(title().await, "five");
    catalog.project(version(5, "five again")).await.unwrap();
    assert_eq!(title().await, "five again");
    catalog.project(version(6, "six")).await.unwrap();
    assert_eq!(title().await, "six");
    assert_eq!(
        catalog.awake().await.unwrap(),
        [id],
        "a projection does not put to sleep"
    );
}

async fn a_projection_does_not_bring_a_row_back(catalog: Arc<dyn Catalog>) {
    let id = reserved(&catalog, session_row(1, org_id(1))).await;
    catalog.remove(id).await.unwrap();
    catalog
        .project(SessionRow {
            position: 9,
            ..session_row(1, org_id(1))
        })
        .await
        .unwrap();
    assert_eq!(catalog.lookup(id).await.unwrap(), None);
}

async fn pages_are_newest_first_and_complete(catalog: Arc<dyn Catalog>) {
    for n in [3, 1, 7, 2, 6, 5, 4] {
        reserved(&catalog, session_row(n, org_id(1))).await;
    }
    for limit in [1, 2, 3, 7, 100] {
        let mut seen = Vec::new();
        let mut after: Option<Cursor> = None;
        loop {
            let page = catalog
                .list(org_id(1), SessionFilter::default(), after, limit)
                .await
                .unwrap();
            assert!(page.items.len() <= limit);
            seen.extend(page.items.into_iter().map(|row| row.id));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(
            seen,
            (1..=7).rev().map(session_id).collect::<Vec<_>>(),
            "limit {limit}"
        );
    }
    let exact = catalog
        .list(org_id(1), SessionFilter::default(), None, 7)
        .await
        .unwrap();
    assert_eq!(exact.next, None, "the last page says that it is the last");
    let first = catalog
        .list(org_id(1), SessionFilter::default(), None, 3)
        .await
        .unwrap();
    reserved(&catalog, session_row(8, org_id(1))).await;
    let second = catalog
        .list(org_id(1), SessionFilter::default(), first.next, 3)
        .await
        .unwrap();
    assert_eq!(
        second.items[0].id,
        session_id(4),
        "a new row does not shift the next page"
    );
}

async fn the_list_is_the_organisations_own(catalog: Arc<dyn Catalog>) {
    for n in 1..=6 {
        reserved(&catalog, session_row(n, org_id(1 + n % 2))).await;
    }
    let page = catalog
        .list(org_id(1), SessionFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(
        page.items.iter().map(|row| row.id).collect::<Vec<_>>(),
        [6, 4, 2].map(session_id)
    );
    let none = catalog
        .list(org_id(9), SessionFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!((none.items, none.next), (vec![], None));
}

async fn filters_narrow_the_list(catalog: Arc<dyn Catalog>) {
    let statuses = [
        SessionStatus::Idle,
        SessionStatus::Archived,
        SessionStatus::Running,
        SessionStatus::Archived,
    ];
    for (n, status) in (1..).zip(statuses) {
        let created_by = user_id(if n == 1 { 2 } else { 1 });
        reserved(
            &catalog,
            SessionRow {
                status,
                created_by,
                ..session_row(n, org_id(1))
            },
        )
        .await;
    }
    let list = async |filter| {
        let page = catalog.list(org_id(1), filter, None, 10).await.unwrap();
        page.items.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let any = SessionFilter::default();
    assert_eq!(
        list(any.clone()).await,
        [3, 1].map(session_id),
        "archived ones are left out"
    );
    let all = SessionFilter {
        include_archived: true,
        ..any.clone()
    };
    assert_eq!(list(all.clone()).await, [4, 3, 2, 1].map(session_id));
    let archived = SessionFilter {
        status: Some(SessionStatus::Archived),
        ..any.clone()
    };
    assert_eq!(
        list(archived).await,
        [4, 2].map(session_id),
        "asking for the status is asking for them"
    );
    let running = SessionFilter {
        status: Some(SessionStatus::Running),
        ..any.clone()
    };
    assert_eq!(list(running).await, [3].map(session_id));
    let theirs = SessionFilter {
        created_by: Some(user_id(2)),
        ..any
    };
    assert_eq!(list(theirs).await, [1].map(session_id));
    let page = catalog.list(org_id(1), all.clone(), None, 2).await.unwrap();
    assert!(page.next.is_some());
    // Whoever clears up sees what became no session, too.
    let never_begun = SessionRow {
        position: 0,
        ..session_row(5, org_id(1))
    };
    reserved(&catalog, never_begun).await;
    assert_eq!(list(all.clone()).await, [4, 3, 2, 1].map(session_id));
    let everything = SessionFilter {
        include_reserved: true,
        ..all
    };
    assert_eq!(list(everything).await, [5, 4, 3, 2, 1].map(session_id));
}

async fn a_search_finds_title_and_repository(catalog: Arc<dyn Catalog>) {
    let titles = ["Fix the Über parser", "100% done_", "other", ""];
    for (n, title) in (1..).zip(titles) {
        let mut row = session_row(n, org_id(1));
        row.title = Some(title.to_owned()).filter(|title| !title.is_empty());
        if n == 3 {
            row.repository = Some(protocol::session::Repository {
                url: "https://git.example.org/Acme/Web.git".into(),
                reference: None,
            });
        } else {
            row.repository = None;
        }
        reserved(&catalog, row).await;
    }
    for (search, found) in [
        ("über", vec![1]),
        ("ÜBER P", vec![1]),
        ("acme/web", vec![3]),
        ("%", vec![2]),
        ("done_", vec![2]),
        ("e", vec![3, 2, 1]),
        ("nowhere", vec![]),
        ("'; --", vec![]),
    ] {
        let filter = SessionFilter {
            search: Some(search.into()),
            ..SessionFilter::default()
        };
        let page = catalog.list(org_id(1), filter.clone(), None, 10).await.unwrap();
        let ids: Vec<_> = page.items.into_iter().map(|row| row.id).collect();
        assert_eq!(
            ids,
            found.into_iter().map(session_id).collect::<Vec<_>>(),
            "{search}"
        );
        let theirs = catalog.list(org_id(2), filter, None, 10).await.unwrap();
        assert!(theirs.items.is_empty());
    }
}

async fn a_search_ends_and_goes_on(catalog: Arc<dyn Catalog>) {
    let count = SEARCH_ROWS as u64 + 20;
    for n in 1..=count {
        let mut row = session_row(n, org_id(1));
        row.title = Some(if n <= 2 { "needle" } else { "hay" }.into());
        reserved(&catalog, row).await;
    }
    let filter = SessionFilter {
        search: Some("NEEDLE".into()),
        ..SessionFilter::default()
    };
    let first = catalog.list(org_id(1), filter.clone(), None, 10).await.unwrap();
    assert!(
        first.items.is_empty() && first.next.is_some(),
        "looked far enough for one page"
    );
    let second = catalog
        .list(org_id(1), filter.clone(), first.next, 1)
        .await
        .unwrap();
    assert_eq!(second.items[0].id, session_id(2));
    let third = catalog.list(org_id(1), filter, second.next, 1).await.unwrap();
    assert_eq!((third.items[0].id, third.next), (session_id(1), None));
}

async fn a_mere_reservation_is_not_listed(catalog: Arc<dyn Catalog>) {
    let id = reserved(
        &catalog,
        SessionRow {
            position: 0,
            ..session_row(1, org_id(1))
        },
    )
    .await;
    let listed = async || {
        let page = catalog
            .list(org_id(1), SessionFilter::default(), None, 10)
            .await
            .unwrap();
        page.items.len()
    };
    assert_eq!(listed().await, 0);
    assert!(catalog.lookup(id).await.unwrap().is_some());
    catalog.project(session_row(1, org_id(1))).await.unwrap();
    assert_eq!(listed().await, 1);
}

async fn sleepers_wake_by_their_alarm(catalog: Arc<dyn Catalog>) {
    for n in 1..=5 {
        reserved(&catalog, session_row(n, org_id(1))).await;
    }
    assert_eq!(catalog.next_alarm().await.unwrap(), None);
    for (n, alarm) in [(1, Some(at(30))), (2, Some(at(10))), (3, Some(at(20))), (4, None)] {
        catalog.mark_asleep(session_id(n), alarm).await.unwrap();
    }
    assert_eq!(catalog.next_alarm().await.unwrap(), Some(at(10)));
    assert_eq!(catalog.due(at(9), 10).await.unwrap(), []);
    assert_eq!(
        catalog.due(at(20), 10).await.unwrap(),
        [2, 3].map(session_id),
        "earliest first, its own time included"
    );
    assert_eq!(catalog.due(at(99), 2).await.unwrap(), [2, 3].map(session_id));
    catalog.mark_awake(session_id(2)).await.unwrap();
    assert_eq!(catalog.due(at(99), 10).await.unwrap(), [3, 1].map(session_id));
    assert_eq!(catalog.next_alarm().await.unwrap(), Some(at(20)));
    catalog.mark_asleep(session_id(3), None).await.unwrap();
    assert_eq!(
        catalog.next_alarm().await.unwrap(),
        Some(at(30)),
        "a new mark replaces the alarm"
    );
}

async fn waking_marks_last_until_asleep(catalog: Arc<dyn Catalog>) {
    let id = reserved(&catalog, session_row(1, org_id(1))).await;
    catalog.mark_asleep(id, None).await.unwrap();
    assert_eq!(catalog.awake().await.unwrap(), []);
    catalog.mark_awake(id).await.unwrap();
    catalog.mark_awake(id).await.unwrap();
    assert_eq!(catalog.awake().await.unwrap(), [id]);
    for absent in [session_id(8), session_id(9)] {
        catalog.mark_awake(absent).await.unwrap();
        catalog.mark_asleep(absent, Some(at(1))).await.unwrap();
    }
    assert_eq!(catalog.awake().await.unwrap(), [id]);
    assert_eq!(catalog.next_alarm().await.unwrap(), None, "marks make no rows");
}

async fn sleepers_that_owe_are_found_the_oldest_first(catalog: Arc<dyn Catalog>) {
    let owed = |runs, oldest| OwedRuns {
        runs,
        oldest: Some(at(oldest)),
    };
    for n in 1..=4 {
        reserved(&catalog, session_row(n, org_id(1))).await;
    }
    assert_eq!(catalog.owed_runs().await.unwrap(), OwedRuns::default());
    for (n, runs, oldest) in [(1, 2, 30), (2, 1, 10), (3, 3, 20)] {
        catalog
            .mark_owing(session_id(n), owed(runs, oldest))
            .await
            .unwrap();
    }
    assert_eq!(
        catalog.owing_runs(10).await.unwrap(),
        [],
        "who is awake looks after itself"
    );
    for n in 1..=4 {
        catalog.mark_asleep(session_id(n), None).await.unwrap();
    }
    assert_eq!(catalog.owing_runs(10).await.unwrap(), [2, 3, 1].map(session_id));
    assert_eq!(catalog.owing_runs(2).await.unwrap(), [2, 3].map(session_id));
    assert_eq!(catalog.owed_runs().await.unwrap(), owed(6, 10));
    catalog.mark_awake(session_id(2)).await.unwrap();
    catalog.mark_asleep(session_id(2), None).await.unwrap();
    assert_eq!(
        catalog.owing_runs(10).await.unwrap(),
        [3, 1].map(session_id),
        "waking takes the mark back"
    );
    catalog.mark_owing(session_id(9), owed(1, 1)).await.unwrap();
    catalog.remove(session_id(3)).await.unwrap();
    assert_eq!(catalog.owed_runs().await.unwrap(), owed(2, 30));
}

async fn archived_ones_come_the_oldest_first_behind_a_place(catalog: Arc<dyn Catalog>) {
    let mut places = Vec::new();
    for (n, age, status) in [
        (1, 50, SessionStatus::Archived),
        (2, 20, SessionStatus::Archived),
        (3, 30, SessionStatus::Idle),
        (4, 20, SessionStatus::Archived),
        (5, 90, SessionStatus::Archived),
    ] {
        let row = SessionRow {
            status,
            updated_at: at(age),
            position: 5,
            ..session_row(n, org_id(n % 2 + 1))
        };
        let id = reserved(
            &catalog,
            SessionRow {
                position: 0,
                ..row.clone()
            },
        )
        .await;
        catalog.project(row).await.unwrap();
        places.push(ArchivedSession {
            updated_at: at(age),
            id,
        });
    }
    let all = catalog.archived(at(60), None, 10).await.unwrap();
    assert_eq!(all, [places[1], places[3], places[0]]);
    assert_eq!(catalog.archived(at(60), None, 1).await.unwrap(), [places[1]]);
    assert_eq!(
        catalog.archived(at(60), Some(places[1]), 10).await.unwrap(),
        [places[3], places[0]]
    );
    assert_eq!(catalog.archived(at(50), Some(places[3]), 10).await.unwrap(), []);
    catalog.remove(places[1].id).await.unwrap();
    assert_eq!(catalog.archived(at(60), None, 1).await.unwrap(), [places[3]]);
}

async fn removing_is_final(catalog: Arc<dyn Catalog>) {
    let id = reserved(&catalog, session_row(1, org_id(1))).await;
    let other = reserved(&catalog, session_row(2, org_id(1))).await;
    catalog.remove(id).await.unwrap();
    catalog.remove(id).await.unwrap();
    assert_eq!(catalog.lookup(id).await.unwrap(), None);
    assert_eq!(catalog.awake().await.unwrap(), [other]);
    let page = catalog
        .list(org_id(1), SessionFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(page.items.len(), 1);
}

async fn keys_of_deletions_outlive_the_row(catalog: Arc<dyn Catalog>) {
    let id = reserved(&catalog, session_row(1, org_id(1))).await;
    let first = || key("d", 1, "null");
    assert_eq!(catalog.recall(first()).await.unwrap(), Written::Done);
    assert_eq!(
        catalog.recall(first()).await.unwrap(),
        Written::Done,
        "asking notes nothing"
    );
    assert_eq!(catalog.remember(first()).await.unwrap(), Written::Done);
    let replayed = Written::Replayed("null".into());
    assert_eq!(catalog.remember(first()).await.unwrap(), replayed);
    catalog.remove(id).await.unwrap();
    assert_eq!(catalog.recall(first()).await.unwrap(), replayed);
    let other = || key("d", 2, "null");
    assert_eq!(catalog.recall(other()).await.unwrap(), Written::Conflict);
    assert_eq!(catalog.remember(other()).await.unwrap(), Written::Conflict);
    let mut later = first();
    later.at = at(KEY_LIFETIME_MS);
    assert_eq!(catalog.recall(later).await.unwrap(), Written::Done);
}

async fn what_an_organisation_has_is_counted(catalog: Arc<dyn Catalog>) {
    let usage = async || catalog.usage(org_id(1)).await.unwrap();
    let expect = |sessions, awake, busy| OrgUsage {
        sessions,
        awake,
        busy,
        bytes: sessions * KEPT_STEP,
    };
    assert_eq!(usage().await, OrgUsage::default());
    for n in 1..=3 {
        reserved(&catalog, session_row(n, org_id(1))).await;
    }
    reserved(&catalog, session_row(4, org_id(2))).await;
    catalog.reserve(session_row(1, org_id(1)), None).await.unwrap();
    assert_eq!(usage().await, expect(3, 3, 0), "each once, and one's own alone");
    for (n, status) in [(1, SessionStatus::Running), (2, SessionStatus::Queued)] {
        let mut row = session_row(n, org_id(1));
        row.status = status;
        row.position = 2;
        catalog.project(row).await.unwrap();
    }
    catalog.mark_asleep(session_id(3), None).await.unwrap();
    assert_eq!(usage().await, expect(3, 2, 2));
    let mut larger = session_row(3, org_id(1));
    larger.bytes = 5 * KEPT_STEP;
    larger.position = 3;
    catalog.project(larger.clone()).await.unwrap();
    assert_eq!(usage().await.bytes, 7 * KEPT_STEP, "what it keeps grows");
    let older = SessionRow {
        bytes: 9 * KEPT_STEP,
        position: 2,
        ..larger.clone()
    };
    catalog.project(older).await.unwrap();
    assert_eq!(usage().await.bytes, 7 * KEPT_STEP, "an older row says nothing");
    larger.bytes = KEPT_STEP;
    larger.position = 4;
    catalog.project(larger).await.unwrap();
    assert_eq!(usage().await, expect(3, 2, 2), "and becomes less");
    catalog.remove(session_id(1)).await.unwrap();
    catalog.remove(session_id(1)).await.unwrap();
    assert_eq!(usage().await, expect(2, 1, 1));
    catalog.remove(session_id(2)).await.unwrap();
    catalog.remove(session_id(3)).await.unwrap();
    assert_eq!(usage().await, OrgUsage::default());
    assert_eq!(catalog.usage(org_id(2)).await.unwrap(), expect(1, 1, 0));
}
