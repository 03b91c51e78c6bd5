//! Patch, files and archive.

use http::header;
use ports::sandbox::SandboxError;
use protocol::probe::{ProbeFailure, ProbeRequest};

use crate::house::House;

fn failure(code: &str, message: &str) -> SandboxError {
    SandboxError::Probe(ProbeFailure {
        code: code.into(),
        message: message.into(),
    })
}

#[tokio::test]
async fn the_work_comes_out_as_patch_files_and_archive() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("go")).await;
    let path = format!("/v1/sessions/{id}");
    house.fakes.sandboxes.next_start().await;
    house.fakes.sandboxes.on_probe(|spec| {
        assert!(!spec.network, "a hostile repository is read without a network");
        match &spec.request {
            ProbeRequest::Diff => Ok(vec!["diff --git a/x b/x\n".into()]),
            ProbeRequest::File { path, .. } if path == "src/main.rs" => {
                Ok(vec!["fn main".into(), "() {}".into()])
            }
            ProbeRequest::File { .. } => Err(failure("not_found", "that is not a file")),
            ProbeRequest::Directory { path } if path == "src" || path == "." => Ok(vec![
                r#"[{"name":"main.rs","kind":"file","size_bytes":12}]"#.into(),
            ]),
            ProbeRequest::Directory { .. } => Err(failure("not_found", "there is nothing there")),
            ProbeRequest::Archive { with_git } => Ok(vec![format!("tar {with_git}").into()]),
            other => panic!("{other:?}"),
        }
    });
    let diff = ana.get(&format!("{path}/diff")).await.ok();
    assert_eq!(diff.headers[header::CONTENT_TYPE], "text/x-diff; charset=utf-8");
    assert!(diff.text().starts_with("diff --git"));

    let file = ana.get(&format!("{path}/files?path=src/main.rs")).await.ok();
    assert_eq!(file.text(), "fn main() {}");
    assert_eq!(file.headers[header::CONTENT_TYPE], "application/octet-stream");
    assert_eq!(file.headers[header::CONTENT_DISPOSITION], "attachment");
    assert!(
        file.headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
    for directory in ["/files?path=src", "/files?path=src/", "/files", "/files?path="] {
        let listing = ana.get(&format!("{path}{directory}")).await.ok();
        assert_eq!(listing.json()[0]["name"], "main.rs", "{directory}");
    }
    assert_eq!(
        ana.get(&format!("{path}/files?path=none")).await.problem(),
        "not_found"
    );

    let archive = ana.get(&format!("{path}/archive")).await.ok();
    assert_eq!(
        (archive.text().as_str(), &archive.headers[header::CONTENT_TYPE]),
        ("tar false", &"application/x-tar".parse().unwrap())
    );
    assert!(
        archive.headers[header::CONTENT_DISPOSITION]
            .to_str()
            .unwrap()
            .contains(&id.to_string())
    );
    assert_eq!(
        ana.get(&format!("{path}/archive?git=true")).await.ok().text(),
        "tar true"
    );
}

#[tokio::test]
async fn without_a_workspace_there_is_nothing_to_get_yet() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    for what in ["diff", "files", "archive", "files?path=x"] {
        let answer = ana.get(&format!("/v1/sessions/{id}/{what}")).await;
        assert_eq!(answer.problem(), "conflict", "{what}");
        assert!(answer.text().contains("no workspace yet"));
    }
}
