//! Requests that two programs in a row would read differently, in raw bytes to the real listener: it never finds a
//! second request in the body of the first. What is drawn follows from a seed.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Bytes, http::Method, routing::any};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{Duration, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::listener::listen;

/// What reached the router.
#[derive(Default)]
struct Seen {
    /// As the requests that were sent.
    open: AtomicUsize,
    /// What stood in their bodies.
    hidden: AtomicUsize,
}

/// The real listener, with a router that counts.
async fn serve(stop: CancellationToken) -> (String, Arc<Seen>) {
    let seen = Arc::new(Seen::default());
    let (open, hidden) = (Arc::clone(&seen), Arc::clone(&seen));
    let router = Router::new()
        .route(
            "/open",
            any(async move |_: Method, _: Bytes| {
                open.open.fetch_add(1, Ordering::Relaxed);
                "open"
            }),
        )
        .route(
            "/hidden",
            any(async move || {
                hidden.hidden.fetch_add(1, Ordering::Relaxed);
                "hidden"
            }),
        );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(listen(listener, None, router, stop, TaskTracker::new()));
    (address, seen)
}

/// Sends bytes as they are; all that came back until the connection closed.
async fn exchange(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It may hang up in the middle.
    let _ = stream.write_all(bytes).await;
    // Who says that it is the last one listens to the answer; of the others nobody knows how much is to come.
    if !bytes.windows(17).any(|words| words == b"Connection: close") {
        let _ = stream.shutdown().await;
    }
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(60), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[usize::try_from(self.next() % all.len() as u64).unwrap()]
    }
}

const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";

/// A head that says how long the body is in two or more ways.
fn drawn(dice: &mut Dice) -> String {
    let names = [
        "Content-Length",
        "content-length",
        "Content-Length ",
        " Content-Length",
        "Content_Length",
        "Transfer-Encoding",
        "transfer-encoding",
        "Transfer-Encoding ",
        "Transfer-Encoding\t",
        "\u{b}Transfer-Encoding",
        "TE",
        "Trailer",
    ];
    let lengths = [
        "0",
        "34",
        "35",
        "+34",
        "-1",
        "0034",
        "34, 34",
        "0, 34",
        "0x22",
        "34 ",
        "\t34",
        "3 4",
        "",
        "4294967330",
    ];
    let codings = [
        "chunked",
        "Chunked",
        "CHUNKED",
        " chunked",
        "chunked ",
        "\tchunked",
        "\u{b}chunked",
        "identity",
        "chunked, identity",
        "identity, chunked",
        "x, chunked",
        "chunked, chunked",
        "chunked;q=0",
        "\"chunked\"",
        "xchunked",
        "chunk",
        "",
    ];
    let ends = ["\r\n", "\r\n", "\r\n", "\n", "\r", "\r\n ", "\r\n\t"];
    let mut head = String::from("POST /open HTTP/1.1\r\nHost: h\r\n");
    for _ in 0..2 + dice.next() % 3 {
        let name = dice.pick(&names);
        let value = if name.to_lowercase().contains("length") {
            dice.pick(&lengths)
        } else {
            dice.pick(&codings)
        };
        head.push_str(name);
        head.push(':');
        head.push_str(value);
        head.push_str(dice.pick(&ends));
    }
    head.push_str("\r\n");
    head
}

fn body(dice: &mut Dice) -> String {
    let length = HIDDEN.len();
    let chunk = format!("{length:x}");
    let sizes = [
        chunk.clone(),
        chunk.to_uppercase(),
        format!("0{chunk}"),
        format!("{chunk};a=b"),
        format!("{chunk} "),
        format!("0x{chunk}"),
        format!("+{chunk}"),
        "0".to_owned(),
        "ffffffffffffffff".to_owned(),
        "fffffffffffffffff".to_owned(),
    ];
    let size = &sizes[usize::try_from(dice.next() % sizes.len() as u64).unwrap()];
    match dice.next() % 4 {
        0 => HIDDEN.to_owned(),
        1 => format!("{size}\r\n{HIDDEN}\r\n0\r\n\r\n"),
        2 => format!("{size}\n{HIDDEN}\n0\n\n"),
        _ => format!("{size}\r\n{HIDDEN}"),
    }
}

/// When a message says chunked in a way that a program understands, or has one length that fits, the hidden words are
/// its body. When the last word on its length is 0 or none, they stand behind it: a second request, which is one for
/// everybody, and no attack. Those heads say one thing only and are not drawn: each says two, and is refused or read as
/// one whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_second_request_stands_in_a_body_of_which_two_things_are_said() {
    let stop = CancellationToken::new();
    let (address, seen) = serve(stop.clone()).await;
    for seed in [1_u64, 2] {
        let mut dice = Dice(seed);
        let mut refused = 0;
        for _ in 0..400 {
            let (length, coding) = (
                dice.pick(&["0", "34", "5"]),
                dice.pick(&["chunked", "Chunked", "x, chunked"]),
            );
            // Both at once, with anything drawn around them.
            let head = drawn(&mut dice).replacen(
                "Host: h\r\n",
                &format!("Host: h\r\nContent-Length: {length}\r\nTransfer-Encoding: {coding}\r\n"),
                1,
            );
            let bytes = format!("{head}{}", body(&mut dice));
            let answer = exchange(&address, bytes.as_bytes()).await;
            assert!(!answer.contains("hidden"), "seed {seed}: {bytes:?}: {answer}");
            assert!(!answer.contains("HTTP/1.1 5"), "seed {seed}: {bytes:?}: {answer}");
            refused += usize::from(answer.contains("HTTP/1.1 4"));
        }
        println!("seed {seed}: 400 cases, {refused} refused in words");
    }
    assert_eq!(seen.hidden.load(Ordering::Relaxed), 0);
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_for_a_head_is_refused_and_the_next_one_is_served() {
    let stop = CancellationToken::new();
    let (address, seen) = serve(stop.clone()).await;
    let get = |target: &str, rest: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: h\r\n{rest}Connection: close\r\n\r\n")
    };
    let cases = [
        ("a target", get(&format!("/open?{}", "a".repeat(1 << 20)), "")),
        (
            "a header",
            get("/open", &format!("X: {}\r\n", "a".repeat(1 << 20))),
        ),
        ("a name", get("/open", &format!("{}: x\r\n", "a".repeat(1 << 17)))),
        ("many headers", get("/open", &"X: a\r\n".repeat(5_000))),
        ("many cookies", get("/open", &"Cookie: a=b\r\n".repeat(5_000))),
        (
            "many empty lines",
            format!("{}{}", "\r\n".repeat(200_000), get("/open", "")),
        ),
        (
            "a method",
            format!("{} /open HTTP/1.1\r\nHost: h\r\n\r\n", "A".repeat(1 << 20)),
        ),
    ];
    for (what, bytes) in &cases {
        let answer = exchange(&address, bytes.as_bytes()).await;
        assert!(!answer.contains("HTTP/1.1 5"), "{what}: {answer}");
        let before = seen.open.load(Ordering::Relaxed);
        let next = exchange(&address, get("/open", "").as_bytes()).await;
        assert!(next.contains("HTTP/1.1 200"), "after {what}: {next}");
        assert_eq!(seen.open.load(Ordering::Relaxed), before + 1);
    }
    println!("{} cases", cases.len());
    stop.cancel();
}
