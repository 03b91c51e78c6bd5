//! Turns the built app in `dist` into a table of files to embed.
//!
//! The build of the app ends by writing `dist/embed.txt`, so an unfinished one has none and counts as none. Without the
//! app a debug build embeds a page that says how to build it; a release build fails, because nobody should find out
//! from a customer that a server has no app. `COORDINATOR_WEB_APP=placeholder` asks for the page also there.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

/// Written last by `embed/pack.ts`: a line `path <tab> sha256 <tab> encodings` for each file.
const LIST: &str = "embed.txt";
const PLACEHOLDER: &str = "embed/placeholder.html";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=COORDINATOR_WEB_APP");
    let home = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let dist = Path::new(&home).join("dist");
    // A path that isn't there counts as changed each time: an empty directory keeps builds without the app quick.
    // Where the sources are read-only this fails, and then the app doesn't come and go either.
    let _ = fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed=dist");
    println!("cargo::rerun-if-changed={PLACEHOLDER}");

    let table = match fs::read_to_string(dist.join(LIST)) {
        Ok(list) => built(&dist, &list)?,
        Err(_) if placeholder_will_do() => placeholder(Path::new(&home))?,
        Err(_) => {
            return Err(io::Error::other(
                "the web app is not built, and a release has to have it; run `cargo xtask build`, or `npm ci && npm run build -w web` \
                 before cargo (COORDINATOR_WEB_APP=placeholder builds without it)",
            ));
        }
    };
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("files.rs"), table)
}

fn placeholder_will_do() -> bool {
    env::var("PROFILE").is_ok_and(|profile| profile != "release")
        || env::var("COORDINATOR_WEB_APP").is_ok_and(|word| word == "placeholder")
}

fn built(dist: &Path, list: &str) -> io::Result<String> {
    let mut table =
        String::from("pub(crate) const BUILT: bool = true;\npub(crate) const FILES: &[File] = &[\n");
    for line in list.lines() {
        let mut parts = line.split('\t');
        let (Some(path), Some(hash)) = (parts.next(), parts.next()) else {
            return Err(io::Error::other(format!("dist/{LIST}: {line:?}")));
        };
        let encodings = parts.next().unwrap_or_default();
        let bytes = |suffix: &str| {
            let full = dist.join(format!("{path}{suffix}"));
            format!("include_bytes!({:?})", full.display().to_string())
        };
        let variant = |name: &str, suffix: &str| {
            let there = encodings.split(' ').any(|one| one == name);
            if there {
                format!("Some({})", bytes(suffix))
            } else {
                "None".to_owned()
            }
        };
        writeln!(
            table,
            "File {{ path: {path:?}, hash: {hash:?}, bytes: {}, brotli: {}, gzip: {} }},",
            bytes(""),
            variant("br", ".br"),
            variant("gzip", ".gz"),
        )
        .map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    Ok(table)
}

fn placeholder(home: &Path) -> io::Result<String> {
    let page = home.join(PLACEHOLDER);
    Ok(format!(
        "pub(crate) const BUILT: bool = false;\npub(crate) const FILES: &[File] = &[File {{ path: \"index.html\", hash: \"placeholder\", \
         bytes: include_bytes!({:?}), brotli: None, gzip: None }}];\n",
        page.display().to_string()
    ))
}
