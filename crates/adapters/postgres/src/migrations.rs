//! The schema, in steps: forward only, each in a transaction, under a lock that all servers respect. Steps are never
//! edited, only added.

use ports::StoreError;
use sqlx::{
    PgPool, SqlSafeStr,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use crate::error::{Doing, store};

const RUNS: &[(i64, &str, &str)] = &[
    (1, "run", include_str!("../migrations/runs/0001_run.sql")),
    (
        2,
        "retention",
        include_str!("../migrations/runs/0002_retention.sql"),
    ),
];

/// Takes the steps that the database has not taken yet.
pub(crate) async fn run(pool: &PgPool) -> Result<(), StoreError> {
    let steps = RUNS.iter().map(|(version, name, sql)| {
        Migration::new(
            *version,
            (*name).into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    let mut migrator = Migrator::with_migrations(steps.collect());
    // The database may be another program's, too.
    migrator.dangerous_set_table_name("coordinator_runs_migrations");
    match migrator.run(pool).await {
        Ok(()) => Ok(()),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            let said = matches!(error, sqlx::Error::Database(_));
            Err(match store(Doing::Connect, &error) {
                // Refused, as opposed to not reached.
                StoreError::Unavailable(text) if said => {
                    StoreError::Unavailable(format!("the tables could not be made: {text}"))
                }
                other => other,
            })
        }
        Err(MigrateError::VersionMissing(version)) => Err(StoreError::Unavailable(format!(
            "the tables have format {version}, this build knows up to {}: they were made by a newer version",
            RUNS.len()
        ))),
        Err(error) => Err(StoreError::Unavailable(format!(
            "the tables could not be made: {error}"
        ))),
    }
}
