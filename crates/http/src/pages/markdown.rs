//! The little Markdown that our own pages are written in, as HTML: headings, paragraphs, lists
//! and fences. Everything is escaped, so a page can hold no markup of its own.

use std::fmt::Write;

use super::escape;

/// A whole page.
pub(super) fn render(text: &str) -> String {
    let mut page = Page::default();
    let mut fence = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            page.close();
            page.out.push_str(if fence { "</pre>" } else { "<pre>" });
            fence = !fence;
        } else if fence {
            let _ = writeln!(page.out, "{}", escape(line));
        } else {
            page.line(line);
        }
    }
    page.close();
    if fence {
        page.out.push_str("</pre>");
    }
    page.out
}

#[derive(Default)]
struct Page {
    out: String,
    paragraph: String,
    items: Vec<String>,
}

impl Page {
    fn line(&mut self, line: &str) {
        let trimmed = line.trim();
        let level = trimmed.bytes().take_while(|byte| *byte == b'#').count();
        if trimmed.is_empty() {
            self.close();
        } else if (1..=4).contains(&level) && trimmed[level..].starts_with(' ') {
            self.close();
            let _ = write!(
                self.out,
                "<h{level}>{}</h{level}>",
                inline(trimmed[level..].trim())
            );
        } else if let Some(item) = trimmed.strip_prefix("- ") {
            self.end_paragraph();
            self.items.push(item.to_owned());
        } else if let Some(item) = self.items.last_mut() {
            item.push(' ');
            item.push_str(trimmed);
        } else {
            if !self.paragraph.is_empty() {
                self.paragraph.push(' ');
            }
            self.paragraph.push_str(trimmed);
        }
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        if !paragraph.is_empty() {
            let _ = write!(self.out, "<p>{}</p>", inline(&paragraph));
        }
    }

    fn close(&mut self) {
        self.end_paragraph();
        let items = std::mem::take(&mut self.items);
        if !items.is_empty() {
            self.out.push_str("<ul>");
            for item in items {
                let _ = write!(self.out, "<li>{}</li>", inline(&item));
            }
            self.out.push_str("</ul>");
        }
    }
}

/// Text within a line: code between backticks, `**bold**` and links elsewhere. What has no end stays as it is.
pub(super) fn inline(text: &str) -> String {
    marked(text, "`", "code", |text| marked(text, "**", "strong", links))
}

/// A link to another page of this kind leads there; other documents lie in the source and are only named.
fn links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, words, target, after)) = next_link(rest) {
        out.push_str(&escape(before));
        match target.strip_suffix(".md") {
            Some(page) if page.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => {
                let _ = write!(out, "<a href=\"/problems/{page}\">{}</a>", escape(words));
            }
            _ if target.starts_with("https://") => {
                let _ = write!(out, "<a href=\"{}\">{}</a>", escape(target), escape(words));
            }
            _ => {
                let place = target.trim_start_matches("../");
                let _ = write!(out, "{} (<code>docs/{}</code>)", escape(words), escape(place));
            }
        }
        rest = after;
    }
    out + &escape(rest)
}

/// Text before, words, target and text after of the first link.
fn next_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, rest) = text.split_once('[')?;
    let (words, rest) = rest.split_once("](")?;
    let (target, after) = rest.split_once(')')?;
    Some((before, words, target, after))
}

fn marked(text: &str, mark: &str, tag: &str, outside: impl Fn(&str) -> String) -> String {
    let parts: Vec<&str> = text.split(mark).collect();
    // With an even number of parts the last mark has no partner.
    let paired = parts.len() - usize::from(parts.len().is_multiple_of(2));
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index >= paired {
            out.push_str(mark);
            out.push_str(&outside(part));
        } else if index % 2 == 1 {
            let _ = write!(out, "<{tag}>{}</{tag}>", escape(part));
        } else {
            out.push_str(&outside(part));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_pages_use() {
        let page = render("# A `b` <c>\n\nOne\ntwo.\n\n- x\n  y\n- **z**\n\n```sh\na < b\n```\n");
        assert_eq!(
            page,
            "<h1>A <code>b</code> &lt;c&gt;</h1><p>One two.</p><ul><li>x y</li><li><strong>z</strong></li></ul>\
             <pre>a &lt; b\n</pre>"
        );
    }

    #[test]
    fn links_lead_to_pages_that_are_served() {
        assert_eq!(
            inline("see [it](rate_limited.md)."),
            "see <a href=\"/problems/rate_limited\">it</a>."
        );
        assert_eq!(
            inline("[guide](../guides/operate.md)"),
            "guide (<code>docs/guides/operate.md</code>)"
        );
        assert_eq!(inline("a [b"), "a [b");
    }

    #[test]
    fn marks_without_an_end_stay() {
        assert_eq!(inline("a ` b"), "a ` b");
        assert_eq!(inline("`a` `"), "<code>a</code> `");
        assert_eq!(inline("`**`"), "<code>**</code>");
    }
}
