//! TLS of the public listener: certificate and key from PEM files, read again on request.

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context as _, Result, bail};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio_rustls::rustls::{ServerConfig, crypto::aws_lc_rs};

use crate::config::TlsFiles;

/// The configuration in use.
#[derive(Clone)]
pub(super) struct Tls {
    files: TlsFiles,
    current: Arc<RwLock<Arc<ServerConfig>>>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls")
            .field("cert", &self.files.cert)
            .finish_non_exhaustive()
    }
}

impl Tls {
    pub(super) fn load(files: &TlsFiles) -> Result<Self> {
        let config = read(files)?;
        Ok(Self {
            files: files.clone(),
            current: Arc::new(RwLock::new(Arc::new(config))),
        })
    }

    /// Takes what the files hold now; connections that are open keep what they have. When they cannot be used,
    /// the old certificate stays.
    pub(super) fn reload(&self) -> Result<()> {
        let config = Arc::new(read(&self.files)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    pub(super) fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn read(files: &TlsFiles) -> Result<ServerConfig> {
    let cert = files.cert.display();
    let chain = CertificateDer::pem_file_iter(&files.cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("{cert} has no readable certificates"))?;
    if chain.is_empty() {
        bail!("{cert} has no certificate in PEM form");
    }
    // The error of the parser is left out: it could quote the key.
    let Ok(key) = PrivateKeyDer::from_pem_file(&files.key) else {
        bail!("{} has no readable private key in PEM form", files.key.display());
    };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .with_context(|| {
            format!(
                "the key {} does not fit the certificate {cert}",
                files.key.display()
            )
        })?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
