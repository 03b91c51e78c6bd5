//! The session's socket and the feed's, opened by everybody; and what a viewer may not do through one that is open.

use domain::policy::Action::ReadSessions;
use domain::tenancy::Role;
use serde_json::json;

use crate::{
    caller::{Standing, Who},
    row::{Asks::Policy, Row},
    snapshot::{difference, settled},
    stage::{MARK, Stage},
    visit::{Expected, expected},
    web_socket::Socket,
};

#[tokio::test]
async fn everybody_at_the_sockets() {
    let stage = Stage::new().await;
    let address = stage.house.listen().await;
    let (own, foreign) = (stage.stranger.org_id, stage.owner.org_id);
    let socket = |path, aimed| {
        let row = Row::new("GET", path, Policy(&[ReadSessions]), 101);
        if aimed { row.aimed() } else { row }
    };
    // With the row that says what is expected, and the target.
    let targets = [
        (
            socket("/v1/sessions/{id}/ws", true),
            format!("/v1/sessions/{}/ws", stage.busy),
        ),
        (socket("/v1/events", false), "/v1/events".to_owned()),
        (socket("/v1/events", true), format!("/v1/events?org={foreign}")),
    ];
    let mut callers = Vec::new();
    for who in Who::ALL {
        callers.push((*who, stage.credential(*who).await));
    }
    let before = settled(&stage).await;
    let mut cells = 0;
    for (row, target) in &targets {
        for (who, credential) in &callers {
            cells += 1;
            let at = format!("{target} as {who:?}");
            let opened = Socket::open(&address, target, &credential.headers(&address)).await;
            match (expected(row, *who), opened) {
                (Expected::Refused { status, .. }, Err(got)) => assert_eq!(got, status, "{at}"),
                (Expected::Done, Ok(mut socket)) => {
                    let hello = socket.next().await.unwrap_or_else(|| panic!("{at}: closed"));
                    assert_eq!(hello["type"], "hello", "{at}");
                    if matches!(who.standing(), Standing::Stranger { .. }) {
                        assert_eq!(hello["org_id"], own.to_string(), "{at}");
                        assert!(!hello.to_string().to_lowercase().contains(MARK), "{at}: {hello}");
                    }
                }
                (expected, opened) => panic!("{at}: {expected:?}, but {:?}", opened.err()),
            }
        }
    }
    assert_eq!(difference(&before, &settled(&stage).await, true), None);
    println!("{cells} cells");
}

#[tokio::test]
async fn a_viewer_reads_a_socket_and_drives_nothing() {
    let stage = Stage::new().await;
    let address = stage.house.listen().await;
    let credential = stage.credential(Who::Key(Role::Viewer)).await;
    let before = settled(&stage).await;
    let path = format!("/v1/sessions/{}/ws", stage.busy);
    let mut socket = Socket::open(&address, &path, &credential.headers(&address))
        .await
        .ok()
        .unwrap();
    socket.send(json!({"type": "subscribe", "after": 0})).await;
    socket.until("caught_up").await;
    let frames = [
        json!({"type": "prompt", "text": "x"}),
        json!({"type": "cancel", "prompt_id": stage.queued}),
        json!({"type": "interrupt"}),
        json!({"type": "permission", "permission_id": "per_zanzibar", "reply": "once"}),
        json!({"type": "answer", "question_id": "que_zanzibar", "answers": [["A"]]}),
    ];
    for frame in &frames {
        socket.send(frame.clone()).await;
        assert_eq!(socket.until("error").await["code"], "forbidden", "{frame}");
    }
    assert_eq!(difference(&before, &settled(&stage).await, true), None);
    println!("{} cells", frames.len());
}
