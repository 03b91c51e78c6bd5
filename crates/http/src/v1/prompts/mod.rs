//! `/v1/sessions/{id}/prompts`.

pub(crate) mod attachment;
pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod list;
