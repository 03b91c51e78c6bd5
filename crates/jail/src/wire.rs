//! What a keeper and the process that builds its jail say to each other: one length-prefixed JSON document per
//! message, with descriptors riding on the length.

use std::{
    io::{self, IoSlice, IoSliceMut, Read, Write},
    os::{
        fd::{AsRawFd, BorrowedFd, OwnedFd},
        unix::net::UnixStream,
    },
};

use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, UnixAddr, recvmsg, sendmsg};
use protocol::keeper::JailSpec;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Longest message either way.
pub(crate) const MAX_MESSAGE: u32 = 1024 * 1024;
/// Most descriptors on one message.
const MAX_FDS: usize = 8;

/// Keeper to init: build this.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InitSpec {
    pub jail: JailSpec,
    /// Limit processes per user namespace, for hosts without a process controller.
    pub process_limit: Option<u64>,
    pub host_name: String,
}

/// Init to keeper.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum InitMessage {
    /// The jail's first process exists; its pidfd rides along.
    Forked,
    /// Everything is locked down. Descriptors: see [`VIEW_FDS`], then the two listeners if asked for.
    Ready { landlock_abi: u32, notes: Vec<String> },
    /// The program has been started.
    Running,
    /// The program ended.
    Exited { code: Option<i32>, signal: Option<i32> },
    /// It did not work.
    Failed { cause: String },
}

/// Descriptors that let the keeper look at the sandbox: `/proc`, `/tmp`, `/dev/shm`, `/proc/sysvipc/shm`.
pub(crate) const VIEW_FDS: usize = 4;

/// Sends one message with descriptors.
pub(crate) fn send<T: Serialize>(stream: &UnixStream, message: &T, fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    let body = serde_json::to_vec(message)?;
    let length = u32::try_from(body.len())
        .ok()
        .filter(|length| *length <= MAX_MESSAGE);
    let length = length
        .ok_or_else(|| io::Error::other("message too long"))?
        .to_be_bytes();
    let raw: Vec<i32> = fds.iter().map(AsRawFd::as_raw_fd).collect();
    let rights = [ControlMessage::ScmRights(&raw)];
    let control: &[ControlMessage<'_>] = if raw.is_empty() { &[] } else { &rights };
    let sent = sendmsg::<UnixAddr>(
        stream.as_raw_fd(),
        &[IoSlice::new(&length)],
        control,
        MsgFlags::MSG_NOSIGNAL,
        None,
    )?;
    let mut stream = stream;
    stream.write_all(length.get(sent..).unwrap_or_default())?;
    stream.write_all(&body)
}

/// Receives one message; `None` when the other side is gone.
pub(crate) fn receive<T: DeserializeOwned>(stream: &UnixStream) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
    let mut length = [0_u8; 4];
    let mut control = nix::cmsg_space!([i32; MAX_FDS]);
    let mut fds = Vec::new();
    let received = {
        let mut parts = [IoSliceMut::new(&mut length)];
        let message = recvmsg::<UnixAddr>(
            stream.as_raw_fd(),
            &mut parts,
            Some(&mut control),
            MsgFlags::MSG_CMSG_CLOEXEC,
        )?;
        for item in message.cmsgs()? {
            if let ControlMessageOwned::ScmRights(raw) = item {
                fds.extend(raw.into_iter().map(crate::sys::received));
            }
        }
        message.bytes
    };
    if received == 0 {
        return Ok(None);
    }
    let mut stream = stream;
    if let Some(rest) = length.get_mut(received..) {
        stream.read_exact(rest)?;
    }
    let length = u32::from_be_bytes(length);
    if length > MAX_MESSAGE {
        return Err(io::Error::other("message too long"));
    }
    let mut body = vec![0; length as usize];
    stream.read_exact(&mut body)?;
    Ok(Some((serde_json::from_slice(&body)?, fds)))
}
