//! What an operator does: bootstrap, doctor, a second server, a stop.

use e2e::{Server, Start};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn bootstrap_works_stopped_and_running() {
    let mut server = Server::prepare(Start::default());
    let stopped = server.bootstrap("Ana@Example.org", "acme");
    server.run().await;
    let running = server.bootstrap("ana@example.org", "acme");
    for field in ["org_id", "user_id"] {
        assert_eq!(stopped[field], running[field], "{field} stays");
    }
    assert_ne!(stopped["api_key"], running["api_key"], "a new key each time");
    for made in [&stopped, &running] {
        let key = made["api_key"].as_str();
        let me = server.client().with_key(key).get("/v1/me").await;
        assert_eq!(me["role"], "owner");
        assert_eq!(me["organisation"]["id"], made["org_id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bootstrap_refuses_bad_input() {
    let server = Server::prepare(Start::default());
    let output = server.cli_at_data_dir(&["bootstrap", "--email", "nobody", "--org", "acme"]);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(
        output.stderr.contains("email") && output.stdout.is_empty(),
        "{output:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_reads_only_and_names_every_check() {
    let mut server = Server::prepare(Start::default());
    let output = server.cli_at_data_dir(&["doctor", "--json", "--listen", "127.0.0.1:0"]);
    let report = output.json();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    for check in [
        "configuration",
        "server",
        "data_directory",
        "master_key",
        "port",
        "disk",
        "isolation",
        "agents",
        "ripgrep",
        "runner",
        "git",
        "certificates",
        "keepers",
    ] {
        assert!(
            findings.iter().any(|finding| finding["check"] == check),
            "{check} in {report:#}"
        );
    }
    let failed = findings.iter().any(|finding| finding["status"] == "fail");
    assert_eq!(output.code, Some(i32::from(failed)), "{report:#}");
    assert!(
        findings
            .iter()
            .all(|finding| finding["status"] != "fail" || finding["remedy"].is_string()),
        "{report:#}"
    );
    assert!(!server.data_dir().exists(), "nothing was made");

    server.run().await;
    let output = server.cli_at_data_dir(&[
        "doctor",
        "--json",
        "--listen",
        server.url().trim_start_matches("http://"),
    ]);
    let report = output.json();
    let of = |check: &str| {
        report["findings"]
            .as_array()
            .and_then(|all| all.iter().find(|finding| finding["check"] == check))
            .cloned()
            .unwrap_or(Value::Null)
    };
    assert_eq!(of("server")["status"], "ok", "{report:#}");
    assert_eq!(of("port")["status"], "ok", "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn configuration_errors_come_at_once() {
    let start = Start::default()
        .with("COORDINATOR_LIMIT_MEMORY", "much")
        .with("COORDINATOR_TLS_CERT", "/nowhere/cert.pem");
    let server = Server::prepare(start);
    let output = server.cli_at_data_dir(&["serve", "--listen", "nowhere"]);
    assert_eq!(output.code, Some(2), "{output:?}");
    for part in ["--listen", "COORDINATOR_LIMIT_MEMORY", "tls_key"] {
        assert!(output.stderr.contains(part), "{part} in {}", output.stderr);
    }
    assert!(!server.data_dir().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_is_refused_and_a_stop_is_clean() {
    let mut server = Server::start(Start::default()).await;
    let pid = server.pid().map(|pid| pid.to_string()).unwrap_or_default();
    let output = server.cli_at_data_dir(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(
        output.stderr.contains(&pid) && output.stderr.contains("in use"),
        "{}",
        output.stderr
    );
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    assert!(!server.log().contains(server.key()), "no key in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_master_key_is_not_replaced_in_silence() {
    let mut server = Server::start(Start::default()).await;
    assert_eq!(server.stop(), Some(0));
    std::fs::remove_file(server.data_dir().join("master.key")).unwrap();
    let output = server.cli_at_data_dir(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(
        output.stderr.contains("master.key") && output.stderr.contains("is gone"),
        "{}",
        output.stderr
    );
    let doctor = server.cli_at_data_dir(&["doctor", "--json"]);
    assert_eq!(doctor.code, Some(1), "{doctor:?}");
    assert!(!server.data_dir().join("master.key").exists());
}
