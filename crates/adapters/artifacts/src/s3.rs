//! Artifacts in a bucket of a server that speaks S3.
//!
//! A small artifact is one request. A larger one goes in parts, which the server puts together when all are there:
//! nothing can be seen before. A crash in between leaves parts behind that only the server can clear; give the bucket
//! a rule that aborts incomplete uploads.

use std::{ops::Range, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};
use ports::{
    ArtifactStore, StoreError,
    artifacts::{ArtifactBytes, ArtifactKey, ArtifactSource, PutError, Stored},
};
use protocol::{OrgId, SessionId};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    check,
    failure::{is_absent, meaning},
    key, read, write,
};

/// Bytes of one part; this much of each upload is held in memory. Servers take no less than 5 MiB.
const PART_BYTES: usize = 8 << 20;
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Silence of the server after which a request has failed.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
const RETRIES: usize = 3;
const RETRY_LIMIT: Duration = Duration::from_secs(30);

/// Where the bucket is, and how to get in.
#[derive(Debug, Clone)]
pub struct S3Settings {
    pub bucket: String,
    /// Put before every key; empty = none.
    pub prefix: String,
    /// `None` = Amazon's own, by region.
    pub endpoint: Option<url::Url>,
    pub region: String,
    /// Id and secret; `None` = those of the machine that this runs on.
    pub credentials: Option<(String, SecretString)>,
}

/// A bucket with artifacts.
#[derive(Debug, Clone)]
pub struct S3Artifacts {
    bucket: Arc<AmazonS3>,
    root: Path,
}

/// Settings that no client can be made of.
#[derive(Debug, thiserror::Error)]
#[error("the artifact bucket: {0}")]
pub struct InvalidS3(String);

impl S3Artifacts {
    /// Nothing is asked of the server yet.
    ///
    /// # Errors
    /// When the settings do not fit together.
    pub fn new(settings: &S3Settings) -> Result<Self, InvalidS3> {
        let invalid = |error: &dyn std::fmt::Display| InvalidS3(error.to_string());
        let plain = settings
            .endpoint
            .as_ref()
            .is_some_and(|url| url.scheme() == "http");
        let client = ClientOptions::new()
            .with_allow_http(plain)
            .with_connect_timeout(CONNECT_LIMIT)
            .with_read_timeout(SILENCE_LIMIT)
            // A reader may be slow; what counts is that the server is not silent.
            .with_timeout_disabled();
        let retry = RetryConfig {
            max_retries: RETRIES,
            retry_timeout: RETRY_LIMIT,
            ..RetryConfig::default()
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_client_options(client)
            .with_retry(retry);
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
        }
        if let Some((id, secret)) = &settings.credentials {
            builder = builder
                .with_access_key_id(id)
                .with_secret_access_key(secret.expose_secret());
        }
        Ok(Self {
            bucket: Arc::new(builder.build().map_err(|error| invalid(&error))?),
            root: Path::parse(&settings.prefix).map_err(|error| invalid(&error))?,
        })
    }
}

#[async_trait]
impl ArtifactStore for S3Artifacts {
    fn name(&self) -> &'static str {
        "s3"
    }

    async fn put(&self, key: ArtifactKey, bytes: ArtifactSource, limit: u64) -> Result<Stored, PutError> {
        write::store(
            &*self.bucket,
            &key::place(&self.root, key),
            bytes,
            limit,
            PART_BYTES,
        )
        .await
    }

    async fn get(&self, key: ArtifactKey, range: Range<u64>) -> Result<Option<ArtifactBytes>, StoreError> {
        read::read(&*self.bucket, &key::place(&self.root, key), range).await
    }

    async fn delete(&self, key: ArtifactKey) -> Result<(), StoreError> {
        match self.bucket.delete(&key::place(&self.root, key)).await {
            Err(failure) if !is_absent(&failure) => Err(meaning(failure)),
            _ => Ok(()),
        }
    }

    async fn delete_session(&self, org: OrgId, session: SessionId) -> Result<(), StoreError> {
        let below = key::session(&self.root, org, session);
        let places = self
            .bucket
            .list(Some(&below))
            .map_ok(|meta| meta.location)
            .boxed();
        let mut removed = self.bucket.delete_stream(places);
        while let Some(one) = removed.next().await {
            match one {
                Err(failure) if !is_absent(&failure) => return Err(meaning(failure)),
                _ => {}
            }
        }
        Ok(())
    }

    async fn keys(&self, after: Option<ArtifactKey>, limit: usize) -> Result<Vec<ArtifactKey>, StoreError> {
        let root = (!self.root.as_ref().is_empty()).then_some(&self.root);
        let list = match after {
            Some(after) => self.bucket.list_with_offset(root, &key::place(&self.root, after)),
            None => self.bucket.list(root),
        };
        // What is not ours may be in the bucket, too.
        list.try_filter_map(async |meta| Ok(key::of(&self.root, &meta.location)))
            .take(limit)
            .try_collect()
            .await
            .map_err(meaning)
    }

    async fn check(&self) -> Result<(), StoreError> {
        check::check(&*self.bucket, &self.root.clone().join("check")).await
    }
}
