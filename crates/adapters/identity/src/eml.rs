//! A message as mail programs and mail servers read it (RFC 5322).

use domain::mail::{MailAddress, Message};
use jiff::{Timestamp, fmt::rfc2822};

/// Characters of a line in base64.
const WIDTH: usize = 76;

/// The whole message, lines ended by carriage return and line feed. What stands in headers cannot hold a line break, by
/// its types; the body is ASCII as it is, or base64.
pub(crate) fn write(from: &MailAddress, message: &Message) -> Vec<u8> {
    let body = message.letter.body();
    let (encoding, body) = if body.expose().is_ascii() {
        ("7bit", body.expose().replace('\n', "\r\n"))
    } else {
        ("base64", folded(body.expose()))
    };
    let date = Timestamp::from_millisecond(message.at.as_ms())
        .ok()
        .and_then(|at| rfc2822::DateTimePrinter::new().timestamp_to_string(&at).ok())
        .unwrap_or_default();
    format!(
        "From: agent-coordinator <{from}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nDate: {date}\r\n\
         Message-ID: <{id:032x}@{domain}>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}",
        to = message.to,
        subject = message.letter.subject(),
        id = message.id,
        domain = from.domain(),
    )
    .into_bytes()
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
                    "Content-Transfer-Encoding"
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
        }
    }
}
