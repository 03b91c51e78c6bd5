//! The master key from a command, for example one that asks a vault. Run once, at start.

use std::{
    io::Read,
    os::unix::process::CommandExt,
    process::{Command, ExitStatus, Stdio},
    sync::mpsc,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use zeroize::Zeroizing;

use crate::{KeyRing, KeySourceError, source::parse_ring};

/// Longest a command may take.
pub const COMMAND_LIMIT: Duration = Duration::from_secs(30);
/// Most that it may print: a few keys.
const MOST_OUTPUT: u64 = 1024;

/// Runs `command` in a shell and reads keys from its standard output, one a line, the one in use first. Neither its
/// output nor its complaints go into a log.
///
/// # Errors
/// When it fails, takes longer than `limit`, or prints something else.
pub fn from_command(command: &str, limit: Duration) -> Result<KeyRing, KeySourceError> {
    let failed = |what: String| KeySourceError::Command(what);
    let mut child = Command::new("/bin/sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|error| failed(format!("cannot be started: {error}")))?;
    let group = i32::try_from(child.id()).ok().map(Pid::from_raw);
    let out = child.stdout.take();
    let (tell, told) = mpsc::channel::<std::io::Result<(ExitStatus, Zeroizing<String>)>>();
    std::thread::spawn(move || {
        // One allocation, so that no copy of the key is left behind by growing.
        let mut text = Zeroizing::new(String::with_capacity(MOST_OUTPUT as usize + 1));
        let read = match out {
            Some(out) => out.take(MOST_OUTPUT + 1).read_to_string(&mut text).map(drop),
            None => Ok(()),
        };
        let ended = child.wait();
        let _ = tell.send(read.and(ended).map(|status| (status, text)));
    });
    let end = told.recv_timeout(limit);
    // What it left behind, or the whole of it when it takes too long.
    if let Some(group) = group {
        let _ = killpg(group, Signal::SIGKILL);
    }
    let (status, text) = match end {
        Ok(Ok(end)) => end,
        Ok(Err(error)) => return Err(failed(format!("cannot be read: {}", error.kind()))),
        Err(_) => return Err(failed(format!("did not end within {} s", limit.as_secs()))),
    };
    // First: what is not read to its end may end in a failure for that.
    if text.len() as u64 > MOST_OUTPUT {
        return Err(failed("printed too much".to_owned()));
    }
    if !status.success() {
        return Err(failed(format!("ended with {status}")));
    }
    parse_ring(&text).ok_or(KeySourceError::Command(
        "did not print 32 bytes as 64 hexadecimal characters or base64".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn what_it_prints_is_the_key() {
        let ring = from_command("printf '0f%.0s' $(seq 32); echo; printf '1f%.0s' $(seq 32)", LONG).unwrap();
        assert_eq!(*ring.current, [0x0f; 32]);
        assert_eq!(ring.older.iter().map(|key| key[0]).collect::<Vec<_>>(), [0x1f]);
    }

    #[test]
    fn whatever_goes_wrong_is_said_without_what_was_printed() {
        for (command, said) in [
            ("echo hunter2", "did not print"),
            ("echo hunter2; exit 3", "exit status: 3"),
            ("head -c 5000 /dev/zero | tr '\\0' h", "too much"),
            ("kill -9 $$", "signal"),
        ] {
            let error = from_command(command, LONG).unwrap_err().to_string();
            assert!(
                error.contains(said) && !error.contains("hunter2"),
                "{command}: {error}"
            );
        }
    }

    #[test]
    fn one_that_hangs_is_ended() {
        let error = from_command("sleep 1000", Duration::from_millis(200)).unwrap_err();
        assert!(error.to_string().contains("did not end"), "{error}");
    }
}
