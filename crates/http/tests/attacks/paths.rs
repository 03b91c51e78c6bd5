//! Names that want to be paths: ids, file names, directories, refs.

use serde_json::json;

use crate::{
    harness::{Range, private},
    row::{Asks, Payload},
    rows,
};

/// Escaped as they stand in a path or query.
const UPWARDS: &[&str] = &[
    "..",
    "../x",
    "../../etc/passwd",
    "..%2fx",
    "..%2F..%2Fetc%2Fpasswd",
    "%2e%2e%2fx",
    "%2e%2e/x",
    "a/../../x",
    "a/..",
    "a/%2e%2e/%2e%2e/x",
    "./../x",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "//etc/passwd",
    "x%00",
    "x%00.txt",
    "%00",
];

#[tokio::test]
async fn no_file_is_read_above_the_workspace() {
    let mut range = Range::new().await;
    let busy = range.stage.busy.clone();
    let probes = range.stage.house.fakes.sandboxes.probed().len();
    for path in UPWARDS {
        let target = format!("/v1/sessions/{busy}/files?path={path}");
        let request = range.key.request("GET", &target, &Payload::Nothing);
        range.refused(request, &["invalid_request"], path).await;
    }
    assert_eq!(
        range.stage.house.fakes.sandboxes.probed().len(),
        probes,
        "nobody was asked"
    );
    println!("{}", range.over("files").await);
}

#[tokio::test]
async fn no_artifact_or_attachment_is_called_like_a_path() {
    let mut range = Range::new().await;
    let (quiet, busy) = (range.stage.quiet.clone(), range.stage.busy.clone());
    let others = [
        "",
        "%20",
        "a%5Cb",
        "..%5C..%5Cx",
        "a%0Ab",
        "a%0D%0AX-Injected:%201",
        "a%1B%5B31m",
        "a%7F",
        "gpj.%E2%80%AEexe",
        "a%E2%81%A6b",
        ".",
        "..",
        "C:%5Cx",
    ];
    let long = "x".repeat(256);
    let names = UPWARDS
        .iter()
        .copied()
        .filter(|name| name.contains('/') || name.contains('%') || *name == "..")
        .chain(others)
        .chain([long.as_str()]);
    for name in names {
        let target = format!("/v1/sessions/{quiet}/artifacts?name={name}");
        let body = Payload::Bytes("text/plain", b"x".to_vec());
        let request = range.key.request("POST", &target, &body);
        range.refused(request, &["invalid_request"], name).await;
    }
    for name in [
        "..",
        "../x",
        "a/b",
        "/x",
        "a\\b",
        "a\nb",
        "a\r\nX: 1",
        "a\0",
        "\u{1b}[31m",
        "",
        "gpj.\u{202e}exe",
    ] {
        let body =
            json!({"text": "x", "attachments": [{"name": name, "media_type": "text/plain", "data": ""}]});
        let target = format!("/v1/sessions/{busy}/prompts");
        let request = range.key.request("POST", &target, &Payload::Json(body));
        range.refused(request, &["invalid_request"], name).await;
    }
    println!("{}", range.over("names").await);
}

#[tokio::test]
async fn no_ref_is_an_option_or_a_path() {
    let mut range = Range::new().await;
    for reference in [
        "--upload-pack=id",
        "-b",
        "-",
        "..",
        "a..b",
        "../x",
        "/etc",
        "a//b",
        "a/",
        "a/.b",
        ".a",
        "a.",
        "a.lock",
        "a b",
        "a\tb",
        "a\nb",
        "a\0b",
        "a~1",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[b",
        "a\\b",
        "@",
        "@{-1}",
        "a@{1}",
        "",
        " ",
    ] {
        for (path, body) in [
            (
                "/v1/sessions",
                json!({"agent": "scripted", "model": "demo/scripted", "repository": {"url": "https://h.example/a", "ref": reference}}),
            ),
            (
                "/v1/environments/detect",
                json!({"repository": {"url": "https://h.example/a", "ref": reference}}),
            ),
        ] {
            let request = range.key.request("POST", path, &Payload::Json(body));
            range
                .refused(request, &["invalid_repository"], &format!("{path} {reference:?}"))
                .await;
        }
    }
    println!("{}", range.over("refs").await);
}

/// Every id in every path of the description.
#[tokio::test]
async fn what_is_no_id_names_nothing() {
    let mut range = Range::new().await;
    let long = "z".repeat(8_000);
    let long_id = format!("ses_{}", "0".repeat(4_000));
    let mut values: Vec<&str> = vec![
        "%00",
        "%0d%0aX-Injected:%201",
        "%1b%5b31m",
        "..%2f..",
        "%2e%2e",
        "*",
        "%25",
        "'%20OR%20'1'='1",
        "%22",
        "ses_",
        "ses_%00000000000000000000000000",
        "ses_!!!!!!!!!!!!!!!!!!!!!!!!!!",
        "org_00000000000000000000000000",
        "ses_zzzzzzzzzzzzzzzzzzzzzzzzzz",
        "ses_0000000000000000000000000",
        "ses_000000000000000000000000000",
        "-1",
        "99999999999999999999999",
        "null",
        "%F0%9F%92%A9",
        "%ff",
    ];
    values.push(&long);
    values.push(&long_id);
    for row in private(rows::all()).iter().filter(|row| row.path.contains('{')) {
        let template: Vec<&str> = row.path.split('/').collect();
        let target = row.target(&range.stage);
        let target = target.split('?').next().unwrap();
        let parts: Vec<&str> = target.split('/').collect();
        for (at, _) in template
            .iter()
            .enumerate()
            .filter(|(_, part)| part.starts_with('{'))
        {
            let id = parts[at];
            let cut = &id[..id.len() - 1];
            let (shout, padded, dotted) = (id.to_uppercase(), format!("{id}%20"), format!("{id}."));
            let variants = [cut, padded.as_str(), dotted.as_str()];
            for value in values
                .iter()
                .copied()
                .chain(variants.into_iter().filter(|value| value.len() > 1))
            {
                let mut aimed = parts.clone();
                aimed[at] = value;
                let aimed = aimed.join("/");
                let credential = if matches!(row.asks, Asks::Person) {
                    &range.browser
                } else {
                    &range.key
                };
                let request = credential.request(row.method, &aimed, &row.body(&range.stage));
                let name: String = aimed.chars().take(160).collect();
                range
                    .refused(
                        request,
                        &["not_found", "invalid_request", "method_not_allowed"],
                        &format!("{} {name}", row.method),
                    )
                    .await;
            }
            if matches!(row.asks, Asks::Person) {
                continue;
            }
            // A stranger gets no further with another spelling of a real one.
            let mut aimed = parts.clone();
            aimed[at] = &shout;
            let stranger = crate::caller::Credential::key(&range.stage.stranger.api_key);
            let request = stranger.request(row.method, &aimed.join("/"), &row.body(&range.stage));
            range.refused(request, &["not_found"], &row.name()).await;
        }
        range.unharmed(&row.name()).await;
    }
    println!("{}", range.over("ids").await);
}

#[tokio::test]
async fn no_page_of_the_server_is_a_file_elsewhere() {
    let mut range = Range::new().await;
    for door in ["/problems/", "/assets/", "/docs/", "/"] {
        for path in UPWARDS {
            let target = format!("{door}{path}");
            let Ok(_) = target.parse::<http::Uri>() else {
                continue;
            };
            let request = crate::caller::Credential::Nothing.request("GET", &target, &Payload::Nothing);
            range.refused(request, &["not_found"], &target).await;
        }
    }
    println!("{}", range.over("pages").await);
}
