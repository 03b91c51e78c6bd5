//! What the attacks share: a stage, what it was like before, and a count.

use axum::body::Body;
use http::{Request, header};

use crate::{
    caller::{Credential, Who},
    house::Answer,
    row::{Asks, Payload, Row},
    rows,
    snapshot::{Snapshot, difference, settled},
    stage::{MARK, Stage},
};

pub(crate) struct Range {
    pub(crate) stage: Stage,
    /// The victim's owner, in a browser and with a key.
    pub(crate) browser: Credential,
    pub(crate) key: Credential,
    before: Snapshot,
    cases: usize,
}

impl Range {
    pub(crate) async fn new() -> Self {
        let stage = Stage::new().await;
        Self::around(stage).await
    }

    pub(crate) async fn around(stage: Stage) -> Self {
        let browser = stage.credential(Who::Browser(domain::tenancy::Role::Owner)).await;
        let key = Credential::key(&stage.owner.api_key);
        let before = settled(&stage).await;
        Self {
            stage,
            browser,
            key,
            before,
            cases: 0,
        }
    }

    /// Sends one attack, which has to be refused as one of these problems.
    pub(crate) async fn refused(&mut self, request: Request<Body>, problems: &[&str], at: &str) -> Answer {
        let answer = self.sent(request, at).await;
        assert!(
            answer.status.is_client_error(),
            "{at}: {} {}",
            answer.status,
            answer.text()
        );
        let problem = answer.problem();
        assert!(
            problems.contains(&problem.as_str()),
            "{at}: {problem}: {}",
            answer.text()
        );
        answer
    }

    /// Sends one that may be answered in any way but with a failure of the server.
    pub(crate) async fn sent(&mut self, request: Request<Body>, at: &str) -> Answer {
        self.cases += 1;
        let answer = self.stage.house.send(request).await;
        assert!(answer.status.as_u16() < 500, "{at}: {}", answer.text());
        answer
    }

    /// Nothing of the victim's changed; the log and the feed may tell what was refused.
    pub(crate) async fn unharmed(&self, at: &str) {
        assert_eq!(
            difference(&self.before, &settled(&self.stage).await, true),
            None,
            "{at}"
        );
    }

    /// The end: how many cases there were.
    pub(crate) async fn over(self, at: &str) -> String {
        self.unharmed(at).await;
        format!("{} cases", self.cases)
    }
}

/// Something of the victim's in an answer.
pub(crate) fn leak(stage: &Stage, answer: &Answer) -> Option<String> {
    let text = format!("{:?}{}", answer.headers, answer.text()).to_lowercase();
    let mut marks = stage.ids();
    marks.push(MARK.to_owned());
    marks.into_iter().find(|mark| text.contains(&mark.to_lowercase()))
}

/// Rows that change something.
pub(crate) fn mutations() -> Vec<Row> {
    rows::all().into_iter().filter(|row| !row.only_reads()).collect()
}

/// Rows that somebody has to be known for.
pub(crate) fn private(rows: Vec<Row>) -> Vec<Row> {
    rows.into_iter()
        .filter(|row| !matches!(row.asks, Asks::Nothing | Asks::Runner))
        .collect()
}

/// The request that would succeed, as JSON.
pub(crate) fn json_of(row: &Row, stage: &Stage) -> Option<serde_json::Value> {
    match row.body(stage) {
        Payload::Json(body) => Some(body),
        Payload::Nothing | Payload::Bytes(..) => None,
    }
}

/// A request with a body of any kind, by whom the row lets in.
pub(crate) fn raw(
    range: &Range,
    row: &Row,
    content_type: Option<&str>,
    body: impl Into<Body>,
) -> Request<Body> {
    let credential = if matches!(row.asks, Asks::Person | Asks::PersonInside(_)) {
        &range.browser
    } else {
        &range.key
    };
    let mut request = credential.request(row.method, &row.target(&range.stage), &Payload::Nothing);
    if let Some(kind) = content_type {
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, kind.parse().unwrap());
    }
    *request.body_mut() = body.into();
    request
}
