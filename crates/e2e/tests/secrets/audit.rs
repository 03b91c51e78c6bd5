//! The audit log of a server that runs, as files: it holds, and a changed byte is named.

use std::fs;

use e2e::{Output, Server, Start};
use serde_json::json;

use crate::journey::id;

fn verify(server: &Server, arguments: &[&str]) -> Output {
    let mut all = vec!["verify"];
    all.extend(arguments);
    server.cli_at_data_dir_of("audit", &all)
}

/// Every place of a text in a file.
fn places(bytes: &[u8], text: &str) -> Vec<usize> {
    bytes
        .windows(text.len())
        .enumerate()
        .filter_map(|(place, window)| (window == text.as_bytes()).then_some(place))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_live_server_is_verified_and_a_flipped_byte_is_named() {
    let mut server = Server::start(Start::default()).await;
    let client = server.client();
    let mut made = Vec::new();
    for n in 0..40 {
        let body = json!({"name": format!("TOKEN_{n}"), "value": format!("a value of {n}"), "scope": "organisation", "phase": "agent"});
        made.push(id(&client.post("/v1/secrets", &body).await));
    }
    let key = server
        .cli_at_data_dir_of("audit", &["key"])
        .stdout
        .trim()
        .to_owned();
    assert_eq!(key.len(), 64, "{key}");

    // While it runs and writes.
    let live = verify(&server, &[]);
    assert!(live.code == Some(0) && live.stdout.contains(": ok, "), "{live:?}");
    let export = server.place().join("audit.ndjson");
    let to = export.display().to_string();
    let exported = server.cli(&["audit", "export", "--output", &to]).await;
    assert_eq!(exported.code, Some(0), "{exported:?}");
    let offline = server
        .cli(&["audit", "verify", "--file", &to, "--public-key", &key])
        .await;
    assert!(
        offline.code == Some(0) && offline.stdout.contains(": ok, "),
        "{offline:?}"
    );

    // A byte of each of some records of the export.
    let records = client.get("/v1/audit?limit=100&action=secret.create").await;
    let seq_of = |id: &str| {
        let records = records["items"].as_array().unwrap();
        let record = records.iter().find(|record| record["target"] == id).unwrap();
        record["seq"].as_u64().unwrap()
    };
    let text = fs::read(&export).unwrap();
    let other = server.place().join("changed.ndjson");
    let other_path = other.display().to_string();
    for target in made.iter().step_by(7) {
        let mut changed = text.clone();
        changed[places(&text, target)[0] + 9] ^= 1;
        fs::write(&other, &changed).unwrap();
        let told = server
            .cli(&["audit", "verify", "--file", &other_path, "--public-key", &key])
            .await;
        assert_eq!(told.code, Some(1), "{told:?}");
        assert!(
            told.stdout.contains(&format!(" seq {}:", seq_of(target))),
            "{target}: {told:?}"
        );
    }

    // The same in the server's own file.
    assert_eq!(server.stop(), Some(0));
    let file = server.data_dir().join("audit.db");
    let bytes = fs::read(&file).unwrap();
    let mut flips = 0;
    for target in made.iter().step_by(7) {
        let mut named = 0;
        for place in places(&bytes, target) {
            let mut changed = bytes.clone();
            changed[place + 9] ^= 1;
            fs::write(&file, &changed).unwrap();
            let told = verify(&server, &[]);
            flips += 1;
            if told.code == Some(1) {
                assert!(
                    told.stdout.contains(&format!(" seq {}:", seq_of(target))),
                    "{target}: {told:?}"
                );
                named += 1;
            }
        }
        assert!(
            named >= 1,
            "{target}: a change of the record itself has to be named"
        );
    }
    assert!(flips >= 6);
    fs::write(&file, &bytes).unwrap();
    let whole = verify(&server, &[]);
    assert_eq!(whole.code, Some(0), "{whole:?}");
}
