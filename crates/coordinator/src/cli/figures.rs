//! Numbers as people read them.

use std::time::Duration;

use protocol::{MicroUsd, session::Tokens};

/// `0.4 s`, `12.3 s`, `3 min 5 s`.
#[must_use]
pub fn seconds(ms: u64) -> String {
    if ms < 100_000 {
        return format!("{}.{} s", ms / 1000, ms % 1000 / 100);
    }
    let total = ms / 1000;
    if total < 3600 {
        format!("{} min {} s", total / 60, total % 60)
    } else {
        format!("{} h {} min", total / 3600, total % 3600 / 60)
    }
}

/// One unit, for distances: `40 s`, `12 min`, `5 h`, `3 d`.
#[must_use]
pub fn rough(span: Duration) -> String {
    match span.as_secs() {
        s @ 0..=119 => format!("{s} s"),
        s @ 120..=7_199 => format!("{} min", s / 60),
        s @ 7_200..=172_799 => format!("{} h", s / 3600),
        s => format!("{} d", s / 86_400),
    }
}

/// As [`seconds`].
#[must_use]
pub fn span(span: Duration) -> String {
    seconds(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
}

/// Money, to the micro-dollar where it is small; an unknown price is said to be unknown.
#[must_use]
pub fn money(cost: Option<MicroUsd>) -> String {
    match cost {
        None => "unknown price".to_owned(),
        Some(MicroUsd(micro)) => {
            let sign = if micro < 0 { "-" } else { "" };
            let micro = micro.unsigned_abs();
            if micro % 10_000 == 0 {
                format!("{sign}${}.{:02}", micro / 1_000_000, micro % 1_000_000 / 10_000)
            } else {
                format!("{sign}${}.{:06}", micro / 1_000_000, micro % 1_000_000)
            }
        }
    }
}

/// `1,234 tokens in, 56 out`.
#[must_use]
pub fn tokens(tokens: Tokens) -> String {
    format!(
        "{} tokens in, {} out",
        grouped(tokens.input),
        grouped(tokens.output)
    )
}

/// `1,234,567`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `4.0 GiB`.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{bytes} B")
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        assert_eq!(seconds(450), "0.4 s");
        assert_eq!(seconds(185_000), "3 min 5 s");
        assert_eq!(rough(Duration::from_secs(119)), "119 s");
        assert_eq!(rough(Duration::from_secs(7_199)), "119 min");
        assert_eq!(rough(Duration::from_secs(200_000)), "2 d");
        assert_eq!(money(None), "unknown price");
        assert_eq!(money(Some(MicroUsd(1_230_000))), "$1.23");
        assert_eq!(money(Some(MicroUsd(721))), "$0.000721");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(bytes(4 << 30), "4.0 GiB");
    }
}
