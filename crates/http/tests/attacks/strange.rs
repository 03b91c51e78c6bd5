//! Well-formed JSON with strange values: control characters where a line is expected, numbers at and past every edge,
//! fields twice in objects of any depth, and letters that look like others. What is drawn follows from a seed.

use serde_json::{Value, json};

use crate::{
    browser::Browser,
    dice::{Dice, seeds},
    harness::{Range, json_of, mutations, raw},
    operations::operations,
    row::Payload,
    stage::Stage,
};

const JSON: Option<&str> = Some("application/json");

/// Fields that hold one line, a name or an address, wherever they are.
const LINES: &[&str] = &[
    "name", "title", "slug", "email", "base_url", "provider", "api_key", "url", "ref", "role", "scopes",
    "scope", "phase", "reply", "user_id", "agent", "model",
];

/// Bodies that hold something within something, which few rows have.
fn rich() -> Vec<(&'static str, &'static str, Value)> {
    let models = json!([
        {"id": "one", "context": 1000, "max_output": 100, "price": {"input": 1, "output": 2, "cached": 1}},
        {"id": "two", "context": 2000}
    ]);
    vec![
        (
            "POST",
            "/v1/sessions",
            json!({
                "agent": "scripted", "model": "demo/scripted", "title": "t", "prompt": "p", "setup": ["true"],
                "repository": {"url": "https://git.example.org/o/n.git", "ref": "main", "token": "t"},
                "attachments": [{"name": "a.txt", "media_type": "text/plain", "data": "YQ=="}]
            }),
        ),
        (
            "POST",
            "/v1/model-providers",
            json!({
                "provider": "matrix", "api": "openai-chat", "base_url": "https://models.example.org/v1",
                "api_key": "sk-x", "models": models
            }),
        ),
        (
            "POST",
            "/v1/model-providers/test",
            json!({
                "provider": "matrix", "api": "openai-chat", "base_url": "https://models.example.org/v1",
                "api_key": "sk-x", "models": models
            }),
        ),
        (
            "POST",
            "/v1/environments",
            json!({"name": "n", "setup": ["true"], "repository": {"url": "https://git.example.org/o/n.git", "ref": "main"}}),
        ),
        (
            "POST",
            "/v1/environments/detect",
            json!({"repository": {"url": "https://git.example.org/o/n.git", "ref": "main"}}),
        ),
        (
            "POST",
            "/v1/api-keys",
            json!({"name": "n", "scopes": ["sessions:read", "runs:read"], "rate_per_s": 5}),
        ),
    ]
}

/// Makes the request that carries a text for a body.
type Sender = Box<dyn Fn(&Range, String) -> http::Request<axum::body::Body>>;

/// Every body of the rows and every rich one, by who may send it.
fn bodies(range: &Range) -> Vec<(String, Value, Sender)> {
    let mut all: Vec<(String, Value, Sender)> = Vec::new();
    for row in mutations() {
        if let Some(body) = json_of(&row, &range.stage) {
            let name = row.name();
            all.push((
                name,
                body,
                Box::new(move |range, text| raw(range, &row, JSON, text)),
            ));
        }
    }
    for (method, path, body) in rich() {
        let send = move |range: &Range, text: String| {
            let mut request = range.key.request(method, path, &Payload::Json(Value::Null));
            *request.body_mut() = text.into();
            request
        };
        all.push((format!("{method} {path}, rich"), body, Box::new(send)));
    }
    all
}

/// Paths to texts that are lines.
fn lines(body: &Value, at: String, is_line: bool, found: &mut Vec<String>) {
    match body {
        Value::String(_) if is_line => found.push(at),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                lines(item, format!("{at}/{index}"), is_line, found);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                lines(
                    value,
                    format!("{at}/{name}"),
                    LINES.contains(&name.as_str()),
                    found,
                );
            }
        }
        _ => {}
    }
}

fn control(dice: &mut Dice) -> char {
    let all: Vec<char> = ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}').collect();
    *dice.pick(&all)
}

#[tokio::test]
async fn no_line_holds_a_control_character() {
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let mut range = Range::new().await;
        for (name, body, send) in bodies(&range) {
            // Whoever signs in with it is nobody, whatever it is.
            if name.contains("/auth/sign-in") {
                continue;
            }
            let mut found = Vec::new();
            lines(&body, String::new(), false, &mut found);
            for path in found {
                for _ in 0..6 {
                    let mut body = body.clone();
                    let slot = body.pointer_mut(&path).unwrap();
                    let mut letters: Vec<char> = slot.as_str().unwrap().chars().collect();
                    letters.insert(dice.below(letters.len() + 1), control(&mut dice));
                    *slot = Value::from(letters.into_iter().collect::<String>());
                    let at = format!("seed {seed}: {name} with {body}");
                    let request = send(&range, body.to_string());
                    let problems = [
                        "invalid_request",
                        "invalid_repository",
                        "model_unavailable",
                        "agent_unavailable",
                        "sign_up_closed",
                    ];
                    range.refused(request, &problems, &at).await;
                }
            }
            range.unharmed(&name).await;
        }
        println!("seed {seed}: {}", range.over("control characters").await);
    }
}

/// Texts of JSON that are no whole number from 0 to 2^64.
fn no_numbers(dice: &mut Dice) -> Vec<String> {
    let mut all: Vec<String> = [
        "-1",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "1.5",
        "1.0",
        "1e2",
        "1E400",
        "-1e400",
        "0.1e1",
        "\"5\"",
        "\"\"",
        "true",
        "[]",
        "[5]",
        "{}",
        "{\"a\":5}",
        "1e-400",
        "5.000000000000001",
        "340282366920938463463374607431768211456",
        "-0.0",
        "\"NaN\"",
        "\"0x10\"",
    ]
    .map(str::to_owned)
    .to_vec();
    for _ in 0..12 {
        let number = dice.next();
        all.push(format!("-{number}"));
        all.push(format!("{number}{}", dice.next()));
        all.push(format!("{}.{}", number % 1000, 1 + dice.next() % 1000));
        all.push(format!("{}e{}", number % 100, 1 + dice.next() % 300));
    }
    all
}

#[tokio::test]
async fn no_number_passes_an_edge() {
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let mut range = Range::new().await;
        let rotate = format!("/v1/api-keys/{}/rotate", range.stage.robot_key);
        let patch = format!("/v1/api-keys/{}", range.stage.robot_key);
        let model = |inside: &str| {
            format!(
                "{{\"provider\":\"matrix\",\"api\":\"openai-chat\",\"base_url\":\"https://m.example/v1\",\"api_key\":\"x\",\"models\":[{{\"id\":\"m\",{inside}}}]}}"
            )
        };
        // `?` is the number; what is too large for each is beside it.
        let places: Vec<(&str, &str, String, &str)> = vec![
            (
                "POST",
                "/v1/api-keys",
                "{\"name\":\"n\",\"rate_per_s\":?}".into(),
                "100001",
            ),
            ("PATCH", &patch, "{\"rate_per_s\":?}".into(), "4294967296"),
            ("POST", &rotate, "{\"overlap_s\":?}".into(), "2592001"),
            (
                "POST",
                "/v1/model-providers",
                model("\"context\":?"),
                "1000000001",
            ),
            (
                "POST",
                "/v1/model-providers",
                model("\"max_output\":?"),
                "1000000001",
            ),
            (
                "POST",
                "/v1/model-providers",
                model("\"price\":{\"input\":?,\"output\":1}"),
                "1000000000001",
            ),
            (
                "POST",
                "/v1/model-providers",
                model("\"price\":{\"input\":1,\"output\":?}"),
                "1000000000001",
            ),
            (
                "POST",
                "/v1/model-providers",
                model("\"price\":{\"input\":1,\"output\":1,\"cached\":?}"),
                "18446744073709551615",
            ),
        ];
        for (method, path, text, large) in places {
            let mut numbers = no_numbers(&mut dice);
            numbers.push(large.to_owned());
            for number in numbers {
                let text = text.replace('?', &number);
                let mut request = range.key.request(method, path, &Payload::Json(Value::Null));
                let at = format!("seed {seed}: {method} {path} with {text}");
                *request.body_mut() = text.into();
                range.refused(request, &["invalid_request"], &at).await;
            }
        }
        println!("seed {seed}: {}", range.over("numbers").await);
    }
}

/// Every list of the description: its `limit` and its `cursor`.
#[tokio::test]
async fn no_page_is_larger_or_elsewhere() {
    let limits = [
        "0",
        "-1",
        "1.0",
        "1e1",
        "0x10",
        "%D9%A3",
        "%EF%BC%91",
        "",
        "%20",
        "%201",
        "1%20",
        "1%00",
        "10001",
        "18446744073709551616",
        "99999999999999999999999999",
        "NaN",
        "true",
        "null",
        "1,2",
        "%5B1%5D",
        "%2D0",
    ];
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let mut range = Range::new().await;
        let known: Vec<(String, String)> = crate::rows::all()
            .iter()
            .filter(|row| row.only_reads())
            .map(|row| (row.path.to_owned(), row.target(&range.stage)))
            .collect();
        for operation in operations().into_iter().filter(|known| known.method == "GET") {
            let Some((_, target)) = known.iter().find(|(path, _)| *path == operation.path) else {
                continue;
            };
            let takes = |name: &str| {
                let parameters = operation.said["parameters"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default();
                parameters
                    .iter()
                    .any(|one| one["name"] == name && one["in"] == "query")
            };
            let mut cases: Vec<(String, &str)> = Vec::new();
            if takes("limit") {
                cases.extend(limits.map(|limit| (format!("limit={limit}"), "invalid_request")));
                for query in [
                    "limit=1&limit=2",
                    "limit[]=1",
                    "LIMIT=1",
                    "limit=1&x=1",
                    "limit=1;limit=2",
                ] {
                    cases.push((query.to_owned(), "invalid_request"));
                }
            }
            if takes("cursor") {
                for cursor in [
                    "",
                    "x",
                    "%00",
                    "..%2f..",
                    "*",
                    "0x",
                    "%2B0000000000000000000000000000001",
                ] {
                    cases.push((format!("cursor={cursor}"), "invalid_cursor"));
                }
                let hexadecimal: String = dice.bytes(17).iter().map(|byte| format!("{byte:02x}")).collect();
                cases.push((format!("cursor={}", &hexadecimal[..31]), "invalid_cursor"));
                cases.push((format!("cursor={}", &hexadecimal[..33]), "invalid_cursor"));
                cases.push((format!("cursor={}g", &hexadecimal[..31]), "invalid_cursor"));
                cases.push(("cursor=0&cursor=1".to_owned(), "invalid_request"));
            }
            for (query, problem) in cases {
                let target = format!("{target}?{query}");
                let at = format!("seed {seed}: {target}");
                let request = range.key.request("GET", &target, &Payload::Nothing);
                range.refused(request, &[problem], &at).await;
            }
        }
        println!("seed {seed}: {}", range.over("pages").await);
    }
}

/// The text of a value with one more field in one of its objects: the same name, spelled with escapes.
fn doubled(value: &Value) -> Vec<String> {
    let mut all = Vec::new();
    match value {
        Value::Object(fields) => {
            for name in fields.keys() {
                let escaped: String = name.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
                let text = value.to_string();
                all.push(format!("{{\"{escaped}\":{},{}", fields[name], &text[1..]));
                all.push(format!("{},\"{name}\":null}}", &text[..text.len() - 1]));
            }
            for (name, inner) in fields {
                for inner in doubled(inner) {
                    let others: Vec<String> = fields
                        .iter()
                        .filter(|(other, _)| *other != name)
                        .map(|(other, value)| format!("{}:{value}", Value::from(other.as_str())))
                        .chain([format!("{}:{inner}", Value::from(name.as_str()))])
                        .collect();
                    all.push(format!("{{{}}}", others.join(",")));
                }
            }
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                for inner in doubled(inner) {
                    let mut texts: Vec<String> = items.iter().map(ToString::to_string).collect();
                    texts[at] = inner;
                    all.push(format!("[{}]", texts.join(",")));
                }
            }
        }
        _ => {}
    }
    all
}

#[tokio::test]
async fn no_field_is_there_twice_however_it_is_spelled() {
    let mut range = Range::new().await;
    for (name, body, send) in bodies(&range) {
        for text in doubled(&body) {
            let at = format!("{name} with {text}");
            let request = send(&range, text);
            range.refused(request, &["invalid_request"], &at).await;
        }
        range.unharmed(&name).await;
    }
    println!("{}", range.over("twice").await);
}

/// Letters of other alphabets, wide and styled ones, and what is not seen.
const LOOKALIKES: &[(char, &[&str])] = &[
    (
        'a',
        &[
            "\u{430}",
            "\u{251}",
            "\u{ff41}",
            "\u{1d41a}",
            "\u{e1}",
            "a\u{301}",
        ],
    ),
    ('c', &["\u{441}", "\u{ff43}", "\u{217d}", "\u{e7}"]),
    ('e', &["\u{435}", "\u{ff45}", "\u{212f}", "e\u{301}"]),
    ('i', &["\u{456}", "\u{131}", "\u{2170}", "\u{130}"]),
    ('k', &["\u{212a}", "\u{43a}", "\u{ff4b}"]),
    ('m', &["\u{ff4d}", "\u{217f}", "rn\u{200b}"]),
    ('n', &["\u{578}", "\u{ff4e}", "\u{144}"]),
    ('o', &["\u{43e}", "\u{3bf}", "\u{ff4f}", "\u{2134}"]),
    ('r', &["\u{433}", "\u{ff52}"]),
    ('s', &["\u{455}", "\u{17f}", "\u{ff53}"]),
    ('x', &["\u{445}", "\u{ff58}", "\u{2179}"]),
    ('z', &["\u{1d22}", "\u{ff5a}", "\u{17c}"]),
    ('-', &["\u{2010}", "\u{2011}", "\u{2212}", "\u{ff0d}", "\u{ad}"]),
    ('@', &["\u{ff20}", "\u{fe6b}"]),
    ('.', &["\u{3002}", "\u{ff0e}", "\u{2024}"]),
];

fn lookalikes(word: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (at, letter) in word.char_indices() {
        let others = LOOKALIKES.iter().find(|(known, _)| *known == letter);
        for other in others.map(|(_, others)| *others).unwrap_or_default() {
            all.push(format!(
                "{}{other}{}",
                &word[..at],
                &word[at + letter.len_utf8()..]
            ));
        }
        for unseen in [
            "\u{200b}",
            "\u{200d}",
            "\u{2060}",
            "\u{feff}",
            "\u{202e}",
            "\u{ad}",
            "\u{e0061}",
        ] {
            all.push(format!("{}{unseen}{}", &word[..at], &word[at..]));
        }
    }
    all
}

#[tokio::test]
async fn no_lookalike_is_a_slug_an_address_or_somebody() {
    let stage = Stage::new().await;
    let password = "a long one that only ana knows";
    let ana = Browser::linked(&stage.house, &stage.owner).await;
    ana.set_password(password, None).await.ok();
    ana.sign_out().await.ok();
    let mut range = Range::around(stage).await;
    for slug in lookalikes("zanzibar-works") {
        let request = range
            .browser
            .request("POST", "/v1/orgs", &Payload::Json(json!({"slug": slug})));
        range
            .refused(request, &["invalid_request"], &format!("slug {slug:?}"))
            .await;
    }
    let invitations = format!("/v1/orgs/{}/invitations", range.stage.owner.org_id);
    for email in lookalikes("ana@zanzibar.example") {
        let at = format!("email {email:?}");
        let invite = json!({"role": "viewer", "email": email});
        let request = range.key.request("POST", &invitations, &Payload::Json(invite));
        range.refused(request, &["invalid_request"], &at).await;
        let reset = json!({"email": email});
        let request =
            crate::caller::Credential::Nothing.request("POST", "/v1/auth/reset", &Payload::Json(reset));
        range.refused(request, &["invalid_request"], &at).await;
        let body = json!({"email": email, "password": password});
        let nobody = crate::caller::Credential::Nothing;
        let request = nobody.request("POST", "/v1/auth/sign-in", &Payload::Json(body));
        let answer = range.sent(request, &at).await;
        assert_eq!(answer.status, 401, "{at}: {}", answer.text());
    }
    println!("{}", range.over("lookalikes").await);
}
