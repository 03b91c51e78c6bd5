//! An S3 server on a free port of loopback, with credentials, over a directory of its own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use artifacts::{S3Artifacts, S3Settings};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

const ID: &str = "coordinator";
pub(crate) const SECRET: &str = "a-secret-of-the-test";

pub(crate) struct Server {
    url: url::Url,
    root: tempfile::TempDir,
    ending: CancellationToken,
    tasks: TaskTracker,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let root = tempfile::tempdir().unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(root.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(ID, SECRET));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let (ending, tasks) = (CancellationToken::new(), TaskTracker::new());
        let (end, connections) = (ending.clone(), tasks.clone());
        tasks.spawn(async move {
            while let Some(Ok((socket, _))) = end.run_until_cancelled(listener.accept()).await {
                let (service, end) = (service.clone(), end.clone());
                connections.spawn(async move {
                    let http = Builder::new(TokioExecutor::new());
                    let serving = http.serve_connection(TokioIo::new(socket), service);
                    end.run_until_cancelled(serving).await
                });
            }
        });
        Self {
            url,
            root,
            ending,
            tasks,
        }
    }

    pub(crate) fn settings(&self, bucket: &str, prefix: &str, secret: &str) -> S3Settings {
        S3Settings {
            bucket: bucket.into(),
            prefix: prefix.into(),
            endpoint: Some(self.url.clone()),
            region: "us-east-1".into(),
            credentials: Some((ID.into(), secret.to_owned().into())),
        }
    }

    /// A store in a bucket that is made for it.
    pub(crate) fn store(&self, bucket: &str, prefix: &str) -> S3Artifacts {
        fs::create_dir_all(self.root.path().join(bucket)).unwrap();
        S3Artifacts::new(&self.settings(bucket, prefix, SECRET)).unwrap()
    }

    /// Names of all files below a bucket.
    pub(crate) fn files_of(&self, bucket: &str) -> Vec<String> {
        let mut found = Vec::new();
        files(&self.root.path().join(bucket), &mut found);
        found
    }

    /// Where the server keeps everything.
    pub(crate) fn place(&self) -> PathBuf {
        self.root.path().to_path_buf()
    }

    /// Ends it; what it gives back has nowhere to go.
    pub(crate) async fn stop(self) -> S3Artifacts {
        let store = self.store("gone", "");
        self.ending.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        store
    }
}

/// Parts of uploads that are under way; the server keeps them beside its buckets.
pub(crate) fn upload_files(place: &Path) -> usize {
    let names = fs::read_dir(place).unwrap();
    names
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .contains("upload")
        })
        .count()
}

fn files(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), found);
        } else {
            found.push(entry.path().display().to_string());
        }
    }
}
