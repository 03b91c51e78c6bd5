//! Values as people write them: sizes, durations, cores, networks.

use std::{net::IpAddr, time::Duration};

use domain::{mail::MailAddress, sign_in::SignUpPolicy};

/// As [`size`], and not less than `least`.
pub(super) fn size_of_at_least(least: u64) -> impl Fn(&str) -> Result<u64, String> {
    move |text| match size(text)? {
        bytes if bytes < least => Err(format!(
            "{bytes} bytes are too few to work with: expected at least {} MiB, for example 4GiB",
            least >> 20
        )),
        bytes => Ok(bytes),
    }
}

/// `4GiB`, `512 MiB`, `1000000`.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "t" | "tib" => 1 << 40,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return Err("expected a size such as 512MiB or 4GiB".into()),
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "expected a size such as 512MiB or 4GiB".to_owned())?;
    let bytes = number * factor as f64;
    if !(1.0..9e18).contains(&bytes) {
        return Err("expected a size above zero, such as 512MiB or 4GiB".into());
    }
    Ok(bytes as u64)
}

/// `30s`, `15m`, `2h`, `1d`; a bare number is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "expected a duration such as 30s, 15m or 2h".to_owned();
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit.trim() {
        "ms" => return Ok(Duration::from_millis(number)),
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    number
        .checked_mul(seconds)
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}

/// A duration above zero, or for ever.
pub(super) fn duration_or_forever(text: &str) -> Result<Option<Duration>, String> {
    if text.trim() == "forever" {
        return Ok(None);
    }
    match duration(text) {
        Ok(Duration::ZERO) => Err("nothing would be kept at all; `forever` keeps everything".into()),
        Ok(kept) => Ok(Some(kept)),
        Err(error) => Err(format!("{error} or 90d, or `forever`")),
    }
}

/// Cores into thousandths.
pub(super) fn cores(text: &str) -> Result<u64, String> {
    let cores: f64 = text
        .trim()
        .parse()
        .map_err(|_| "expected a number of cores such as 2 or 0.5".to_owned())?;
    if !(0.01..=1024.0).contains(&cores) {
        return Err("expected a number of cores between 0.01 and 1024".into());
    }
    Ok((cores * 1000.0).round() as u64)
}

pub(super) fn boolean(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "1" => Ok(true),
        "false" | "off" | "no" | "0" => Ok(false),
        _ => Err("expected true or false".into()),
    }
}

/// The parts of a comma-separated list.
pub(super) fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// A network, or one address.
pub(super) fn network(text: &str) -> Result<ipnet::IpNet, String> {
    text.parse::<ipnet::IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(ipnet::IpNet::from))
        .map_err(|_| format!("`{text}` is not a network: expected for example 10.0.0.0/8"))
}

/// Who may sign up.
pub(super) fn sign_up(text: &str) -> Result<SignUpPolicy, String> {
    match text {
        "closed" => Ok(SignUpPolicy::Closed),
        "invite_only" => Ok(SignUpPolicy::InviteOnly),
        "open" => Ok(SignUpPolicy::Open),
        _ => Err("expected closed, invite_only or open".into()),
    }
}

/// Domains of e-mail addresses.
pub(super) fn domains(text: &str) -> Result<Vec<String>, String> {
    list(text)
        .map(|one| match MailAddress::read(&format!("x@{one}")) {
            Ok(address) => Ok(address.domain().to_owned()),
            Err(_) => Err(format!("`{one}` is not a domain such as example.org")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_durations() {
        assert_eq!(size("4GiB").unwrap(), 4 << 30);
        assert_eq!(size("1.5 GiB").unwrap(), 3 << 29);
        assert_eq!(size("1000").unwrap(), 1000);
        assert!(size("lots").is_err() && size("-1GiB").is_err() && size("0").is_err());
        assert_eq!(duration("15m").unwrap(), Duration::from_secs(900));
        assert!(duration("soon").is_err());
        assert_eq!(cores("0.5").unwrap(), 500);
        assert!(cores("0").is_err());
    }
}
