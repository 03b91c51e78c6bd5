//! What the server does to its own process before it knows a secret.

use nix::sys::{
    prctl,
    resource::{Resource, getrlimit, setrlimit},
};

/// No core dumps, no reading by other processes of the same user, as many open files as allowed.
pub(super) fn harden() {
    // Keys of tenants are in memory: neither a crash nor a debugger of the same user may bring them out.
    if let Err(error) = setrlimit(Resource::RLIMIT_CORE, 0, 0) {
        tracing::warn!(%error, "core dumps could not be switched off");
    }
    if let Err(error) = prctl::set_dumpable(false) {
        tracing::warn!(%error, "the process could not be made non-dumpable");
    }
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < hard
        && let Err(error) = setrlimit(Resource::RLIMIT_NOFILE, hard, hard)
    {
        tracing::warn!(%error, "the limit of open files stays at {soft}");
    }
}
