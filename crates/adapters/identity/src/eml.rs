//! A message as mail programs and mail servers read it (RFC 5322, RFC 2046).

use domain::mail::{MailAddress, Message};
use jiff::{Timestamp, fmt::rfc2822};

/// Characters of a line in base64.
const WIDTH: usize = 76;
/// Longest line that goes as it is, bytes. RFC 5322 allows 998.
const LONGEST_LINE: usize = 900;

/// The whole message, lines ended by carriage return and line feed. What stands in headers cannot hold a line break, by
/// its types; text and page are ASCII as they are, or base64.
pub(crate) fn write(from: &MailAddress, message: &Message) -> Vec<u8> {
    let date = Timestamp::from_millisecond(message.at.as_ms())
        .ok()
        .and_then(|at| rfc2822::DateTimePrinter::new().timestamp_to_string(&at).ok())
        .unwrap_or_default();
    // Nobody who chose words of the message knows the number.
    let boundary = format!("=_{:032x}", message.id);
    format!(
        "From: agent-coordinator <{from}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nDate: {date}\r\n\
         Message-ID: <{id:032x}@{domain}>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n\
         --{boundary}\r\n{text}\r\n--{boundary}\r\n{page}\r\n--{boundary}--\r\n",
        to = message.to,
        subject = message.letter.subject(),
        id = message.id,
        domain = from.domain(),
        text = part("plain", message.letter.body().expose()),
        page = part("html", message.letter.html().expose()),
    )
    .into_bytes()
}

fn part(kind: &str, text: &str) -> String {
    let goes_as_it_is = text.is_ascii() && text.lines().all(|line| line.len() <= LONGEST_LINE);
    let (encoding, body) = if goes_as_it_is {
        ("7bit", text.replace('\n', "\r\n"))
    } else {
        ("base64", folded(text))
    };
    format!("Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}")
}

fn folded(text: &str) -> String {
    let encoded = data_encoding::BASE64.encode(text.replace('\n', "\r\n").as_bytes());
    let lines: Vec<&str> = encoded
        .as_bytes()
        .chunks(WIDTH)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    lines.join("\r\n") + "\r\n"
}

#[cfg(test)]
mod tests {
    use testkit::contract::mailer::{letters, message};

    use super::*;

    #[test]
    fn headers_are_ours_whatever_users_are_called() {
        let from = MailAddress::read("coordinator@agents.example.org").unwrap();
        for letter in letters() {
            let text = String::from_utf8(write(&from, &message(7, letter.clone()))).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            let names: Vec<&str> = head
                .split("\r\n")
                .map(|line| line.split(':').next().unwrap())
                .collect();
            assert_eq!(
                names,
                [
                    "From",
                    "To",
                    "Subject",
                    "Date",
                    "Message-ID",
                    "Auto-Submitted",
                    "MIME-Version",
                    "Content-Type",
                ],
                "{letter:?}"
            );
            assert!(head.contains("\r\nTo: <ana+x@example.org>\r\n"), "{head}");
            assert!(head.contains("\r\nDate: Sat, 31 Jan 2026 12:00:00 "), "{head}");
            assert!(
                head.contains("<00000000000000000000000000000007@agents.example.org>"),
                "{head}"
            );
            assert!(text.lines().all(|line| line.len() <= 998) && text.is_ascii());
            assert!(
                !body.replace("\r\n", "").contains(['\r', '\n']),
                "whole line ends alone"
            );
            let boundary = format!("--=_{:032x}", 7);
            let parts: Vec<&str> = body.split(&format!("{boundary}\r\n")).collect();
            assert_eq!(parts.len(), 3, "a text and a page: {body}");
            assert!(parts[1].starts_with("Content-Type: text/plain; charset=utf-8\r\n"));
            assert!(parts[2].starts_with("Content-Type: text/html; charset=utf-8\r\n"));
            assert!(body.ends_with(&format!("\r\n{boundary}--\r\n")));
        }
    }

    #[test]
    fn what_is_no_ascii_or_too_long_for_a_line_is_folded() {
        let long = "x".repeat(LONGEST_LINE + 1);
        for text in ["\u{fc}ber\n", long.as_str()] {
            let part = part("plain", text);
            let (head, body) = part.split_once("\r\n\r\n").unwrap();
            assert!(head.ends_with("base64") && body.lines().all(|line| line.len() <= WIDTH));
            let decoded = data_encoding::BASE64.decode(body.replace("\r\n", "").as_bytes());
            assert_eq!(decoded.unwrap(), text.replace('\n', "\r\n").into_bytes());
        }
    }
}
