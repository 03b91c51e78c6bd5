//! Sets the second factor up, and takes it away.

use std::net::IpAddr;

use domain::{
    mail::Letter,
    sealed::Binding,
    sign_in::{RECOVERY_CODES, SecondFactor},
    totp::{self, Code, RECOVERY_BYTES, SECRET_BYTES},
};
use ports::idempotency::Written;
use protocol::{
    ProblemCode, UserId,
    api::{RecoveryCodes, Secret, TotpConfirm, TotpRemove, TotpStarted},
};
use secrecy::{ExposeSecret, SecretString};

use super::{browser::Browser, challenge::not_accepted};
use crate::{App, AppError};

/// What the sealed secret is.
const PURPOSE: &str = "totp";
/// Who is named beside the code in an authenticator.
const ISSUER: &str = "agent-coordinator";

impl App {
    /// A new secret for one's authenticator, shown this one time. It counts once a first code was right.
    ///
    /// # Errors
    /// `conflict` when there is a second factor already.
    pub async fn start_totp(&self, browser: &Browser) -> Result<TotpStarted, AppError> {
        self.note_own(browser, "second_factor.start").await?;
        let user = &browser.identity.user;
        let mut random = [0; SECRET_BYTES];
        self.ports().entropy.fill(&mut random);
        let secret = totp::secret_text(&random);
        let binding = Binding::of_user(user.id, PURPOSE);
        let sealed = self
            .ports()
            .master_key
            .seal(&binding, &SecretString::from(secret.as_str()))
            .await?;
        match self.ports().identity.start_second_factor(user.id, sealed).await? {
            Written::Done => Ok(TotpStarted {
                uri: Secret::new(totp::uri(&secret, ISSUER, &user.email)),
                secret: Secret::new(secret),
            }),
            _ => Err(AppError::new(
                ProblemCode::Conflict,
                "There is a second factor already. Remove it before another one is set up.",
            )),
        }
    }

    /// From now on signing in with the password takes a code. The recovery codes are shown this one time.
    ///
    /// # Errors
    /// `second_factor_failed` for a wrong code; `conflict` when nothing was started or it is confirmed already.
    pub async fn confirm_totp(
        &self,
        browser: &Browser,
        body: TotpConfirm,
    ) -> Result<RecoveryCodes, AppError> {
        self.note_own(browser, "second_factor.confirm").await?;
        let user = &browser.identity.user;
        let identity = &self.ports().identity;
        let factor = identity.second_factor(user.id).await?;
        let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_none()) else {
            return Err(nothing_to_confirm());
        };
        let Some(Code::Totp(typed)) = Code::read(body.code.expose(), user.id) else {
            return Err(not_accepted());
        };
        let step = self
            .matching_step(&factor, &typed)
            .await?
            .ok_or_else(not_accepted)?;
        let (shown, kept): (Vec<_>, Vec<_>) = (0..RECOVERY_CODES)
            .map(|_| {
                let mut random = [0; RECOVERY_BYTES];
                self.ports().entropy.fill(&mut random);
                totp::recovery_code(random, user.id)
            })
            .unzip();
        let written = identity
            .confirm_second_factor(user.id, factor.secret, step, kept, self.now())
            .await?;
        if written != Written::Done {
            return Err(nothing_to_confirm());
        }
        self.tell_of_second_factor(&user.email, true);
        Ok(RecoveryCodes {
            recovery_codes: shown.into_iter().map(Secret::new).collect(),
        })
    }

    /// Takes the second factor away. The password or a code is needed: a browser that was left open is not enough.
    ///
    /// # Errors
    /// When neither is right. Fine when there is none.
    pub async fn remove_totp(
        &self,
        browser: &Browser,
        body: TotpRemove,
        from: Option<IpAddr>,
    ) -> Result<(), AppError> {
        let user = &browser.identity.user;
        let identity = &self.ports().identity;
        match (&body.password, &body.code) {
            (Some(password), None) => {
                let present = identity.password_of(user.id).await?;
                if !self.guess(&user.email, from, password, present.as_ref()).await? {
                    return Err(AppError::invalid(
                        "password",
                        "`password` is not the present password.",
                    ));
                }
            }
            (None, Some(code)) => {
                if !self.is_right_code(user.id, code.expose()).await? {
                    return Err(not_accepted());
                }
            }
            _ => {
                return Err(AppError::invalid(
                    "password",
                    "Send either `password` or `code`, not both.",
                ));
            }
        }
        let was_on = identity
            .second_factor(user.id)
            .await?
            .is_some_and(|factor| factor.confirmed_at.is_some());
        self.note_own(browser, "second_factor.remove").await?;
        identity.remove_second_factor(user.id).await?;
        if was_on {
            self.tell_of_second_factor(&user.email, false);
        }
        Ok(())
    }

    fn tell_of_second_factor(&self, email: &str, on: bool) {
        let server = self.accounts().settings().url.clone();
        self.tell_user(email, Letter::SecondFactorChanged { on, server });
    }

    /// The step whose code this is, near the present one and not used before.
    async fn matching_step(&self, factor: &SecondFactor, typed: &str) -> Result<Option<u64>, AppError> {
        let binding = Binding::of_user(factor.user, PURPOSE);
        let secret = self.ports().master_key.open(&binding, &factor.secret).await?;
        Ok(totp::matching_step(
            secret.expose_secret(),
            typed,
            factor.last_step,
            self.now(),
        ))
    }

    /// Whether six digits are right, and uses their step up if so.
    pub(super) async fn is_right_totp(&self, user: UserId, typed: &str) -> Result<bool, AppError> {
        let identity = &self.ports().identity;
        let factor = identity.second_factor(user).await?;
        let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else {
            return Ok(false);
        };
        let Some(step) = self.matching_step(&factor, typed).await? else {
            return Ok(false);
        };
        Ok(identity.use_step(user, step).await? == Written::Done)
    }
}

fn nothing_to_confirm() -> AppError {
    AppError::new(
        ProblemCode::Conflict,
        "There is nothing to confirm: start again, or it was confirmed already.",
    )
}
