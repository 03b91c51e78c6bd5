//! Looks into the processes of a server and of a sandbox, as whoever runs the test may.

use std::{
    collections::HashMap,
    fs::{self, File},
    os::unix::fs::FileExt as _,
    os::unix::process::CommandExt as _,
    process::Command,
};

use e2e::Server;
use serde_json::Value;

/// Read at once.
const PIECE: usize = 1 << 20;
/// An ordinary user that owns nothing.
const NOBODY: u32 = 65_534;

/// Processes of a session's sandbox, that of its keeper first.
pub(crate) fn of_sandbox(server: &Server, session: &str) -> Vec<u32> {
    let keepers = fs::read_dir(server.data_dir().join("keepers")).unwrap().flatten();
    let mut records = keepers.filter_map(|entry| {
        let text = fs::read(entry.path().join("keeper.json")).ok()?;
        serde_json::from_slice::<Value>(&text).ok()
    });
    let record = records.find(|record| record["session_id"] == session).unwrap();
    let keeper = u32::try_from(record["keeper_pid"].as_u64().unwrap()).unwrap();
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for pid in fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
    {
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
            continue;
        };
        let parent = stat
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        children.entry(parent.unwrap_or_default()).or_default().push(pid);
    }
    let (mut all, mut next) = (vec![keeper], vec![keeper]);
    while let Some(pid) = next.pop() {
        let below = children.remove(&pid).unwrap_or_default();
        all.extend(&below);
        next.extend(below);
    }
    assert!(
        all.len() >= 3,
        "a keeper, and at least two processes inside: {all:?}"
    );
    all
}

fn command_line(pid: u32) -> String {
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ")
}

fn core_limit(pid: u32) -> String {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max core file size"));
    line.unwrap_or_default()
        .trim_start_matches("Max core file size")
        .split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a process of this user can read the memory, or the environment, of another one.
pub(crate) fn can_read(uid: u32, pid: u32) -> bool {
    ["mem", "environ", "maps"].iter().any(|what| {
        let mut command = Command::new("head");
        command.args(["-c", "1", &format!("/proc/{pid}/{what}")]);
        if nix::unistd::geteuid().is_root() {
            command.gid(uid).uid(uid);
        }
        let tried = command.output().unwrap();
        tried.status.success()
    })
}

/// Which of the texts are in the memory of a process; `None` when it may not be read, or is gone.
fn in_memory(pid: u32, texts: &[&str]) -> Option<Vec<bool>> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let memory = File::open(format!("/proc/{pid}/mem")).ok()?;
    let mut found = vec![false; texts.len()];
    let longest = texts.iter().map(|text| text.len()).max().unwrap_or(1);
    let (mut piece, mut read_any) = (vec![0; PIECE], false);
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let Some((from, to)) = range.split_once('-') else {
            continue;
        };
        let (Ok(from), Ok(to)) = (u64::from_str_radix(from, 16), u64::from_str_radix(to, 16)) else {
            continue;
        };
        // What was never written to comes from a file.
        if !rights.starts_with("rw") {
            continue;
        }
        let mut at = from;
        while at < to {
            let want = usize::try_from(to - at).unwrap_or(PIECE).min(PIECE);
            let Ok(length @ 1..) = memory.read_at(&mut piece[..want], at) else {
                break;
            };
            read_any = true;
            for (text, found) in texts.iter().zip(&mut found) {
                *found |= contains(&piece[..length], text.as_bytes());
            }
            // A text may lie across the border of two pieces.
            at += if length < want || at + length as u64 >= to {
                length as u64
            } else {
                (length - longest) as u64
            };
        }
    }
    read_any.then_some(found)
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    let Some(first) = text.first() else { return false };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        if rest[at..].starts_with(text) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

/// No core dumps, no reading by others; and in the processes of a sandbox nothing of `secrets`, but in the runner what
/// it must know to hide it. `control` is what the agent's processes do have: the search sees it.
pub(crate) fn of_no_use_to_anybody(server: &Server, pids: &[u32], secrets: &[(&str, &str)], control: &str) {
    let server_pid = server.pid().unwrap();
    for pid in pids.iter().copied().chain([server_pid]) {
        let line = command_line(pid);
        // Gone in the meantime.
        if line.is_empty() {
            continue;
        }
        if pid == server_pid || pid != pids[0] {
            assert_eq!(core_limit(pid), "0 0", "{line}");
        }
        if nix::unistd::geteuid().is_root() {
            assert!(!can_read(NOBODY, pid), "{line}");
        }
    }
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let mut texts = vec![control];
    texts.extend(secrets.iter().map(|(_, text)| *text));
    let mut seen = 0;
    for pid in &pids[1..] {
        let line = command_line(*pid);
        let Some(found) = in_memory(*pid, &texts) else {
            continue;
        };
        let runner = line.contains("coordinator-runner run");
        if found[0] && !runner {
            seen += 1;
        }
        for ((name, _), found) in secrets.iter().zip(&found[1..]) {
            let known = runner && *name != "model key";
            assert!(!found || known, "{name} is in the memory of {line}");
        }
    }
    assert!(
        seen > 0,
        "the search does not see what the agent's processes have"
    );
}

/// Neither a program of the server's own user nor a core dump brings out what is in its memory.
#[tokio::test(flavor = "multi_thread")]
async fn another_program_of_the_same_user_cannot_read_the_server() {
    const USER: u32 = 4242;
    let mut server = Server::start(e2e::Start::default().as_user(USER)).await;
    let uid = if nix::unistd::geteuid().is_root() {
        USER
    } else {
        nix::unistd::geteuid().as_raw()
    };
    let mut command = Command::new("sleep");
    command.arg("100");
    if nix::unistd::geteuid().is_root() {
        command.gid(uid).uid(uid);
    }
    let mut other = command.spawn().unwrap();
    assert!(can_read(uid, other.id()), "any other process can be read");
    other.kill().unwrap();
    other.wait().unwrap();
    let pid = server.pid().unwrap();
    assert!(!can_read(uid, pid));
    assert_eq!(core_limit(pid), "0 0");

    let here = std::env::current_dir().unwrap();
    let directories = [server.place().to_path_buf(), server.data_dir(), here];
    let before = cores(&directories);
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(i32::try_from(pid).unwrap()),
        nix::sys::signal::Signal::SIGABRT,
    )
    .unwrap();
    server.crash();
    assert_eq!(cores(&directories), before);
}

/// Files that may be core dumps.
fn cores(directories: &[std::path::PathBuf]) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = directories
        .iter()
        .flat_map(|directory| fs::read_dir(directory).unwrap().flatten())
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("core"))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}
