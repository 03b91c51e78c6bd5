//! From PostgreSQL's error codes to what the port says.

use ports::StoreError;

/// What was going on: a write that breaks off may have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    Connect,
    Read,
    Write,
}

pub(crate) fn store(doing: Doing, error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(said) => {
            let code = said.code().unwrap_or_default().into_owned();
            let text = format!("{} ({code})", said.message());
            match (code.get(..2).unwrap_or_default(), code.as_str()) {
                (_, "53100") => StoreError::Full,
                // The value itself: too long, no such character, against a constraint.
                ("22" | "23", _) if doing == Doing::Write => StoreError::Invalid(text),
                // It was stopped or crashed in the middle of something.
                (_, "57P01" | "57P02") if doing == Doing::Write => StoreError::Unknown(text),
                // A missing table or right is for the operator to mend, and the write then succeeds.
                _ => StoreError::Unavailable(text),
            }
        }
        sqlx::Error::PoolTimedOut => StoreError::Unavailable("no connection to PostgreSQL in time".into()),
        sqlx::Error::PoolClosed => StoreError::Unavailable("the server is shutting down".into()),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StoreError::Corrupt(error.to_string()),
        sqlx::Error::Encode(_) => StoreError::Invalid(error.to_string()),
        // The address could not be used; its text may have what the address has.
        sqlx::Error::Configuration(_) => {
            StoreError::Unavailable("PostgreSQL cannot be reached with these settings".into())
        }
        _ if doing == Doing::Write => StoreError::Unknown(error.to_string()),
        _ => StoreError::Unavailable(error.to_string()),
    }
}
