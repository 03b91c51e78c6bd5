//! What endpoints take from a request. Order matters: who calls (401), whether the thing is there for them (404),
//! and only then whether the query and the body are well formed (400), so that a foreign id never tells itself
//! from an unknown one.

mod access;
mod address;
mod body;
mod caller;
pub(crate) mod cookie;
mod deletion;
mod key_access;
mod limit;
mod organisation;
mod origin;
mod query;
mod visitor;

pub(crate) use access::{
    EnvironmentAccess, ModelProviderAccess, SecretAccess, SessionAccess, SocketAccess, path_id, path_text,
};
pub(crate) use address::ClientAddress;
pub(crate) use body::{Mutation, streamed_key};
pub(crate) use caller::{Authenticated, InBrowser, ORG, Whoever, asked, bearer, note, surely_own_page};
pub(crate) use deletion::Deletion;
pub(crate) use key_access::{ApiKeyAccess, ServiceAccountAccess};
pub(crate) use limit::{admit, visitors, wrong};
pub(crate) use organisation::{OrgAccess, OrgOfPerson};
pub(crate) use query::Params;
pub(crate) use visitor::{Returning, Visitor};
