//! What a program in a jail can see and do, tried from the inside.

mod support;

use std::{fs, net::TcpListener, os::unix::fs::symlink};

use protocol::keeper::{Bind, OneshotOutcome};
use support::{As, Bench, everyone};

const EXITED: OneshotOutcome = OneshotOutcome::Exited {
    code: Some(0),
    signal: None,
};

/// Runs `script` and answers its output; it must succeed.
fn inside(bench: &Bench, script: &str) -> String {
    let (output, report) = bench.oneshot(bench.jail(script), |_| {});
    assert_eq!(report.outcome, EXITED, "{output}\n{}", report.stderr_tail);
    output
}

#[test]
fn identity_and_privileges() {
    for who in everyone() {
        let bench = Bench::new(who);
        let output = inside(
            &bench,
            "id -u; id -un; id -G; hostname; cat; echo; touch /workspace/made ~/made;
             grep -E '^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status; ls /proc/self/fd | wc -l",
        );
        let lines: Vec<_> = output.lines().collect();
        assert_eq!(
            lines[..5],
            ["1000", "agent", "1000", "sandbox", "said on standard input"],
            "{who:?}"
        );
        for line in &lines[5..10] {
            assert!(line.ends_with("0000000000000000"), "{who:?}: {line}");
        }
        assert!(
            lines[10].ends_with('1') && lines[11].ends_with('2'),
            "{who:?}: {output}"
        );
        // Standard streams and the directory that `ls` itself reads.
        assert_eq!(lines[12], "4", "{who:?}: inherited descriptors");
        let owner = std::os::unix::fs::MetadataExt::uid(&fs::metadata(bench.path("workspace/made")).unwrap());
        assert_eq!(owner, bench.host_uid());
        assert_ne!(owner, 0);
    }
}

#[test]
fn the_host_is_out_of_sight() {
    for who in everyone() {
        let bench = Bench::new(who);
        fs::write(bench.path("secret"), "x").unwrap();
        let script = format!(
            "cat /etc/shadow 2>&1; ls {data} 2>&1; ls /root /sys /srv /boot 2>&1 | grep -c 'No such';
             ls -d /proc/[0-9]* | wc -l; cat /proc/1/environ 2>&1; ls /proc/1/fd /proc/1/root 2>&1 | grep -c denied",
            data = bench.base.path().display()
        );
        let output = inside(&bench, &script);
        assert!(output.contains("/etc/shadow: No such file"), "{who:?}: {output}");
        assert!(
            output.contains(&format!("'{}': No such file", bench.base.path().display())),
            "{output}"
        );
        assert!(output.contains("\n4\n"), "{who:?}: {output}");
        let processes: u32 = output
            .lines()
            .find_map(|line| line.parse().ok().filter(|n| *n > 1 && *n != 4))
            .unwrap_or(4);
        assert!(processes < 8, "{who:?}: {output}");
        assert!(
            output.contains("/proc/1/environ: Permission denied"),
            "{who:?}: {output}"
        );
    }
}

#[test]
fn the_system_cannot_be_changed_and_privileges_cannot_be_gained() {
    for who in everyone() {
        let bench = Bench::new(who);
        let output = inside(
            &bench,
            r#"for file in /usr/x /etc/x /x /opt/x /bin/x /proc/sys/kernel/hostname; do (echo > $file) 2>/dev/null && echo "wrote $file"; done
            mount -t tmpfs none /tmp 2>/dev/null && echo "mounted"
            unshare --user true 2>/dev/null && echo "user namespace"
            unshare --mount true 2>/dev/null && echo "mount namespace"
            chroot / true 2>/dev/null && echo "chroot"
            su -c true 2>/dev/null </dev/null && echo "su"
            python3 - <<'PY'
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *args):
    if libc.syscall(*args) >= 0: print("allowed", name)
call("ptrace", 101, 0, 0, 0, 0)
call("process_vm_readv", 310, os.getpid(), 0, 0, 0, 0, 0)
call("pidfd_getfd", 438, os.pidfd_open(os.getpid()), 0, 0)
call("bpf", 321, 0, 0, 0)
call("keyctl", 250, 0, -3, 0)
call("userfaultfd", 323, 0)
call("io_uring_setup", 425, 1, 0)
call("clone with a user namespace", 56, 0x10000000, 0, 0, 0, 0)
call("clone3", 435, 0, 0)
call("setns", 308, os.open("/proc/self/ns/net", os.O_RDONLY), 0)
call("open_by_handle_at", 304, 0, 0, 0)
for family in (40, 38, 17):
    try: socket.socket(family, socket.SOCK_STREAM if family == 40 else socket.SOCK_RAW); print("family", family)
    except OSError: pass
for protocol in range(23):
    try: socket.socket(16, socket.SOCK_RAW, protocol)
    except OSError: continue
    if protocol not in (0, 4, 15): print("netlink", protocol)
if not socket.if_nameindex(): print("no interfaces")
PY
            echo done"#,
        );
        assert_eq!(output.trim(), "done", "{who:?}");
    }
}

#[test]
fn there_is_no_network_but_loopback() {
    let host = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = host.local_addr().unwrap().port();
    for who in everyone() {
        let bench = Bench::new(who);
        let output = inside(
            &bench,
            &format!(
                r#"python3 - <<'PY'
import socket
def reach(address):
    s = socket.socket(); s.settimeout(2)
    try: s.connect(address); print("reached", address)
    except OSError as error: print(error.errno)
reach(("127.0.0.1", {port})); reach(("169.254.169.254", 80)); reach(("203.0.113.1", 80))
server = socket.create_server(("127.0.0.1", 0)); client = socket.create_connection(server.getsockname()); print("loopback works")
try: socket.getaddrinfo("example.org", 80); print("resolved")
except OSError: pass
PY"#
            ),
        );
        assert_eq!(output, "111\n101\n101\nloopback works\n", "{who:?}");
    }
}

#[test]
fn toolchains_run() {
    for who in everyone() {
        let bench = Bench::new(who);
        let output = inside(
            &bench,
            "set -e; git init -q .; echo a > a; git add a; git -c user.name=a -c user.email=a@example.org commit -qm one
             git log --format=%s; python3 -c 'import subprocess,multiprocessing; print(multiprocessing.Semaphore().acquire())'
             mkdir one two; echo x > one/f; mv one/f two/f; ln two/f one/g; cat one/g
             script -qec tty /dev/null < /dev/null | tr -d '\\r'; node -e 'console.log(6*7)' 2>/dev/null || echo 42",
        );
        assert_eq!(output, "one\nTrue\nx\n/dev/pts/0\n42\n", "{who:?}");
    }
}

#[test]
fn orphans_are_reaped_and_die_with_the_program() {
    for who in everyone() {
        let bench = Bench::new(who);
        let output = inside(
            &bench,
            "for i in 1 2 3 4 5; do (setsid true &); done; (setsid sleep 81230019 &) ; sleep 0.3
             grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l",
        );
        assert_eq!(output, "0\n", "{who:?}");
        bench.assert_nothing_left("81230019");
    }
}

#[test]
fn binds_are_read_only_and_never_below_what_the_sandbox_controls() {
    for who in everyone() {
        let bench = Bench::new(who);
        let tool = bench.path("tool");
        fs::create_dir(&tool).unwrap();
        fs::write(tool.join("file"), "shown").unwrap();
        let mut jail =
            bench.jail("cat /opt/tool/file /opt/one/file; (echo > /opt/tool/x) 2>/dev/null || echo refused");
        jail.read_only.push(Bind {
            host: tool.clone(),
            inside: "/opt/tool".into(),
        });
        jail.read_only.push(Bind {
            host: tool.join("file"),
            inside: "/opt/one/file".into(),
        });
        let (output, _) = bench.oneshot(jail, |_| {});
        assert_eq!(output, "shownshownrefused\n", "{who:?}");

        let mut jail = bench.jail("true");
        jail.read_only.push(Bind {
            host: tool,
            inside: "/workspace/tool".into(),
        });
        let (_, report) = bench.oneshot(jail, |_| {});
        assert!(
            matches!(
                report.outcome,
                OneshotOutcome::NotStarted { retryable: false, .. }
            ),
            "{report:?}"
        );
    }
}

#[test]
fn a_workspace_that_is_a_link_is_refused() {
    for who in everyone() {
        let bench = Bench::new(who);
        symlink("/etc", bench.path("link")).unwrap();
        let mut jail = bench.jail("ls /workspace");
        jail.workspace = bench.path("link");
        let (output, report) = bench.oneshot(jail, |_| {});
        assert!(
            matches!(report.outcome, OneshotOutcome::NotStarted { .. }),
            "{output} {report:?}"
        );
    }
}

#[test]
fn root_inside_is_never_root_outside() {
    if !everyone().contains(&As::Root) {
        return;
    }
    let bench = Bench::new(As::Root);
    let mut jail = bench.jail("true");
    jail.host_uid = 0;
    let (_, report) = bench.oneshot(jail, |_| {});
    assert!(
        matches!(
            report.outcome,
            OneshotOutcome::NotStarted { retryable: false, .. }
        ),
        "{report:?}"
    );
}
