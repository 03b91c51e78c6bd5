//! Sockets: handshakes from elsewhere and in other words, frames that are none, floods of parts, and tickets that are
//! used by others, elsewhere, or twice.

use domain::tenancy::Role;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Duration, timeout},
};

use crate::{
    caller::{Credential, Who},
    dice::{Dice, seeds},
    harness::Range,
    row::Payload,
    stage::Stage,
    web_socket::Socket,
};

/// The head of the answer to a handshake in these very words.
async fn shake(address: &str, method: &str, target: &str, headers: &[(&str, String)]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut text = format!("{method} {target} HTTP/1.1\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match timeout(Duration::from_secs(60), stream.read_u8())
            .await
            .expect("a head in time")
        {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

fn status(head: &str) -> u16 {
    head.split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0)
}

/// A good handshake, of which each case changes something.
fn good(address: &str) -> Vec<(&'static str, String)> {
    vec![
        ("Host", address.to_owned()),
        ("Connection", "Upgrade".into()),
        ("Upgrade", "websocket".into()),
        ("Sec-WebSocket-Version", "13".into()),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==".into()),
    ]
}

fn with(
    mut headers: Vec<(&'static str, String)>,
    name: &'static str,
    value: Option<&str>,
) -> Vec<(&'static str, String)> {
    headers.retain(|(known, _)| *known != name);
    headers.extend(value.map(|value| (name, value.to_owned())));
    headers
}

#[tokio::test]
async fn no_handshake_from_elsewhere_or_in_other_words_opens_a_socket() {
    let range = Range::new().await;
    let address = range.stage.house.listen().await;
    let key = &range.stage.owner.api_key;
    let bearer = format!("Bearer {key}");
    let Credential::Cookie { cookie, csrf, .. } = range.browser.clone() else {
        panic!("no browser")
    };
    let targets = [
        format!("/v1/sessions/{}/ws", range.stage.busy),
        "/v1/events".to_owned(),
    ];
    let own = format!("http://{address}");
    let mut cases = 0;
    for target in &targets {
        let by_cookie = |origin: Option<&str>| {
            let headers = with(good(&address), "Cookie", Some(&cookie));
            with(with(headers, "Coordinator-CSRF", Some(&csrf)), "Origin", origin)
        };
        let by_key = with(good(&address), "Authorization", Some(&bearer));
        // From where it is, it opens.
        let head = shake(&address, "GET", target, &by_cookie(Some(&own))).await;
        assert_eq!(status(&head), 101, "{head}");
        let head = shake(&address, "GET", target, &by_key).await;
        assert_eq!(status(&head), 101, "{head}");

        let origins = [
            None,
            Some("null".to_owned()),
            Some(String::new()),
            Some("http://evil.example".to_owned()),
            Some(format!("https://{address}")),
            Some(format!("{own}.evil.example")),
            Some(format!("{own}/")),
            Some(format!("http://evil.example#{address}")),
            Some(format!("http://x@{address}")),
            Some(format!("{own} {own}")),
            Some("http://localhost".to_owned()),
            Some("file://".to_owned()),
            Some("ws://".to_owned() + &address),
        ];
        for origin in origins {
            cases += 1;
            let head = shake(&address, "GET", target, &by_cookie(origin.as_deref())).await;
            assert_eq!(status(&head), 403, "{target} from {origin:?}: {head}");
        }
        // A token that anybody could put where a page can: it is no credential there.
        for name in [
            "Sec-WebSocket-Protocol",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Extensions",
        ] {
            for value in [
                bearer.clone(),
                format!("bearer, {key}"),
                format!("coordinator.bearer.{key}"),
            ] {
                cases += 1;
                let head = shake(&address, "GET", target, &with(good(&address), name, Some(&value))).await;
                assert_eq!(status(&head), 401, "{target} with {name}: {head}");
            }
        }
        // With a key: words that are no handshake.
        let wrong: Vec<(&str, Option<&str>)> = vec![
            ("Sec-WebSocket-Version", Some("8")),
            ("Sec-WebSocket-Version", Some("14")),
            ("Sec-WebSocket-Version", Some("13, 8")),
            ("Sec-WebSocket-Version", None),
            ("Sec-WebSocket-Key", None),
            ("Upgrade", Some("h2c")),
            ("Upgrade", Some("websocket2")),
            ("Upgrade", Some("TLS/1.0")),
            ("Connection", Some("keep-alive")),
            ("Connection", Some("close")),
        ];
        for (name, value) in wrong {
            cases += 1;
            let head = shake(&address, "GET", target, &with(by_key.clone(), name, value)).await;
            assert_eq!(status(&head), 400, "{target} with {name}: {value:?}: {head}");
        }
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            cases += 1;
            let head = shake(
                &address,
                method,
                target,
                &with(by_key.clone(), "Content-Length", Some("0")),
            )
            .await;
            assert_eq!(status(&head), 405, "{method} {target}: {head}");
        }
        // What is offered and not there is not agreed to.
        for (name, value) in [
            ("Sec-WebSocket-Protocol", "chat, superchat, graphql-ws, binary"),
            (
                "Sec-WebSocket-Extensions",
                "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame",
            ),
        ] {
            cases += 1;
            let head = shake(&address, "GET", target, &with(by_key.clone(), name, Some(value))).await;
            assert_eq!(status(&head), 101, "{head}");
            assert!(!head.to_lowercase().contains(&name.to_lowercase()), "{head}");
        }
    }
    range.unharmed("handshakes").await;
    println!("{cases} cases");
}

/// A masked frame; the mask changes nothing.
fn frame(first: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match content.len() {
        length @ 0..=125 => bytes.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..=0xffff => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            bytes.push(0x80 | 127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(content);
    bytes
}

const PING: &[u8] = b"{\"type\":\"ping\"}";

async fn open(range: &Range, address: &str) -> Socket {
    let path = format!("/v1/sessions/{}/ws", range.stage.busy);
    Socket::open(address, &path, &range.key.headers(address))
        .await
        .ok()
        .unwrap()
}

async fn lives(socket: &mut Socket) {
    socket.send(json!({"type": "ping"})).await;
    socket.until("pong").await;
}

#[tokio::test]
async fn no_frame_out_of_order_is_read() {
    let range = Range::new().await;
    let address = range.stage.house.listen().await;
    let mut other = open(&range, &address).await;
    let mut unmasked = vec![0x81, u8::try_from(PING.len()).unwrap()];
    unmasked.extend(PING);
    let mut cases: Vec<(String, Vec<u8>)> = vec![
        ("unmasked".into(), unmasked),
        ("packed, though nobody agreed to it".into(), frame(0xc1, PING)),
        ("the second reserved bit".into(), frame(0xa1, PING)),
        ("the third reserved bit".into(), frame(0x91, PING)),
        ("a ping in parts".into(), frame(0x09, b"")),
        ("a close in parts".into(), frame(0x08, b"")),
        ("a ping that is too long".into(), frame(0x89, &[0; 126])),
        ("the rest of nothing".into(), frame(0x80, PING)),
        ("more of nothing".into(), frame(0x00, PING)),
        (
            "a text within a text".into(),
            [frame(0x01, b"{"), frame(0x81, PING)].concat(),
        ),
        (
            "bytes within a text".into(),
            [frame(0x01, b"{"), frame(0x82, b"x")].concat(),
        ),
        (
            "a text packed in its second part".into(),
            [frame(0x01, b"{"), frame(0xc0, b"}")].concat(),
        ),
        ("half a letter".into(), frame(0x81, &[0xe2, 0x82])),
        (
            "a letter that is none, in parts".into(),
            [frame(0x01, &[0xe2]), frame(0x80, &[0x28, 0xa1])].concat(),
        ),
    ];
    for operation in (3..8).chain(11..16) {
        cases.push((format!("operation {operation}"), frame(0x80 | operation, b"")));
    }
    for (what, bytes) in &cases {
        let mut socket = open(&range, &address).await;
        lives(&mut socket).await;
        socket.raw(bytes).await;
        let (code, _) = socket
            .closing()
            .await
            .unwrap_or_else(|| panic!("{what}: no word"));
        assert!([1002, 1007].contains(&code), "{what}: {code}");
    }
    lives(&mut other).await;
    range.unharmed("frames").await;
    println!("{} cases", cases.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_flood_of_parts_costs_anybody_else() {
    let range = Range::new().await;
    let address = range.stage.house.listen().await;
    let mut other = open(&range, &address).await;
    // Parts with nothing in them are one message in the end, however many.
    let mut socket = open(&range, &address).await;
    lives(&mut socket).await;
    let empty = frame(0x00, b"");
    let mut flood = frame(0x01, &PING[..5]);
    for _ in 0..200_000 {
        flood.extend(&empty);
    }
    flood.extend(frame(0x80, &PING[5..]));
    socket.raw(&flood).await;
    socket.until("pong").await;
    lives(&mut other).await;
    // Parts that are too much together are too much.
    let mut socket = open(&range, &address).await;
    lives(&mut socket).await;
    let mebibyte = vec![b' '; 1 << 20];
    socket.raw(&frame(0x01, &mebibyte)).await;
    for _ in 0..12 {
        socket.raw(&frame(0x00, &mebibyte)).await;
    }
    let (code, why) = socket.closing().await.unwrap();
    assert_eq!((code, why.contains("12 MiB")), (1009, true), "{why}");
    lives(&mut other).await;
    range.unharmed("parts").await;
}

/// Drawn bytes and drawn frames: the socket ends or goes on, and everybody else's goes on.
#[tokio::test]
async fn no_noise_brings_a_socket_down_with_others() {
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let range = Range::new().await;
        let address = range.stage.house.listen().await;
        let mut other = open(&range, &address).await;
        for _ in 0..60 {
            let mut socket = open(&range, &address).await;
            lives(&mut socket).await;
            let count = dice.below(600);
            let noise = if dice.below(2) == 0 {
                dice.bytes(count)
            } else {
                let first = dice.next().to_le_bytes()[0];
                frame(first, &dice.bytes(count))
            };
            socket.raw(&noise).await;
            // And then the end, which is the end for whatever it was.
            socket.raw(&frame(0x88, &1000_u16.to_be_bytes())).await;
            drop(socket);
            lives(&mut other).await;
        }
        range.unharmed("noise").await;
        println!("seed {seed}: 60 cases");
    }
}

async fn ticket(stage: &Stage, credential: &Credential, scope: &str) -> String {
    let body = Payload::Json(json!({"scope": scope}));
    let made: Value = stage
        .house
        .send(credential.request("POST", "/v1/tickets", &body))
        .await
        .ok()
        .json();
    made["ticket"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn no_ticket_is_a_key_a_cookie_or_another_ticket() {
    let mut range = Range::new().await;
    let address = range.stage.house.listen().await;
    let busy = range.stage.busy.clone();
    let issued = ticket(&range.stage, &range.key, &busy).await;
    for value in [
        format!("Bearer {issued}"),
        format!("Ticket {issued}"),
        format!("Basic {issued}"),
        format!("Bearer ack_{issued}"),
    ] {
        for target in ["/v1/me", "/v1/sessions"] {
            let request = Credential::Authorization(value.clone()).request("GET", target, &Payload::Nothing);
            range
                .refused(request, &["unauthenticated"], &format!("{target} with {value}"))
                .await;
        }
    }
    for cookie in [format!("coordinator={issued}"), format!("ticket={issued}")] {
        let credential = Credential::Cookie {
            cookie,
            csrf: issued.clone(),
            org: None,
        };
        let request = credential.request("GET", "/v1/me", &Payload::Nothing);
        range.refused(request, &["unauthenticated"], "as a cookie").await;
    }
    let path = format!("/v1/sessions/{busy}/ws");
    let upper = issued.to_uppercase();
    let wrong = [
        upper.clone(),
        issued[..issued.len() - 1].to_owned(),
        format!("{issued}x"),
        format!("%20{issued}"),
        format!("{issued}%00"),
        format!("{issued},{issued}"),
        issued.trim_start_matches("tkt_").to_owned(),
        String::new(),
        "*".to_owned(),
        "tkt_".to_owned(),
    ];
    let mut cases = 0;
    for value in &wrong {
        for target in [
            format!("{path}?ticket={value}"),
            format!("/v1/events?ticket={value}"),
        ] {
            cases += 1;
            let head = shake(&address, "GET", &target, &good(&address)).await;
            assert_eq!(status(&head), 401, "{target}: {head}");
        }
    }
    // Twice in one query says two things; nothing is opened by either.
    for target in [
        format!("{path}?ticket={issued}&ticket={issued}"),
        format!("{path}?ticket={upper}&ticket={issued}"),
        format!("{path}?ticket={issued}&x=1"),
        format!("/v1/events?ticket={issued}&ticket={issued}"),
    ] {
        cases += 1;
        let head = shake(&address, "GET", &target, &good(&address)).await;
        assert!([400, 401].contains(&status(&head)), "{target}: {head}");
    }
    // None of that has used it up.
    let head = shake(
        &address,
        "GET",
        &format!("{path}?ticket={issued}"),
        &good(&address),
    )
    .await;
    assert_eq!(status(&head), 101, "{head}");
    println!("{cases} handshakes, and {}", range.over("tickets").await);
}

/// Many at the same time with one ticket, of which one gets in; and none with a ticket of elsewhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_with_one_ticket_one_gets_in() {
    let stage = Stage::new().await;
    let address = stage.house.listen().await;
    let owner = stage.credential(Who::Key(Role::Owner)).await;
    let stranger = stage.credential(Who::StrangerKey).await;
    let path = format!("/v1/sessions/{}/ws", stage.busy);
    for _ in 0..10 {
        let one = ticket(&stage, &owner, &stage.busy).await;
        let tries = (0..16).map(|_| {
            let (address, target) = (address.clone(), format!("{path}?ticket={one}"));
            tokio::spawn(async move { status(&shake(&address, "GET", &target, &good(&address)).await) })
        });
        let mut opened = 0;
        for one in tries.collect::<Vec<_>>() {
            let status = one.await.unwrap();
            assert!([101, 401].contains(&status), "{status}");
            opened += usize::from(status == 101);
        }
        assert_eq!(opened, 1);
        let foreign = ticket(&stage, &stranger, "events").await;
        let head = shake(
            &address,
            "GET",
            &format!("{path}?ticket={foreign}"),
            &good(&address),
        )
        .await;
        assert_eq!(status(&head), 401, "{head}");
    }
    println!("170 cases");
}
