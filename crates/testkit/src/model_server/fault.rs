//! How the server can misbehave.

use std::time::Duration;

/// One way to misbehave.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The connection breaks after so many frames of the stream.
    CloseAfter { frames: usize },
    /// Nothing more comes after so many frames; the connection stays open.
    SilenceAfter { frames: usize },
    /// Not even headers.
    NoAnswer,
    /// Before each frame.
    Slow { pause: Duration },
    /// An error status with an honest body of its kind.
    Status { status: u16, retry_after: Option<u32> },
    /// An answer as given.
    Raw {
        status: u16,
        content_type: String,
        body: String,
    },
    /// No usage anywhere in the answer.
    NoUsage,
    /// The stream ends without its closing marker.
    NoEnd,
}

/// How often a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    Always,
    First(u32),
}

#[derive(Debug)]
pub(super) struct Planned {
    model: Option<String>,
    fault: Fault,
    times: Times,
}

impl Planned {
    pub(super) fn new(model: Option<&str>, fault: Fault, times: Times) -> Self {
        Self {
            model: model.map(str::to_owned),
            fault,
            times,
        }
    }
}

/// The fault due for a request, used up by one.
pub(super) fn due(planned: &mut [Planned], model: Option<&str>) -> Option<Fault> {
    for plan in planned {
        let fits = plan.model.is_none() || plan.model.as_deref() == model;
        match &mut plan.times {
            _ if !fits => {}
            Times::Always => return Some(plan.fault.clone()),
            Times::First(0) => {}
            Times::First(left) => {
                *left -= 1;
                return Some(plan.fault.clone());
            }
        }
    }
    None
}
