//! Picks the adapter of a request by its provider.

use async_trait::async_trait;
use domain::models::DEMO_PROVIDER;
use ports::model_gateway::{ModelError, ModelGateway, ModelRequest, ModelResponse};

use crate::{Demo, Direct};

/// The demo provider to the script, every other one to its own API.
#[derive(Debug)]
pub struct Router {
    direct: Direct,
    demo: Demo,
}

impl Router {
    #[must_use]
    pub fn new(direct: Direct, demo: Demo) -> Self {
        Self { direct, demo }
    }
}

#[async_trait]
impl ModelGateway for Router {
    async fn send(&self, request: ModelRequest) -> Result<ModelResponse, ModelError> {
        if request.upstream.provider == DEMO_PROVIDER {
            self.demo.send(request).await
        } else {
            self.direct.send(request).await
        }
    }
}
