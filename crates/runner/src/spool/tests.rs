//! The spool: what is kept, sent again, merged and recovered.

use protocol::event::{MessageText, ToolCallUpdated};

use super::*;

fn text(text: &str) -> Entry {
    let event = MessageText {
        message_id: "m".into(),
        part_id: "p".into(),
        text: text.into(),
    }
    .into();
    Entry {
        prompt_id: None,
        report: RunnerReport::Event { event },
    }
}

fn update(call: &str, output: &str) -> Entry {
    let event = ToolCallUpdated {
        tool_call_id: call.into(),
        title: None,
        output_delta: Some(output.into()),
    }
    .into();
    Entry {
        prompt_id: None,
        report: RunnerReport::Event { event },
    }
}

fn stored(spool: &Spool, n: u64) -> Entry {
    serde_json::from_slice(&spool.read(n).unwrap().unwrap()).unwrap()
}

fn small() -> Limits {
    Limits {
        soft: 600,
        hard: 1200,
        segment: 300,
        memory: 0,
    }
}

#[test]
fn records_are_numbered_read_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(
        dir.path(),
        7,
        Limits {
            segment: 300,
            ..Limits::default()
        },
    )
    .unwrap();
    for n in 0..20 {
        spool.push(&text(&format!("t{n}"))).unwrap();
    }
    assert_eq!(spool.last(), 20);
    assert_eq!(stored(&spool, 20), text("t19"));
    assert!(spool.ack(12));
    assert!(!spool.ack(12));
    assert!(spool.read(12).unwrap().is_none());
    assert_eq!(stored(&spool, 13), text("t12"));
    assert!(spool.ack(99));
    assert!(spool.is_drained());
    assert_eq!(std::fs::read_dir(dir.path().join("7")).unwrap().count(), 0);
    spool.push(&text("later")).unwrap();
    assert_eq!(stored(&spool, 21), text("later"));
}

#[test]
fn a_torn_tail_is_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(dir.path(), 1, Limits::default()).unwrap();
    for word in ["one", "two", "three"] {
        spool.push(&text(word)).unwrap();
    }
    drop(spool);
    let file = std::fs::read_dir(dir.path().join("1"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let whole = std::fs::read(&file).unwrap();
    for cut in 1..60 {
        std::fs::write(&file, &whole[..whole.len() - cut]).unwrap();
        let mut spool = Spool::open(dir.path(), 1, Limits::default()).unwrap();
        assert_eq!(spool.last(), 2, "cut by {cut}");
        assert_eq!(stored(&spool, 2), text("two"));
        spool.push(&text("again")).unwrap();
        assert_eq!(stored(&spool, 3), text("again"));
    }
    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 1;
    std::fs::write(&file, damaged).unwrap();
    assert_eq!(Spool::open(dir.path(), 1, Limits::default()).unwrap().last(), 2);
}

#[test]
fn other_generations_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    Spool::open(dir.path(), 1, Limits::default())
        .unwrap()
        .push(&text("old"))
        .unwrap();
    assert_eq!(Spool::open(dir.path(), 2, Limits::default()).unwrap().last(), 0);
    assert!(!dir.path().join("1").exists());
}

#[test]
fn a_nearly_full_spool_merges_updates_then_refuses() {
    let dir = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(dir.path(), 1, small()).unwrap();
    while spool.held() < small().soft {
        spool.push(&update("c", "x")).unwrap();
    }
    let before = spool.last();
    for piece in ["a", "b", "c"] {
        spool.push(&update("c", piece)).unwrap();
    }
    assert_eq!(spool.last(), before, "merged updates have no number yet");
    spool.push(&text("after")).unwrap();
    assert_eq!(stored(&spool, before + 1), update("c", "abc"));
    assert_eq!(stored(&spool, before + 2), text("after"));
    while spool.push(&text("more")).is_ok() {}
    let full = spool.last();
    assert!(matches!(spool.push(&text("no")), Err(SpoolError::Full)));
    spool.push(&update("c", "late")).unwrap();
    spool.ack(full);
    assert_eq!(
        stored(&spool, full + 1),
        update("c", "late"),
        "room brings the merged update out"
    );
    spool.push(&text("yes")).unwrap();
    assert_eq!(stored(&spool, full + 2), text("yes"));
}
