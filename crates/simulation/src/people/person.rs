//! Answers what the agent asks, some time after it asks; looks at the session now and then.

use domain::session::Command;
use protocol::runner::PermissionReply;

use super::{
    author,
    call::{Outcome, call},
};
use crate::world::Shared;

pub(super) async fn answer(world: Shared, place: usize) {
    let Some(spot) = world.sessions.get(place) else {
        return;
    };
    let id = spot.id().await;
    loop {
        world.sleep(200, 30_000).await;
        if world.oracle().is_deleted(id) {
            return;
        }
        let (permission, question) = {
            let oracle = world.oracle();
            let state = oracle.get(id).map(|truth| &truth.state);
            (
                state.and_then(|state| state.permissions.keys().next().cloned()),
                state.and_then(|state| state.questions.keys().next().cloned()),
            )
        };
        let (request, command) = match (permission, question) {
            (Some(request), _) => (
                request.clone(),
                Command::AnswerPermission {
                    permission_id: request,
                    reply: PermissionReply::Once,
                    message: None,
                    by: author(),
                },
            ),
            (None, Some(request)) => (
                request.clone(),
                Command::AnswerQuestion {
                    question_id: request,
                    answers: vec![vec!["yes".into()]],
                    rejected: false,
                    by: author(),
                },
            ),
            (None, None) => continue,
        };
        let outcome = call(
            &world,
            move |host| {
                let command = command.clone();
                async move { host.command(id, command, None).await }
            },
            move |world, _| {
                let held = world.oracle().told_answered(id, &request);
                world.judge(held);
            },
        )
        .await;
        if let Outcome::Refused(error) = outcome {
            world.note_error("an answer is refused", error);
        }
    }
}
