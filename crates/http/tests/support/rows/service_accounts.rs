//! `/v1/service-accounts`, and `/v1/limits`.

use domain::policy::Action::{ManageServiceAccounts, ReadMembers, ReadOrganisation};
use serde_json::json;

use crate::row::{Asks::Policy, Payload::Json, Row};

pub(crate) fn rows() -> Vec<Row> {
    let one = "/v1/service-accounts/{id}";
    vec![
        Row::new("GET", "/v1/service-accounts", Policy(&[ReadMembers]), 200),
        Row::new(
            "POST",
            "/v1/service-accounts",
            Policy(&[ManageServiceAccounts]),
            201,
        )
        .payload(|_| Json(json!({"name": "matrix", "role": "member"}))),
        Row::new("PATCH", one, Policy(&[ManageServiceAccounts]), 200)
            .with("id", |stage| stage.robot.clone())
            .payload(|_| Json(json!({"name": "matrix"}))),
        Row::new("DELETE", one, Policy(&[ManageServiceAccounts]), 204)
            .with("id", |stage| stage.robot.clone()),
        // How many requests are left is another number each time.
        Row::new("GET", "/v1/limits", Policy(&[ReadOrganisation]), 200).unsteady(),
    ]
}
