//! TLS on the public listener, with the command line as a client of a private authority.

use std::{path::Path, process::Command};

use e2e::{Server, Start};

#[tokio::test(flavor = "multi_thread")]
async fn https_and_wss_work_with_a_private_authority() {
    let place = tempfile::tempdir().unwrap();
    openssl(
        place.path(),
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem",
    );
    openssl(
        place.path(),
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout key.pem -out request.pem",
    );
    std::fs::write(
        place.path().join("names"),
        "subjectAltName=DNS:localhost,IP:127.0.0.1\n",
    )
    .unwrap();
    openssl(
        place.path(),
        "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem",
    );
    let path = |name: &str| place.path().join(name).display().to_string();

    let mut start = Start::default()
        .with("COORDINATOR_TLS_CERT", path("cert.pem"))
        .with("COORDINATOR_TLS_KEY", path("key.pem"));
    start.settings.insert("SSL_CERT_FILE".to_owned(), path("ca.pem"));
    let server = Server::start(start).await;
    assert!(server.url().starts_with("https://"), "{}", server.url());
    let output = server
        .cli(&["run", "run: echo over-tls", "--model", "demo/scripted"])
        .await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.stdout.contains("│ over-tls"), "{}", output.stdout);
}

fn openssl(directory: &Path, arguments: &str) {
    let made = Command::new("openssl")
        .current_dir(directory)
        .args(arguments.split(' '))
        .output();
    let Ok(made) = made else {
        panic!("openssl is needed for this test")
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}
