//! Hands messages to a mail server (RFC 5321), encrypted unless the operator says otherwise.
//!
//! Each message has a connection of its own: there are few, minutes apart, and a connection that was idle may or may not
//! have been closed meanwhile. Nothing is logged of what is said on it.

use std::{error::Error, fmt, future::Future, time::Duration};

use async_trait::async_trait;
use domain::mail::{MailAddress, Message};
use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        extension::ClientId,
    },
};
use ports::{Mailer, mailer::MailError};
use secrecy::{ExposeSecret, SecretString};

use crate::eml;

/// What our own addresses never are.
const UNFIT: &str = "the address is none that a mail server takes";

/// How the way to the mail server is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte on (RFC 8314).
    Tls,
    /// Asked for in the clear, and nothing is said to a server that does not offer it (RFC 3207).
    StartTls,
    /// Not at all.
    None,
}

impl Encryption {
    /// Where mail servers listen that speak this way.
    #[must_use]
    pub fn port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::StartTls => 587,
            Self::None => 25,
        }
    }
}

/// Which mail server, and how.
#[derive(Clone)]
pub struct SmtpSettings {
    /// Name or address; its certificate has to be for this.
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    /// User and password, where it asks for them.
    pub login: Option<(String, SecretString)>,
    /// Whom messages come from.
    pub from: MailAddress,
    /// For one message, from the connection to the server's last word about it.
    pub timeout: Duration,
    /// PEM: an authority to trust besides those of the system.
    pub authority: Option<Vec<u8>>,
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &self.encryption)
            .field("login", &self.login.is_some())
            .field("from", &self.from)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Settings that no mail server can be spoken to with.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadSmtp(String);

/// Sends messages through one mail server.
#[derive(Debug)]
pub struct SmtpMailer {
    settings: SmtpSettings,
    sender: Address,
    hello: ClientId,
    tls: Option<Tls>,
}

struct Tls(TlsParameters);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

/// What was being done when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Connecting,
    Encrypting,
    LoggingIn,
    /// The message itself: only here does a refusal mean the message.
    Sending,
}

impl Step {
    fn words(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Encrypting => "encrypting the connection",
            Self::LoggingIn => "logging in",
            Self::Sending => "sending the message",
        }
    }
}

/// Why it failed, with everything that the mail server said: for the operator at a terminal, and for no log.
#[derive(Debug)]
struct Trouble {
    step: Step,
    cause: lettre::transport::smtp::Error,
}

impl Trouble {
    /// The causes of an error, in one line without anything that is no text.
    fn whole(&self) -> String {
        let mut words = format!("{}: {}", self.step.words(), self.cause);
        let mut cause = self.cause.source();
        while let Some(next) = cause {
            let text = next.to_string();
            if !words.contains(&text) {
                words = format!("{words}: {text}");
            }
            cause = next.source();
        }
        words
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(500)
            .collect()
    }

    /// What may stand in a log. A server's words about a message may hold the address or the words of the message, so of
    /// those there is the code alone.
    fn told(&self) -> MailError {
        let words = match (self.step, self.cause.status()) {
            (Step::LoggingIn | Step::Sending, Some(code)) => {
                format!("{}: it answered {code}", self.step.words())
            }
            (Step::Sending, None) => format!("{}: the connection broke", self.step.words()),
            _ => self.whole(),
        };
        if self.step == Step::Sending && self.cause.is_permanent() {
            MailError::Refused(words)
        } else {
            // A server that is not set up yet, too: what is wrong with the settings is put right, and the message goes.
            MailError::Unavailable(words)
        }
    }
}

impl SmtpMailer {
    /// # Errors
    /// When the name of the server, the sender or the authority's certificate cannot be used.
    pub fn new(settings: SmtpSettings) -> Result<Self, BadSmtp> {
        let sender = address(&settings.from).ok_or_else(|| BadSmtp("the sender is no address".into()))?;
        let hello = ClientId::Domain(settings.from.domain().to_owned());
        let tls = match settings.encryption {
            Encryption::None => None,
            Encryption::Tls | Encryption::StartTls => Some(Tls(tls(&settings)?)),
        };
        Ok(Self {
            settings,
            sender,
            hello,
            tls,
        })
    }

    /// Connects, encrypts and logs in, and sends nothing.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn check(&self) -> Result<(), String> {
        let work = async {
            let mut connection = self.connect().await?;
            // What it says to a farewell is of no interest.
            let _ = connection.quit().await;
            Ok(())
        };
        self.in_time(work).await.map_or_else(
            || Err(self.too_late()),
            |outcome| outcome.map_err(|trouble: Trouble| trouble.whole()),
        )
    }

    /// Sends a message, and answers all that the mail server says when it does not take it.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn send_and_tell(&self, message: &Message) -> Result<(), String> {
        let envelope = self.envelope(message).ok_or(UNFIT)?;
        match self.in_time(self.pass_on(&envelope, message)).await {
            Some(outcome) => outcome.map_err(|trouble| trouble.whole()),
            None => Err(self.too_late()),
        }
    }

    async fn in_time<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::time::timeout(self.settings.timeout, work).await.ok()
    }

    fn too_late(&self) -> String {
        format!("no answer within {} s", self.settings.timeout.as_secs())
    }

    /// A connection on which messages may be sent.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let settings = &self.settings;
        let failed = |step| move |cause| Trouble { step, cause };
        let from_the_start = (settings.encryption == Encryption::Tls)
            .then(|| self.tls.as_ref().map(|tls| tls.0.clone()))
            .flatten();
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            (settings.host.as_str(), settings.port),
            // The whole of it is timed.
            None,
            &self.hello,
            from_the_start,
            None,
        )
        .await
        .map_err(failed(Step::Connecting))?;
        if settings.encryption == Encryption::StartTls
            && let Some(tls) = &self.tls
        {
            connection
                .starttls(tls.0.clone(), &self.hello)
                .await
                .map_err(failed(Step::Encrypting))?;
        }
        if let Some((user, password)) = &settings.login {
            let login = Credentials::new(user.clone(), password.expose_secret().to_owned());
            connection
                .auth(DEFAULT_MECHANISMS, &login)
                .await
                .map_err(failed(Step::LoggingIn))?;
        }
        Ok(connection)
    }

    async fn pass_on(&self, envelope: &Envelope, message: &Message) -> Result<(), Trouble> {
        let failed = |cause| Trouble {
            step: Step::Sending,
            cause,
        };
        let bytes = eml::write(&self.settings.from, message);
        let mut connection = self.connect().await?;
        connection.send(envelope, &bytes).await.map_err(failed)?;
        // It has the message. Whatever becomes of the farewell, it must not be sent again.
        let _ = connection.quit().await;
        Ok(())
    }

    fn envelope(&self, message: &Message) -> Option<Envelope> {
        Envelope::new(Some(self.sender.clone()), vec![address(&message.to)?]).ok()
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        let envelope = self
            .envelope(message)
            .ok_or_else(|| MailError::Refused(UNFIT.to_owned()))?;
        match self.in_time(self.pass_on(&envelope, message)).await {
            Some(outcome) => outcome.map_err(|trouble| trouble.told())?,
            None => return Err(MailError::Unavailable(self.too_late())),
        }
        tracing::info!(kind = message.letter.kind(), "the mail server took a message");
        Ok(())
    }
}

fn address(address: &MailAddress) -> Option<Address> {
    address.as_str().parse().ok()
}

fn tls(settings: &SmtpSettings) -> Result<TlsParameters, BadSmtp> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.authority {
        let certificate = Certificate::from_pem(pem)
            .map_err(|_| BadSmtp("the authority of the mail server is no certificate in PEM".into()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder
        .build()
        .map_err(|error| BadSmtp(format!("encryption to the mail server: {error}")))
}
