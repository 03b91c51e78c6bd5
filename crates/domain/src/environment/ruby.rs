//! Ruby: Bundler, with Rails, RSpec, minitest and rake.

use super::detector::{Detector, Finding};
use super::tools;
use super::tree::{Project, Text};

#[derive(Debug)]
pub(super) struct Ruby;

const GEMFILES: &[&str] = &["Gemfile", "gems.rb"];

/// What the dependency files of one directory say.
#[derive(Debug)]
struct Gems<'a> {
    gemfile: &'a str,
    lock: &'a str,
    specs: Vec<(&'a str, &'a str)>,
}

impl Detector for Ruby {
    fn ecosystem(&self) -> &'static str {
        "Ruby"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &[
            "Gemfile",
            "gems.rb",
            "Gemfile.lock",
            "gems.locked",
            "*.gemspec",
            "Rakefile",
            ".ruby-version",
            ".tool-versions",
        ]
    }

    fn looked_for(&self) -> &'static str {
        "Ruby: Gemfile, gems.rb (Bundler)"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["rb", "rake", "erb", "haml", "slim"]
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let file = project.first(GEMFILES)?;
        let mut finding = Finding::new("bundler", project);
        let gemfile = match project.text(file) {
            Text::Known(text) => text,
            Text::Unreadable(why) => {
                finding.because(project.path(file), format!("it can't be used: {why}"));
                ""
            }
            Text::Absent => "",
        };
        let lock = project.first(&["Gemfile.lock", "gems.locked"]);
        let gems = Gems {
            gemfile,
            lock: lock.and_then(|lock| project.known(lock)).unwrap_or_default(),
            specs: project
                .here()
                .filter(|name| name.ends_with(".gemspec"))
                .take(4)
                .filter_map(|name| Some((name, project.known(name)?)))
                .collect(),
        };
        match lock {
            Some(lock) => finding.because(
                project.path(lock),
                "the lockfile is there: Bundler installs what it says",
            ),
            None => finding.because(
                project.path(file),
                "no lockfile: Bundler resolves versions itself",
            ),
        }
        finding.install("bundle install");
        let rails = gems.names("rails") || project.has("bin/rails");
        if rails {
            self::rails(project, file, &gems, &mut finding);
        }
        test(project, file, &gems, rails, &mut finding);
        if !rails {
            start(project, file, &gems, &mut finding);
        }
        runtime(project, file, lock, &gems, &mut finding);
        Some(finding)
    }
}

impl Gems<'_> {
    /// Whether a gem is named directly, in the Gemfile or a gemspec.
    fn names(&self, gem: &str) -> bool {
        let texts = std::iter::once(self.gemfile).chain(self.specs.iter().map(|(_, text)| *text));
        let forms = [format!("\"{gem}\""), format!("'{gem}'")];
        texts.flat_map(str::lines).any(|line| {
            let line = line.trim_start();
            !line.starts_with('#')
                && (line.starts_with("gem ") || line.starts_with("gem(") || line.contains("dependency"))
                && forms.iter().any(|form| line.contains(form))
        })
    }
}

fn rails(project: &Project<'_>, file: &str, gems: &Gems<'_>, finding: &mut Finding) {
    let program = if project.has("bin/rails") {
        "bin/rails"
    } else {
        "bundle exec rails"
    };
    let place = if project.has("bin/rails") {
        "bin/rails"
    } else {
        file
    };
    finding.because(project.path(place), "a Rails application");
    // A database in a file can be made right here; a server can't be conjured up by a plan.
    let server = ["pg", "mysql2", "trilogy"]
        .into_iter()
        .find(|gem| gems.names(gem));
    if let Some(gem) = server {
        finding.because(
            project.path(file),
            format!("`{gem}`: tests and server need a running database, which this plan doesn't start"),
        );
    } else if gems.names("sqlite3") && project.has("config/database.yml") {
        finding.because(
            project.path(file),
            "`sqlite3`: the database is a file that db:prepare makes",
        );
        finding.install(format!("{program} db:prepare"));
    }
    if project.has("bin/dev") {
        finding.because(
            project.path("bin/dev"),
            "starts the server with its asset builders",
        );
        finding.start("bin/dev");
    }
    finding.start(format!("{program} server"));
}

fn test(project: &Project<'_>, file: &str, gems: &Gems<'_>, rails: bool, finding: &mut Finding) {
    let spec = project
        .below()
        .find(|path| path.starts_with("spec/") && path.ends_with("_spec.rb"));
    let test = project.below().find(|path| {
        path.starts_with("test/") && path.ends_with("_test.rb") || path.starts_with("test/test_")
    });
    let rspec = if project.has(".rspec") {
        Some(".rspec")
    } else if gems.names("rspec") || gems.names("rspec-rails") {
        Some(file)
    } else {
        spec
    };
    if let Some(file) = rspec {
        finding.because(project.path(file), "RSpec runs the tests");
        finding.test("bundle exec rspec");
    }
    if let Some(file) = test.filter(|_| rails) {
        finding.because(project.path(file), "Rails runs the tests");
        finding.test(if project.has("bin/rails") {
            "bin/rails test"
        } else {
            "bundle exec rails test"
        });
    } else if let Some(file) = test.filter(|_| rspec.is_none() || rake_task(project)) {
        if rake_task(project) {
            finding.because(project.path("Rakefile"), "its task `test` runs the tests");
            finding.test("bundle exec rake test");
        } else {
            finding.because(
                project.path(file),
                "tests, but no task in a Rakefile that runs them",
            );
        }
    }
    if project
        .below()
        .any(|path| path.starts_with("features/") && path.ends_with(".feature"))
        && gems.names("cucumber")
    {
        finding.because(
            project.path("features"),
            "Cucumber's features can be run with `bundle exec cucumber`",
        );
    }
}

fn rake_task(project: &Project<'_>) -> bool {
    let text = project.known("Rakefile").unwrap_or_default();
    text.lines().map(str::trim_start).any(|line| {
        [
            "Rake::TestTask",
            "Minitest::TestTask",
            "task :test",
            "task test:",
            "task(:test",
        ]
        .iter()
        .any(|form| line.starts_with(form))
    })
}

fn start(project: &Project<'_>, file: &str, gems: &Gems<'_>, finding: &mut Finding) {
    if project.has("_config.yml") && (gems.names("jekyll") || gems.names("github-pages")) {
        finding.because(project.path("_config.yml"), "a Jekyll site");
        finding.start("bundle exec jekyll serve");
    } else if project.has("config.ru") {
        finding.because(project.path("config.ru"), "a Rack application");
        let puma = gems.names("puma");
        finding.start(if puma {
            "bundle exec puma"
        } else {
            "bundle exec rackup"
        });
    } else if project.has("app.rb") && gems.names("sinatra") {
        finding.because(project.path(file), "`sinatra`: app.rb is the server");
        finding.start("bundle exec ruby app.rb");
    }
}

fn runtime(project: &Project<'_>, file: &str, lock: Option<&str>, gems: &Gems<'_>, finding: &mut Finding) {
    let plain = |stated: &str| stated.strip_prefix("ruby-").unwrap_or(stated).to_owned();
    if let Some(stated) = project
        .known(".ruby-version")
        .and_then(|text| text.lines().next())
    {
        finding.runtime_from(
            "ruby",
            &project.path(".ruby-version"),
            "it",
            &plain(stated.trim()),
        );
    }
    tools::state(project, "ruby", finding);
    let in_gemfile = gems.gemfile.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("ruby")?;
        rest.starts_with([' ', '(']).then(|| literal(rest)).flatten()
    });
    // `ruby file: ".ruby-version"` only points at the file that was read above.
    if let Some(stated) =
        in_gemfile.filter(|stated| stated.contains(|character: char| character.is_ascii_digit()))
    {
        finding.runtime_from("ruby", &project.path(file), "`ruby`", stated);
    }
    let in_lock = gems
        .lock
        .split_once("RUBY VERSION")
        .and_then(|(_, after)| after.trim_start().lines().next())
        .and_then(|line| line.trim().strip_prefix("ruby "));
    if let (Some(stated), Some(lock)) = (in_lock, lock) {
        let stated = stated.split('p').next().unwrap_or(stated);
        finding.runtime_from("ruby", &project.path(lock), "RUBY VERSION", stated);
    }
    for (name, text) in &gems.specs {
        let stated = text
            .lines()
            .find(|line| line.contains("required_ruby_version"))
            .and_then(|line| literal(line.split_once('=')?.1));
        if let Some(stated) = stated {
            finding.runtime_from("ruby", &project.path(name), "required_ruby_version", stated);
        }
    }
    finding.runtime("ruby", None);
}

/// The first quoted text of a line.
fn literal(line: &str) -> Option<&str> {
    let start = line.find(['"', '\''])?;
    let quote = line.get(start..)?.chars().next()?;
    line.get(start + 1..)?.split_once(quote).map(|(text, _)| text)
}
