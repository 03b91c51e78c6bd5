//! Version 1 of the API.

pub(crate) mod agents;
pub(crate) mod api_keys;
pub(crate) mod artifacts;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod bundles;
pub(crate) mod environments;
pub(crate) mod events;
pub(crate) mod feed;
pub(crate) mod invitations;
pub(crate) mod limits;
pub(crate) mod me;
pub(crate) mod model_providers;
pub(crate) mod models;
pub(crate) mod orgs;
pub(crate) mod prompts;
pub(crate) mod requests;
pub(crate) mod runs;
pub(crate) mod secrets;
pub(crate) mod service_accounts;
pub(crate) mod sessions;
pub(crate) mod tickets;
pub(crate) mod usage;
pub(crate) mod work;

use app::ListQuery;
use serde::Deserialize;

/// Query of a list that has no filters.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// `next_cursor` of the page before.
    #[serde(default)]
    #[param(pattern = "^[0-9A-Fa-f]{32}$")]
    pub(crate) cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u64>,
}

impl From<ListParams> for ListQuery {
    fn from(params: ListParams) -> Self {
        Self {
            cursor: params.cursor,
            limit: params.limit,
        }
    }
}
