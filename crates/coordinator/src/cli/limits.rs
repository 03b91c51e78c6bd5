//! `limits`: what the organisation may ask for, and how much of it is used.

use anyhow::Result;
use serde_json::Value;

use super::{
    figures,
    list::{self, Common},
};

pub(super) async fn run(common: Common) -> Result<u8> {
    let answer = common.api()?.get("/v1/limits").await?;
    common.show(&answer, text)
}

fn text(answer: &Value) -> String {
    let mut text = format!(
        "requests   {} a second, {} of a stock of {} left\n",
        list::cell(answer, "requests.per_s"),
        list::cell(answer, "requests.remaining"),
        list::cell(answer, "requests.burst"),
    );
    for name in ["sessions", "sandboxes", "turns", "members", "sockets"] {
        text.push_str(&format!(
            "{name:<10} {} of {}\n",
            list::cell(answer, &format!("quotas.{name}.used")),
            list::cell(answer, &format!("quotas.{name}.limit")),
        ));
    }
    text.push_str(&storage(answer));
    text
}

/// In sizes that people read; without a limit there is nothing to be held against.
fn storage(answer: &Value) -> String {
    let of = |name: &str| {
        answer
            .pointer(&format!("/quotas/storage/{name}"))
            .and_then(Value::as_u64)
    };
    let Some(used) = of("used") else {
        // A server of before does not count it.
        return String::new();
    };
    let limit = match of("limit") {
        None | Some(0) => "no limit".to_owned(),
        Some(limit) => figures::bytes(limit),
    };
    format!("{:<10} {} of {limit}\n", "storage", figures::bytes(used))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_quota_has_a_line() {
        let of = |used: u64| json!({"limit": 9, "used": used});
        let answer = json!({
            "requests": {"per_s": 100, "burst": 2000, "remaining": 1999},
            "quotas": {
                "sessions": of(1), "sandboxes": of(2), "turns": of(3), "members": of(4), "sockets": of(5),
                "storage": {"limit": 3_u64 << 30, "used": 2 << 20}
            }
        });
        let text = text(&answer);
        assert!(
            text.contains("100 a second, 1999 of a stock of 2000 left"),
            "{text}"
        );
        assert!(text.contains("turns      3 of 9"), "{text}");
    }
}
