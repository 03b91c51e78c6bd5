//! One MSBuild project file: what it makes, and for which framework.

use super::super::markup::Markup;
use super::super::tree::Project;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Test,
    /// An Aspire host, which starts other projects.
    Host,
    Web,
    Program,
    Library,
}

#[derive(Debug)]
pub(super) struct ProjectFile<'a> {
    /// Relative to the directory that was looked at.
    pub(super) path: &'a str,
    pub(super) kind: Kind,
    pub(super) because: &'static str,
    pub(super) frameworks: Vec<String>,
}

/// Packages that only test projects have.
const TESTS: &[&str] = &[
    "Microsoft.NET.Test.Sdk",
    "xunit",
    "xunit.v3",
    "NUnit",
    "MSTest",
    "MSTest.TestFramework",
    "TUnit",
];

pub(super) fn is(path: &str) -> bool {
    [".csproj", ".fsproj", ".vbproj"]
        .iter()
        .any(|end| path.ends_with(end))
}

impl<'a> ProjectFile<'a> {
    pub(super) fn read(project: &Project<'_>, path: &'a str) -> Self {
        let text = project.known(path);
        let markup = Markup::new(text.unwrap_or_default());
        let (kind, because) = if text.is_none() {
            by_name(path)
        } else {
            by_content(&markup)
        };
        Self {
            path,
            kind,
            because,
            frameworks: frameworks(&markup),
        }
    }

    /// Whether every framework that is named needs Windows.
    pub(super) fn windows_only(&self) -> bool {
        !self.frameworks.is_empty() && self.frameworks.iter().all(|framework| needs_windows(framework))
    }
}

fn by_name(path: &str) -> (Kind, &'static str) {
    let stem = path.rsplit('/').next().unwrap_or(path);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    if stem.ends_with("Tests") || stem.ends_with("Test") {
        (
            Kind::Test,
            "its name says so; its contents were not brought along",
        )
    } else {
        (Kind::Library, "its contents were not brought along")
    }
}

fn by_content(markup: &Markup) -> (Kind, &'static str) {
    let sdks: Vec<&str> = markup
        .attributes("Project", "Sdk")
        .chain(markup.attributes("Sdk", "Name"))
        .collect();
    let sdk = |name: &str| {
        sdks.iter().any(|sdk| {
            sdk.split('/')
                .next()
                .unwrap_or_default()
                .eq_ignore_ascii_case(name)
        })
    };
    let is = |name: &str, wanted: &str| {
        markup
            .value(name)
            .is_some_and(|text| text.eq_ignore_ascii_case(wanted))
    };
    let packages: Vec<&str> = markup
        .attributes("PackageReference", "Include")
        .take(500)
        .collect();
    if is("IsTestProject", "true") || sdk("MSTest.Sdk") {
        return (Kind::Test, "it calls itself a test project");
    }
    if packages
        .iter()
        .any(|package| TESTS.iter().any(|test| package.eq_ignore_ascii_case(test)))
    {
        return (Kind::Test, "it has a test framework among its packages");
    }
    if sdk("Aspire.AppHost.Sdk") || is("IsAspireHost", "true") {
        (Kind::Host, "an Aspire host, which starts the other projects")
    } else if sdk("Microsoft.NET.Sdk.Web") || sdk("Microsoft.NET.Sdk.BlazorWebAssembly") {
        (Kind::Web, "a web application")
    } else if sdk("Microsoft.NET.Sdk.Worker") {
        (Kind::Program, "a service")
    } else if is("OutputType", "exe") {
        (Kind::Program, "a program")
    } else {
        (Kind::Library, "a library")
    }
}

fn frameworks(markup: &Markup) -> Vec<String> {
    ["TargetFramework", "TargetFrameworks", "TargetFrameworkVersion"]
        .iter()
        .flat_map(|name| markup.values(name))
        .flat_map(|text| text.split(';'))
        .map(str::trim)
        .filter(|text| !text.is_empty() && text.len() <= 40 && !text.contains('$'))
        .take(16)
        .map(str::to_owned)
        .collect()
}

/// `net48`, `v4.7.2` and `net8.0-windows`.
fn needs_windows(framework: &str) -> bool {
    let old = framework
        .strip_prefix("net")
        .is_some_and(|rest| rest.len() <= 3 && rest.bytes().all(|byte| byte.is_ascii_digit()));
    old || framework.starts_with('v') || framework.contains("-windows")
}

/// The version of .NET in `net8.0` or `netcoreapp3.1`, as numbers that compare.
pub(super) fn version(framework: &str) -> Option<(u32, u32)> {
    let rest = framework
        .strip_prefix("netcoreapp")
        .or_else(|| framework.strip_prefix("net"))?;
    let (major, minor) = rest.split('-').next()?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
