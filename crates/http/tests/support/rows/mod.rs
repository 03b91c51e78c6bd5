//! One row for each operation of the description, by noun.
//!
//! To add one: find the file of its noun, or make it and put its name into the list below. Say what the operation asks of
//! the policy, what the one who may gets, what of the victim's goes into the path, and a body with which it succeeds.

use crate::row::Row;

/// The one list of nouns. Each has a file here with a function `rows`.
macro_rules! for_each_noun {
    ($then:ident) => {
        $then! {
            api_keys,
            artifacts,
            audit,
            auth,
            bundles,
            environments,
            events,
            invitations,
            me,
            model_providers,
            models,
            orgs,
            prompts,
            requests,
            runs,
            secrets,
            server,
            service_accounts,
            sessions,
            work,
        }
    };
}

macro_rules! collect {
    ($($noun:ident,)+) => {
        $(pub(crate) mod $noun;)+

        /// All rows.
        pub(crate) fn all() -> Vec<Row> {
            let mut all = Vec::new();
            $(all.extend($noun::rows());)+
            all
        }
    };
}

for_each_noun!(collect);
