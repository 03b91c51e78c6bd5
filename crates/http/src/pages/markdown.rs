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

/// Text within a line: code between backticks, `**bold**` elsewhere. What has no end stays as it is.
pub(super) fn inline(text: &str) -> String {
    marked(text, "`", "code", |text| marked(text, "**", "strong", escape))
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
    fn marks_without_an_end_stay() {
        assert_eq!(inline("a ` b"), "a ` b");
        assert_eq!(inline("`a` `"), "<code>a</code> `");
        assert_eq!(inline("`**`"), "<code>**</code>");
    }
}
