//! What endpoints take from a request. Order matters: who calls (401), whether the thing is there for them (404),
//! and only then whether the query and the body are well formed (400), so that a foreign id never tells itself
//! from an unknown one.

mod access;
mod body;
mod caller;
mod deletion;
mod query;

pub(crate) use access::{
    EnvironmentAccess, ModelProviderAccess, SessionAccess, SocketAccess, path_id, path_text,
};
pub(crate) use body::Mutation;
pub(crate) use caller::{Authenticated, bearer};
pub(crate) use deletion::Deletion;
pub(crate) use query::Params;
