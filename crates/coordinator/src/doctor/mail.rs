//! Where messages go, and whether the mail server lets this server in. Nothing is sent.

use identity::{Encryption, SmtpMailer};

use super::finding::Finding;
use crate::config::Config;

const CHECK: &str = "mail";

pub(super) async fn examine(config: &Config) -> Finding {
    let Some(settings) = &config.accounts.mail else {
        let outbox = config.storage.data_dir.join("outbox");
        return Finding::ok(
            CHECK,
            format!(
                "no mail server is set: messages become files in {}, to be passed on by hand",
                outbox.display()
            ),
        );
    };
    let how = match settings.encryption {
        Encryption::Tls => "encrypted",
        Encryption::StartTls => "STARTTLS",
        Encryption::None => "not encrypted",
    };
    let shown = format!("{}:{}, {how}", settings.host, settings.port);
    let checked = match SmtpMailer::new(settings.clone()) {
        Ok(mailer) => mailer.check().await,
        Err(error) => Err(error.to_string()),
    };
    match checked {
        Ok(()) if settings.login.is_some() => Finding::ok(CHECK, format!("{shown}, logged in")),
        Ok(()) => Finding::ok(CHECK, format!("{shown}, it answers")),
        // No run depends on it; people who wait for a message do.
        Err(why) => Finding::warn(
            CHECK,
            format!("{shown}: {why}"),
            "correct the accounts.mail_* settings; `coordinator mail test --to ADDRESS` shows what the mail server says",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::finding::Status, *};
    use crate::config::{Environment, Sources};

    fn config(environment: &[(&str, String)]) -> Config {
        let mut all: Environment = [("COORDINATOR_DATA_DIR".to_owned(), "/data".to_owned())].into();
        all.extend(
            environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        let sources = Sources {
            environment: all,
            ..Sources::default()
        };
        sources.read().map_err(|errors| errors.to_string()).unwrap()
    }

    #[tokio::test]
    async fn a_mail_server_that_is_not_there_is_named() {
        let files = examine(&config(&[])).await;
        assert!(files.status == Status::Ok && files.detail.contains("/data/outbox"));
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", nobody.local_addr().unwrap());
        drop(nobody);
        let found = examine(&config(&[("COORDINATOR_MAIL_URL", url)])).await;
        assert_eq!(found.status, Status::Warn);
        assert!(
            found.detail.contains("127.0.0.1") && found.remedy.is_some(),
            "{}",
            found.detail
        );
    }
}
