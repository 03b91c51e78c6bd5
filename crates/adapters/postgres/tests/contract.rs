//! The contract of the run history on a real PostgreSQL, bare and behind the fault decorator, and what is particular
//! to a database that is another process: it may be down, come back, be older or newer.

use std::sync::Arc;

use ports::{RunHistory, StoreError, run_history::RunFilter};
use postgres::PostgresRuns;
use secrecy::SecretString;
use testkit::{
    contract, fault,
    postgres::{PASSWORD, Postgres, Stop},
    sample,
};

fn open(address: String) -> PostgresRuns {
    PostgresRuns::new(&SecretString::from(address)).expect("an address")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn run_history() {
    let server = Postgres::given_or_started().await;
    // A contract makes a store for each of its cases, and doesn't wait for it.
    let next = || {
        let made = || tokio::runtime::Handle::current().block_on(server.database());
        open(tokio::task::block_in_place(made))
    };
    contract::run_history::run("postgresql", || Arc::new(next())).await;
    contract::run_history::run("postgresql behind faults", || {
        fault::run_history::Faulty::around(Arc::new(next()))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_is_unavailable_and_says_no_password() {
    let mut server = Postgres::start().await;
    let runs = open(server.database().await);
    let run = |n| sample::run(n, sample::org_id(1), sample::session_id(1));
    runs.record(vec![run(1)]).await.unwrap();
    for how in [Stop::Fast, Stop::Immediate] {
        server.stop(how).await;
        for _ in 0..2 {
            let error = runs.record(vec![run(2)]).await.unwrap_err();
            assert!(
                matches!(error, StoreError::Unavailable(_) | StoreError::Unknown(_)),
                "{error:?}"
            );
            assert!(!format!("{error} {error:?} {runs:?}").contains(PASSWORD));
        }
        assert!(matches!(
            runs.list(sample::org_id(1), RunFilter::default(), None, 1).await,
            Err(StoreError::Unavailable(_))
        ));
        server.run().await;
        runs.record(vec![run(2)]).await.unwrap();
    }
    let page = runs.list(sample::org_id(1), RunFilter::default(), None, 9).await;
    assert_eq!(page.unwrap().items, [run(2), run(1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_reached_to_make_it_and_a_wrong_password_is_not_repeated() {
    let server = Postgres::start().await;
    let address = server.database().await;
    let wrong = open(address.replace(PASSWORD, "wr0ng-pass"));
    let error = wrong.check().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("wr0ng-pass"), "{error:?}");
    // This server offers no TLS, so an address that asks for it is refused, not used without.
    let demanding = open(format!("{address}?sslmode=require"));
    let error = demanding.check().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    open(address).check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_servers_make_the_tables_at_once_and_a_newer_schema_is_refused() {
    let server = Postgres::start().await;
    let address = server.database().await;
    let checks = (0..6).map(|_| {
        let runs = open(address.clone());
        tokio::spawn(async move { runs.check().await })
    });
    for check in checks.collect::<Vec<_>>() {
        check.await.unwrap().unwrap();
    }
    server
        .sql(
            &address,
            "INSERT INTO coordinator_runs_migrations (version, description, success, checksum, execution_time)
             VALUES (99, 'later', true, '', 0)",
        )
        .await;
    let error = open(address).check().await.unwrap_err();
    assert!(error.to_string().contains("newer version"), "{error}");
}
