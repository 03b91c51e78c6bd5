//! Git's credential format (`key=value` lines) and what goes over the broker's socket (one JSON line each way).

use serde::{Deserialize, Serialize};

/// A request is a few short lines.
pub(super) const LONGEST: u64 = 64 * 1024;

/// What git wants to know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ask {
    pub(super) protocol: String,
    /// Host, with port where the URL has one.
    pub(super) host: String,
}

impl Ask {
    /// Reads git's lines; keys that are of no use here are left out.
    pub(super) fn parse(text: &str) -> Self {
        let mut ask = Self::default();
        for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
            match key {
                "protocol" => value.clone_into(&mut ask.protocol),
                "host" => value.clone_into(&mut ask.host),
                _ => {}
            }
        }
        ask
    }
}

/// A value that cannot smuggle further lines into git's format.
pub(super) fn is_one_line(value: &str) -> bool {
    !value.contains(['\n', '\r', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_lines_are_read() {
        let ask = Ask::parse("capability[]=authtype\nprotocol=https\nhost=h:8443\npath=a=b\n\n");
        assert_eq!(
            ask,
            Ask {
                protocol: "https".into(),
                host: "h:8443".into()
            }
        );
    }
}
