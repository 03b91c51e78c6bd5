//! Random words for passwords and markers, from the kernel.

use std::{fs::File, io::Read};

/// 32 hexadecimal characters.
///
/// # Errors
/// When `/dev/urandom` cannot be read.
pub(crate) fn word() -> std::io::Result<String> {
    let mut bytes = [0u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
