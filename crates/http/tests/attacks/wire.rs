//! Requests that two programs in a row would read differently: the server either refuses them or reads them as one, and
//! never finds a second request in the body of the first.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Duration, timeout},
};

use crate::harness::Range;

/// Sends bytes as they are; all that came back until the connection closed or nothing more came.
async fn exchange(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It may hang up in the middle.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn no_request_hides_in_another() {
    let range = Range::new().await;
    let address = range.stage.house.listen().await;
    let key = &range.stage.owner.api_key;
    let quiet = &range.stage.quiet;
    // What is smuggled has the owner's own key: only that it is no request of its own keeps the session.
    let hidden = format!(
        "DELETE /v1/sessions/{quiet} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: 0\r\n\r\n"
    );
    let length = hidden.len();
    let chunked = format!("{length:x}\r\n{hidden}\r\n0\r\n\r\n");
    let post = |heads: &str, body: &str| {
        format!(
            "POST /v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{heads}\r\n\r\n{body}"
        )
    };
    let cases = [
        (
            "two lengths",
            post(&format!("Content-Length: 0\r\nContent-Length: {length}"), &hidden),
        ),
        (
            "two lengths, turned",
            post(&format!("Content-Length: {length}\r\nContent-Length: 0"), &hidden),
        ),
        (
            "a list of lengths",
            post(&format!("Content-Length: 0, {length}"), &hidden),
        ),
        (
            "length and chunks",
            post(
                &format!("Content-Length: {length}\r\nTransfer-Encoding: chunked"),
                &chunked,
            ),
        ),
        (
            "chunks within a length",
            post(
                &format!("Transfer-Encoding: chunked\r\nContent-Length: {}", chunked.len()),
                &chunked,
            ),
        ),
        (
            "chunks twice",
            post(
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                &chunked,
            ),
        ),
        (
            "chunks and identity",
            post("Transfer-Encoding: chunked, identity", &chunked),
        ),
        (
            "chunks after a word",
            post("Transfer-Encoding: x, chunked", &chunked),
        ),
        (
            "chunks by another name",
            post("Transfer-Encoding: xchunked", &chunked),
        ),
        ("chunks with a tab", post("Transfer-Encoding:\tchunked", &chunked)),
        (
            "chunks with a space before the colon",
            post("Transfer-Encoding : chunked", &chunked),
        ),
        (
            "a folded header",
            post("Transfer-Encoding:\r\n chunked", &chunked),
        ),
        ("a negative length", post("Content-Length: -1", &hidden)),
        (
            "a length with a sign",
            post(&format!("Content-Length: +{length}"), &hidden),
        ),
        (
            "a length in hexadecimal",
            post(&format!("Content-Length: {length:#x}"), &hidden),
        ),
        (
            "a length without end",
            post(&format!("Content-Length: {}", "9".repeat(40)), &hidden),
        ),
        (
            "a chunk size without end",
            post(
                "Transfer-Encoding: chunked",
                &format!("{}\r\n{hidden}", "f".repeat(40)),
            ),
        ),
        (
            "a chunk size with a sign",
            post(
                "Transfer-Encoding: chunked",
                &format!("+{length:x}\r\n{hidden}\r\n0\r\n\r\n"),
            ),
        ),
        (
            "a chunk size with 0x",
            post(
                "Transfer-Encoding: chunked",
                &format!("0x{length:x}\r\n{hidden}\r\n0\r\n\r\n"),
            ),
        ),
        (
            "a bare line feed in a header",
            post("X: a\nContent-Length: 0", ""),
        ),
        (
            "a bare carriage return in a header",
            post("X: a\rContent-Length: 0", ""),
        ),
        ("NUL in a header", post("X: a\0b", "")),
        ("a header without a name", post(": x", "")),
        ("a header name with a space", post("X Y: z", "")),
        ("a header without a colon", post("nonsense", "")),
        (
            "a head without end",
            post(&format!("X: {}", "a".repeat(1 << 20)), ""),
        ),
        ("too many headers", post(&"X: a\r\n".repeat(5_000), "")),
        (
            "another version",
            format!("GET /v1/sessions/{quiet} HTTP/3.7\r\nHost: x\r\n\r\n"),
        ),
        ("no version", format!("GET /v1/sessions/{quiet}\r\n\r\n")),
        (
            "a space in the target",
            format!("GET /v1/sessions/{quiet} x HTTP/1.1\r\nHost: x\r\n\r\n"),
        ),
        (
            "no method",
            format!(" /v1/sessions/{quiet} HTTP/1.1\r\nHost: x\r\n\r\n"),
        ),
        (
            "a method with control characters",
            format!("G\u{1b}T /v1/sessions/{quiet} HTTP/1.1\r\nHost: x\r\n\r\n"),
        ),
        ("bytes of TLS", "\u{16}\u{3}\u{1}\u{2}".to_owned()),
        (
            "the preface of HTTP/2 alone",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        ),
    ];
    for (what, bytes) in &cases {
        let answer = exchange(&address, bytes.as_bytes()).await;
        assert!(!answer.contains("HTTP/1.1 2"), "{what}: {answer}");
        assert!(!answer.contains("HTTP/1.1 5"), "{what}: {answer}");
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{what}: {answer}");
        range.unharmed(what).await;
    }
    println!("{} cases", cases.len());
}
