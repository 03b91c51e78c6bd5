//! Elixir: mix, single projects and umbrellas, with Phoenix. mix.exs is a program; it is read as text, never run.

use super::detector::{Detector, Finding};
use super::tools;
use super::tree::{Project, Text};

#[derive(Debug)]
pub(super) struct Elixir;

impl Detector for Elixir {
    fn ecosystem(&self) -> &'static str {
        "Elixir"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &["mix.exs", ".tool-versions"]
    }

    fn looked_for(&self) -> &'static str {
        "Elixir: mix.exs (mix)"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["ex", "exs", "heex", "eex", "leex"]
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        project.first(&["mix.exs"])?;
        let mut finding = Finding::new("mix", project);
        let path = project.path("mix.exs");
        let text = match project.text("mix.exs") {
            Text::Known(text) => text,
            Text::Unreadable(why) => {
                finding.because(&path, format!("mix.exs can't be used: {why}"));
                ""
            }
            Text::Absent => "",
        };
        let own = without_comments(text);
        let umbrella = own.contains("apps_path:");
        // The dependencies of an umbrella are named by its applications.
        let members: Vec<String> = project
            .below()
            .filter(|path| {
                umbrella
                    && path.starts_with("apps/")
                    && path.ends_with("/mix.exs")
                    && path.matches('/').count() == 2
            })
            .take(32)
            .filter_map(|path| project.known(path).map(without_comments))
            .collect();
        let depends = |name: &str| {
            let form = format!("{{:{name},");
            std::iter::once(&own)
                .chain(&members)
                .any(|text| text.contains(&form))
        };
        if umbrella {
            finding.covers_below();
            finding.because(
                &path,
                "an umbrella: its applications are set up and tested from the root",
            );
        }
        finding.because(&path, "mix needs Hex and rebar before it can fetch dependencies");
        finding.install("mix local.hex --force");
        finding.install("mix local.rebar --force");
        install(project, &own, &depends, &mut finding);
        test(project, umbrella, &mut finding);
        if depends("phoenix") {
            finding.because(&path, "phoenix is among the dependencies");
            finding.start("mix phx.server");
        } else if own.contains("mod: {") {
            finding.because(&path, "`mod:` names an application to run");
            finding.start("mix run --no-halt");
        }
        runtime(project, &own, &mut finding);
        Some(finding)
    }
}

fn install(project: &Project<'_>, text: &str, depends: &dyn Fn(&str) -> bool, finding: &mut Finding) {
    let path = project.path("mix.exs");
    if project.has("mix.lock") {
        finding.because(
            project.path("mix.lock"),
            "the lockfile is there: mix fetches what it says",
        );
    }
    let server = ["postgrex", "myxql", "tds"]
        .into_iter()
        .find(|name| depends(name));
    let alias = text
        .lines()
        .map(str::trim_start)
        .any(|line| line.starts_with("setup:") || line.starts_with("\"setup\":"));
    if let Some(name) = server {
        finding.because(
            &path,
            format!("`{name}`: tests and server need a running database, which this plan doesn't start"),
        );
    }
    if alias && server.is_none() {
        finding.because(&path, "its alias `setup` gets everything ready");
        finding.install("mix setup");
        return;
    }
    if alias {
        finding.because(&path, "its alias `setup` would prepare the database too");
    }
    finding.install("mix deps.get");
}

fn test(project: &Project<'_>, umbrella: bool, finding: &mut Finding) {
    let file = project.below().find(|path| {
        path.ends_with("_test.exs")
            && (path.starts_with("test/") || umbrella && path.starts_with("apps/") && path.contains("/test/"))
    });
    if let Some(file) = file {
        finding.because(project.path(file), "ExUnit's tests");
        finding.test("mix test");
    }
}

fn runtime(project: &Project<'_>, text: &str, finding: &mut Finding) {
    tools::state(project, "elixir", finding);
    tools::state(project, "erlang", finding);
    let stated = text.lines().find_map(|line| {
        let rest = line.trim_start().strip_prefix("elixir:")?.trim_start();
        rest.strip_prefix('"')?
            .split_once('"')
            .map(|(version, _)| version)
    });
    if let Some(stated) = stated {
        finding.runtime_from("elixir", &project.path("mix.exs"), "`elixir:`", stated);
    }
    finding.runtime("elixir", None);
}

fn without_comments(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .take(5_000)
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect();
    lines.join("\n")
}
