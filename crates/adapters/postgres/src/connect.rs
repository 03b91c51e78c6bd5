//! The way to the database: options from a URL, connections on demand, every call with an end.

use std::{
    fmt,
    future::Future,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ports::StoreError;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    ConnectOptions, PgPool, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    error::{Doing, store},
    migrations,
};

/// Connections of one server; run records are few, and lists are read by people.
const CONNECTIONS: u32 = 8;
/// A connection that is not there by then will not come.
const CONNECT: Duration = Duration::from_secs(3);
/// A call that has no answer by then gets none.
const ANSWER: Duration = Duration::from_secs(20);

/// Why an address of a database is none. Says nothing of what is in it: there may be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    #[error("not a URL such as postgres://user:password@host:5432/database")]
    Form,
    #[error("starts with neither `postgres://` nor `postgresql://`")]
    Scheme,
    #[error("has options that cannot be used, or files that cannot be read")]
    Options,
}

/// Run records in PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct PostgresRuns {
    pool: PgPool,
    migrated: Arc<AtomicBool>,
    place: String,
}

impl fmt::Debug for PostgresRuns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not derived: the pool knows the password.
        f.debug_struct("PostgresRuns")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// Whether an address can be used at all, without using it.
///
/// # Errors
/// When it is not an address of a PostgreSQL database.
pub fn check_address(address: &SecretString) -> Result<(), UrlError> {
    options(address).map(drop)
}

fn options(address: &SecretString) -> Result<PgConnectOptions, UrlError> {
    let parsed = url::Url::parse(address.expose_secret()).map_err(|_| UrlError::Form)?;
    if !matches!(parsed.scheme(), "postgres" | "postgresql") {
        return Err(UrlError::Scheme);
    }
    let options = PgConnectOptions::from_str(address.expose_secret()).map_err(|_| UrlError::Options)?;
    Ok(options
        .application_name("agent-coordinator")
        .disable_statement_logging())
}

impl PostgresRuns {
    /// Takes the address and connects to nothing yet. TLS is used as the URL's `sslmode` says; without one, where the
    /// server offers it.
    ///
    /// # Errors
    /// When it is not an address of a PostgreSQL database.
    pub fn new(address: &SecretString) -> Result<Self, UrlError> {
        let options = options(address)?;
        let place = format!(
            "{}:{}/{}",
            options.get_host(),
            options.get_port(),
            options.get_database().unwrap_or_default()
        );
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(CONNECT)
            // The caller says what it means that it takes long.
            .acquire_slow_threshold(ANSWER)
            .idle_timeout(Duration::from_secs(300))
            // Somebody may be waiting at a lock for ever, and a session that is gone must not be waited for.
            .after_connect(|connection, _| Box::pin(prepare(connection)))
            .connect_lazy_with(options);
        Ok(Self {
            pool,
            migrated: Arc::default(),
            place,
        })
    }

    /// Host, port and database, without user and password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Whether it answers now, schema included.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<(), StoreError> {
        within(Doing::Read, async { self.connection().await.map(drop) }).await
    }

    /// Whether it can be reached and lets us in; nothing is made or changed.
    ///
    /// # Errors
    /// When it does not.
    pub async fn reach(&self) -> Result<(), StoreError> {
        let work = async {
            let connection = self.pool.acquire().await;
            connection
                .map(drop)
                .map_err(|error| store(Doing::Connect, &error))
        };
        within(Doing::Connect, work).await
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// A connection to a database whose schema is up to date.
    pub(crate) async fn connection(&self) -> Result<PoolConnection<Postgres>, StoreError> {
        if !self.migrated.load(Ordering::SeqCst) {
            // Twice at once is fine: one waits for the other at the database.
            migrations::run(&self.pool).await?;
            self.migrated.store(true, Ordering::SeqCst);
        }
        let connection = self.pool.acquire().await;
        connection.map_err(|error| store(Doing::Connect, &error))
    }
}

/// A call of the port, with an end to its patience.
pub(crate) async fn within<T>(
    doing: Doing,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(ANSWER, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(match doing {
            Doing::Write => StoreError::Unknown("PostgreSQL has not answered in time".into()),
            Doing::Read | Doing::Connect => {
                StoreError::Unavailable("PostgreSQL has not answered in time".into())
            }
        }),
    }
}

/// Settings of each connection. What is written must be durable when it is confirmed, whatever the database's default;
/// a stricter one is kept.
async fn prepare(connection: &mut sqlx::PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "SELECT set_config('synchronous_commit', 'on', false)
             WHERE current_setting('synchronous_commit') = 'off';
         SET client_min_messages = warning; SET statement_timeout = '15s'; SET lock_timeout = '10s';
         SET idle_in_transaction_session_timeout = '30s'",
    )
    .execute(connection)
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(url: &str) -> Result<PostgresRuns, UrlError> {
        PostgresRuns::new(&SecretString::from(url))
    }

    #[tokio::test]
    async fn addresses_are_understood_and_never_shown() {
        let runs = new("postgres://me:s3cr3t@db.example.org:5433/history?sslmode=require").unwrap();
        assert_eq!(runs.place(), "db.example.org:5433/history");
        assert!(!format!("{runs:?}").contains("s3cr3t"));
        for (url, error) in [
            ("mysql://me:s3cr3t@host/db", UrlError::Scheme),
            ("not a url s3cr3t", UrlError::Form),
            ("postgres://me:s3cr3t@host/db?sslmode=s3cr3t", UrlError::Options),
        ] {
            let refused = new(url).unwrap_err();
            assert_eq!(refused, error, "{url}");
            assert!(!format!("{refused} {refused:?}").contains("s3cr3t"));
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_confirmed_is_durable_whatever_the_databases_default() {
        let server = testkit::postgres::Postgres::given_or_started().await;
        for (default, used) in [
            ("off", "on"),
            ("local", "local"),
            ("remote_apply", "remote_apply"),
        ] {
            let address = server.database().await;
            let name = address.rsplit('/').next().unwrap_or_default();
            let alter = format!("ALTER DATABASE {name} SET synchronous_commit = {default}");
            server.sql(&address, &alter).await;
            let mut connection = new(&address).unwrap().connection().await.unwrap();
            let setting: String = sqlx::query_scalar("SELECT current_setting('synchronous_commit')")
                .fetch_one(&mut *connection)
                .await
                .unwrap();
            assert_eq!(setting, used);
        }
    }
}
