//! Tries a provider's key: asks the provider for its models, live.

use std::time::Duration;

use bytes::Bytes;
use domain::{policy::Action, tenancy::Actor};
use futures::StreamExt;
use ports::model_gateway::{ModelCall, ModelError, ModelRequest, ModelResponse, Upstream};
use protocol::api::{ModelProviderCreate, ModelProviderTest};
use secrecy::SecretString;
use serde::Deserialize;

use super::{OwnModelProvider, check};
use crate::{App, AppError, error::sentence, permit::Deed};

const PATIENCE: Duration = Duration::from_secs(20);
const MAX_ANSWER: usize = 4 << 20;
const MAX_LISTED: usize = 500;

impl App {
    /// What the provider says. A key that does not work is a result, not a failure of this call.
    ///
    /// # Errors
    /// When policy does not allow it or the key cannot be opened.
    pub async fn test_model_provider(
        &self,
        actor: &Actor,
        own: &OwnModelProvider,
    ) -> Result<ModelProviderTest, AppError> {
        self.permit(
            actor,
            Action::Configure,
            Deed::new("model_provider.test").on(own.row.id),
        )
        .await?;
        let row = &own.row;
        let api_key = self.open_provider_key(row).await?;
        let upstream = Upstream {
            provider: row.slug.clone(),
            dialect: row.dialect,
            base_url: row.base_url.clone(),
            api_key,
        };
        Ok(self.ask_for_models(upstream).await)
    }

    /// The same for a provider that is not stored, and is not stored by this.
    ///
    /// # Errors
    /// When policy or a field do not allow it, as at creation.
    pub async fn try_model_provider(
        &self,
        actor: &Actor,
        body: ModelProviderCreate,
    ) -> Result<ModelProviderTest, AppError> {
        self.permit(actor, Action::Configure, Deed::new("model_provider.try"))
            .await?;
        check::slug(&body.provider)?;
        check::api_key(body.api_key.expose())?;
        check::offers(body.models)?;
        let base_url = self
            .check_base_url(&body.provider, body.api, body.base_url.as_deref())
            .await?;
        let upstream = Upstream {
            provider: body.provider,
            dialect: body.api,
            base_url,
            api_key: SecretString::from(body.api_key.expose()),
        };
        Ok(self.ask_for_models(upstream).await)
    }

    async fn ask_for_models(&self, upstream: Upstream) -> ModelProviderTest {
        let request = ModelRequest {
            upstream,
            call: ModelCall::Models,
            body: Bytes::new(),
            headers: Vec::new(),
        };
        let started = self.now();
        let answer = tokio::time::timeout(PATIENCE, async {
            let response = self.ports().model_gateway.send(request).await?;
            let status = response.status;
            Ok::<_, ModelError>((status, read(response).await?))
        })
        .await;
        let duration_ms = u64::try_from(self.now().since(started).as_millis()).unwrap_or(u64::MAX);
        let (upstream_status, models, message) = match answer {
            Ok(Ok((status, body))) => {
                let models = if (200..300).contains(&status) {
                    names(&body)
                } else {
                    Vec::new()
                };
                (Some(status), models, meaning(status))
            }
            Ok(Err(error)) => (None, Vec::new(), sentence(&error.to_string())),
            Err(_) => (
                None,
                Vec::new(),
                "The provider did not answer within 20 seconds.".to_owned(),
            ),
        };
        let ok = upstream_status.is_some_and(|status| (200..300).contains(&status));
        ModelProviderTest {
            ok,
            upstream_status,
            message,
            models,
            duration_ms,
        }
    }
}

fn meaning(status: u16) -> String {
    match status {
        200..300 => "The provider took the key.".to_owned(),
        401 | 403 => format!("The provider refused the key ({status}). Give a valid one."),
        404 => {
            "The provider answered 404: `base_url` may be wrong, or it does not list its models.".to_owned()
        }
        429 => "The provider took the key but says that it is used too much now (429).".to_owned(),
        _ => format!("The provider answered {status}."),
    }
}

/// The answer, cut at a bound: a provider is not to be trusted with our memory.
async fn read(mut response: ModelResponse) -> Result<Vec<u8>, ModelError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.body.next().await {
        body.extend_from_slice(&chunk?);
        if body.len() > MAX_ANSWER {
            body.truncate(MAX_ANSWER);
            break;
        }
    }
    Ok(body)
}

fn names(body: &[u8]) -> Vec<String> {
    #[derive(Deserialize)]
    struct Listed {
        #[serde(default)]
        data: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        id: String,
    }
    serde_json::from_slice::<Listed>(body)
        .map(|listed| {
            listed
                .data
                .into_iter()
                .map(|entry| entry.id)
                .filter(|id| id.len() <= 256)
                .take(MAX_LISTED)
                .collect()
        })
        .unwrap_or_default()
}
