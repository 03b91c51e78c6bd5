//! Frames that are none, on the client's socket and on the runner's: each is answered as it deserves, costs nobody
//! else anything, and leaves the log as it was.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    house::House,
    runner::{Runner, caller, headers},
    socket::Socket,
};

/// The head of a masked text frame of this length; the mask changes nothing.
fn head(length: u64) -> Vec<u8> {
    let mut head = vec![0x81, 0xff];
    head.extend(length.to_be_bytes());
    head.extend([0; 4]);
    head
}

const HUNDRED_MEGABYTES: u64 = 100 << 20;
const NOT_UTF8: [u8; 8] = [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28];
/// An operation that the protocol does not have.
const NO_FRAME: [u8; 6] = [0x83, 0x80, 0, 0, 0, 0];

async fn client(address: &str, house: &crate::house::Tenant<'_>, id: &str) -> Socket {
    let key = [("authorization", format!("Bearer {}", house.who.api_key))];
    let path = format!("/v1/sessions/{id}/ws");
    Socket::open(address, &path, &key).await.ok().unwrap()
}

async fn lives(socket: &mut Socket) {
    socket.send(json!({"type": "ping"})).await;
    socket.until("pong").await;
}

#[tokio::test]
async fn a_client_hears_why_it_is_closed() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    let address = house.listen().await;
    let mut other = client(&address, &ana, &id).await;
    for (bytes, code, reason) in [
        (head(HUNDRED_MEGABYTES), 1009, "at most 12 MiB"),
        (NOT_UTF8.to_vec(), 1007, "UTF-8"),
        (NO_FRAME.to_vec(), 1002, "not WebSocket"),
    ] {
        let mut socket = client(&address, &ana, &id).await;
        lives(&mut socket).await;
        socket.raw(&bytes).await;
        let (said, why) = socket.closing().await.unwrap();
        assert!(said == code && why.contains(reason), "{said} {why}");
    }
    lives(&mut other).await;
}

#[tokio::test]
async fn what_is_no_json_text_is_said_and_the_socket_stays() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    let address = house.listen().await;
    let mut socket = client(&address, &ana, &id).await;
    for message in [
        Message::binary(&b"{\"type\":\"ping\"}"[..]),
        Message::text("{\"type\": \"subscr"),
        Message::text("[]"),
        Message::text(""),
        Message::text("\u{0}"),
        Message::text("[".repeat(100_000)),
        Message::text("{\"type\":\"subscribe\",\"after\":-1}"),
        Message::text("{\"type\":\"subscribe\",\"after\":18446744073709551616}"),
        Message::text("{\"type\":\"ping\",\"type\":\"interrupt\"}"),
    ] {
        socket.message(message.clone()).await;
        assert_eq!(
            socket.until("error").await["code"],
            "invalid_request",
            "{message:?}"
        );
    }
    for after in [1_000_000, u64::MAX] {
        socket.send(json!({"type": "subscribe", "after": after})).await;
        assert_eq!(socket.until("error").await["code"], "invalid_cursor");
    }
    lives(&mut socket).await;
}

#[tokio::test]
async fn a_client_that_floods_is_closed_with_the_reason_and_others_are_not() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    let address = house.listen().await;
    let mut quiet = client(&address, &ana, &id).await;
    let mut flood = client(&address, &ana, &id).await;
    // Within its stock nobody minds.
    for _ in 0..500 {
        flood.message(Message::Ping(Vec::new().into())).await;
    }
    lives(&mut flood).await;
    for _ in 0..5_000 {
        flood.message(Message::Ping(Vec::new().into())).await;
    }
    let (code, reason) = flood.closing().await.unwrap();
    assert_eq!(code, 4029);
    assert!(reason.starts_with("rate_limited: at most 100 frames"), "{reason}");
    lives(&mut quiet).await;
    // It may come back at once, and behave.
    lives(&mut client(&address, &ana, &id).await).await;
}

fn text(part: &str) -> Value {
    json!({"kind": "event", "event": {"type": "message.text", "data": {"message_id": "m", "part_id": part, "text": part}}})
}

fn report(generation: u64, n: u64, prompt: &str, report: Value) -> Value {
    json!({"type": "report", "generation": generation, "n": n, "prompt_id": prompt, "report": report})
}

async fn texts(ana: &crate::house::Tenant<'_>, id: &str) -> Vec<String> {
    let page = ana
        .get(&format!("/v1/sessions/{id}/events?limit=1000"))
        .await
        .ok()
        .json();
    let events = page["events"].as_array().cloned().unwrap_or_default();
    let seqs: Vec<u64> = events.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert!(seqs.iter().zip(1..).all(|(seq, n)| *seq == n), "dense: {seqs:?}");
    let of_texts = events.iter().filter(|event| event["type"] == "message.text");
    of_texts
        .map(|event| event["data"]["text"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn reports_out_of_order_twice_and_of_no_use_leave_the_log_in_order() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("talk")).await.to_string();
    let mut runner = Runner::ready(&house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    let generation = runner.spec.generation;
    let send = |n, part: &str| report(generation, n, &prompt, text(part));
    // The first was `ready`. What comes too early is not kept; the runner sends it again.
    for frame in [
        send(4, "c"),
        send(3, "b"),
        send(2, "a"),
        send(4, "c"),
        send(u64::MAX, "z"),
    ] {
        runner.socket.send(frame).await;
    }
    runner.socket.send(send(3, "b")).await;
    loop {
        if runner.socket.until("ack").await["n"] == 3 {
            break;
        }
    }
    // Known already, whatever it says now.
    runner.socket.send(send(2, "forged")).await;
    runner.socket.send(send(0, "forged")).await;
    runner.socket.send(send(4, "c")).await;
    loop {
        if runner.socket.until("ack").await["n"] == 4 {
            break;
        }
    }
    for message in [
        Message::binary(send(5, "binary").to_string().into_bytes()),
        Message::text(&send(5, "torn").to_string()[..60]),
        Message::text("[".repeat(100_000)),
        Message::text(""),
        Message::text("{\"type\":\"report\",\"generation\":\"1\",\"n\":5}"),
    ] {
        runner.socket.message(message).await;
    }
    runner.socket.send(send(5, "d")).await;
    loop {
        if runner.socket.until("ack").await["n"] == 5 {
            break;
        }
    }
    assert_eq!(texts(&ana, &id).await, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn another_generation_is_not_heard() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("talk")).await.to_string();
    let mut runner = Runner::ready(&house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    let generation = runner.spec.generation;
    let again = async |n: u64| {
        let address = house.uplink(caller(&runner.spec)).await;
        let headers = headers(&runner.spec, crate::runner::SECRET);
        let mut socket = Socket::open(&address, "/v1/runner/connect", &headers)
            .await
            .ok()
            .unwrap();
        socket.send(crate::runner::hello(&runner.spec)).await;
        assert_eq!(
            socket.next().await.unwrap(),
            json!({"type": "welcome", "acked": n})
        );
        socket
    };
    // In the name of another generation, on a connection of this one: the connection ends.
    for other in [generation - 1, generation + 1, 0, u64::MAX] {
        let mut socket = again(1).await;
        socket.send(report(other, 2, &prompt, text("old"))).await;
        while socket.next().await.is_some() {}
    }
    // Frames that nothing can be read after, too; its own next connection goes on.
    for bytes in [head(HUNDRED_MEGABYTES), NOT_UTF8.to_vec(), NO_FRAME.to_vec()] {
        let mut socket = again(1).await;
        socket.raw(&bytes).await;
        while socket.next().await.is_some() {}
    }
    let mut socket = again(1).await;
    socket.send(report(generation, 2, &prompt, text("new"))).await;
    assert_eq!(socket.until("ack").await["n"], 2);
    assert_eq!(texts(&ana, &id).await, ["new"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runner_that_floods_is_held_back_and_heard() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("talk")).await.to_string();
    let mut runner = Runner::ready(&house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    let generation = runner.spec.generation;
    // More than its stock: some of it is read later.
    for n in 0..3_000 {
        let beat = json!({"type": "heartbeat", "generation": generation});
        runner.socket.send(beat).await;
        runner.socket.message(Message::text("nonsense")).await;
        runner.socket.message(Message::binary(vec![0; 16])).await;
        if n % 1_000 == 0 {
            runner.report(Some(&prompt), text(&format!("t{n}"))).await;
        }
    }
    runner.report(Some(&prompt), text("end")).await;
    runner.acked().await;
    assert_eq!(texts(&ana, &id).await, ["t0", "t1000", "t2000", "end"]);
}
