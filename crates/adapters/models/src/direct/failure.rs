//! What went wrong with a request, in words that hold neither key nor full URL.

use std::{error::Error, fmt::Write};

use ports::model_gateway::ModelError;

use super::lookup::NameRefused;

/// The provider gave no answer.
pub(super) fn before(place: &str, error: reqwest::Error) -> ModelError {
    let error = error.without_url();
    if let Some(refused) = find::<NameRefused>(&error) {
        return ModelError::AddressNotAllowed(refused.to_string());
    }
    ModelError::Unreachable(words(place, &error))
}

/// The answer broke off.
pub(super) fn within(place: &str, error: reqwest::Error) -> ModelError {
    ModelError::Interrupted(words(place, &error.without_url()))
}

fn words(place: &str, error: &reqwest::Error) -> String {
    let mut text = place.to_owned();
    if error.is_timeout() {
        text.push_str(": timed out");
    }
    let mut last = String::new();
    for cause in chain(error).skip(1) {
        let cause = cause.to_string();
        if !last.contains(&cause) {
            let _ = write!(text, ": {cause}");
        }
        last = cause;
    }
    text.chars().take(500).collect()
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|cause| cause.downcast_ref::<E>())
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}
