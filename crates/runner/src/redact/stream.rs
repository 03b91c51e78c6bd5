//! Text that comes in pieces: what may be the beginning of a secret is held back until it is known.

use super::Redactor;

/// One stream of pieces. What comes out, put together, is what would come out of the whole at once.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    held: Vec<u8>,
}

impl Stream {
    /// The next piece; answers what can be shown now.
    pub(crate) fn push(&mut self, redactor: &Redactor, piece: &[u8]) -> Vec<u8> {
        if redactor.is_empty() && self.held.is_empty() {
            return piece.to_vec();
        }
        self.held.extend_from_slice(piece);
        let mut out = Vec::with_capacity(self.held.len());
        let taken = redactor.pass(&self.held, false, &mut out);
        self.held.drain(..taken);
        out
    }

    /// As [`Stream::push`], of text. It is held back where a character begins, so what comes out is text.
    pub(crate) fn push_text(&mut self, redactor: &Redactor, piece: &str) -> String {
        let out = self.push(redactor, piece.as_bytes());
        String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// The stream is over: what is held was no secret, unless a shorter one is in it.
    pub(crate) fn end(&mut self, redactor: &Redactor) -> Vec<u8> {
        let held = std::mem::take(&mut self.held);
        let mut out = Vec::with_capacity(held.len());
        redactor.pass(&held, true, &mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_beginning_is_held_back_and_let_go() {
        let redactor = Redactor::new(["hunter22"]);
        let mut stream = Stream::default();
        assert_eq!(stream.push_text(&redactor, "say hunt"), "say ");
        assert_eq!(stream.push_text(&redactor, "er2"), "");
        assert_eq!(stream.push_text(&redactor, "1 hunter22"), "hunter21 [secret]");
        assert_eq!(stream.push_text(&redactor, "hun"), "");
        assert_eq!(stream.end(&redactor), b"hun");
    }

    proptest! {
        /// Few letters, so that secrets overlap with each other and with themselves.
        #[test]
        fn pieces_show_what_the_whole_shows(
            secrets in proptest::collection::vec("[ab]{6,9}|[abü]{7,12}", 1..4),
            text in "[abü]{0,80}",
            cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let redactor = Redactor::new(secrets.iter().map(String::as_str));
            let whole = redactor.text(&text).unwrap_or_else(|| text.clone());
            let mut places: Vec<usize> = cuts.iter().map(|cut| text.floor_char_boundary(cut.index(text.len() + 1))).collect();
            places.extend([0, text.len()]);
            places.sort_unstable();
            let mut stream = Stream::default();
            let mut out = String::new();
            for pair in places.windows(2) {
                out.push_str(&stream.push_text(&redactor, &text[pair[0]..pair[1]]));
            }
            out.push_str(std::str::from_utf8(&stream.end(&redactor)).unwrap());
            prop_assert_eq!(&out, &whole);
            for secret in &secrets {
                prop_assert!(!out.contains(secret.as_str()));
            }
        }
    }
}
