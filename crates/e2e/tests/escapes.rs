//! From inside a sandbox, with a server started by root and one started by an ordinary user: what is out of reach,
//! where bombs end, and what is left afterwards.

use std::time::Duration;

use e2e::{Client, PATIENCE, Server, Start};
use serde_json::{Value, json};

/// Nobody in particular, and for each test another, because limits count what a user has.
const ORDINARY: [u32; 2] = [64_123, 64_124];

async fn session(client: &Client) -> String {
    let body = json!({"agent": "opencode", "model": "demo/scripted"});
    let made = client.post("/v1/sessions", &body).await;
    made["id"].as_str().map(str::to_owned).unwrap_or_default()
}

/// Small enough that bombs end soon.
fn limited() -> Start {
    Start::default()
        .with("COORDINATOR_LIMIT_MEMORY", "2GiB")
        .with("COORDINATOR_LIMIT_PIDS", "256")
        .with("COORDINATOR_LIMIT_DISK", "300MiB")
}

async fn out_of_reach(start: Start) {
    let server = Server::start(start).await;
    let client = server.client();
    let (mine, other) = (session(&client).await, session(&client).await);
    client
        .output_of(
            &other,
            "echo the-others-secret > /workspace/secret.txt; (sleep 3456 >/dev/null 2>&1 &); echo ok",
            PATIENCE,
        )
        .await;

    let tries = [
        ("cat /etc/shadow 2>&1 | grep -c '^root:'", "0"),
        (
            &*format!(
                "ls {} 2>&1 | grep -vc 'cannot access'",
                server.data_dir().display()
            ),
            "0",
        ),
        (
            "grep -rs the-others-secre[t] / --include=secret.txt 2>/dev/null | wc -l",
            "0",
        ),
        (
            "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c 'sleep 345[6]'",
            "0",
        ),
        (
            &*format!(
                "curl -s -m 60 --noproxy '*' {}/health >/dev/null 2>&1 && echo reached || echo refused",
                server.url()
            ),
            "refused",
        ),
        (
            &*format!(
                "curl -s -m 60 {}/health 2>/dev/null | grep -c '\"ok\"'",
                server.url().replace("127.0.0.1", "localhost.localdomain")
            ),
            "0",
        ),
        (
            &*format!(
                "curl -s -m 60 --noproxy '' {}/health 2>/dev/null | grep -c '\"ok\"'",
                server.url()
            ),
            "0",
        ),
        (
            "curl -s -m 60 --noproxy '' -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/meta-data/",
            "403",
        ),
        (
            "curl -s -m 60 --noproxy '*' http://169.254.169.254/ >/dev/null 2>&1 && echo reached || echo refused",
            "refused",
        ),
        (
            "grep -E '^(CapEff|CapPrm|CapBnd)' /proc/self/status | grep -vc 0000000000000000",
            "0",
        ),
        ("grep NoNewPrivs /proc/self/status | tr -dc 0-9", "1"),
        (
            "unshare -U true 2>/dev/null && echo allowed || echo denied",
            "denied",
        ),
        (
            "mount -t tmpfs none /tmp 2>/dev/null && echo allowed || echo denied",
            "denied",
        ),
        (
            "touch /usr/x /etc/x 2>/dev/null && echo allowed || echo denied",
            "denied",
        ),
    ];
    for (command, expected) in tries {
        let output = client.output_of(&mine, command, PATIENCE).await;
        let last = output
            .lines()
            .rfind(|line| !line.trim().is_empty())
            .unwrap_or_default();
        assert_eq!(last.trim(), expected, "{command}: {output}");
    }
}

async fn bombs(start: Start) {
    let server = Server::start(start).await;
    let client = server.client();
    let (bomber, bystander) = (session(&client).await, session(&client).await);
    client.output_of(&bystander, "echo ready", PATIENCE).await;
    client.output_of(&bomber, "echo ready", PATIENCE).await;

    let seen = client.get(&format!("/v1/sessions/{bomber}")).await;
    let isolation = &seen["sandbox"]["isolation"];
    assert_eq!(
        isolation["limits"]["pids"], 256,
        "the session says what it got: {seen}"
    );

    // Forks: refused at the limit, while the server and others go on.
    let forks = "for i in $(seq 600); do sleep 20 & done 2>&1 | tail -n 1; wait -n; jobs -p | wc -l";
    client
        .output_of(&bomber, &format!("timeout 10 bash -c '{forks}'; true"), PATIENCE)
        .await;
    assert_eq!(
        client.output_of(&bystander, "echo fine", PATIENCE).await.trim(),
        "fine"
    );

    // Memory: whatever takes too much is killed.
    let hog = "python3 -c \"x = [bytearray(50_000_000) for _ in range(80)]; print(len(x), 'ke' + 'pt')\" 2>&1; echo code $?";
    let output = client.output_of(&bomber, hog, PATIENCE).await;
    assert!(!output.contains("kept"), "{output}");
    assert_eq!(
        client.output_of(&bystander, "echo fine", PATIENCE).await.trim(),
        "fine"
    );

    // Disk: the sandbox ends with that reason; the next prompt works. Who measures does so now and then: the command
    // waits for it.
    let fill = "for i in $(seq 40); do head -c 20M /dev/zero > /workspace/fill-$i || break; sleep 0.3; done; sleep 3457";
    let prompt = json!({"text": format!("run: {fill}")});
    let events = client.turn(&bomber, &prompt, PATIENCE).await;
    let end = events.last().cloned().unwrap_or_default();
    assert!(
        end["type"] == "prompt.failed" && end.to_string().contains("disk limit"),
        "the disk limit has ended it: {events:#?}"
    );
    assert_eq!(
        client.output_of(&bystander, "echo fine", PATIENCE).await.trim(),
        "fine"
    );
    let again = client
        .output_of(&bomber, "rm -f /workspace/fill-*; echo tidied", PATIENCE)
        .await;
    assert!(again.contains("tidied"), "{again}");

    for id in [&bomber, &bystander] {
        let (status, _) = client
            .call(reqwest::Method::DELETE, &format!("/v1/sessions/{id}"), None)
            .await;
        assert!((200..300).contains(&status), "{status}");
    }
    nothing_is_left(&server).await;
}

/// No process, no workspace, no keeper of a deleted session.
async fn nothing_is_left(server: &Server) {
    let left = || {
        let mut left: Vec<String> = Vec::new();
        for folder in ["sandboxes", "keepers", "sessions"] {
            let files = walk(&server.data_dir().join(folder));
            left.extend(files.into_iter().map(|path| path.display().to_string()));
        }
        let mark = server.data_dir().display().to_string();
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            let is_server = server
                .pid()
                .is_some_and(|pid| entry.file_name().to_string_lossy() == pid.to_string());
            if line.contains(&mark) && !is_server {
                left.push(line);
            }
        }
        left
    };
    for _ in 0..600 {
        if left().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("left behind: {:#?}", left());
}

fn walk(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(walk(&path)),
            _ => files.push(path),
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_is_out_of_reach_of_a_server_started_by_this_user() {
    out_of_reach(Start::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_is_out_of_reach_of_a_server_started_by_an_ordinary_user() {
    out_of_reach(Start::default().as_user(ORDINARY[0])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs_end_at_the_limits_of_a_server_started_by_this_user() {
    bombs(limited()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs_end_at_the_limits_of_a_server_started_by_an_ordinary_user() {
    bombs(limited().as_user(ORDINARY[1])).await;
}

/// The doctor announces the limits that hold.
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_announces_what_holds() {
    let server = Server::start(limited()).await;
    let report = server.cli_at_data_dir(&["doctor", "--json"]).json();
    let text = report.to_string();
    assert!(text.contains("hard") || text.contains("watched"), "{report:#}");
    let _: Value = report;
}
