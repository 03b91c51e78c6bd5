//! Enough of XML for pom.xml and MSBuild files: the short texts and attributes of elements by name, found in one pass.
//! Entities, namespaces and nesting play no part; nothing is expanded, so nothing can blow up.

/// A document without its comments.
#[derive(Debug)]
pub(super) struct Markup(String);

impl Markup {
    pub(super) fn new(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("<!--") {
            out.push_str(before);
            rest = after.split_once("-->").map_or("", |(_, rest)| rest);
        }
        out.push_str(rest);
        Self(out)
    }

    pub(super) fn contains(&self, part: &str) -> bool {
        self.0.contains(part)
    }

    /// The texts of all elements `<name>text</name>` without children, blank ones left out.
    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.tags().filter_map(move |(tag, after)| {
            let text = after.trim();
            (element(tag) == name && !tag.ends_with('/') && !text.is_empty()).then_some(text)
        })
    }

    pub(super) fn value<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.values(name).next()
    }

    /// The values of `attribute` of all elements of that name.
    pub(super) fn attributes<'a>(
        &'a self,
        name: &'a str,
        attribute: &'a str,
    ) -> impl Iterator<Item = &'a str> + 'a {
        self.tags()
            .filter(move |(tag, _)| element(tag) == name)
            .filter_map(move |(tag, _)| {
                tag.match_indices(attribute).find_map(|(at, _)| {
                    let before = tag.get(..at)?.chars().next_back()?;
                    let value = tag.get(at + attribute.len()..)?.trim_start();
                    let value = value.strip_prefix('=')?.trim_start();
                    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
                    let value = before.is_whitespace().then(|| value.get(1..))??;
                    value.split_once(quote).map(|(value, _)| value)
                })
            })
    }

    /// Inside of each tag, and the text up to the next one.
    fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .split('<')
            .skip(1)
            .filter_map(|piece| piece.split_once('>'))
    }
}

fn element(tag: &str) -> &str {
    tag.split(|character: char| character.is_whitespace() || character == '/')
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Markup;

    #[test]
    fn texts_and_attributes_by_name() {
        let text = "<a><!-- <m>no</m> --><m> one </m><m/><m></m><m x='1'>two</m><P Include=\"A.B\" Version='2' /><P MyInclude='no'/></a><!-- <m>";
        let markup = Markup::new(text);
        assert_eq!(markup.values("m").collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(markup.attributes("P", "Include").collect::<Vec<_>>(), ["A.B"]);
        assert_eq!(markup.attributes("P", "Version").collect::<Vec<_>>(), ["2"]);
    }
}
