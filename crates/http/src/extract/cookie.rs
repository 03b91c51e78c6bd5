//! The cookies: that of a browser session, and that of an attempt to sign in through a provider.
//!
//! Over https it has the `__Host-` prefix: browsers then take it from this host alone, for the whole host, and only
//! encrypted. Plain http (a laptop, a test) cannot have that and gets another name, so that one is never taken for
//! the other.

use domain::sign_in::{ATTEMPT_LIFE, SESSION_LIFE};
use http::{HeaderMap, HeaderValue, header};
use protocol::api::Secret;

/// Which of them.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Session,
    Attempt,
}

fn name(kind: Kind, https: bool) -> &'static str {
    match (kind, https) {
        (Kind::Session, true) => "__Host-coordinator",
        (Kind::Session, false) => "coordinator",
        (Kind::Attempt, true) => "__Host-coordinator-attempt",
        (Kind::Attempt, false) => "coordinator-attempt",
    }
}

/// The token in the request's cookie. Of several with the name none counts: somebody else put one there, and which
/// of them is the person's own nobody can say.
pub(crate) fn read(headers: &HeaderMap, https: bool) -> Option<&str> {
    only(headers, name(Kind::Session, https))
}

/// The same of the attempt that this browser began last.
pub(crate) fn read_attempt(headers: &HeaderMap, https: bool) -> Option<&str> {
    only(headers, name(Kind::Attempt, https))
}

fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut tokens = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(known, _)| *known == name)
        .map(|(_, token)| token);
    let token = tokens.next().filter(|token| !token.is_empty())?;
    tokens.next().is_none().then_some(token)
}

/// `Set-Cookie` for a browser that was signed in.
pub(crate) fn set(token: &Secret, https: bool) -> Option<HeaderValue> {
    write(Kind::Session, token.expose(), SESSION_LIFE.as_secs(), https)
}

/// `Set-Cookie` for one that was signed out.
pub(crate) fn clear(https: bool) -> Option<HeaderValue> {
    write(Kind::Session, "", 0, https)
}

/// `Set-Cookie` for an attempt that began. It comes back with the browser, which another site sends: `Lax` lets that
/// through, for the address bar alone.
pub(crate) fn set_attempt(token: &Secret, https: bool) -> Option<HeaderValue> {
    write(Kind::Attempt, token.expose(), ATTEMPT_LIFE.as_secs(), https)
}

/// `Set-Cookie` for one that is over.
pub(crate) fn clear_attempt(https: bool) -> Option<HeaderValue> {
    write(Kind::Attempt, "", 0, https)
}

fn write(kind: Kind, token: &str, seconds: u64, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let text = format!(
        "{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        name(kind, https)
    );
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_cookie_of_the_scheme_counts() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; coordinator=plain"));
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("__Host-coordinator=safe; x"),
        );
        assert_eq!(read(&headers, false), Some("plain"));
        assert_eq!(read(&headers, true), Some("safe"));
        headers.clear();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("coordinator=; xcoordinator=y"),
        );
        assert_eq!(read(&headers, false), None);
        headers.clear();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("coordinator=a; coordinator=b"),
        );
        assert_eq!(read(&headers, false), None);
    }

    #[test]
    fn it_is_kept_from_scripts_and_other_sites() {
        let text = |value: Option<HeaderValue>| value.unwrap().to_str().unwrap().to_owned();
        assert_eq!(
            text(set(&Secret::new("t"), true)),
            "__Host-coordinator=t; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            text(set_attempt(&Secret::new("t"), true)),
            "__Host-coordinator-attempt=t; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            text(clear(false)),
            "coordinator=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }
}
