//! What a secret looks like in output.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// A line of a secret of several lines is hidden by itself when it is as long as this: private keys are printed with
/// something before each line.
const LEAST_LINE: usize = 16;
/// Widths at which encoders break lines.
const WIDTHS: [usize; 2] = [76, 64];
/// Characters of a line of `xxd -p`.
const HEX_WIDTH: usize = 60;

/// Every form of a secret. Shorter ones than the caller wants may be among them.
pub(super) fn of(secret: &str) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    // What a shell makes of `$(cat file)` is the same without the last line end.
    let trimmed = secret.trim_end_matches(['\n', '\r']);
    let forms = if trimmed.len() == secret.len() {
        vec![secret]
    } else {
        vec![secret, trimmed]
    };
    for form in forms {
        all.push(form.as_bytes().to_vec());
        base64(form.as_bytes(), &mut all);
        percent(form, &mut all);
        hexadecimal(form.as_bytes(), &mut all);
        wide(form, &mut all);
        if let Ok(json) = serde_json::to_string(form) {
            all.push(json.as_bytes()[1..json.len() - 1].to_vec());
        }
    }
    let lines = secret.lines().map(str::trim);
    let telling = lines.filter(|line| line.len() >= LEAST_LINE && !line.starts_with("-----"));
    all.extend(
        telling
            .filter(|line| line.len() < secret.len())
            .map(|line| line.as_bytes().to_vec()),
    );
    all
}

/// At each of the three places that a secret can have in a group of three bytes, the characters that depend on nothing
/// but the secret; and the encoding of the secret alone, as a whole and in lines.
fn base64(secret: &[u8], all: &mut Vec<Vec<u8>>) {
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for before in 0..3 {
            let mut bytes = vec![0; before];
            bytes.extend_from_slice(secret);
            let encoded = engine.encode(&bytes).into_bytes();
            let from = (before * 8).div_ceil(6);
            let to = bytes.len() * 8 / 6;
            if from < to {
                all.push(encoded[from..to].to_vec());
            }
            if before == 0 {
                for width in WIDTHS.into_iter().filter(|width| encoded.len() > *width) {
                    all.extend(
                        encoded
                            .chunks(width)
                            .filter(|line| line.len() >= LEAST_LINE)
                            .map(<[u8]>::to_vec),
                    );
                }
                all.push(encoded);
            }
        }
    }
}

fn percent(secret: &str, all: &mut Vec<Vec<u8>>) {
    // Which characters are left alone differs: those of RFC 3986, and those of JavaScript's encodeURIComponent; forms
    // write a space as plus.
    for (kept, plus) in [("-._~", false), ("-_.!~*'()", false), ("*-._", true)] {
        for upper in [true, false] {
            let mut out = Vec::with_capacity(secret.len() * 3);
            for byte in secret.bytes() {
                match byte {
                    byte if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) => out.push(byte),
                    b' ' if plus => out.push(b'+'),
                    byte => {
                        out.push(b'%');
                        out.extend_from_slice(&digits(byte, upper));
                    }
                }
            }
            all.push(out);
        }
    }
}

fn hexadecimal(secret: &[u8], all: &mut Vec<Vec<u8>>) {
    for upper in [true, false] {
        let encoded: Vec<u8> = secret.iter().flat_map(|byte| digits(*byte, upper)).collect();
        if encoded.len() > HEX_WIDTH {
            let lines = encoded.chunks(HEX_WIDTH).filter(|line| line.len() >= LEAST_LINE);
            all.extend(lines.map(<[u8]>::to_vec));
        }
        all.push(encoded);
    }
}

/// UTF-16, of what is ASCII: then each byte is a character of UTF-8, too, and text stays text.
fn wide(secret: &str, all: &mut Vec<Vec<u8>>) {
    if secret.is_ascii() {
        all.push(secret.bytes().flat_map(|byte| [byte, 0]).collect());
        all.push(secret.bytes().flat_map(|byte| [0, byte]).collect());
    }
}

fn digits(byte: u8, upper: bool) -> [u8; 2] {
    let table: &[u8; 16] = if upper {
        b"0123456789ABCDEF"
    } else {
        b"0123456789abcdef"
    };
    [table[usize::from(byte >> 4)], table[usize::from(byte & 15)]]
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    use proptest::prelude::*;

    use super::super::{MARK, Redactor};
    use super::*;

    fn hides(secret: &str, text: &str) -> String {
        let redactor = Redactor::new([secret]);
        redactor
            .text(text)
            .unwrap_or_else(|| panic!("nothing is hidden in {text}"))
    }

    #[test]
    fn lines_of_a_private_key_are_hidden_one_by_one() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nBAQEFAASCBKcwggSjAgEAAo\n-----END PRIVATE KEY-----\n";
        let shown = hides(
            key,
            "  MIIEvQIBADANBgkqhkiG9w0\n  BAQEFAASCBKcwggSjAgEAAo\n-----END",
        );
        assert_eq!(shown, "  [secret]\n  [secret]\n-----END");
        assert_eq!(hides(key, key.trim_end()), MARK);
        assert_eq!(
            hides("two\nlines\" of", r#"{"a":"two\nlines\" of"}"#),
            r#"{"a":"[secret]"}"#
        );
    }

    #[test]
    fn broken_lines_of_base64_are_hidden() {
        let secret = "0123456789abcdef".repeat(10);
        let encoded = STANDARD.encode(&secret);
        let lines: Vec<&str> = encoded
            .as_bytes()
            .chunks(76)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        let shown = hides(&secret, &lines.join("\n"));
        assert!(lines.iter().all(|line| !shown.contains(&line[..12])), "{shown}");
    }

    #[test]
    fn broken_lines_of_hexadecimal_are_hidden() {
        let secret = "0123456789abcdef".repeat(4);
        let encoded: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let lines = format!("{}\n{}\n{}\n", &encoded[..60], &encoded[60..120], &encoded[120..]);
        assert_eq!(
            hides(&secret, &lines),
            format!("{MARK}\n{MARK}\n{}\n", &encoded[120..])
        );
    }

    proptest! {
        #[test]
        fn no_encoding_shows_a_secret(
            secret in "[!-~]{6,60}|[a-zß-ü ]{8,30}",
            before in proptest::collection::vec(any::<u8>(), 0..7),
            after in proptest::collection::vec(any::<u8>(), 0..7),
        ) {
            let redactor = Redactor::new([secret.as_str()]);
            prop_assert_eq!(redactor.text(&format!("<{secret}>")), Some(format!("<{MARK}>")));
            let mut bytes = before.clone();
            bytes.extend_from_slice(secret.as_bytes());
            bytes.extend_from_slice(&after);
            for engine in [STANDARD, URL_SAFE] {
                let encoded = engine.encode(&bytes);
                let shown = redactor.text(&encoded).unwrap();
                // What is left cannot be put together to the secret again.
                let rest: Vec<&str> = shown.split(MARK).collect();
                prop_assert!(rest.len() >= 2);
                prop_assert!(rest.iter().map(|part| part.len()).sum::<usize>() <= encoded.len() - secret.len() * 8 / 6 + 2);
            }
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            prop_assert!(redactor.text(&hex).unwrap().contains(MARK));
            let url: String = secret.bytes().map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            }).collect();
            prop_assert_eq!(redactor.text(&url), Some(MARK.to_owned()));
        }
    }
}
