//! Sandboxes that outlive the server, and end when they should.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod support;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::{
        fs::PermissionsExt,
        net::{UnixListener, UnixStream},
    },
    time::Duration,
};

use protocol::keeper::{
    EndCause, KeeperNotice, KeeperReply, KeeperReport, KeeperRequest, NetworkMode, RelayChannel,
    RelayPreamble,
};
use support::{Bench, eventually, everyone, processes};

/// Takes one connection and its first line.
fn accept(listener: &UnixListener) -> (RelayPreamble, BufReader<UnixStream>) {
    let (stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    (serde_json::from_str(&line).unwrap(), reader)
}

fn listen(bench: &Bench) -> UnixListener {
    let path = bench.path("server.sock");
    let _ = fs::remove_file(&path);
    let listener = UnixListener::bind(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
    listener
}

fn started(bench: &Bench, spec: &protocol::keeper::KeeperSpec) -> protocol::keeper::KeeperRecord {
    match bench.keeper(spec) {
        KeeperReport::Started { record } => *record,
        KeeperReport::Failed { cause, .. } => panic!("{:?}: {cause}", bench.who),
    }
}

#[test]
fn a_sandbox_outlives_its_server_and_is_found_again() {
    for who in everyone() {
        let bench = Bench::new(who);
        let token = format!("5{:07}", bench.uid);
        let spec = bench.keeper_spec(bench.jail(&format!("sleep {token}")));
        let record = started(&bench, &spec);
        // The server that started it is dead by now.
        let written = bench.path("state/keeper.json");
        assert_eq!(
            fs::metadata(&written).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(
            serde_json::from_slice::<protocol::keeper::KeeperRecord>(&fs::read(written).unwrap()).unwrap(),
            record
        );
        let KeeperReply::Running { record: answered, .. } = bench.ask(&KeeperRequest::Status) else {
            panic!("{who:?}")
        };
        assert_eq!(*answered, record);
        eventually("the program runs", || !processes(&token).is_empty());

        // A second keeper for the same sandbox does not start.
        assert!(matches!(
            bench.keeper(&spec),
            KeeperReport::Failed { retryable: true, .. }
        ));
        bench.stop();
        assert_eq!(bench.end(), EndCause::Stopped);
        bench.assert_nothing_left(&token);
        eventually("the keeper is gone", || {
            !std::path::Path::new(&format!("/proc/{}", record.keeper_pid)).exists()
        });
    }
}

#[test]
fn the_program_is_asked_to_end_before_it_is_killed() {
    for who in everyone() {
        let bench = Bench::new(who);
        let script = "trap 'echo ended > /workspace/end; exit 0' TERM; echo > /workspace/ready; while :; do sleep 0.05; done";
        started(&bench, &bench.keeper_spec(bench.jail(script)));
        eventually("the program is ready", || bench.path("workspace/ready").exists());
        assert!(matches!(
            bench.ask(&KeeperRequest::Stop { grace_ms: 20_000 }),
            KeeperReply::Stopped
        ));
        assert!(bench.path("workspace/end").exists(), "{who:?}");
    }
}

#[test]
fn nobody_claims_it_so_it_is_torn_down() {
    for who in everyone() {
        let bench = Bench::new(who);
        let token = format!("6{:07}", bench.uid);
        let mut spec = bench.keeper_spec(bench.jail(&format!("sleep {token} & sleep {token}")));
        spec.abandon_after_s = 1;
        started(&bench, &spec);
        assert_eq!(bench.end(), EndCause::Abandoned, "{who:?}");
        bench.assert_nothing_left(&token);
    }
}

#[test]
fn killing_the_keeper_ends_the_sandbox() {
    for who in everyone() {
        let bench = Bench::new(who);
        let token = format!("7{:07}", bench.uid);
        let record = started(
            &bench,
            &bench.keeper_spec(bench.jail(&format!("setsid sleep {token} & sleep {token}"))),
        );
        eventually("the program runs", || processes(&token).len() > 1);
        let keeper = nix::unistd::Pid::from_raw(record.keeper_pid);
        nix::sys::signal::kill(keeper, nix::sys::signal::Signal::SIGKILL).unwrap();
        eventually("the sandbox is gone", || processes(&token).is_empty());
        eventually("it is swept", || bench.sweep());
        bench.assert_nothing_left(&token);
    }
}

#[test]
fn connections_reach_the_server_and_wait_while_it_is_away() {
    for who in everyone() {
        let bench = Bench::new(who);
        let script = r#"for port in 3129 3128 3129; do
                while [ ! -e go-$((++n)) ]; do sleep 0.02; n=$((n-1)); done
                exec 3<>/dev/tcp/127.0.0.1/$port; echo ping >&3; read -r answer <&3; echo $answer >> got; exec 3>&-
            done; sleep 1000"#;
        let mut jail = bench.jail(script);
        jail.network = NetworkMode::Relayed;
        let record = started(&bench, &bench.keeper_spec(jail));
        for (round, wanted) in [RelayChannel::Uplink, RelayChannel::Proxy, RelayChannel::Uplink]
            .iter()
            .enumerate()
        {
            // In each round another server: the one before is gone, with its socket, when the program connects.
            fs::write(bench.path(&format!("workspace/go-{}", round + 1)), "").unwrap();
            let listener = listen(&bench);
            let mut held = Vec::new();
            loop {
                let (preamble, mut stream) = accept(&listener);
                assert_eq!((preamble.sandbox_id, preamble.generation), (record.sandbox_id, 7));
                if preamble.channel == RelayChannel::Presence {
                    held.push(stream);
                    continue;
                }
                assert_eq!(preamble.channel, *wanted, "{who:?}");
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                assert_eq!(line, "ping\n");
                writeln!(stream.get_mut(), "pong{round}").unwrap();
                break;
            }
            let expected = ["pong0\n", "pong0\npong1\n", "pong0\npong1\npong2\n"][round];
            let got = bench.path("workspace/got");
            eventually("the answer arrives", || {
                fs::read_to_string(&got).is_ok_and(|text| text == expected)
            });
            drop(listener);
            fs::remove_file(bench.path("server.sock")).unwrap();
        }
        let listener = listen(&bench);
        assert_eq!(accept(&listener).0.channel, RelayChannel::Presence, "{who:?}");
        bench.stop();
    }
}

#[test]
fn the_server_hears_how_it_ended() {
    for who in everyone() {
        let bench = Bench::new(who);
        let listener = listen(&bench);
        let script = "read -r x < /dev/stdin; echo last words >&2; while [ ! -e /workspace/go ]; do sleep 0.05; done; exit 3";
        started(&bench, &bench.keeper_spec(bench.jail(script)));
        let (preamble, mut presence) = accept(&listener);
        assert_eq!(preamble.channel, RelayChannel::Presence);
        fs::write(bench.path("workspace/go"), "").unwrap();
        let mut news = String::new();
        presence.read_to_string(&mut news).unwrap();
        let KeeperNotice::Ended { cause } = serde_json::from_str(&news).unwrap();
        let expected = EndCause::Exited {
            code: Some(3),
            signal: None,
            stderr_tail: "last words\n".into(),
        };
        assert_eq!(cause, expected, "{who:?}");
        assert_eq!(bench.end(), expected);
    }
}

#[test]
fn a_failed_start_leaves_nothing() {
    for who in everyone() {
        let bench = Bench::new(who);
        let mut jail = bench.jail("true");
        jail.argv = vec!["/usr/bin/not-there".into()];
        let KeeperReport::Failed { cause, .. } = bench.keeper(&bench.keeper_spec(jail)) else {
            panic!("started")
        };
        assert!(cause.contains("No such file"), "{who:?}: {cause}");
        bench.assert_nothing_left("/usr/bin/not-there");
    }
}
