//! What is acceptable as a secret, in the caller's words.

use domain::secret::{
    LEAST_VALUE, MOST_IN_SCOPE, MOST_NAME, MOST_SCOPE_BYTES, MOST_VALUE, Unfit, check_name, check_value,
};
use ports::secrets::SecretWritten;
use protocol::ProblemCode;
use serde::de::DeserializeOwned;

use crate::{AppError, Outcome, error::sentence, idempotency};

pub(super) fn name(name: &str) -> Result<(), AppError> {
    check_name(name).map_err(refused)
}

pub(super) fn value(value: &str) -> Result<(), AppError> {
    check_value(value).map_err(refused)
}

/// The value itself is in none of these.
fn refused(unfit: Unfit) -> AppError {
    let (field, limit) = match unfit {
        Unfit::Name => ("name", Some(MOST_NAME as u64)),
        Unfit::Reserved => ("name", None),
        Unfit::TooShort => ("value", Some(LEAST_VALUE as u64)),
        Unfit::TooLong => ("value", Some(MOST_VALUE as u64)),
        Unfit::Nul => ("value", None),
        Unfit::TooMany => ("scope", Some(MOST_IN_SCOPE as u64)),
        Unfit::TooMuch => ("scope", Some(MOST_SCOPE_BYTES)),
    };
    let mut error = AppError::invalid(field, sentence(&unfit.to_string()));
    if matches!(unfit, Unfit::TooMany | Unfit::TooMuch) {
        error.code = ProblemCode::Conflict;
    }
    error.limit = limit;
    error
}

/// What a write came to. `absent` says what its refusal means here.
pub(super) fn written<T: DeserializeOwned>(
    written: SecretWritten,
    value: T,
    absent: impl FnOnce() -> AppError,
) -> Result<Outcome<T>, AppError> {
    match written {
        SecretWritten::Written(written) => idempotency::written(written, value, absent),
        SecretWritten::Full(unfit) => Err(refused(unfit)),
    }
}
