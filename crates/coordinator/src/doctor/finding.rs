//! One thing the doctor found.

use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Ok,
    /// Works, but worth knowing.
    Warn,
    /// Would break a run.
    Fail,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Finding {
    pub(super) check: &'static str,
    pub(super) status: Status,
    pub(super) detail: String,
    /// What to do; absent when nothing is to be done.
    pub(super) remedy: Option<String>,
}

impl Finding {
    fn new(check: &'static str, status: Status, detail: impl Into<String>, remedy: &str) -> Self {
        Self {
            check,
            status,
            detail: detail.into(),
            remedy: (!remedy.is_empty()).then(|| remedy.to_owned()),
        }
    }

    pub(super) fn ok(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, Status::Ok, detail, "")
    }

    pub(super) fn warn(check: &'static str, detail: impl Into<String>, remedy: &str) -> Self {
        Self::new(check, Status::Warn, detail, remedy)
    }

    pub(super) fn fail(check: &'static str, detail: impl Into<String>, remedy: &str) -> Self {
        Self::new(check, Status::Fail, detail, remedy)
    }
}
