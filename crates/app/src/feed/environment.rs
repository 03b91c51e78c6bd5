//! Tells that an environment was made, changed or removed.

use std::time::Duration;

use domain::tenancy::Actor;
use ports::event_bus::Publication;
use protocol::{EnvironmentId, OrgEventBody, Timestamp, event::EnvironmentChanged};

use crate::App;

/// A caller waits this long for the feed, so that who has the answer finds the event; then it is told without them.
const PATIENCE: Duration = Duration::from_secs(2);

impl App {
    /// Under a key that a repeat of the request finds again: a crash after the change and before the event is made up
    /// for by the caller who got no answer and asks again.
    pub(crate) async fn tell_environment(
        &self,
        actor: &Actor,
        id: EnvironmentId,
        change: &'static str,
        version: Option<Timestamp>,
    ) {
        let version = version.map_or(0, Timestamp::as_ms);
        let publication = Publication {
            org: actor.org,
            session: None,
            at: self.now(),
            body: OrgEventBody::EnvironmentChanged(EnvironmentChanged {
                environment_id: id,
                change: change.to_owned(),
            }),
            key: format!("{id}:{change}:{version}"),
        };
        let feed = self.sessions().feed().clone();
        let told = tokio::spawn(async move {
            if let Err(error) = feed.publish(vec![publication]).await {
                tracing::warn!(environment.id = %id, %error, "a change of an environment was not told");
            }
        });
        // Late is no failure of the change.
        let _ = tokio::time::timeout(PATIENCE, told).await;
    }
}
