//! Reads git's own progress lines.

/// A percentage with the phase's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) phase: String,
    pub(super) percent: u8,
}

/// Collects bytes of standard error into lines, which git ends with `\r` while it counts.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<u8>);

impl Lines {
    /// The last progress line that `chunk` completes.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Option<Step> {
        let mut last = None;
        for &byte in chunk {
            if byte == b'\r' || byte == b'\n' {
                last = parse(&String::from_utf8_lossy(&self.0)).or(last);
                self.0.clear();
            } else if self.0.len() < 512 {
                self.0.push(byte);
            }
        }
        last
    }
}

fn parse(line: &str) -> Option<Step> {
    let line = line.strip_prefix("remote: ").unwrap_or(line);
    let (phase, rest) = line.split_once(':')?;
    let percent: u8 = rest.trim_start().split_once('%')?.0.trim().parse().ok()?;
    (percent <= 100 && phase.len() < 64).then(|| Step {
        phase: phase.to_owned(),
        percent,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_found_across_chunks() {
        let mut lines = Lines::default();
        assert_eq!(lines.push(b"Cloning into 'x'...\nReceiving obj"), None);
        let step = lines
            .push(b"ects:   7% (1/14)\rReceiving objects:  45% (9/20), 1.00 KiB\r")
            .unwrap();
        assert_eq!((step.phase.as_str(), step.percent), ("Receiving objects", 45));
        let step = lines
            .push(b"remote: Compressing objects: 100% (3/3), done.\n")
            .unwrap();
        assert_eq!((step.phase.as_str(), step.percent), ("Compressing objects", 100));
    }
}
