//! Makes a session, asking again with the same key until it is told that there is one.

use std::sync::Arc;

use domain::session::Profile;
use ports::Clock;
use protocol::{
    SessionId,
    session::{PermissionMode, Repository},
};
use sessions::Created;

use super::{
    author, binding,
    call::{Outcome, call, entry},
    org,
};
use crate::world::{Shared, lock};

pub(super) async fn create(world: Shared, place: usize) {
    let Some(spot) = world.sessions.get(place) else {
        return;
    };
    if lock(&spot.id).is_some() {
        return;
    }
    let key = format!("create {place}");
    loop {
        // Each attempt is a request of its own, with an id of its own.
        let id = SessionId::new(
            world.clock.now().as_ms(),
            u128::from(world.draw(crate::rng::Rng::next)),
        );
        let profile = profile(&world, id, place);
        let (at, told) = (Arc::clone(&world), key.clone());
        let entry_key = key.clone();
        let outcome = call(
            &world,
            move |host| {
                let (profile, entry) = (profile.clone(), entry(&at, &entry_key, 1));
                async move { host.create(profile, None, Some(entry)).await }
            },
            move |world, created| {
                let id = id_of(created);
                world.note(|| format!("{id} is announced"));
                let held = world.oracle().told_created(&told, id);
                world.judge(held);
            },
        )
        .await;
        match outcome {
            Outcome::Answered(created) => {
                *lock(&spot.id) = Some(id_of(&created));
                spot.known.notify_waiters();
                return;
            }
            Outcome::Refused(error) => world.judge(Err(format!("I1: creation {place} was refused: {error}"))),
            Outcome::Unknown => world.sleep(10, 2_000).await,
        }
    }
}

fn id_of(created: &Created) -> SessionId {
    let (Created::New { view, .. } | Created::Existing { view }) = created;
    view.state
        .profile
        .as_ref()
        .map_or(SessionId::from_bits(0), |profile| profile.id)
}

fn profile(world: &Shared, id: SessionId, place: usize) -> Profile {
    Profile {
        id,
        org: org(),
        created_by: author(),
        created_at: world.clock.now(),
        agent: "scripted".into(),
        model: "demo/scripted".into(),
        binding: binding(),
        permissions: PermissionMode::Ask,
        title: Some("t".into()),
        // With a repository, a sandbox is asked for at once.
        repository: (place % 2 == 1).then(|| Repository {
            url: "https://git.example.org/o/n.git".into(),
            reference: None,
        }),
        environment_id: None,
        setup: Vec::new(),
        git_token: None,
    }
}
