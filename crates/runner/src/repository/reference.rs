//! Which repository addresses and refs are handed to git. Checked before, because git reads options and
//! transports into both.

use http::Uri;

use super::RepositoryError;

const LONGEST_URL: usize = 2048;
const LONGEST_REFERENCE: usize = 255;

/// A repository address that may be cloned: `http` or `https`, a host, no credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    url: String,
    scheme: String,
    host: String,
}

impl Remote {
    /// # Errors
    /// When the address is anything else.
    pub fn parse(url: &str) -> Result<Self, RepositoryError> {
        let invalid = |why: &str| RepositoryError::InvalidUrl(why.to_owned());
        if url.is_empty() || url.len() > LONGEST_URL {
            return Err(invalid("it must have 1 to 2048 characters"));
        }
        if !url.is_ascii()
            || url
                .bytes()
                .any(|byte| byte.is_ascii_control() || matches!(byte, b' ' | b'\\' | b'"'))
        {
            return Err(invalid("it holds characters that a URL cannot have"));
        }
        let uri: Uri = url.parse().map_err(|_| invalid("it is not a URL"))?;
        let scheme = uri.scheme_str().unwrap_or_default();
        if !matches!(scheme, "http" | "https") {
            return Err(invalid("only http and https are cloned"));
        }
        let authority = uri.authority().ok_or_else(|| invalid("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(invalid("it must not contain a user name or password"));
        }
        if authority.host().is_empty() || authority.host().starts_with('-') {
            return Err(invalid("it names no host"));
        }
        Ok(Self {
            url: url.to_owned(),
            scheme: scheme.to_owned(),
            host: authority.as_str().to_ascii_lowercase(),
        })
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Host, with its port where the URL has one: as git asks for credentials.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

/// # Errors
/// When git could not have such a ref, or would take it for something else.
pub fn check_reference(reference: &str) -> Result<(), RepositoryError> {
    let bad = reference.is_empty()
        || reference.len() > LONGEST_REFERENCE
        || reference.starts_with(['-', '/', '.'])
        || reference.ends_with(['/', '.'])
        || reference
            .split('/')
            .any(|part| part.is_empty() || part.starts_with('.') || part.ends_with(".lock"))
        || reference.contains("..")
        || reference.contains("@{")
        || reference == "@"
        || reference
            .chars()
            .any(|c| c.is_control() || matches!(c, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\'));
    if bad {
        Err(RepositoryError::InvalidReference)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_cloned() {
        let remote = Remote::parse("https://Git.Example:8443/a/b.git").unwrap();
        assert_eq!((remote.scheme(), remote.host()), ("https", "git.example:8443"));
        for bad in [
            "",
            "-u",
            "--upload-pack=touch /tmp/x",
            "ext::sh -c id",
            "file:///etc",
            "/srv/repo",
            "git@host:repo",
            "ssh://host/x",
            "https://user:pw@host/x",
            "https:///x",
            "http://-oProxy/x",
            "https://host/a b",
            "https://host/\nx",
        ] {
            assert!(Remote::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn refs_that_git_would_misread_are_refused() {
        for good in [
            "main",
            "feature/a-b",
            "v1.2.3",
            "0123abcd",
            "refs/pull/1/head",
            "ü",
        ] {
            assert!(check_reference(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "-b",
            "--upload-pack=x",
            "a..b",
            "a b",
            "a:b",
            "a^",
            "@{1}",
            "@",
            "/a",
            "a/",
            "x.lock",
            "a\n",
        ] {
            assert!(check_reference(bad).is_err(), "{bad}");
        }
    }
}
