//! What the loud organisation sends: of a hundred requests so many of each kind, in an order that mixes them.

use super::key::{Dice, made_up};

/// Below the limit of a small body, and above it.
const BIG: usize = 200 * 1024;
const HUGE: usize = 1024 * 1024;

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    List,
    Get,
    Create,
    /// With a prompt, so with a sandbox.
    Begin,
    Prompt,
    Subscribe,
    /// A key that looks right and was never given out; a new one each time.
    Wrong,
    /// The same wrong key again.
    WrongAgain,
    Big,
    Huge,
}

/// Of a hundred.
const SHARES: [(Kind, usize); 10] = [
    (Kind::List, 28),
    (Kind::Get, 10),
    (Kind::Create, 18),
    (Kind::Begin, 2),
    (Kind::Prompt, 18),
    (Kind::Subscribe, 5),
    (Kind::Wrong, 10),
    (Kind::WrongAgain, 4),
    (Kind::Big, 4),
    (Kind::Huge, 1),
];

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Get => "get",
            Self::Create => "create",
            Self::Begin => "create with a prompt",
            Self::Prompt => "prompt",
            Self::Subscribe => "subscribe",
            Self::Wrong => "wrong key",
            Self::WrongAgain => "the same wrong key",
            Self::Big => "200 KiB body",
            Self::Huge => "1 MiB body",
        }
    }

    /// Whether it comes with the organisation's own key.
    pub(super) fn is_own(self) -> bool {
        !matches!(self, Self::Wrong | Self::WrongAgain)
    }
}

/// Makes the requests.
pub(super) struct Mix {
    key: String,
    wrong: String,
    sessions: Vec<String>,
    dice: Dice,
    big: String,
    huge: String,
}

impl Mix {
    pub(super) fn new(key: &str, sessions: &[String], seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        Self {
            key: key.to_owned(),
            wrong: made_up(&mut Dice::new(99)),
            sessions: sessions.to_vec(),
            big: create(&"x".repeat(BIG), false),
            huge: create(&"x".repeat(HUGE), false),
            dice: {
                dice.roll();
                dice
            },
        }
    }

    /// The next kind.
    pub(super) fn kind(&mut self) -> Kind {
        let mut n = self.dice.pick(100);
        for (kind, share) in SHARES {
            if n < share {
                return kind;
            }
            n -= share;
        }
        Kind::List
    }

    /// A session of the loud one.
    pub(super) fn session(&mut self) -> String {
        let index = self.dice.pick(self.sessions.len());
        self.sessions.get(index).cloned().unwrap_or_default()
    }

    /// The bytes of a request; of a subscription there are none, it is an upgrade.
    pub(super) fn request(&mut self, kind: Kind) -> Vec<u8> {
        let session = self.session();
        let key = match kind {
            Kind::Wrong => made_up(&mut self.dice),
            Kind::WrongAgain => self.wrong.clone(),
            _ => self.key.clone(),
        };
        let small = create("Look at the parser", false);
        let begin = create("Look at the parser", true);
        let prompt = r#"{"text":"And look at the lexer, too."}"#;
        let (line, body) = match kind {
            Kind::List | Kind::Wrong | Kind::WrongAgain | Kind::Subscribe => {
                ("GET /v1/sessions?limit=20".to_owned(), "")
            }
            Kind::Get => (format!("GET /v1/sessions/{session}"), ""),
            Kind::Create => ("POST /v1/sessions".to_owned(), small.as_str()),
            Kind::Begin => ("POST /v1/sessions".to_owned(), begin.as_str()),
            Kind::Prompt => (format!("POST /v1/sessions/{session}/prompts"), prompt),
            Kind::Big => ("POST /v1/sessions".to_owned(), self.big.as_str()),
            Kind::Huge => ("POST /v1/sessions".to_owned(), self.huge.as_str()),
        };
        let mut out = format!(
            "{line} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        out.extend_from_slice(body.as_bytes());
        out
    }
}

fn create(title: &str, with_prompt: bool) -> String {
    let prompt = if with_prompt { r#","prompt":"Say it.""# } else { "" };
    format!(r#"{{"agent":"opencode","model":"demo/scripted","title":"{title}"{prompt}}}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_are_those_of_a_hundred() {
        assert_eq!(SHARES.iter().map(|(_, share)| share).sum::<usize>(), 100);
        let mut mix = Mix::new("ack_x", &["ses_1".to_owned()], 5);
        let mut wrong = 0;
        for _ in 0..10_000 {
            wrong += usize::from(!mix.kind().is_own());
        }
        assert!((1_200..1_600).contains(&wrong), "{wrong}");
        let request = mix.request(Kind::Prompt);
        let text = String::from_utf8_lossy(&request);
        assert!(
            text.starts_with("POST /v1/sessions/ses_1/prompts HTTP/1.1\r\n"),
            "{text}"
        );
    }
}
