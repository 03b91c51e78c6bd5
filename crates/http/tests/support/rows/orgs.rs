//! `/v1/orgs`: organisations, members, invitations.

use domain::policy::Action::{
    DeleteOrganisation, ManageMembers, ManageOwners, ReadMembers, ReadOrganisation, UpdateOrganisation,
};
use domain::tenancy::Role;
use serde_json::json;

use crate::row::{
    Asks::{self, Person, PersonInside, Policy},
    Payload::Json,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    let of_org = |method, path, asks: Asks, done| {
        Row::new(method, path, asks, done).with("id", |stage| stage.owner.org_id.to_string())
    };
    let member = "/v1/orgs/{id}/members/{user_id}";
    vec![
        Row::new("GET", "/v1/orgs", Policy(&[ReadOrganisation]), 200),
        Row::new("POST", "/v1/orgs", Person, 201)
            .payload(|stage| Json(json!({"slug": format!("matrix-{}", stage.number())}))),
        of_org("GET", "/v1/orgs/{id}", Policy(&[ReadOrganisation]), 200),
        of_org("PATCH", "/v1/orgs/{id}", Policy(&[UpdateOrganisation]), 200)
            .payload(|_| Json(json!({"name": "matrix"}))),
        of_org("DELETE", "/v1/orgs/{id}", Policy(&[DeleteOrganisation]), 200),
        of_org(
            "POST",
            "/v1/orgs/{id}/restore",
            Policy(&[DeleteOrganisation]),
            200,
        ),
        of_org("GET", "/v1/orgs/{id}/members", Policy(&[ReadMembers]), 200),
        of_org("PATCH", member, Policy(&[ManageMembers]), 200)
            .with("user_id", |stage| stage.viewer.user_id.to_string())
            .payload(|_| Json(json!({"role": "viewer"}))),
        of_org("DELETE", member, Policy(&[ManageMembers]), 204)
            .with("user_id", |stage| stage.viewer.user_id.to_string()),
        // The owner, too, can leave: there is another one.
        Row::new(
            "POST",
            "/v1/orgs/{id}/leave",
            PersonInside(&[ReadOrganisation]),
            204,
        )
        .with("id", |stage| {
            let second = protocol::UserId::from_bits(2);
            let org = stage.owner.org_id;
            stage
                .house
                .fakes
                .identity
                .set_role(org, second, Some(Role::Owner));
            org.to_string()
        }),
        of_org(
            "POST",
            "/v1/orgs/{id}/transfer",
            PersonInside(&[ManageOwners]),
            204,
        )
        .payload(|stage| Json(json!({"user_id": stage.member.user_id}))),
        of_org("GET", "/v1/orgs/{id}/invitations", Policy(&[ManageMembers]), 200),
        of_org("POST", "/v1/orgs/{id}/invitations", Policy(&[ManageMembers]), 201)
            .payload(|_| Json(json!({"role": "member"}))),
        of_org(
            "DELETE",
            "/v1/orgs/{id}/invitations/{invitation_id}",
            Policy(&[ManageMembers]),
            204,
        )
        .with("invitation_id", |stage| stage.invitation.clone()),
    ]
}
