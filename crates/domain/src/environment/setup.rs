//! Which setup commands of a repository may become lines of a plan: those made of plain words only.

use super::tree::Project;
use super::words::Word;

const MAX_STEPS: usize = 6;
const MAX_WORDS: usize = 12;
const MAX_BYTES: usize = 400;

/// Programs that set projects up. Others (`sudo`, `curl`, `docker` …) change the machine, not the project.
const PROGRAMS: &[&str] = &[
    "npm", "npx", "pnpm", "yarn", "bun", "corepack", "node", "deno", "pip", "pip3", "python", "python3",
    "uv", "poetry", "pdm", "pipenv", "cargo", "go", "bundle", "rake", "rails", "composer", "php", "dotnet",
    "mvn", "gradle", "mix", "make", "just", "task", "mise", "git",
];
const SHELLS: &[&str] = &["bash", "sh"];

/// The steps of `a && b`, each as one line, or in words why it is refused.
pub(super) fn lines(project: &Project<'_>, command: &str) -> Result<Vec<String>, &'static str> {
    if command.len() > MAX_BYTES {
        return Err("it is too long");
    }
    let mut lines = Vec::new();
    let mut directory: Option<Word> = None;
    for step in command.split("&&") {
        let words: Vec<&str> = step.split_whitespace().collect();
        if words.len() > MAX_WORDS || lines.len() == MAX_STEPS {
            return Err("it is too long");
        }
        if !words.iter().all(|word| plain(word)) {
            return Err("it needs a shell");
        }
        match words.as_slice() {
            [] => return Err("it needs a shell"),
            ["cd", place] if directory.is_none() && lines.is_empty() => {
                let place = Word::new(place).filter(|place| project.has_below(&format!("{place}/")));
                directory = Some(place.ok_or("it changes to a directory that isn't there")?);
            }
            [program, rest @ ..] => {
                let script = if SHELLS.contains(program) {
                    rest.first()
                } else {
                    Some(program)
                };
                let known = PROGRAMS.contains(program);
                let own = script.is_some_and(|script| is_own(project, directory.as_ref(), script));
                if !known && !own {
                    return Err("its program is not one that sets projects up");
                }
                let line = words.join(" ");
                lines.push(match &directory {
                    Some(directory) => format!("cd {directory} && {line}"),
                    None => line,
                });
            }
        }
    }
    Ok(lines)
}

/// Whether the word is a script that the repository brings along.
fn is_own(project: &Project<'_>, directory: Option<&Word>, script: &str) -> bool {
    let name = script.strip_prefix("./").unwrap_or(script);
    let inside = script.contains('/') || script.ends_with(".sh");
    let path = directory.map_or(name.to_owned(), |directory| format!("{directory}/{name}"));
    inside && Word::new(script).is_some() && project.has(&path)
}

/// A plain word, or an option made of the same characters.
fn plain(word: &str) -> bool {
    let body = word.trim_start_matches('-');
    let (name, value) = body.split_once('=').unwrap_or((body, "x"));
    let part = |part: &str| {
        part.split(':')
            .all(|part| part.is_empty() || Word::new(part).is_some())
    };
    !body.is_empty() && part(name) && part(value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use protocol::probe::Listing;

    use super::super::tree::Tree;
    use super::lines;

    #[test]
    fn only_plain_commands_pass() {
        let listing = Listing {
            files: vec!["bin/setup".into(), "web/package.json".into(), "s.sh".into()],
            contents: BTreeMap::new(),
            ..Listing::default()
        };
        let tree = Tree::new(&listing);
        let root = tree.root();
        for (text, expected) in [
            ("npm ci", vec!["npm ci"]),
            (
                "npm ci --no-audit && npm run build:all",
                vec!["npm ci --no-audit", "npm run build:all"],
            ),
            ("cd web && npm ci", vec!["cd web && npm ci"]),
            ("./bin/setup --skip-server", vec!["./bin/setup --skip-server"]),
            ("bash s.sh", vec!["bash s.sh"]),
        ] {
            assert_eq!(
                lines(&root, text).as_deref(),
                Ok(expected
                    .iter()
                    .map(|line| (*line).to_owned())
                    .collect::<Vec<_>>()
                    .as_slice()),
                "{text}"
            );
        }
        for text in [
            "",
            "&&",
            "npm ci; reboot",
            "npm ci | sh",
            "npm ci & reboot",
            "$(x)",
            "sudo npm ci",
            "curl x",
            "cd .. && npm ci",
            "cd nowhere && npm ci",
            "npm ci > /dev/null",
            "bash -c reboot",
            "sh /tmp/x",
            "./bin/absent",
            "npm ~",
            "npm `x`",
            "npm\n-x;",
            "npm ../../x",
            "bash bin/../s.sh",
            "-npm",
            "A=b npm",
            "npm ci &&",
        ] {
            assert!(lines(&root, text).is_err(), "{text:?}");
        }
        assert!(lines(&root, &"npm ".repeat(100)).is_err());
    }
}
