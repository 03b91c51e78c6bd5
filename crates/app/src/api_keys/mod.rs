//! API keys of an organisation.

mod create;
mod list;
mod revoke;

use std::collections::BTreeSet;

use domain::tenancy::Scope;

fn scope_words(scopes: &BTreeSet<Scope>) -> Vec<String> {
    scopes.iter().map(|scope| scope.as_str().to_owned()).collect()
}
