//! Probes on real repositories, hostile ones among them.

use std::{
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, symlink},
    },
    path::Path,
};

use crate::support::{
    git::{GitServer, Origin, git},
    place::Place,
};
use protocol::probe::{BASE_REF, FileEntry, Listing, ProbeRequest};
use runner::probe::{Place as ProbePlace, ProbeError, answer};

async fn ask(place: &Place, request: ProbeRequest) -> Result<Vec<u8>, ProbeError> {
    let place = ProbePlace {
        workspace: place.workspace(),
        scratch: place.dir.path().join("tmp"),
        env: place.env(),
        hide: Vec::new(),
    };
    let mut output = Vec::new();
    answer(&place, &request, &mut output).await.map(|()| output)
}

async fn code(place: &Place, request: ProbeRequest) -> String {
    ask(place, request).await.unwrap_err().failure().code
}

/// A workspace with a base commit.
fn workspace(place: &Place) {
    let dir = place.workspace();
    git(&dir, &["init", "-q"]);
    std::fs::write(dir.join("kept.txt"), "one\ntwo\n").unwrap();
    std::fs::write(dir.join("gone.txt"), "bye\n").unwrap();
    std::fs::write(dir.join("data.bin"), [0, 1, 2, 255]).unwrap();
    std::fs::write(dir.join(".gitignore"), "ignored/\n").unwrap();
    git(&dir, &["add", "-A"]);
    git(&dir, &["commit", "-q", "-m", "base"]);
    git(&dir, &["update-ref", BASE_REF, "HEAD"]);
}

fn tree(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let names = git(
        dir,
        &["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    );
    let mut files: Vec<_> = names
        .split('\0')
        .filter(|name| !name.is_empty() && !name.ends_with('/') && dir.join(name).symlink_metadata().is_ok())
        .map(|name| {
            let path = dir.join(name);
            let content = match std::fs::read_link(&path) {
                Ok(target) => target.as_os_str().as_bytes().to_vec(),
                Err(_) => std::fs::read(&path).unwrap(),
            };
            (name.to_owned(), content)
        })
        .collect();
    files.sort();
    files.dedup();
    files
}

#[tokio::test]
async fn the_patch_holds_all_work_and_applies() {
    let place = Place::new();
    workspace(&place);
    let dir = place.workspace();
    // Committed, staged, unstaged and new work; a new binary file; odd names; an executable; a link.
    std::fs::write(dir.join("committed.txt"), "c\n").unwrap();
    git(&dir, &["add", "-A"]);
    git(&dir, &["commit", "-q", "-m", "work"]);
    std::fs::write(dir.join("staged.txt"), "s\n").unwrap();
    git(&dir, &["add", "staged.txt"]);
    std::fs::write(dir.join("kept.txt"), "one\n2\n").unwrap();
    std::fs::remove_file(dir.join("gone.txt")).unwrap();
    std::fs::write(dir.join("data.bin"), [9, 0, 9]).unwrap();
    std::fs::write(dir.join("new.bin"), [0, 200, 0]).unwrap();
    for name in [
        "with space",
        "-n",
        "ü\u{1}ber",
        "tab\there",
        "new\nline",
        "\"quoted\"",
    ] {
        std::fs::write(dir.join(name), name).unwrap();
    }
    std::fs::write(dir.join("run.sh"), "#!/bin/sh\n").unwrap();
    std::fs::set_permissions(dir.join("run.sh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    symlink("/etc/passwd", dir.join("link")).unwrap();
    std::fs::create_dir(dir.join("ignored")).unwrap();
    std::fs::write(dir.join("ignored/x"), "x").unwrap();
    // A repository within the repository, without commits.
    std::fs::create_dir(dir.join("nested")).unwrap();
    git(&dir.join("nested"), &["init", "-q"]);
    let index = std::fs::read(dir.join(".git/index")).unwrap();

    let patch = ask(&place, ProbeRequest::Diff).await.unwrap();
    let text = String::from_utf8_lossy(&patch);
    assert!(!text.contains("ignored/x"), "{text}");
    assert!(!text.contains("root:"), "a link is not followed");
    assert_eq!(
        std::fs::read(dir.join(".git/index")).unwrap(),
        index,
        "the workspace is untouched"
    );
    assert_eq!(
        std::fs::read_dir(place.dir.path().join("tmp")).unwrap().count(),
        0
    );

    let copy = tempfile::tempdir().unwrap();
    git(copy.path(), &["clone", "-q", dir.to_str().unwrap(), "."]);
    git(copy.path(), &["checkout", "-q", "HEAD~1"]);
    std::fs::write(copy.path().join(".git/work.patch"), &patch).unwrap();
    git(copy.path(), &["apply", "--index", ".git/work.patch"]);
    let expected: Vec<_> = tree(&dir)
        .into_iter()
        .filter(|(name, _)| !name.starts_with("nested"))
        .collect();
    assert_eq!(tree(copy.path()), expected);
}

#[tokio::test]
async fn a_read_only_workspace_has_a_patch_too() {
    let place = Place::new();
    workspace(&place);
    std::fs::write(place.workspace().join("kept.txt"), "changed\n").unwrap();
    std::fs::write(place.workspace().join("new.txt"), "new\n").unwrap();
    let seal = |mode: u32| {
        for dir in [
            place.workspace(),
            place.workspace().join(".git"),
            place.workspace().join(".git/objects"),
        ] {
            std::fs::set_permissions(dir, std::fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    seal(0o555);
    let patch = ask(&place, ProbeRequest::Diff).await;
    seal(0o755);
    let patch = String::from_utf8(patch.unwrap()).unwrap();
    assert!(patch.contains("+changed") && patch.contains("+new"), "{patch}");
}

#[tokio::test]
async fn a_change_in_the_instant_of_the_commit_is_seen() {
    let place = Place::new();
    workspace(&place);
    let dir = place.workspace();
    let instant = std::fs::metadata(dir.join("kept.txt"))
        .unwrap()
        .modified()
        .unwrap();
    git(&dir, &["config", "core.checkStat", "minimal"]);
    git(&dir, &["config", "core.trustctime", "false"]);
    // Same size, same time: only the time of the index itself says that the file may have changed.
    std::fs::write(dir.join("kept.txt"), "ONE\nTWO\n").unwrap();
    for path in ["kept.txt", ".git/index"] {
        let file = std::fs::OpenOptions::new()
            .write(true)
            .open(dir.join(path))
            .unwrap();
        file.set_modified(instant).unwrap();
    }
    let patch = String::from_utf8(ask(&place, ProbeRequest::Diff).await.unwrap()).unwrap();
    assert!(patch.contains("+ONE"), "{patch}");
}

#[tokio::test]
async fn hostile_configuration_runs_nothing() {
    let place = Place::new();
    workspace(&place);
    let dir = place.workspace();
    let flag = place.dir.path().join("tmp/pwned");
    let evil = place.dir.path().join("evil.sh");
    std::fs::write(&evil, format!("#!/bin/sh\ntouch {}\n", flag.display())).unwrap();
    std::fs::set_permissions(&evil, std::fs::Permissions::from_mode(0o755)).unwrap();
    let evil = evil.to_str().unwrap();
    for (key, value) in [
        ("core.fsmonitor", evil),
        ("diff.external", evil),
        ("diff.x.textconv", evil),
        ("diff.x.command", evil),
        ("core.pager", evil),
        ("pager.diff", evil),
        ("core.hooksPath", place.dir.path().to_str().unwrap()),
        ("core.worktree", "/etc"),
        ("diff.noprefix", "true"),
        ("color.ui", "always"),
    ] {
        git(&dir, &["config", key, value]);
    }
    std::fs::write(dir.join(".gitattributes"), "* diff=x\n").unwrap();
    std::fs::write(dir.join("kept.txt"), "changed\n").unwrap();
    let patch = String::from_utf8(ask(&place, ProbeRequest::Diff).await.unwrap()).unwrap();
    assert!(
        patch.contains("--- a/kept.txt") && patch.contains("+changed"),
        "{patch}"
    );
    let listing = ProbeRequest::Listing {
        wanted: vec![],
        max_file_bytes: 10,
        max_files: 100,
    };
    ask(&place, listing).await.unwrap();
    assert!(!flag.exists());
}

#[tokio::test]
async fn a_patch_needs_no_base_no_commit_and_no_index() {
    let place = Place::new();
    assert_eq!(code(&place, ProbeRequest::Diff).await, "no_repository");
    git(&place.workspace(), &["init", "-q"]);
    std::fs::write(place.workspace().join("a"), "a\n").unwrap();
    let patch = String::from_utf8(ask(&place, ProbeRequest::Diff).await.unwrap()).unwrap();
    assert!(patch.contains("+a"), "{patch}");
    git(&place.workspace(), &["add", "a"]);
    git(&place.workspace(), &["commit", "-q", "-m", "a"]);
    assert!(ask(&place, ProbeRequest::Diff).await.unwrap().is_empty());
    std::fs::write(place.workspace().join(".git/index"), "damaged").unwrap();
    std::fs::write(place.workspace().join("a"), "b\n").unwrap();
    let patch = String::from_utf8(ask(&place, ProbeRequest::Diff).await.unwrap()).unwrap();
    assert!(patch.contains("-a\n+b"), "{patch}");
}

#[tokio::test]
async fn files_stay_within_the_workspace() {
    let place = Place::new();
    let dir = place.workspace();
    std::fs::create_dir(dir.join("d")).unwrap();
    std::fs::write(dir.join("d/f.bin"), [0, 159]).unwrap();
    symlink("/etc/passwd", dir.join("out")).unwrap();
    symlink("/etc", dir.join("etc")).unwrap();
    nix::unistd::mkfifo(&dir.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let file = |path: &str, max_bytes| ProbeRequest::File {
        path: path.into(),
        max_bytes,
    };
    assert_eq!(ask(&place, file("d/f.bin", 2)).await.unwrap(), [0, 159]);
    for (path, most, expected) in [
        ("d/f.bin", 1, "too_large"),
        ("none", 9, "not_found"),
        ("d", 9, "not_found"),
        ("pipe", 9, "not_found"),
        ("../home", 9, "invalid_path"),
        ("/etc/passwd", 9, "invalid_path"),
        ("out", 9_999, "invalid_path"),
        ("etc/passwd", 9_999, "invalid_path"),
    ] {
        assert_eq!(code(&place, file(path, most)).await, expected, "{path}");
    }
    let directory = |path: &str| ProbeRequest::Directory { path: path.into() };
    let entries: Vec<FileEntry> = serde_json::from_slice(&ask(&place, directory("")).await.unwrap()).unwrap();
    let kinds: Vec<_> = entries
        .iter()
        .map(|entry| (entry.name.as_str(), entry.kind.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("d", "directory"),
            ("etc", "symlink"),
            ("out", "symlink"),
            ("pipe", "other")
        ]
    );
    assert_eq!(code(&place, directory("etc")).await, "invalid_path");
    assert_eq!(code(&place, directory("d/f.bin")).await, "not_found");
}

#[tokio::test]
async fn the_archive_is_complete_ordered_and_follows_nothing() {
    let place = Place::new();
    workspace(&place);
    let dir = place.workspace();
    symlink("/etc/passwd", dir.join("out")).unwrap();
    symlink("/etc", dir.join("etc")).unwrap();
    nix::unistd::mkfifo(&dir.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let long = "long/".repeat(40);
    std::fs::create_dir_all(dir.join(&long)).unwrap();
    std::fs::write(dir.join(&long).join("x"), "deep").unwrap();
    std::fs::write(dir.join(std::ffi::OsStr::from_bytes(b"\xff\xfe")), "odd").unwrap();
    let bytes = ask(&place, ProbeRequest::Archive { with_git: false })
        .await
        .unwrap();
    assert_eq!(
        bytes,
        ask(&place, ProbeRequest::Archive { with_git: false })
            .await
            .unwrap()
    );
    let out = tempfile::tempdir().unwrap();
    tar::Archive::new(bytes.as_slice()).unpack(out.path()).unwrap();
    assert_eq!(
        std::fs::read_to_string(out.path().join(&long).join("x")).unwrap(),
        "deep"
    );
    assert_eq!(
        std::fs::read_link(out.path().join("etc")).unwrap(),
        Path::new("/etc")
    );
    assert!(out.path().join(std::ffi::OsStr::from_bytes(b"\xff\xfe")).exists());
    assert!(!out.path().join("pipe").exists() && !out.path().join(".git").exists());
    let with_git = ask(&place, ProbeRequest::Archive { with_git: true })
        .await
        .unwrap();
    let out = tempfile::tempdir().unwrap();
    tar::Archive::new(with_git.as_slice()).unpack(out.path()).unwrap();
    assert!(out.path().join(".git/HEAD").exists());
}

#[tokio::test]
async fn a_repository_is_cloned_and_listed() {
    let origin = Origin::make();
    // base64 of `x-access-token:tok`
    let server = GitServer::start(origin.dir.path(), Some("Basic eC1hY2Nlc3MtdG9rZW46dG9r")).await;
    let request = |token: Option<&str>, reference: Option<&str>| ProbeRequest::Clone {
        url: server.url("demo.git"),
        reference: reference.map(str::to_owned),
        token: token.map(str::to_owned),
        wanted: vec!["package.json".into()],
        max_file_bytes: 5,
        max_files: 1,
    };
    let place = Place::new();
    let answer = ask(&place, request(Some("tok"), None)).await.unwrap();
    let listing: Listing = serde_json::from_slice(&answer).unwrap();
    assert_eq!((listing.files.len(), listing.truncated), (1, true));
    assert_eq!(listing.contents["package.json"], "{\"nam");
    assert_eq!(listing.commit, Some(origin.main.clone()));
    assert_eq!(
        code(&place, request(Some("tok"), None)).await,
        "clone_failed",
        "not empty"
    );
    assert_eq!(
        code(&Place::new(), request(None, None)).await,
        "authentication_required"
    );
    assert_eq!(
        code(&Place::new(), request(Some("bad"), None)).await,
        "authentication_required"
    );
    assert_eq!(
        code(&Place::new(), request(Some("tok"), Some("none"))).await,
        "ref_not_found"
    );
}

#[tokio::test]
async fn the_binary_prints_failures_on_its_last_line() {
    use std::io::Write;
    let place = Place::new();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_coordinator-runner"))
        .arg("probe")
        .current_dir(place.workspace())
        .env_clear()
        .envs(place.env())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(br#"{"type":"diff"}"#)
        .unwrap();
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap())
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let failure: protocol::probe::ProbeFailure =
        serde_json::from_str(stderr.lines().last().unwrap()).unwrap();
    assert_eq!(failure.code, "no_repository");
}
