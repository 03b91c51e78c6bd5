//! Lists the models an organisation can use now.

use domain::{
    models::{DEMO_MODEL, DEMO_PROVIDER},
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::{
    agent::Dialect,
    api::{ModelInfo, ModelList, ModelPrice, ModelProviderState, ModelsOffered},
};

use super::{binding, unspoken};
use crate::{App, AppError, model_providers::shown_price};

impl App {
    /// What is named: models that providers list, and the demo. Providers that take any model are listed apart.
    ///
    /// # Errors
    /// When policy does not allow it.
    pub async fn list_models(&self, actor: &Actor) -> Result<ModelList, AppError> {
        authorise(actor, Action::ReadConfiguration)?;
        let mut rows = self.ports().tenants.list_model_providers(actor.org).await?;
        rows.sort_by(|a, b| a.slug.cmp(&b.slug));
        let (mut items, mut providers) = (Vec::new(), Vec::new());
        for row in rows {
            let reason = unspoken(row.dialect);
            items.extend(row.models.iter().map(|offer| {
                let binding = binding(row.dialect, Some(offer));
                ModelInfo {
                    id: format!("{}/{}", row.slug, offer.id),
                    provider: row.slug.clone(),
                    api: row.dialect,
                    available: reason.is_none(),
                    reason: reason.clone(),
                    demo: false,
                    label: None,
                    context: binding.context,
                    max_output: binding.max_output,
                    price: offer.price.map(shown_price),
                }
            }));
            providers.push(ModelProviderState {
                id: Some(row.id),
                provider: row.slug,
                api: row.dialect,
                available: reason.is_none(),
                reason,
                models: if row.models.is_empty() {
                    ModelsOffered::Any
                } else {
                    ModelsOffered::Listed
                },
            });
        }
        if self.settings().demo_enabled {
            items.push(demo());
            providers.push(ModelProviderState {
                id: None,
                provider: DEMO_PROVIDER.to_owned(),
                api: Dialect::OpenaiChat,
                available: true,
                reason: None,
                models: ModelsOffered::Listed,
            });
        }
        Ok(ModelList {
            items,
            providers,
            next_cursor: None,
        })
    }
}

fn demo() -> ModelInfo {
    let binding = binding(Dialect::OpenaiChat, None);
    ModelInfo {
        id: format!("{DEMO_PROVIDER}/{DEMO_MODEL}"),
        provider: DEMO_PROVIDER.to_owned(),
        api: Dialect::OpenaiChat,
        available: true,
        reason: None,
        demo: true,
        label: Some("Demo: answers from a script, needs no key, thinks nothing".to_owned()),
        context: binding.context,
        max_output: binding.max_output,
        price: Some(ModelPrice {
            input: 0,
            output: 0,
            cached: None,
        }),
    }
}
