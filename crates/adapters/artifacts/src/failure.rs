//! What a failure of the store means at the port. Its words are for the log; none of them holds a credential.

use std::{error::Error, io};

use object_store::Error as Failure;
use ports::StoreError;

/// A failure while nothing can have happened, or while it does not matter whether it has.
pub(crate) fn meaning(failure: Failure) -> StoreError {
    let full = deepest_io(&failure).is_some_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        )
    });
    if full {
        return StoreError::Full;
    }
    let said = chain(&failure);
    if ["QuotaExceeded", "StorageFull", "507 Insufficient"]
        .iter()
        .any(|word| said.contains(word))
    {
        return StoreError::Full;
    }
    StoreError::Unavailable(said)
}

/// Whether there is nothing at that place.
pub(crate) fn is_absent(failure: &Failure) -> bool {
    matches!(failure, Failure::NotFound { .. })
}

fn deepest_io(failure: &Failure) -> Option<&io::Error> {
    let mut next: Option<&(dyn Error + 'static)> = Some(failure);
    let mut found = None;
    while let Some(error) = next {
        found = error.downcast_ref::<io::Error>().or(found);
        next = error.source();
    }
    found
}

/// The failure with its causes, bounded: what a server answers can be a whole page.
fn chain(failure: &Failure) -> String {
    let mut said = failure.to_string();
    let mut next = failure.source();
    while let Some(error) = next {
        let more = error.to_string();
        if !said.contains(&more) {
            said.push_str(": ");
            said.push_str(&more);
        }
        next = error.source();
    }
    said.chars().filter(|c| !c.is_control()).take(600).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_known_behind_other_errors() {
        let full = Failure::Generic {
            store: "test",
            source: Box::new(io::Error::from(io::ErrorKind::StorageFull)),
        };
        assert!(matches!(meaning(full), StoreError::Full));
        let other = Failure::Generic {
            store: "test",
            source: Box::new(io::Error::from(io::ErrorKind::BrokenPipe)),
        };
        assert!(matches!(meaning(other), StoreError::Unavailable(_)));
    }
}
