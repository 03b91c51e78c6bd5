//! What comes out of a workspace shows no secret of its session, in whatever form it was left there.

use std::{fs, path::Path, process::Command};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use protocol::{
    api::Secret,
    probe::{BASE_REF, ProbeRequest},
};
use runner::probe::{Place as ProbePlace, answer};

use crate::support::{git::git, place::Place};

const SECRET: &str = "hunter22+and&more~!";
const MASK: &str = "*******************";

async fn ask(place: &Place, request: ProbeRequest) -> Vec<u8> {
    let place = ProbePlace {
        workspace: place.workspace(),
        scratch: place.dir.path().join("tmp"),
        env: place.env(),
        hide: vec![Secret::new(SECRET)],
    };
    let mut output = Vec::new();
    answer(&place, &request, &mut output).await.unwrap();
    output
}

fn forms() -> Vec<String> {
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![
        SECRET.to_owned(),
        STANDARD.encode(SECRET),
        STANDARD.encode(format!("x{SECRET}")),
        STANDARD.encode(format!("xx{SECRET}")),
        hex.to_uppercase(),
        hex,
        SECRET.replace('+', "%2B").replace('&', "%26").replace('!', "%21"),
    ]
}

/// Nothing of a form but what no eight characters in a row are.
fn shows(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    forms()
        .into_iter()
        .map(|form| form[4..form.len() - 4].to_owned())
        .find(|part| text.contains(part))
}

/// A workspace with a base commit, and everything since then full of the secret.
fn workspace(place: &Place) {
    let dir = place.workspace();
    git(&dir, &["init", "-q"]);
    fs::write(dir.join("kept.txt"), "one\ntwo\n").unwrap();
    git(&dir, &["add", "-A"]);
    git(&dir, &["commit", "-q", "-m", "base"]);
    git(&dir, &["update-ref", BASE_REF, "HEAD"]);
    fs::write(dir.join("kept.txt"), format!("one\n{}\n", forms().join("\n"))).unwrap();
    fs::write(dir.join(format!("named {SECRET}.txt")), "x\n").unwrap();
    fs::write(dir.join("fine.bin"), [0, 1, 2, 255]).unwrap();
    let mut bytes = vec![0; 65_530];
    bytes.extend_from_slice(SECRET.as_bytes());
    fs::write(dir.join("full.bin"), bytes).unwrap();
    std::os::unix::fs::symlink(SECRET, dir.join("link")).unwrap();
    fs::create_dir(dir.join("below")).unwrap();
    fs::write(dir.join("below").join(SECRET), SECRET).unwrap();
}

#[tokio::test]
async fn a_patch_is_masked_and_still_applies() {
    let place = Place::new();
    workspace(&place);
    let patch = ask(&place, ProbeRequest::Diff).await;
    assert_eq!(shows(&patch), None, "{}", String::from_utf8_lossy(&patch));
    let text = String::from_utf8_lossy(&patch);
    assert!(
        text.starts_with("# left out, because it holds a secret: \"full.bin\"\n"),
        "{text}"
    );
    assert!(text.contains("GIT binary patch") && !text.contains("b/full.bin"));

    let other = tempfile::tempdir().unwrap();
    git(other.path(), &["init", "-q"]);
    fs::write(other.path().join("kept.txt"), "one\ntwo\n").unwrap();
    let file = place.dir.path().join("patch");
    fs::write(&file, &patch).unwrap();
    let applied = Command::new("git")
        .arg("apply")
        .arg(&file)
        .current_dir(other.path())
        .output()
        .unwrap();
    assert!(
        applied.status.success(),
        "{}",
        String::from_utf8_lossy(&applied.stderr)
    );
    let kept = fs::read_to_string(other.path().join("kept.txt")).unwrap();
    assert!(kept.starts_with(&format!("one\n{MASK}\n")), "{kept}");
    assert_eq!(fs::read(other.path().join("fine.bin")).unwrap(), [0, 1, 2, 255]);
    assert!(other.path().join(format!("named {MASK}.txt")).exists());
    assert!(!other.path().join("full.bin").exists());
}

#[tokio::test]
async fn files_directories_and_archives_are_masked() {
    let place = Place::new();
    workspace(&place);
    for path in ["kept.txt", "full.bin"] {
        let request = ProbeRequest::File {
            path: path.into(),
            max_bytes: 1 << 20,
        };
        let bytes = ask(&place, request).await;
        assert_eq!(shows(&bytes), None, "{path}");
        let whole = fs::metadata(place.workspace().join(path)).unwrap().len();
        assert_eq!(bytes.len() as u64, whole, "{path} is as long as it was");
    }
    let listing = ask(&place, ProbeRequest::Directory { path: "below".into() }).await;
    let listing: serde_json::Value = serde_json::from_slice(&listing).unwrap();
    assert_eq!(listing[0]["name"], MASK);

    for with_git in [false, true] {
        let bytes = ask(&place, ProbeRequest::Archive { with_git }).await;
        assert_eq!(shows(&bytes), None);
        let out = tempfile::tempdir().unwrap();
        tar::Archive::new(bytes.as_slice()).unpack(out.path()).unwrap();
        let below = fs::read_to_string(out.path().join("below").join(MASK)).unwrap();
        assert_eq!(below, MASK);
        assert_eq!(fs::read_link(out.path().join("link")).unwrap(), Path::new(MASK));
        let full = fs::read(out.path().join("full.bin")).unwrap();
        assert!(full.ends_with(MASK.as_bytes()) && full.len() == 65_530 + SECRET.len());
    }
}
