//! Counts what comes from somebody who is not known, by the address that it comes from.

use std::net::IpAddr;

use protocol::ProblemCode;

use super::place;
use crate::{App, AppError};

impl App {
    /// A credential was looked up and is wrong: past the limit of its address the answer is to wait, instead of that it is
    /// wrong. Asked for wrong ones alone, so whatever else an address sends, its valid credentials are served.
    #[must_use]
    pub fn refused_credential(&self, error: AppError, from: Option<IpAddr>) -> AppError {
        if error.code != ProblemCode::Unauthenticated {
            return error;
        }
        let (limiter, now) = (self.limiter(), self.now());
        let rate = limiter.rates.failed;
        let level = limiter.failed.with(place(from), |bucket| bucket.take(rate, now));
        if level.taken {
            return error;
        }
        AppError::new(
            ProblemCode::RateLimited,
            "Too many wrong credentials came from this address. Valid ones are served all the same.",
        )
        .limit(rate.per_s().into())
        .retry_after_s(level.next_in_s.max(1))
    }

    /// A request to what is open to everybody.
    ///
    /// # Errors
    /// `rate_limited` past the limit of its address.
    pub fn admit_visitor(&self, from: Option<IpAddr>) -> Result<(), AppError> {
        let (limiter, now) = (self.limiter(), self.now());
        let rate = limiter.rates.open;
        let level = limiter.open.with(place(from), |bucket| bucket.take(rate, now));
        if level.taken {
            return Ok(());
        }
        Err(AppError::new(
            ProblemCode::RateLimited,
            "Too many requests without a credential came from this address. Wait a moment.",
        )
        .limit(rate.per_s().into())
        .retry_after_s(level.next_in_s.max(1)))
    }
}
