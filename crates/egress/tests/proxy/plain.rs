//! Plain HTTP through the proxy: what a server gets, what a client gets, and hostile input.

use egress::MappedHost;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::world::{Server, World, guard, world};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close, X-Own\r\nX-Own: 1\r\nKeep-Alive: timeout=5\r\nX-Kept: 1\r\n\r\nok";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

fn open(server: &Server) -> World {
    let permitted = guard("127.0.0.1");
    let mapped = MappedHost::new("site.example", 80, server.address, &permitted).expect("a mapping");
    world("", permitted, &[], vec![mapped])
}

#[tokio::test]
async fn a_request_arrives_clean_and_its_answer_too() {
    let server = Server::start(OK).await;
    let answer = open(&server)
        .raw(
            b"GET http://Site.Example/a?b=c HTTP/1.1\r\nHost: site.example\r\nProxy-Connection: keep-alive\r\n\
              Proxy-Authorization: Basic eDp5\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\nUpgrade: h2c\r\n\
              Authorization: Bearer own\r\nAccept: */*\r\n\r\n",
        )
        .await;
    assert!(
        answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("\r\n\r\nok"),
        "{answer}"
    );
    let lower = answer.to_ascii_lowercase();
    assert!(
        lower.contains("x-kept: 1") && !lower.contains("x-own") && !lower.contains("keep-alive"),
        "{answer}"
    );
    let [got] = &server.got()[..] else {
        panic!("one request")
    };
    let (line, rest) = got.split_once("\r\n").unwrap();
    assert_eq!(line, "GET /a?b=c HTTP/1.1");
    let rest = rest.to_ascii_lowercase();
    for part in [
        "host: site.example\r\n",
        "authorization: bearer own",
        "accept: */*",
    ] {
        assert!(rest.contains(part), "{rest}");
    }
    for part in ["proxy-", "x-hop", "te:", "upgrade", "connection"] {
        assert!(!rest.contains(part), "{part}: {rest}");
    }
}

#[tokio::test]
async fn bodies_stream_both_ways_and_the_connection_stays() {
    let server = Server::start(CHUNKED).await;
    let world = open(&server);
    let answer = world
        .raw(
            b"POST http://site.example/one HTTP/1.1\r\nHost: site.example\r\nTransfer-Encoding: chunked\r\n\r\n\
              4\r\nwiki\r\n5\r\npedia\r\n0\r\n\r\n\
              POST http://site.example/two HTTP/1.1\r\nHost: site.example\r\nContent-Length: 3\r\nConnection: close\r\n\r\nxyz",
        )
        .await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
    assert_eq!(answer.matches("abc").count(), 2, "{answer}");
    let got = server.got();
    assert!(
        got[0].starts_with("POST /one ") && got[0].contains("wiki") && got[0].contains("pedia"),
        "{got:?}"
    );
    assert!(
        got[1].starts_with("POST /two ") && got[1].contains("content-length: 3") && got[1].ends_with("xyz"),
        "{got:?}"
    );
}

#[tokio::test]
async fn an_expectation_is_met_here() {
    let server = Server::start(OK).await;
    let (mut client, task) = open(&server).connect();
    client
        .write_all(b"POST http://site.example/ HTTP/1.1\r\nHost: site.example\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut begin = [0; 12];
    client.read_exact(&mut begin).await.unwrap();
    assert_eq!(&begin, b"HTTP/1.1 100");
    client.write_all(b"xyz").await.unwrap();
    let mut rest = String::new();
    client.read_to_string(&mut rest).await.unwrap();
    task.await.unwrap();
    assert!(
        rest.contains("200 OK") && server.got()[0].ends_with("xyz"),
        "{rest}"
    );
    assert!(!server.got()[0].to_ascii_lowercase().contains("expect"));
}

#[tokio::test]
async fn hostile_requests_reach_nobody() {
    let server = Server::start(OK).await;
    let world = open(&server);
    let long = format!(
        "GET http://site.example/ HTTP/1.1\r\nHost: site.example\r\nX: {}\r\n\r\n",
        "a".repeat(20_000)
    );
    let many = format!(
        "GET http://site.example/ HTTP/1.1\r\nHost: site.example\r\n{}\r\n",
        "X: 1\r\n".repeat(300)
    );
    let long_line = format!(
        "GET http://site.example/{} HTTP/1.1\r\nHost: site.example\r\n\r\n",
        "a".repeat(20_000)
    );
    let cases: Vec<(&str, &[u8], &[&str])> = vec![
        ("two lengths", b"POST http://site.example/ HTTP/1.1\r\nHost: site.example\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", &["400"]),
        ("odd coding", b"POST http://site.example/ HTTP/1.1\r\nHost: site.example\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", &["400"]),
        ("signed length", b"POST http://site.example/ HTTP/1.1\r\nHost: site.example\r\nContent-Length: +3\r\n\r\nabc", &["400"]),
        ("bare CR", b"GET http://site.example/ HTTP/1.1\r\nHost: site.example\r\nX: a\rb\r\n\r\n", &["400"]),
        ("folded header", b"GET http://site.example/ HTTP/1.1\r\nHost: site.example\r\nX: a\r\n b\r\n\r\n", &["400"]),
        ("space before colon", b"GET http://site.example/ HTTP/1.1\r\nHost : site.example\r\n\r\n", &["400"]),
        ("NUL", b"GET http://site.example/ HTTP/1.1\r\nHost: site.example\r\nX: a\0b\r\n\r\n", &["400"]),
        ("space in address", b"GET http://site.example/ evil HTTP/1.1\r\nHost: site.example\r\n\r\n", &["400"]),
        ("other host", b"GET http://site.example/ HTTP/1.1\r\nHost: inside.example\r\n\r\n", &["400"]),
        ("user info", b"GET http://site.example@other.example/ HTTP/1.1\r\n\r\n", &["400"]),
        ("user info in CONNECT", b"CONNECT site.example:80@other.example:443 HTTP/1.1\r\n\r\n", &["400"]),
        ("port 0", b"CONNECT site.example:0 HTTP/1.1\r\n\r\n", &["400"]),
        ("large port", b"CONNECT site.example:65616 HTTP/1.1\r\n\r\n", &["400"]),
        ("zone", b"CONNECT [fe80::1%25eth0]:80 HTTP/1.1\r\n\r\n", &["400"]),
        ("percent", b"CONNECT site%2eexample:80 HTTP/1.1\r\n\r\n", &["400"]),
        ("origin form", b"GET / HTTP/1.1\r\nHost: site.example\r\n\r\n", &["400"]),
        ("https", b"GET https://site.example/ HTTP/1.1\r\nHost: site.example\r\n\r\n", &["400"]),
        ("not listed", b"GET http://other.example/ HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n", &["403"]),
        ("upgrade without TLS", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &["400", ""]),
        ("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", &["400", ""]),
        ("long header", long.as_bytes(), &["431"]),
        ("many headers", many.as_bytes(), &["431"]),
        ("long line", long_line.as_bytes(), &["414", "431"]),
    ];
    for (name, bytes, statuses) in cases {
        let answer = world.raw(bytes).await;
        let status = answer
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3))
            .unwrap_or_default();
        assert!(statuses.contains(&status), "{name}: {answer:?}");
        assert!(
            server.got().is_empty(),
            "{name} reached the server: {:?}",
            server.got()
        );
    }
}

#[tokio::test]
async fn of_two_lengths_only_the_one_understood_is_passed_on() {
    for lengths in [
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
    ] {
        let server = Server::start(OK).await;
        let head = format!(
            "POST http://site.example/ HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n{lengths}\r\n\r\n"
        );
        open(&server)
            .raw(format!("{head}5\r\nabcde\r\n0\r\n\r\n").as_bytes())
            .await;
        let [got] = &server.got()[..] else {
            panic!("one request: {:?}", server.got())
        };
        let got = got.to_ascii_lowercase();
        assert!(
            got.contains("transfer-encoding: chunked") && !got.contains("content-length"),
            "{got}"
        );
        assert!(got.ends_with("5\r\nabcde\r\n0\r\n\r\n"), "{got}");
    }
}

#[tokio::test]
async fn a_smuggled_second_request_is_judged_on_its_own() {
    let server = Server::start(OK).await;
    let answer = open(&server)
        .raw(
            b"POST http://site.example/ HTTP/1.1\r\nHost: site.example\r\nContent-Length: 3\r\n\r\nabc\
              GET http://169.254.169.254/latest HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n",
        )
        .await;
    assert!(
        answer.contains("200 OK") && answer.contains("403 Forbidden"),
        "{answer}"
    );
    assert_eq!(server.got().len(), 1);
}

#[tokio::test]
async fn what_a_server_does_wrong_is_a_502() {
    for answer in [
        "not http at all\r\n\r\n",
        "",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    ] {
        let server = Server::start(answer).await;
        let seen = open(&server)
            .raw(b"GET http://site.example/ HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n\r\n")
            .await;
        assert!(seen.starts_with("HTTP/1.1 502"), "{answer:?}: {seen}");
    }
}
