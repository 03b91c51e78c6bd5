//! The public package registries that a sandbox may reach unless the operator says otherwise.

/// Patterns, by ecosystem; ports 443 and 80.
pub const PUBLIC_REGISTRIES: &[&str] = &[
    // JavaScript
    "registry.npmjs.org",
    "registry.npmjs.com",
    "registry.yarnpkg.com",
    "repo.yarnpkg.com",
    "jsr.io",
    "npm.jsr.io",
    "nodejs.org",
    "deno.land",
    // Python
    "pypi.org",
    "pypi.python.org",
    "files.pythonhosted.org",
    "conda.anaconda.org",
    "repo.anaconda.com",
    // Rust
    "crates.io",
    "index.crates.io",
    "static.crates.io",
    "static.rust-lang.org",
    // Go
    "proxy.golang.org",
    "sum.golang.org",
    "go.dev",
    "dl.google.com",
    // Ruby
    "rubygems.org",
    "index.rubygems.org",
    // JVM
    "repo.maven.apache.org",
    "repo1.maven.org",
    "plugins.gradle.org",
    "services.gradle.org",
    "downloads.gradle.org",
    "maven.google.com",
    // PHP
    "packagist.org",
    "repo.packagist.org",
    // .NET
    "api.nuget.org",
    "www.nuget.org",
    // Elixir and Erlang
    "hex.pm",
    "repo.hex.pm",
    "builds.hex.pm",
    // Dart
    "pub.dev",
    // Haskell
    "hackage.haskell.org",
    // Perl
    "cpan.org",
    "www.cpan.org",
    "fastapi.metacpan.org",
    // Systems
    "deb.debian.org",
    "security.debian.org",
    "archive.ubuntu.com",
    "security.ubuntu.com",
    "ports.ubuntu.com",
    "dl-cdn.alpinelinux.org",
];
