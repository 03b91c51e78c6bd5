//! A title made of a prompt: what a list shows of a session that nobody has named.

/// Longest title made here, characters.
const MAX: usize = 80;

/// The first line that shows anything, without what would play tricks on the page, cut at a word.
#[must_use]
pub fn title_of(prompt: &str) -> Option<String> {
    // A line ends wherever a reader would see one end.
    let lines = prompt.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']);
    lines.map(plain).find(|line| shows(line)).map(|line| cut(&line))
}

/// One space between words, no control characters, none that turn the direction of what follows, none without width.
fn plain(line: &str) -> String {
    // Enough to cut from: a line may be as long as a prompt.
    let shown = line
        .chars()
        .filter(|c| !is_hidden(*c))
        .take(MAX * 8)
        .collect::<String>();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Joiners belong inside words and emoji; alone they show nothing.
fn shows(line: &str) -> bool {
    line.chars()
        .any(|c| !matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0f}'))
}

fn cut(line: &str) -> String {
    let mut ends = line.char_indices().map(|(at, _)| at);
    if ends.clone().count() <= MAX {
        return line.to_owned();
    }
    // One place is for the sign that something follows.
    let room = ends.nth(MAX - 1).unwrap_or(line.len());
    let head = &line[..room];
    let at_word = line[room..].starts_with(' ');
    let kept = match head.rfind(' ') {
        // A word that fills half the title is cut itself: a title of two letters says nothing.
        Some(space) if !at_word && space >= room / 2 => &head[..space],
        _ => head,
    };
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_shows_something() {
        for (prompt, title) in [
            ("Fix the tests", Some("Fix the tests")),
            ("\n \r\n\t Fix\tthe   tests \nand more", Some("Fix the tests")),
            ("", None),
            (" \n\u{200b}\u{200d}\n", None),
            ("\u{202e}evil\u{0}\u{1b}[31m\u{2066}x", Some("evil[31mx")),
            ("\u{200b}\nsecond", Some("second")),
            ("family 👨\u{200d}👩", Some("family 👨\u{200d}👩")),
        ] {
            assert_eq!(title_of(prompt).as_deref(), title, "{prompt:?}");
        }
    }

    #[test]
    fn long_lines_are_cut_at_a_word() {
        let words = "word ".repeat(40);
        let title = title_of(&words).unwrap();
        assert!(
            title.chars().count() <= MAX && title.ends_with("word…"),
            "{title}"
        );
        let title = title_of(&"ü".repeat(60_000)).unwrap();
        assert_eq!((title.chars().count(), title.ends_with("ü…")), (MAX, true));
        let exact = "x".repeat(MAX);
        assert_eq!(title_of(&exact), Some(exact));
        let title = title_of(&format!("{} {}", "x".repeat(MAX - 1), "y".repeat(9))).unwrap();
        assert_eq!(title, format!("{}…", "x".repeat(MAX - 1)));
    }
}
