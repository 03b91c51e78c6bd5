//! The one place that draws random bytes: the reconnect secret, the model key, jitter.

/// `N` random bytes from the kernel.
///
/// # Errors
/// When the kernel gives none; nothing secret may be made then.
#[expect(clippy::disallowed_methods, reason = "the runner's only source of randomness")]
pub fn bytes<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut out = [0; N];
    getrandom::fill(&mut out).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(out)
}

/// 32 random bytes as 64 hexadecimal digits.
///
/// # Errors
/// As [`bytes`].
pub fn secret() -> std::io::Result<String> {
    use std::fmt::Write;
    let mut text = String::with_capacity(64);
    for byte in bytes::<32>()? {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// A number in `0.0 .. 1.0` for jitter; 0.5 when the kernel gives nothing.
#[must_use]
pub fn fraction() -> f64 {
    bytes::<4>().map_or(0.5, |bytes| {
        f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
    })
}
