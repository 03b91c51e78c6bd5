//! One row of the matrix: what an operation asks of the policy, and how to make a request that would succeed.

use domain::policy::Action;
use serde_json::Value;

use crate::stage::Stage;

/// What an operation asks of its caller before anything else.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asks {
    /// Nothing: it answers everybody alike.
    Nothing,
    /// Any valid credential.
    Anyone,
    /// A person's browser session, whatever the role; a key is refused.
    Person,
    /// A person's browser session of the organisation that the path names, and these actions; its keys are refused.
    PersonInside(&'static [Action]),
    /// The credential of a sandbox: no user's will do.
    Runner,
    /// These actions of the policy's table, in this order.
    Policy(&'static [Action]),
    /// The same, but for those of the organisation who may not, what it names is not there.
    Hidden(&'static [Action]),
}

/// What a request carries.
#[derive(Debug, Clone)]
pub(crate) enum Payload {
    Nothing,
    Json(Value),
    Bytes(&'static str, Vec<u8>),
}

type Fill = fn(&Stage) -> String;

/// See the module. Made with [`Row::new`] and completed by the methods below it.
pub(crate) struct Row {
    pub(crate) method: &'static str,
    /// As in the description.
    pub(crate) path: &'static str,
    pub(crate) asks: Asks,
    /// What the one who may gets.
    pub(crate) done: u16,
    /// Names a thing of the victim's, in its path or elsewhere: for a stranger it is not there.
    pub(crate) aimed: bool,
    /// What it reads is the same twice, so it can show that nothing changed.
    pub(crate) steady: bool,
    parameters: Vec<(&'static str, Fill)>,
    query: Option<Fill>,
    payload: Option<fn(&Stage) -> Payload>,
}

impl Row {
    pub(crate) fn new(method: &'static str, path: &'static str, asks: Asks, done: u16) -> Self {
        Self {
            method,
            path,
            asks,
            done,
            aimed: path.contains('{'),
            steady: method == "GET",
            parameters: Vec::new(),
            query: None,
            payload: None,
        }
    }

    /// What to put into the path for `{name}`: something of the victim's.
    pub(crate) fn with(mut self, name: &'static str, fill: Fill) -> Self {
        self.parameters.push((name, fill));
        self
    }

    /// With the question mark.
    pub(crate) fn query(mut self, query: Fill) -> Self {
        self.query = Some(query);
        self
    }

    /// A body with which the one who may succeeds.
    pub(crate) fn payload(mut self, payload: fn(&Stage) -> Payload) -> Self {
        self.payload = Some(payload);
        self
    }

    /// The body or the query names something of the victim's, though the path does not.
    pub(crate) fn aimed(mut self) -> Self {
        self.aimed = true;
        self
    }

    /// The path names nothing that belongs to anybody.
    pub(crate) fn aimless(mut self) -> Self {
        self.aimed = false;
        self
    }

    /// Tells of other things than the organisation, or something else each time.
    pub(crate) fn unsteady(mut self) -> Self {
        self.steady = false;
        self
    }

    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(crate) fn only_reads(&self) -> bool {
        self.method == "GET"
    }

    /// Path and query, aimed at the victim.
    pub(crate) fn target(&self, stage: &Stage) -> String {
        let path = self
            .parameters
            .iter()
            .fold(self.path.to_owned(), |path, (name, fill)| {
                let parameter = format!("{{{name}}}");
                assert!(path.contains(&parameter), "{} has no {parameter}", self.path);
                path.replace(&parameter, &fill(stage))
            });
        assert!(
            !path.contains('{'),
            "say with `.with(..)` what to put into {path}"
        );
        let query = self.query.map(|query| query(stage)).unwrap_or_default();
        format!("{path}{query}")
    }

    pub(crate) fn body(&self, stage: &Stage) -> Payload {
        self.payload.map_or(Payload::Nothing, |payload| payload(stage))
    }
}
