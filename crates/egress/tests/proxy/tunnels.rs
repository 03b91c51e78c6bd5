//! `CONNECT`: who gets a tunnel, where it leads, and what is said to the others.

use egress::{MAX_CONNECTIONS, MappedHost};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::world::{Server, World, guard, world};

const PONG: &str = "pong";

async fn head(client: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.expect("a head"));
    }
    String::from_utf8(head).expect("text")
}

#[tokio::test]
async fn a_listed_host_gets_a_tunnel_to_the_judged_address() {
    let server = Server::start(PONG).await;
    let port = server.port();
    let names: &[(&str, &[&str])] = &[("api.example.com", &["169.254.169.254", "127.0.0.1"])];
    let world = world(
        &format!("*.example.com:{port}"),
        guard("127.0.0.1"),
        names,
        Vec::new(),
    );
    let (mut client, task) = world.connect();
    client
        .write_all(format!("CONNECT API.Example.com.:{port} HTTP/1.1\r\n\r\n").as_bytes())
        .await
        .unwrap();
    assert!(head(&mut client).await.starts_with("HTTP/1.1 200"));
    client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut rest = String::new();
    client.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, PONG);
    drop(client);
    task.await.unwrap();
    assert_eq!(server.got(), ["GET / HTTP/1.1\r\n\r\n"]);
    assert_eq!(
        world.decisions.seen(),
        [format!("+api.example.com:{port} listed: *.example.com:{port}")]
    );
    assert_eq!(world.names.1.lock().unwrap().len(), 1, "resolved once");
}

#[tokio::test]
async fn what_is_sent_right_behind_the_request_reaches_the_server() {
    let server = Server::start(PONG).await;
    let port = server.port();
    let world = world(&format!("127.0.0.1:{port}"), guard("true"), &[], Vec::new());
    let answer = world
        .raw(format!("CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\nGET /early HTTP/1.1\r\n\r\n").as_bytes())
        .await;
    assert!(answer.ends_with(PONG), "{answer}");
    assert_eq!(server.got(), ["GET /early HTTP/1.1\r\n\r\n"]);
}

#[tokio::test]
async fn others_are_refused_with_the_next_step() {
    let server = Server::start(PONG).await;
    let port = server.port();
    let own = server.address;
    let names: &[(&str, &[&str])] = &[
        ("inside.example", &["127.0.0.1"]),
        ("meta.example", &["169.254.169.254"]),
        ("mapped.example", &["::ffff:10.0.0.1"]),
    ];
    let allow = format!(
        "inside.example:{port}, meta.example:{port}, mapped.example:{port}, gone.example:{port}, 127.0.0.1:{port}, [::1]:{port}"
    );
    let closed = world(&allow, guard(""), names, Vec::new());
    let ask = async |world: &World, host: &str| {
        world
            .raw(format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
            .await
    };
    for (host, status, part) in [
        ("other.example", "403", "COORDINATOR_EGRESS_ALLOW=other.example"),
        ("10.0.0.1", "403", "COORDINATOR_EGRESS_ALLOW=10.0.0.1"),
        (
            "inside.example",
            "403",
            "COORDINATOR_ALLOW_PRIVATE_NETWORKS=127.0.0.1",
        ),
        ("mapped.example", "403", "private"),
        ("meta.example", "403", "never reachable"),
        ("127.0.0.1", "403", "loopback"),
        ("2130706433", "403", "loopback"),
        ("0x7f.1", "403", "loopback"),
        ("[::1]", "403", "loopback"),
        ("gone.example", "502", "resolved"),
    ] {
        let answer = ask(&closed, host).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains(part),
            "{host}: {answer}"
        );
    }
    assert_eq!(closed.decisions.seen().len(), 10);
    assert!(closed.decisions.seen().iter().all(|line| line.starts_with('-')));

    let mut open = guard("true");
    open.own_listeners.push(own);
    let open = world(&allow, open, names, Vec::new());
    assert!(ask(&open, "127.0.0.1").await.contains("own listeners"));
    assert!(ask(&open, "meta.example").await.starts_with("HTTP/1.1 403"));
    assert!(server.got().is_empty());
}

#[tokio::test]
async fn a_mapped_name_leads_to_its_address_for_its_port_alone() {
    let server = Server::start(PONG).await;
    let permitted = guard(&format!("127.0.0.1:{}", server.port()));
    let mapped = MappedHost::new("git.session", 8443, server.address, &permitted).unwrap();
    assert!(MappedHost::new("git.session", 8443, server.address, &guard("")).is_err());
    let world = world("", permitted, &[], vec![mapped]);
    let answer = world
        .raw(b"CONNECT git.session:8443 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        .await;
    assert!(answer.ends_with(PONG), "{answer}");
    for other in ["git.session:443", "127.0.0.1:8443", "x.git.session:8443"] {
        let answer = world
            .raw(format!("CONNECT {other} HTTP/1.1\r\n\r\n").as_bytes())
            .await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{other}: {answer}");
    }
    assert_eq!(server.got().len(), 1);
}

#[tokio::test]
async fn a_host_that_does_not_listen_is_a_502() {
    let port = testkit::scene_server::closed_port().unwrap();
    let world = world(&format!("127.0.0.1:{port}"), guard("true"), &[], Vec::new());
    let answer = world
        .raw(format!("CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n").as_bytes())
        .await;
    assert!(
        answer.starts_with("HTTP/1.1 502") && answer.contains("could not be connected to"),
        "{answer}"
    );
    assert_eq!(
        world.decisions.seen(),
        [format!("+127.0.0.1:{port} listed: 127.0.0.1:{port}")]
    );
}

#[tokio::test]
async fn a_sandbox_has_so_many_connections_and_no_more() {
    let world = world("", guard(""), &[], Vec::new());
    let held: Vec<_> = (0..MAX_CONNECTIONS).map(|_| world.connect()).collect();
    for _ in 0..MAX_CONNECTIONS {
        tokio::task::yield_now().await;
    }
    let answer = world.raw(b"").await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    for (client, task) in held {
        drop(client);
        task.await.unwrap();
    }
    let answer = world.raw(b"CONNECT a.example:443 HTTP/1.1\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}
