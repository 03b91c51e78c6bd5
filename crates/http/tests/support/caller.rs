//! Who asks: nobody, strangers, and everybody inside, each with a key and with a browser.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{body::Body, extract::ConnectInfo};
use domain::tenancy::{Role, Scope};
use http::{Method, Request, header};

use crate::{browser::Browser, row::Payload};

/// A column of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// No credential.
    Nobody,
    /// A word that is no key.
    NoKey,
    /// The owner's key without its last character.
    CutKey,
    /// The owner's key under another scheme.
    OtherScheme,
    /// A key that was good, of the victim's owner.
    ExpiredKey,
    RevokedKey,
    /// Somebody who was a member once.
    FormerKey,
    FormerBrowser,
    /// A cookie that nobody was given.
    MadeUpCookie,
    /// The owner's browser, after it signed out.
    SignedOut,
    /// An owner of another organisation.
    StrangerKey,
    StrangerBrowser,
    /// The same, with the names of organisations in the header.
    StrangerAtHome,
    StrangerAtVictims,
    /// Members, with keys that have no limits.
    Key(Role),
    Browser(Role),
    /// A key of a service account with the role of a member.
    Robot,
    /// The owner's key, limited to one scope.
    Limited(Scope),
}

/// What is known of a caller, for what to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Without a valid credential.
    Unknown,
    /// Of another organisation; says whether the victim's is asked for by name.
    Stranger {
        names_victim: bool,
    },
    Inside {
        role: Role,
        scope: Option<Scope>,
    },
}

impl Who {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Nobody,
        Self::NoKey,
        Self::CutKey,
        Self::OtherScheme,
        Self::ExpiredKey,
        Self::RevokedKey,
        Self::FormerKey,
        Self::FormerBrowser,
        Self::MadeUpCookie,
        Self::SignedOut,
        Self::StrangerKey,
        Self::StrangerBrowser,
        Self::StrangerAtHome,
        Self::StrangerAtVictims,
        Self::Key(Role::Viewer),
        Self::Key(Role::Member),
        Self::Key(Role::Admin),
        Self::Key(Role::Owner),
        Self::Browser(Role::Viewer),
        Self::Browser(Role::Member),
        Self::Browser(Role::Admin),
        Self::Browser(Role::Owner),
        Self::Robot,
        Self::Limited(Scope::SessionsRead),
        Self::Limited(Scope::SessionsWrite),
        Self::Limited(Scope::RunsRead),
        Self::Limited(Scope::AuditRead),
        Self::Limited(Scope::Admin),
    ];

    pub(crate) fn standing(self) -> Standing {
        match self {
            Self::Nobody
            | Self::NoKey
            | Self::CutKey
            | Self::OtherScheme
            | Self::ExpiredKey
            | Self::RevokedKey
            | Self::FormerKey
            | Self::FormerBrowser
            | Self::MadeUpCookie
            | Self::SignedOut => Standing::Unknown,
            Self::StrangerKey | Self::StrangerBrowser | Self::StrangerAtHome => {
                Standing::Stranger { names_victim: false }
            }
            Self::StrangerAtVictims => Standing::Stranger { names_victim: true },
            Self::Key(role) | Self::Browser(role) => Standing::Inside { role, scope: None },
            Self::Robot => Standing::Inside {
                role: Role::Member,
                scope: None,
            },
            Self::Limited(scope) => Standing::Inside {
                role: Role::Owner,
                scope: Some(scope),
            },
        }
    }

    pub(crate) fn in_browser(self) -> bool {
        matches!(
            self,
            Self::StrangerBrowser | Self::StrangerAtHome | Self::StrangerAtVictims | Self::Browser(_)
        )
    }
}

/// Each request comes from another address: what is held up for one is no matter here.
fn elsewhere() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let address = u32::from(Ipv4Addr::new(203, 0, 113, 0)).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
    SocketAddr::from((Ipv4Addr::from(address), 1024))
}

/// What somebody sends to be known by.
#[derive(Clone)]
pub(crate) enum Credential {
    Nothing,
    /// The whole value of `Authorization`.
    Authorization(String),
    /// A cookie with its token, from our own page, and the organisation that is asked for.
    Cookie {
        cookie: String,
        csrf: String,
        org: Option<String>,
    },
}

impl Credential {
    pub(crate) fn key(key: &str) -> Self {
        Self::Authorization(format!("Bearer {key}"))
    }

    pub(crate) fn of(browser: &Browser, org: Option<String>) -> Self {
        Self::Cookie {
            cookie: browser.cookie.clone(),
            csrf: browser.csrf.clone(),
            org,
        }
    }

    /// As headers, for a server that is reached at `host`.
    pub(crate) fn headers(&self, host: &str) -> Vec<(&'static str, String)> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Authorization(value) => vec![("authorization", value.clone())],
            Self::Cookie { cookie, csrf, org } => {
                let mut headers = vec![
                    ("cookie", cookie.clone()),
                    ("coordinator-csrf", csrf.clone()),
                    ("host", host.to_owned()),
                    ("origin", format!("http://{host}")),
                ];
                headers.extend(org.clone().map(|org| ("coordinator-org", org)));
                headers
            }
        }
    }

    pub(crate) fn request(&self, method: &str, target: &str, payload: &Payload) -> Request<Body> {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(target)
            .extension(ConnectInfo(elsewhere()));
        for (name, value) in self.headers("own.example") {
            request = request.header(name, value);
        }
        match payload {
            Payload::Nothing => request.body(Body::empty()),
            Payload::Json(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            Payload::Bytes(kind, bytes) => request
                .header(header::CONTENT_TYPE, *kind)
                .body(Body::from(bytes.clone())),
        }
        .unwrap()
    }
}
