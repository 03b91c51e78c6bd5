//! Environment detection: what a repository needs, read from its file names and a few manifests.
//!
//! Pure on purpose. A probe inside a sandbox brings out a [`Listing`]; [`detect`] turns it into a plan and states the
//! evidence for every line. Everything in a listing is hostile: contents are parsed with bounds, and no text from a
//! file becomes part of a command unless it passed [`words::Word`].
//!
//! The main package manager, whose name the plan carries, is chosen by: the root before folders below it (unless the
//! root only configures tooling: nothing to test, nothing to start), then the most source files, then the order of
//! [`DETECTORS`].
//!
//! To teach it another ecosystem, write one file with a [`Detector`] and add one line to [`DETECTORS`].

mod asdf;
mod detector;
mod devcontainer;
mod dockerfile;
mod dotnet;
mod elixir;
mod golang;
mod images;
mod javascript;
mod jsonc;
mod justfile;
mod jvm;
mod makefile;
mod markup;
mod mise;
mod php;
mod plan;
mod projects;
mod python;
mod ruby;
mod rust;
mod setup;
#[cfg(test)]
mod tests;
mod tools;
mod tree;
mod words;

use protocol::environment::EnvironmentPlan;
use protocol::probe::Listing;

pub use detector::{Detector, Finding, Role};
pub use tree::{Project, Tree};

/// Every ecosystem that detection knows, in order of preference when nothing else decides.
pub const DETECTORS: &[&dyn Detector] = &[
    &javascript::JavaScript,
    &python::Python,
    &rust::Rust,
    &golang::Go,
    &jvm::Jvm,
    &ruby::Ruby,
    &php::Php,
    &dotnet::DotNet,
    &elixir::Elixir,
    &makefile::Makefile,
    &justfile::Justfile,
    &mise::Mise,
    &asdf::Asdf,
    &devcontainer::Devcontainer,
    &dockerfile::Dockerfile,
];

/// Names of the files whose contents detection reads, wherever they lie in the repository; `*` stands for the beginning
/// of a name.
pub fn wanted_files() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = DETECTORS
        .iter()
        .flat_map(|detector| detector.wanted().iter().copied())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Reads a listing and answers how to install, test and start what it holds.
pub fn detect(listing: &Listing) -> EnvironmentPlan {
    let tree = Tree::new(listing);
    let found = projects::findings(&tree);
    plan::assemble(&tree, found)
}
