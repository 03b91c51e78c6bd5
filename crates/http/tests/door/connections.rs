//! What becomes of a connection whose request body was more than the server wanted, on a real socket.

use http::StatusCode;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::house::House;

/// The limit of most bodies.
const LIMIT: usize = 256 * 1024;
const TIMES: usize = 200;

/// One connection, used by hand: a client library would quietly take another one.
struct Connection {
    stream: BufReader<TcpStream>,
    key: String,
}

struct Answer {
    status: StatusCode,
    closes: bool,
    body: Vec<u8>,
}

impl Connection {
    async fn open(address: &str, key: &str) -> Self {
        Self {
            stream: BufReader::new(TcpStream::connect(address).await.unwrap()),
            key: key.to_owned(),
        }
    }

    async fn send(&mut self, method: &str, path: &str, more: &str) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: door\r\nauthorization: Bearer {}\r\n{more}\r\n",
            self.key
        );
        self.stream.write_all(head.as_bytes()).await.unwrap();
    }

    async fn post(&mut self, declared: usize, body: &[u8]) -> Answer {
        let more = format!("content-type: application/json\r\ncontent-length: {declared}\r\n");
        self.send("POST", "/v1/api-keys", &more).await;
        self.stream.write_all(body).await.unwrap();
        self.answer().await
    }

    async fn me(&mut self) -> Answer {
        self.send("GET", "/v1/me", "").await;
        self.answer().await
    }

    async fn answer(&mut self) -> Answer {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            let read = self.stream.read_line(&mut line).await.unwrap();
            assert!(read > 0, "the connection ended in the middle of {lines:?}");
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_ascii_lowercase()),
            }
        }
        let field = |name: &str| {
            lines
                .iter()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        let mut body = vec![0; field("content-length").unwrap().parse().unwrap()];
        self.stream.read_exact(&mut body).await.unwrap();
        Answer {
            status: lines[0].split(' ').nth(1).unwrap().parse().unwrap(),
            closes: field("connection") == Some("close"),
            body,
        }
    }

    async fn has_ended(mut self) -> bool {
        matches!(self.stream.read_u8().await, Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof
            || error.kind() == std::io::ErrorKind::ConnectionReset)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_a_little_too_large_does_not_cost_the_connection() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let mut connection = Connection::open(&house.listen().await, &ana.who.api_key).await;
    for time in 0..TIMES {
        // From one byte to some socket buffers too many.
        let body = vec![b' '; LIMIT + 1 + time * 2_000];
        let refused = connection.post(body.len(), &body).await;
        assert_eq!(
            (refused.status, refused.closes),
            (StatusCode::PAYLOAD_TOO_LARGE, false),
            "{time}"
        );
        let me = connection.me().await;
        assert_eq!((me.status, me.closes), (StatusCode::OK, false), "{time}");
        assert!(me.body.starts_with(b"{"), "the answer to this very request");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_cannot_go_on_says_so() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let address = house.listen().await;
    // More than anybody waits for: refused before the body, of which nothing comes.
    let mut connection = Connection::open(&address, &ana.who.api_key).await;
    let refused = connection.post(1 << 30, b"").await;
    assert_eq!(
        (refused.status, refused.closes),
        (StatusCode::PAYLOAD_TOO_LARGE, true)
    );
    assert!(connection.has_ended().await);

    // A stranger's body is not read at all, however small.
    let mut stranger = Connection::open(&address, "ack_nobody").await;
    let refused = stranger.post(2, b"").await;
    assert_eq!((refused.status, refused.closes), (StatusCode::UNAUTHORIZED, true));
    assert!(stranger.has_ended().await);

    // Without a length nobody knows how much more there is.
    let mut chunked = Connection::open(&address, &ana.who.api_key).await;
    let more = "content-type: application/json\r\ntransfer-encoding: chunked\r\n";
    chunked.send("POST", "/v1/api-keys", more).await;
    let chunk = [format!("{:x}\r\n", LIMIT + 1).into_bytes(), vec![b' '; LIMIT + 1]].concat();
    chunked.stream.write_all(&chunk).await.unwrap();
    let refused = chunked.answer().await;
    assert_eq!(
        (refused.status, refused.closes),
        (StatusCode::PAYLOAD_TOO_LARGE, true)
    );
    assert!(chunked.has_ended().await);
}
