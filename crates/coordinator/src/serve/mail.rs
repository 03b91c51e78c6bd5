//! Where messages go: to a mail server, or into files when there is none.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result};
use identity::{FileMailer, SmtpMailer};
use ports::Mailer;

use crate::config::Accounts;

/// The directory of messages that are passed on by hand.
const OUTBOX: &str = "outbox";

pub(super) fn open(accounts: &Accounts, data_dir: &Path) -> Result<Arc<dyn Mailer>> {
    Ok(match &accounts.mail {
        Some(settings) => Arc::new(SmtpMailer::new(settings.clone()).context("the mail server")?),
        None => Arc::new(FileMailer::new(data_dir.join(OUTBOX), accounts.mail_from.clone())),
    })
}
