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

/// Whatever a kill leaves of the files, what is read back is the beginning of what was written, and it goes on from there.
#[test]
fn what_a_kill_leaves_is_a_beginning() {
    let dir = tempfile::tempdir().unwrap();
    let limits = Limits {
        segment: 400,
        ..Limits::default()
    };
    let mut spool = Spool::open(dir.path(), 1, limits).unwrap();
    for n in 1..=30 {
        spool.push(&text(&format!("t{n}"))).unwrap();
    }
    drop(spool);
    let mut files: Vec<(PathBuf, Vec<u8>)> = std::fs::read_dir(dir.path().join("1"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() >= 5);
    let put_back = || {
        for (path, bytes) in &files {
            std::fs::write(path, bytes).unwrap();
        }
    };
    for (damaged, (path, bytes)) in files.iter().enumerate() {
        for cut in (0..bytes.len()).step_by(61) {
            for flip in [false, true] {
                put_back();
                let mut torn = bytes.clone();
                if flip {
                    torn[cut] ^= 0x10;
                } else {
                    torn.truncate(cut);
                }
                std::fs::write(path, torn).unwrap();
                let mut spool = Spool::open(dir.path(), 1, limits).unwrap();
                let last = spool.last();
                assert!(last < 30 || damaged + 1 == files.len(), "{damaged} {cut}");
                for n in 1..=last {
                    assert_eq!(
                        stored(&spool, n),
                        text(&format!("t{n}")),
                        "{damaged} {cut} {flip}"
                    );
                }
                spool.push(&text("on")).unwrap();
                drop(spool);
                let again = Spool::open(dir.path(), 1, limits).unwrap();
                assert_eq!(again.last(), last + 1, "{damaged} {cut} {flip}");
                assert_eq!(stored(&again, last + 1), text("on"));
            }
        }
    }
}

#[test]
fn a_disk_that_takes_nothing_is_bridged_in_memory_within_bounds() {
    let dir = tempfile::tempdir().unwrap();
    let limits = Limits {
        segment: 300,
        memory: 2_000,
        ..Limits::default()
    };
    let mut spool = Spool::open(dir.path(), 1, limits).unwrap();
    spool.push(&text("t1")).unwrap();
    spool.ack(1);
    // The next segment has nowhere to be made.
    std::fs::remove_dir_all(dir.path().join("1")).unwrap();
    let mut taken = 1;
    while spool.push(&text(&format!("t{}", taken + 1))).is_ok() {
        taken += 1;
    }
    assert!(taken > 5 && spool.memory <= limits.memory, "{spool:?}");
    assert!(matches!(spool.push(&text("no")), Err(SpoolError::Full)));
    std::fs::create_dir(dir.path().join("1")).unwrap();
    taken += 1;
    spool.push(&text(&format!("t{taken}"))).unwrap();
    for n in 2..=taken {
        assert_eq!(stored(&spool, n), text(&format!("t{n}")));
    }
    assert_eq!(spool.last(), taken);
    spool.ack(taken);
    assert!(spool.is_drained() && spool.held() == 0, "{spool:?}");
}

/// A command that prints without end, and a server that is away: what is kept is bounded, and nothing else is refused.
#[test]
fn merged_updates_are_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(dir.path(), 1, small()).unwrap();
    while spool.push(&text("fill")).is_ok() {}
    let full = spool.last();
    let piece = "x".repeat(10_000);
    for round in 0..20 {
        for call in 0..200 {
            spool.push(&update(&format!("c{call}"), &piece)).unwrap();
        }
        assert_eq!(spool.last(), full, "round {round}");
    }
    spool.ack(full);
    let mut seen = Vec::new();
    // They come out as room is made for them.
    while spool.last() > spool.acked() {
        let n = spool.acked() + 1;
        let RunnerReport::Event {
            event: EventBody::ToolCallUpdated(update),
        } = stored(&spool, n).report
        else {
            panic!("another report");
        };
        assert!(update.output_delta.unwrap().len() <= 64 * 1024);
        seen.push(update.tool_call_id);
        spool.ack(n);
    }
    let expected: Vec<String> = (0..64).map(|call| format!("c{call}")).collect();
    assert_eq!(seen, expected, "each call once, in the order in which they began");
    assert!(spool.is_drained());
}
