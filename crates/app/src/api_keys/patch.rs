//! Changes an API key: name, scopes, rate. Its text stays.

use domain::{policy::Action, tenancy::Actor};
use ports::identity::KeyChange;
use protocol::{
    ProblemCode,
    api::{ApiKeyInfo, ApiKeyPatch},
};

use super::{OwnApiKey, check_rate, covered, parse_scopes, shown, too_much};
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, identity::Ended, permit::Deed, text};

impl App {
    /// Scopes become fewer, or any that the caller has and whose key the caller may hold.
    ///
    /// # Errors
    /// When policy or a field do not allow it, or the key is revoked.
    pub async fn patch_api_key(
        &self,
        actor: &Actor,
        own: OwnApiKey,
        body: ApiKeyPatch,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<ApiKeyInfo>, AppError> {
        let mut row = own.row;
        self.permit(
            actor,
            Action::ManageOwnKeys,
            Deed::new("api_key.update").on(row.id),
        )
        .await?;
        if let Some(name) = body.name {
            row.name = text::line("name", &name, 100)?;
        }
        if let Some(words) = body.scopes {
            let scopes = parse_scopes(&words)?;
            let narrower = !scopes.is_empty() && (row.scopes.is_empty() || scopes.is_subset(&row.scopes));
            let harmless = narrower || scopes == row.scopes;
            let allowed = harmless || (covered(actor, &scopes) && self.may_hold(actor, &row).await?);
            if !allowed {
                return Err(too_much());
            }
            row.scopes = scopes;
        }
        if let Some(rate) = body.rate_per_s {
            check_rate(rate)?;
            row.rate_per_s = rate;
        }
        let change = KeyChange {
            name: row.name.clone(),
            scopes: row.scopes.clone(),
            rate_per_s: row.rate_per_s,
        };
        let (org, id) = (row.org, row.id);
        let reply = shown(row);
        let entry = idempotency::entry(key, actor, &reply, self.now())?;
        let identity = &self.ports().identity;
        let written = identity.update_api_key(org, id, change, entry).await?;
        let outcome = idempotency::written(written, reply, || {
            AppError::new(
                ProblemCode::Conflict,
                "This key is revoked; there is nothing to change.",
            )
        })?;
        // Connections that are open look again at what they may do.
        self.tell_ended(Ended::Key(id));
        Ok(outcome)
    }
}
