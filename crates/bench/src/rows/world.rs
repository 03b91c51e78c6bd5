//! What the first rows share: a server with awake sessions and their runner doubles, and a baseline of the same size.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::{
    arm::{Arm, Lane},
    bare::{Commits, Files, Relay},
    figure::{Figure, Goal},
    product::{Keepers, Server},
    run::Context,
    say, vitals,
};

pub(super) struct World {
    pub(super) product: Arm,
    pub(super) bare: Arm,
    pub(super) commits: Commits,
    pub(super) sessions: usize,
    before: u64,
    after: u64,
    key: String,
    keepers: Keepers,
    server: Server,
    _relay: Relay,
    /// Last: when the processes are gone.
    gone: Gone,
}

/// Directories that are removed when nobody needs them any more.
struct Gone(Vec<PathBuf>);

impl Drop for Gone {
    fn drop(&mut self) {
        for place in &self.0 {
            let _ = std::fs::remove_dir_all(place);
        }
    }
}

impl World {
    pub(super) async fn new(context: &Context, sessions: usize) -> Result<Self> {
        let options = &context.options;
        let (data_dir, log) = context.data_dir(&format!("product-{sessions}"))?;
        let bare_dir = context.place.join(format!("bare-{sessions}"));
        let commits_dir = context.place.join(format!("commits-{sessions}"));
        let gone = Gone(vec![data_dir.clone(), bare_dir.clone(), commits_dir.clone()]);
        let server = Server::start(&context.program, &data_dir, &log)?;
        let keepers = Keepers::listen(&data_dir)?;
        let key = server.bootstrap(&context.program)?;
        // The first session brings up what is there once.
        drop(Arm::product(&server, &keepers, &key, 1).await?);
        let before = vitals::of(server.pid()).rss;
        say(&format!("{sessions} sessions"));
        let mut product = Arm::product(&server, &keepers, &key, sessions).await?;
        product.attend(sessions, 1).await?;
        let after = vitals::of(server.pid()).rss;
        let relay = Relay::start(&bare_dir, options.threads, 16 * 1024)?;
        let bare = Arm::bare(&relay, sessions).await?;
        let commits = Commits::open(&Files::new(&commits_dir)?, sessions, options.threads)?;
        Ok(Self {
            product,
            bare,
            commits,
            sessions,
            before,
            after,
            key,
            keepers,
            server,
            _relay: relay,
            gone,
        })
    }

    /// Where the baseline's files are.
    pub(super) fn bare_files(&self) -> Result<Files> {
        Files::new(&self.gone.0[1])
    }

    /// One more session, for a row of its own.
    pub(super) async fn another(&self) -> Result<Lane> {
        let arm = Arm::product(&self.server, &self.keepers, &self.key, 1).await?;
        arm.lanes.into_iter().next().context("no session")
    }

    /// What an awake session takes, with its runner and one client connected.
    pub(super) fn memory(&self) -> Figure {
        let each = self.after.saturating_sub(self.before) as f64 / self.sessions as f64 / 1024.0;
        Figure::new(
            "",
            "memory of an awake session, runner and 1 client connected",
            "KiB",
            each,
            None,
            Goal::Told,
        )
        .with("sessions", self.sessions)
        .with("process_mib", self.after as f64 / f64::from(1 << 20))
    }
}
