//! Where artifacts go, and how many may be there.

use std::path::{Path, PathBuf};

use artifacts::S3Settings;
use domain::session::ArtifactLimits;
use secrecy::SecretString;

use super::{ArtifactPlace, read::Reader, units};

/// What `artifact_store` says.
enum Named {
    Directory(PathBuf),
    Bucket(String, String),
}

impl Reader {
    pub(super) fn artifact_limits(&mut self) -> ArtifactLimits {
        let defaults = ArtifactLimits::default();
        let limits = ArtifactLimits {
            each_bytes: self.get(
                "storage.artifact_size",
                defaults.each_bytes,
                units::size_of_at_least(1 << 10),
            ),
            number: self.get("storage.artifact_number", defaults.number, |text| {
                match text.parse() {
                    Ok(n) if n <= 10_000 => Ok(n),
                    _ => Err("expected a number of at most 10000".into()),
                }
            }),
            session_bytes: self.get(
                "storage.artifact_session_size",
                defaults.session_bytes,
                units::size_of_at_least(1 << 10),
            ),
        };
        ArtifactLimits {
            // One can't have more than all.
            each_bytes: limits.each_bytes.min(limits.session_bytes),
            ..limits
        }
    }

    pub(super) fn artifact_place(&mut self, data_dir: &Path, warnings: &mut Vec<String>) -> ArtifactPlace {
        let beside = Named::Directory(data_dir.join("artifacts"));
        let named = self.get("storage.artifact_store", beside, |text| {
            match text.strip_prefix("s3://") {
                Some(rest) => {
                    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                    if bucket.is_empty() {
                        return Err("expected s3://bucket or s3://bucket/prefix".into());
                    }
                    Ok(Named::Bucket(
                        bucket.to_owned(),
                        prefix.trim_matches('/').to_owned(),
                    ))
                }
                None if text.is_empty() || text.contains("://") => {
                    Err("expected a directory, or s3://bucket[/prefix]".into())
                }
                None => std::path::absolute(text)
                    .map(Named::Directory)
                    .map_err(|error| error.to_string()),
            }
        });
        let endpoint = self.get("storage.s3_endpoint", None, |text| {
            let url = url::Url::parse(text).ok();
            let plain = |url: &url::Url| {
                matches!(url.scheme(), "http" | "https")
                    && url.has_host()
                    && url.username().is_empty()
                    && url.query().is_none()
            };
            url.filter(plain)
                .map(Some)
                .ok_or_else(|| "expected an http:// or https:// address without user and query".into())
        });
        let region = self.get("storage.s3_region", "us-east-1".to_owned(), |text| {
            let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            if !text.is_empty() && text.bytes().all(is_word) {
                Ok(text.to_owned())
            } else {
                Err("expected a region, for example eu-central-1".into())
            }
        });
        let id = self.get("storage.s3_access_key_id", None, |text| Ok(Some(text.to_owned())));
        let secret = self.get("storage.s3_secret_access_key", None, |text| {
            Ok(Some(SecretString::from(text)))
        });
        let credentials = match (id, secret) {
            (Some(id), Some(secret)) => Some((id, secret)),
            (None, None) => None,
            _ => {
                self.problems.push(
                    "storage.s3_access_key_id and storage.s3_secret_access_key go together; one of them is missing"
                        .into(),
                );
                None
            }
        };
        let (bucket, prefix) = match named {
            Named::Directory(path) => return ArtifactPlace::Directory(path),
            Named::Bucket(bucket, prefix) => (bucket, prefix),
        };
        if let Some(url) = endpoint.as_ref().filter(|url| url.scheme() == "http")
            && !matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
        {
            warnings.push(format!("{url} is not encrypted: artifacts travel readable"));
        }
        ArtifactPlace::S3(S3Settings {
            bucket,
            prefix,
            endpoint,
            region,
            credentials,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Environment, Sources};

    fn read(environment: &[(&str, &str)]) -> Result<Config, String> {
        let mut all: Environment = [("COORDINATOR_DATA_DIR".to_owned(), "/data".to_owned())].into();
        all.extend(
            environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let sources = Sources {
            environment: all,
            ..Sources::default()
        };
        sources.read().map_err(|errors| errors.to_string())
    }

    #[test]
    fn a_directory_or_a_bucket() {
        let place = |environment: &[(&str, &str)]| read(environment).unwrap().storage.artifacts;
        assert!(matches!(place(&[]), ArtifactPlace::Directory(path) if path == Path::new("/data/artifacts")));
        let elsewhere = place(&[("COORDINATOR_ARTIFACT_STORE", "/elsewhere")]);
        assert!(matches!(elsewhere, ArtifactPlace::Directory(path) if path == Path::new("/elsewhere")));
        let bucket = place(&[
            ("COORDINATOR_ARTIFACT_STORE", "s3://files/of/the team/"),
            ("COORDINATOR_S3_ENDPOINT", "https://s3.example.org"),
            ("COORDINATOR_S3_ACCESS_KEY_ID", "me"),
            ("COORDINATOR_S3_SECRET_ACCESS_KEY", "hunter2"),
        ]);
        assert!(!format!("{bucket:?}").contains("hunter2"));
        let ArtifactPlace::S3(settings) = bucket else {
            panic!("no bucket")
        };
        assert_eq!(
            (settings.bucket.as_str(), settings.prefix.as_str()),
            ("files", "of/the team")
        );
        assert!(settings.credentials.is_some());
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (name, value) in [
            ("COORDINATOR_ARTIFACT_STORE", "s3://"),
            ("COORDINATOR_ARTIFACT_STORE", "gs://bucket"),
            ("COORDINATOR_S3_ENDPOINT", "https://user@host"),
            ("COORDINATOR_S3_REGION", "a b"),
            ("COORDINATOR_S3_ACCESS_KEY_ID", "alone"),
            ("COORDINATOR_ARTIFACT_SIZE", "many"),
        ] {
            assert!(read(&[(name, value)]).is_err(), "{name}={value}");
        }
    }

    #[test]
    fn one_has_no_more_than_all() {
        let limits = read(&[("COORDINATOR_ARTIFACT_SESSION_SIZE", "1MiB")])
            .unwrap()
            .storage
            .artifact_limits;
        assert_eq!((limits.each_bytes, limits.session_bytes), (1 << 20, 1 << 20));
    }
}
