//! The cookie of a browser session.
//!
//! Over https it has the `__Host-` prefix: browsers then take it from this host alone, for the whole host, and only
//! encrypted. Plain http (a laptop, a test) cannot have that and gets another name, so that one is never taken for
//! the other.

use domain::sign_in::SESSION_LIFE;
use http::{HeaderMap, HeaderValue, header};
use protocol::api::Secret;

fn name(https: bool) -> &'static str {
    if https {
        "__Host-coordinator"
    } else {
        "coordinator"
    }
}

/// The token in the request's cookie. Of several with the name none counts: somebody else put one there, and which
/// of them is the person's own nobody can say.
pub(crate) fn read(headers: &HeaderMap, https: bool) -> Option<&str> {
    let mut tokens = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(known, _)| *known == name(https))
        .map(|(_, token)| token);
    let token = tokens.next().filter(|token| !token.is_empty())?;
    tokens.next().is_none().then_some(token)
}

/// `Set-Cookie` for a browser that was signed in.
pub(crate) fn set(token: &Secret, https: bool) -> Option<HeaderValue> {
    write(token.expose(), SESSION_LIFE.as_secs(), https)
}

/// `Set-Cookie` for one that was signed out.
pub(crate) fn clear(https: bool) -> Option<HeaderValue> {
    write("", 0, https)
}

fn write(token: &str, seconds: u64, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let text = format!(
        "{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        name(https)
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
            text(clear(false)),
            "coordinator=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }
}
