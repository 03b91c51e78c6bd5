//! Durability against `kill -9`: a child process (this test binary again) appends and prints each position once
//! it was acknowledged; it is killed at a random moment; nothing it printed may be missing.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
};

use ports::{Entropy, SessionLog, session_log::Commit};
use session_log::SqliteSessionLog;
use testkit::{fake::SeededEntropy, sample};

const DATA_DIR: &str = "SESSION_LOG_KILL_TEST_DATA_DIR";
const ROUNDS: u64 = 20;

/// Does nothing unless it is the child.
#[tokio::test]
async fn child_appends_until_it_is_killed() {
    let Some(data_dir) = env::var_os(DATA_DIR) else {
        return;
    };
    let id = sample::session_id(1);
    let log = SqliteSessionLog::open(&PathBuf::from(data_dir)).unwrap();
    log.create(id).await.unwrap();
    let owner = log.acquire(id).await.unwrap().unwrap();
    let mut out = std::io::stdout();
    let (mut position, mut head) = (owner.position, owner.head);
    loop {
        let entries = vec![
            sample::private(position + 1, "{}"),
            sample::public(
                position + 2,
                head + 1,
                &"x".repeat(1 + (position % 5000) as usize),
            ),
        ];
        let snapshot = (position % 40 == 0).then(|| position.to_string().into_bytes());
        log.append(
            id,
            owner.epoch,
            position,
            Commit {
                entries,
                snapshot,
                ..Commit::default()
            },
        )
        .await
        .unwrap();
        position += 2;
        head += 1;
        writeln!(out, "acked {position} {head}").unwrap();
        out.flush().unwrap();
    }
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_by_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = SeededEntropy::new(0x6b69_6c6c);
    let id = sample::session_id(1);
    let (mut acked, mut epoch) = ((0, 0), 0);
    for round in 0..ROUNDS {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([
                "child_appends_until_it_is_killed",
                "--exact",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(DATA_DIR, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Killed after a random number of acknowledgements; what is still in the pipe was acknowledged as well.
        let mut after = entropy.bits() % 25;
        let mut killed = false;
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            // The test harness may print in front of the first one.
            let Some((_, numbers)) = line.split_once("acked ") else {
                continue;
            };
            let (position, head) = numbers.split_once(' ').unwrap();
            acked = (position.parse::<u64>().unwrap(), head.parse::<u64>().unwrap());
            if after == 0 && !killed {
                child.kill().unwrap();
                killed = true;
            }
            after = after.saturating_sub(1);
        }
        assert!(killed, "the child of round {round} ended by itself");
        child.wait().unwrap();

        let log = SqliteSessionLog::open(dir.path()).unwrap();
        let public = log.read(id, 0, usize::MAX).await.unwrap().unwrap();
        assert!(
            public.len() as u64 >= acked.1,
            "round {round}: {} acknowledged, {} there",
            acked.1,
            public.len()
        );
        assert!(
            (1..).zip(&public).all(|(seq, entry)| entry.seq == Some(seq)),
            "round {round}: a gap"
        );
        let owner = log.acquire(id).await.unwrap().unwrap();
        assert!(
            owner.epoch > epoch && owner.position >= acked.0 && owner.position % 2 == 0,
            "round {round}"
        );
        epoch = owner.epoch;
        log.release(id, owner.epoch).await.unwrap();
    }
    assert!(acked.1 > ROUNDS);
}
