//! PHP: Composer, with its scripts, PHPUnit, Pest, Laravel and Symfony.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::detector::{Detector, Finding};
use super::tools;
use super::tree::Project;
use super::words::{self, Word};

#[derive(Debug)]
pub(super) struct Php;

/// The fields of composer.json, read leniently: one odd field must not hide the others.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
struct Manifest {
    fields: Map<String, Value>,
}

impl Detector for Php {
    fn ecosystem(&self) -> &'static str {
        "PHP"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &["composer.json", ".php-version", ".tool-versions"]
    }

    fn looked_for(&self) -> &'static str {
        "PHP: composer.json (Composer)"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["php", "phtml", "twig"]
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let parsed = project.json::<Manifest>("composer.json")?;
        let path = project.path("composer.json");
        let mut finding = Finding::new("composer", project);
        let manifest = parsed.unwrap_or_else(|why| {
            finding.because(&path, format!("composer.json can't be used: {why}"));
            Manifest::default()
        });
        let program = if project.has("composer.phar") {
            finding.because(
                project.path("composer.phar"),
                "the repository brings its own Composer",
            );
            "php composer.phar"
        } else {
            "composer"
        };
        if project.has("composer.lock") {
            finding.because(
                project.path("composer.lock"),
                "the lockfile is there: Composer installs exactly what it says",
            );
        } else {
            finding.because(&path, "no composer.lock: Composer resolves versions itself");
        }
        finding.install(format!("{program} install --no-interaction"));
        laravel_setup(project, &manifest, program, &mut finding);
        test(project, &manifest, program, &mut finding);
        start(project, &manifest, program, &mut finding);
        runtime(project, &manifest, &mut finding);
        Some(finding)
    }
}

impl Manifest {
    fn at(&self, steps: &[&str]) -> Option<&Value> {
        let (first, rest) = steps.split_first()?;
        rest.iter()
            .try_fold(self.fields.get(*first)?, |value, step| value.get(step))
    }

    fn requires(&self, package: &str) -> bool {
        ["require", "require-dev"]
            .iter()
            .any(|list| self.at(&[list, package]).is_some())
    }

    /// The first of `names` that is a script, with what it runs.
    fn script(&self, names: &[&'static str]) -> Option<(&'static str, String)> {
        names.iter().find_map(|name| {
            let value = self.at(&["scripts", name])?;
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Array(several) => several
                    .iter()
                    .take(8)
                    .filter_map(Value::as_str)
                    .collect::<Vec<_>>()
                    .join(" && "),
                _ => return None,
            };
            (!text.trim().is_empty()).then_some((*name, text))
        })
    }

    /// Where Composer puts programs of packages.
    fn bin(&self) -> Option<String> {
        let plain = |steps: &[&str]| match self.at(steps).and_then(Value::as_str) {
            Some(text) => Word::new(text.trim_end_matches('/')).map(|word| Some(word.to_string())),
            None => Some(None),
        };
        let bin = plain(&["config", "bin-dir"])?;
        let vendor = plain(&["config", "vendor-dir"])?;
        Some(bin.unwrap_or_else(|| format!("{}/bin", vendor.as_deref().unwrap_or("vendor"))))
    }
}

/// Laravel doesn't start without a `.env` and a key in it; `composer create-project` would have made both.
fn laravel_setup(project: &Project<'_>, manifest: &Manifest, program: &str, finding: &mut Finding) {
    if !project.has("artisan") {
        return;
    }
    finding.because(project.path("artisan"), "a Laravel application");
    if !project.has(".env.example") || project.has(".env") {
        return;
    }
    if manifest.script(&["post-root-package-install"]).is_some() {
        finding.because(
            project.path("composer.json"),
            "script `post-root-package-install` makes .env from .env.example",
        );
        finding.install(format!("{program} run-script post-root-package-install"));
    } else {
        finding.install("cp .env.example .env");
    }
    finding.because(
        project.path(".env.example"),
        "the application needs a .env with a key",
    );
    finding.install("php artisan key:generate");
}

fn test(project: &Project<'_>, manifest: &Manifest, program: &str, finding: &mut Finding) {
    let path = project.path("composer.json");
    if let Some((name, text)) = manifest.script(&["test", "tests", "phpunit", "test:unit", "unit"]) {
        finding.because(&path, format!("script `{name}` runs {}", words::quoted(&text)));
        finding.test(format!("{program} run-script {name}"));
        return;
    }
    let configured = project.first(&["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"]);
    if project.has("artisan")
        && (configured.is_some() || manifest.requires("phpunit/phpunit") || manifest.requires("pestphp/pest"))
    {
        finding.because(project.path("artisan"), "Laravel's command runs the tests");
        finding.test("php artisan test");
        return;
    }
    if configured.is_some() && project.has("bin/phpunit") {
        finding.because(project.path("bin/phpunit"), "Symfony's program runs PHPUnit");
        finding.test("php bin/phpunit");
        return;
    }
    let Some(bin) = manifest.bin() else {
        finding.because(
            &path,
            "its bin-dir or vendor-dir is no plain word: programs there aren't named",
        );
        return;
    };
    for (package, tool, command) in [
        ("pestphp/pest", "Pest", "pest"),
        ("phpunit/phpunit", "PHPUnit", "phpunit"),
        ("symfony/phpunit-bridge", "PHPUnit", "simple-phpunit"),
        ("codeception/codeception", "Codeception", "codecept run"),
        ("phpspec/phpspec", "phpspec", "phpspec run"),
    ] {
        if manifest.requires(package) {
            finding.because(&path, format!("{tool} is among the dependencies"));
            finding.test(format!("{bin}/{command}"));
            return;
        }
    }
    if let Some(file) = configured {
        finding.because(
            project.path(file),
            "configures PHPUnit, which composer.json doesn't require",
        );
    }
}

fn start(project: &Project<'_>, manifest: &Manifest, program: &str, finding: &mut Finding) {
    if project.has("artisan") {
        finding.start("php artisan serve");
    }
    if let Some((name, text)) = manifest.script(&["start", "serve", "dev"]) {
        finding.because(
            project.path("composer.json"),
            format!("script `{name}` runs {}", words::quoted(&text)),
        );
        finding.start(format!("{program} run-script {name}"));
    }
    if !finding.start.is_empty() {
        return;
    }
    if project.has("public/index.php") {
        finding.because(project.path("public/index.php"), "the entry of a web application");
        finding.start("php -S 127.0.0.1:8000 -t public");
    } else if project.has("index.php") {
        finding.because(project.path("index.php"), "the entry of a web application");
        finding.start("php -S 127.0.0.1:8000");
    }
}

fn runtime(project: &Project<'_>, manifest: &Manifest, finding: &mut Finding) {
    let path = project.path("composer.json");
    if let Some(stated) = project.known(".php-version").and_then(|text| text.lines().next()) {
        finding.runtime_from("php", &project.path(".php-version"), "it", stated);
    }
    tools::state(project, "php", finding);
    for (steps, place) in [
        (&["config", "platform", "php"][..], "config.platform.php"),
        (&["require", "php"], "require.php"),
    ] {
        if let Some(stated) = manifest.at(steps).and_then(Value::as_str) {
            finding.runtime_from("php", &path, place, stated);
        }
    }
    finding.runtime("php", None);
    let mut extensions: Vec<&str> = ["require", "require-dev"]
        .iter()
        .filter_map(|list| manifest.at(&[list])?.as_object())
        .flat_map(Map::keys)
        .filter_map(|name| name.strip_prefix("ext-"))
        .collect();
    extensions.sort_unstable();
    extensions.dedup();
    if !extensions.is_empty() {
        extensions.truncate(12);
        finding.because(
            &path,
            format!(
                "needs the PHP extensions {}",
                words::quoted(&extensions.join(", "))
            ),
        );
    }
}
