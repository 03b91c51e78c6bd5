//! Streams of events: the session's and the feed's, asked for by everybody.

use axum::body::{Body, HttpBody};
use domain::policy::Action::ReadSessions;
use http::{Request, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::{
    caller::Who,
    row::{Asks::Policy, Payload, Row},
    snapshot::{difference, settled},
    stage::{MARK, Stage},
    visit::{Expected, expected},
};

fn streamed(mut request: Request<Body>) -> Request<Body> {
    request
        .headers_mut()
        .insert(header::ACCEPT, "text/event-stream".parse().unwrap());
    request
}

#[tokio::test]
async fn everybody_at_the_streams() {
    let stage = Stage::new().await;
    let foreign = stage.owner.org_id;
    let stream = |path| Row::new("GET", path, Policy(&[ReadSessions]), 200);
    let targets = [
        (
            stream("/v1/sessions/{id}/events"),
            format!("/v1/sessions/{}/events", stage.busy),
        ),
        (stream("/v1/events"), "/v1/events".to_owned()),
        (stream("/v1/events").aimed(), format!("/v1/events?org={foreign}")),
        // From a page, not as a stream: the same words.
        (
            stream("/v1/events").aimed(),
            format!("/v1/events?org={foreign}&after=0&limit=1"),
        ),
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
            let request = streamed(credential.request("GET", target, &Payload::Nothing));
            let response = stage.house.router.clone().oneshot(request).await.unwrap();
            match expected(row, *who) {
                Expected::Done => {
                    assert_eq!(response.status(), 200, "{at}");
                    assert_eq!(
                        response.headers()[header::CONTENT_TYPE],
                        "text/event-stream",
                        "{at}"
                    );
                    assert!(!response.body().is_end_stream(), "{at}");
                }
                Expected::Refused { status, .. } => {
                    assert_eq!(response.status(), status, "{at}");
                    let body = response.into_body().collect().await.unwrap().to_bytes();
                    let text = String::from_utf8_lossy(&body).to_lowercase();
                    assert!(
                        !text.contains(MARK) && !text.contains(&foreign.to_string()),
                        "{at}: {text}"
                    );
                }
            }
        }
    }
    assert_eq!(difference(&before, &settled(&stage).await, true), None);
    println!("{cells} cells");
}
