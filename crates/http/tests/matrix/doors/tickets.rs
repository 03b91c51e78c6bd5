//! Tickets: for one thing, of one organisation, once, for a minute, and no longer than who got it.

use std::time::Duration;

use domain::tenancy::Role;
use serde_json::json;

use crate::{
    caller::{Credential, Who},
    house::{Tenant, demo_session},
    stage::Stage,
    web_socket::Socket,
};

async fn ticket(who: &Tenant<'_>, scope: &str) -> String {
    let made = who.post("/v1/tickets", json!({"scope": scope})).await.ok().json();
    made["ticket"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_ticket_opens_what_it_is_for_and_nothing_else() {
    let stage = Stage::new().await;
    let address = stage.house.listen().await;
    let (ana, bo) = (stage.ana(), stage.acting(&stage.stranger));
    let own = bo.id_of("/v1/sessions", demo_session()).await;
    let (victim, home) = (stage.owner.org_id, stage.stranger.org_id);
    let session = |id: &str, ticket: &str| format!("/v1/sessions/{id}/ws?ticket={ticket}");
    let feed = |ticket: &str| format!("/v1/events?ticket={ticket}");
    let open = async |path: String, credential: &Credential| {
        Socket::open(&address, &path, &credential.headers(&address))
            .await
            .map(|_| ())
            .err()
    };
    let nobody = Credential::Nothing;
    let mut cells = 0;
    let mut check = |got: Option<u16>, wanted: Option<u16>, what: &str| {
        cells += 1;
        assert_eq!(got, wanted, "{what}");
    };

    let used = ticket(&ana, &stage.busy).await;
    check(
        open(session(&stage.busy, &used), &nobody).await,
        None,
        "its own session",
    );
    check(
        open(session(&stage.busy, &used), &nobody).await,
        Some(401),
        "a second time",
    );
    let used = ticket(&ana, "events").await;
    check(open(feed(&used), &nobody).await, None, "its own feed");
    check(open(feed(&used), &nobody).await, Some(401), "a second time");

    for (id, what) in [
        (&stage.quiet, "another session of the same organisation"),
        (&own, "a session of another organisation"),
    ] {
        let good = ticket(&ana, &stage.busy).await;
        check(open(session(id, &good), &nobody).await, Some(401), what);
        check(
            open(session(&stage.busy, &good), &nobody).await,
            Some(401),
            "a wrong try uses it up",
        );
    }
    let strangers = ticket(&bo, &own).await;
    check(
        open(session(&stage.busy, &strangers), &nobody).await,
        Some(401),
        "a stranger's ticket for the victim's session",
    );
    check(
        open(feed(&ticket(&bo, &own).await), &nobody).await,
        Some(401),
        "for a session, at the feed",
    );
    check(
        open(session(&own, &ticket(&bo, "events").await), &nobody).await,
        Some(401),
        "for the feed, at a session",
    );
    check(
        open(
            format!("{}&org={victim}", feed(&ticket(&bo, "events").await)),
            &nobody,
        )
        .await,
        Some(404),
        "for one's own feed, at the victim's",
    );
    check(
        open(
            format!("{}&org={home}", feed(&ticket(&bo, "events").await)),
            &nobody,
        )
        .await,
        None,
        "for one's own feed, by name",
    );

    // A key with a ticket is the key.
    let key = stage.credential(Who::StrangerKey).await;
    let good = ticket(&ana, &stage.busy).await;
    check(
        open(session(&stage.busy, &good), &key).await,
        Some(404),
        "a stranger's key wins over a ticket",
    );
    check(
        open(session(&stage.busy, &good), &nobody).await,
        None,
        "and leaves it alone",
    );

    // A page is no socket, and takes no ticket.
    for path in [
        feed(&ticket(&ana, "events").await),
        format!(
            "/v1/sessions/{}?ticket={}",
            stage.busy,
            ticket(&ana, &stage.busy).await
        ),
        format!(
            "/v1/sessions/{}/events?ticket={}",
            stage.busy,
            ticket(&ana, &stage.busy).await
        ),
    ] {
        check(
            Some(stage.house.get(&path).await.status.as_u16()),
            Some(401),
            "a page takes no ticket",
        );
    }

    // It ends with who got it.
    let viewer = stage.acting(&stage.viewer);
    let good = ticket(&viewer, &stage.busy).await;
    let identity = &stage.house.fakes.identity;
    identity.set_role(victim, stage.viewer.user_id, None);
    check(
        open(session(&stage.busy, &good), &nobody).await,
        Some(401),
        "of somebody who was put out",
    );
    identity.set_role(victim, stage.viewer.user_id, Some(Role::Viewer));
    let made = ana.post("/v1/api-keys", json!({"name": "x"})).await.ok().json();
    let lost = Tenant {
        house: &stage.house,
        who: protocol::api::Bootstrapped {
            api_key: made["key"].as_str().unwrap().into(),
            ..stage.owner.clone()
        },
    };
    let good = ticket(&lost, &stage.busy).await;
    ana.delete(&format!("/v1/api-keys/{}", made["id"].as_str().unwrap()))
        .await
        .ok();
    check(
        open(session(&stage.busy, &good), &nobody).await,
        Some(401),
        "of a key that was revoked",
    );
    let late = ticket(&ana, &stage.busy).await;
    stage.house.fakes.clock.advance(Duration::from_secs(61));
    check(
        open(session(&stage.busy, &late), &nobody).await,
        Some(401),
        "too late",
    );
    println!("{cells} cells");
}
