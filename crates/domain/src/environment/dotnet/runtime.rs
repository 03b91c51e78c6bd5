//! Which .NET: global.json's SDK, else the newest framework that any project targets.

use serde_json::Value;

use super::super::detector::Finding;
use super::super::jsonc;
use super::super::markup::Markup;
use super::super::tools;
use super::super::tree::{Project, Text};
use super::project_file::{self, ProjectFile};

pub(super) fn state(project: &Project<'_>, files: &[ProjectFile<'_>], finding: &mut Finding) {
    let path = project.path("global.json");
    match project.text("global.json") {
        Text::Known(text) => {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            match serde_json::from_str::<Value>(&jsonc::plain(text)) {
                Ok(value) => {
                    let stated = value
                        .get("sdk")
                        .and_then(|sdk| sdk.get("version"))
                        .and_then(Value::as_str);
                    if let Some(stated) = stated {
                        finding.runtime_from("dotnet", &path, "sdk.version", stated);
                    }
                }
                Err(_) => finding.because(&path, "global.json can't be used: it is malformed"),
            }
        }
        Text::Unreadable(why) => finding.because(&path, format!("global.json can't be used: {why}")),
        Text::Absent => {}
    }
    tools::state(project, "dotnet", finding);

    let shared = project.known("Directory.Build.props").map(Markup::new);
    let in_shared = shared
        .iter()
        .flat_map(|markup| {
            markup
                .values("TargetFramework")
                .chain(markup.values("TargetFrameworks"))
        })
        .flat_map(|text| text.split(';'))
        .map(|framework| ("Directory.Build.props", framework.trim()));
    let newest = files
        .iter()
        .flat_map(|file| {
            file.frameworks
                .iter()
                .map(|framework| (file.path, framework.as_str()))
        })
        .chain(in_shared)
        .filter_map(|(file, framework)| Some((project_file::version(framework)?, file)))
        // Of equal ones the first file speaks, so that the answer doesn't depend on the order of a walk.
        .max_by_key(|(version, file)| (*version, std::cmp::Reverse(*file)));
    if let Some(((major, minor), file)) = newest {
        finding.runtime_from(
            "dotnet",
            &project.path(file),
            "the newest target framework",
            &format!("{major}.{minor}"),
        );
    }
    finding.runtime("dotnet", None);
}
