//! The system call filter: a list of what no program in a sandbox needs and what kernels have been attacked with.
//!
//! Four small programs: system calls that are answered as "not there" so that libraries fall back, those that
//! are refused, socket families beyond local and internet ones (some, such as the link to a hypervisor, ignore
//! network namespaces), and on x86-64 the second numbering of all calls that would walk around the first three.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

const REFUSED: &[i64] = &[
    // changing what is mounted
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    SYS_OPEN_TREE_ATTR,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_fanotify_init,
    // namespaces
    libc::SYS_unshare,
    libc::SYS_setns,
    // other processes' memory and descriptors
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_move_pages,
    libc::SYS_migrate_pages,
    // the kernel itself
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_syslog,
    libc::SYS_acct,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_adjtimex,
    libc::SYS_clock_adjtime,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_vhangup,
    libc::SYS_nfsservctl,
    libc::SYS_lookup_dcookie,
    // keys are shared beyond namespaces
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    // files by handle, past every mount
    libc::SYS_open_by_handle_at,
];

#[cfg(target_arch = "x86_64")]
const REFUSED_HERE: &[i64] = &[
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_kexec_file_load,
    libc::SYS_modify_ldt,
];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_HERE: &[i64] = &[libc::SYS_kexec_file_load];

/// Newer than the bindings; the same number on all 64-bit architectures.
const SYS_OPEN_TREE_ATTR: i64 = 467;

/// Callers fall back when these seem not to exist: `clone3` hides its flags from filters, and the asynchronous
/// ring performs calls that no filter sees.
const ABSENT: &[i64] = &[
    libc::SYS_clone3,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
];

/// A new time namespace cannot be asked for here: its bit is part of the exit signal in this call.
const NEW_NAMESPACE: [i32; 7] = [
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWCGROUP,
];

const SOCKET_FAMILIES: [i32; 5] = [
    libc::AF_UNSPEC,
    libc::AF_UNIX,
    libc::AF_INET,
    libc::AF_INET6,
    libc::AF_NETLINK,
];

/// What of netlink is of use without rights: interfaces and routes, open sockets, device events. The rest (packet
/// filter, IPsec, audit, generic families) is only something to attack the kernel by.
const NETLINK: [i32; 3] = [
    libc::NETLINK_ROUTE,
    libc::NETLINK_SOCK_DIAG,
    libc::NETLINK_KOBJECT_UEVENT,
];

/// Installs all programs for this process and everything it starts. Needs `no_new_privs`.
pub(crate) fn restrict() -> Result<(), Box<dyn std::error::Error>> {
    for program in programs()? {
        apply_filter(&program)?;
    }
    Ok(())
}

fn programs() -> Result<Vec<BpfProgram>, seccompiler::BackendError> {
    let mut programs = vec![
        compile(absent(), libc::ENOSYS)?,
        compile(refused()?, libc::EPERM)?,
        compile(sockets()?, libc::EAFNOSUPPORT)?,
    ];
    programs.extend(second_numbering());
    Ok(programs)
}

fn compile(rules: Rules, errno: i32) -> Result<BpfProgram, seccompiler::BackendError> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(errno.unsigned_abs()),
        arch,
    )?
    .try_into()
}

fn absent() -> Rules {
    ABSENT.iter().map(|call| (*call, Vec::new())).collect()
}

fn refused() -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules = REFUSED
        .iter()
        .chain(REFUSED_HERE)
        .map(|call| (*call, Vec::new()))
        .collect();
    // Typing into the terminal that started us.
    let mut terminal = Vec::new();
    for request in [libc::TIOCSTI, libc::TIOCLINUX] {
        terminal.push(rule(1, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, request)?);
    }
    rules.insert(libc::SYS_ioctl, terminal);
    let mut clone = Vec::new();
    for flag in NEW_NAMESPACE {
        let bit = u64::from(flag.unsigned_abs());
        clone.push(rule(
            0,
            SeccompCmpArgLen::Qword,
            SeccompCmpOp::MaskedEq(bit),
            bit,
        )?);
    }
    rules.insert(libc::SYS_clone, clone);
    Ok(rules)
}

fn sockets() -> Result<Rules, seccompiler::BackendError> {
    let netlink = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Eq,
        u64::from(libc::AF_NETLINK.unsigned_abs()),
    )?;
    let mut other_netlink = none_of(2, &NETLINK)?;
    other_netlink.push(netlink);
    let rules = vec![
        SeccompRule::new(none_of(0, &SOCKET_FAMILIES)?)?,
        SeccompRule::new(other_netlink)?,
    ];
    Ok([(libc::SYS_socket, rules)].into())
}

fn none_of(argument: u8, values: &[i32]) -> Result<Vec<SeccompCondition>, seccompiler::BackendError> {
    let differs = |value: &i32| {
        SeccompCondition::new(
            argument,
            SeccompCmpArgLen::Dword,
            SeccompCmpOp::Ne,
            u64::from(value.unsigned_abs()),
        )
    };
    values.iter().map(differs).collect()
}

fn rule(
    argument: u8,
    length: SeccompCmpArgLen,
    operator: SeccompCmpOp,
    value: u64,
) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(argument, length, operator, value)?])
}

/// On x86-64 a number with bit 30 set selects the 32-bit-pointer variant of a call: refuse them all.
fn second_numbering() -> Option<BpfProgram> {
    if cfg!(not(target_arch = "x86_64")) {
        return None;
    }
    const LOAD: u16 = 0x20; // BPF_LD | BPF_W | BPF_ABS
    const JUMP_IF_GE: u16 = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    const RETURN: u16 = 0x06; // BPF_RET | BPF_K
    let step = |code, jt, jf, k| seccompiler::sock_filter { code, jt, jf, k };
    Some(vec![
        step(LOAD, 0, 0, 0), // the call's number
        step(JUMP_IF_GE, 0, 1, 0x4000_0000),
        step(
            RETURN,
            0,
            0,
            u32::from(SeccompAction::Errno(libc::ENOSYS.unsigned_abs())),
        ),
        step(RETURN, 0, 0, u32::from(SeccompAction::Allow)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_compile() {
        let programs = programs().unwrap();
        assert!(programs.len() >= 3);
        assert!(programs.iter().all(|program| program.len() < 4096));
    }
}
