//! `mail`: whether messages arrive, with the settings of the server.

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use domain::mail::{Letter, MailAddress, Message};
use identity::SmtpMailer;
use keys::{SystemClock, SystemEntropy};
use ports::{Clock as _, Entropy as _};

use super::{Usage, terminal};
use crate::config::{SettingFlags, Sources};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Send a message with nothing but greetings, and show what the mail server says when it does not take it
    #[command(
        after_long_help = "Example:\n  coordinator mail test --to ana@example.org\n\nTakes the settings that `serve` takes. Works with and without a running server. Exit code 1 when the message was not taken."
    )]
    Test(Box<TestArgs>),
}

#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// Who gets it
    #[arg(long, value_name = "ADDRESS")]
    to: String,
    #[command(flatten)]
    settings: SettingFlags,
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::Test(arguments) => test(*arguments).await,
    }
}

async fn test(arguments: TestArgs) -> Result<u8> {
    let config = Sources::gather(arguments.settings).read()?;
    let Ok(to) = MailAddress::read(&arguments.to) else {
        return Err(Usage("--to: expected an e-mail address such as ana@example.org".into()).into());
    };
    let Some(settings) = &config.accounts.mail else {
        bail!("no mail server is set: give COORDINATOR_MAIL_URL, for example smtp://mail.example.org");
    };
    let place = format!("{}:{}", settings.host, settings.port);
    let message = Message {
        id: SystemEntropy.bits(),
        at: SystemClock.now(),
        to: to.clone(),
        letter: Letter::Test { server: config.url() },
    };
    let mailer = SmtpMailer::new(settings.clone())?;
    match mailer.send_and_tell(&message).await {
        Ok(()) => {
            terminal::say(format!("{place} took a message to {to}; look whether it arrives"));
            Ok(0)
        }
        Err(why) => bail!("{place} did not take the message: {why}"),
    }
}
