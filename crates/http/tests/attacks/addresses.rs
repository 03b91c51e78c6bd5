//! Addresses that lead inside: model providers, repositories and environments are given every spelling of what the
//! server must not connect to. Nothing is kept, nothing is called.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use app::{AddressCheck, AddressRefused};
use async_trait::async_trait;
use domain::address::{Guard, Host};
use serde_json::{Value, json};
use url::Url;

use crate::{harness::Range, row::Payload, stage::Stage};

/// The guard of a real server, with a resolver that knows a few names.
struct RealGuard(Guard);

fn resolve(name: &str) -> Vec<IpAddr> {
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    match name {
        "localhost" | "loop.example" => vec![ip("127.0.0.1"), ip("::1")],
        name if name.ends_with(".localhost") => vec![ip("127.0.0.1")],
        "metadata.google.internal" | "meta.example" => vec![ip("169.254.169.254")],
        "inside.example" => vec![ip("10.0.0.7"), ip("fd00::7")],
        "mapped.example" => vec![ip("::ffff:10.0.0.7")],
        "127.0.0.1.nip.example" => vec![ip("127.0.0.1")],
        _ => vec![ip("93.184.215.14")],
    }
}

#[async_trait]
impl AddressCheck for RealGuard {
    async fn check(&self, url: &str) -> Result<(), AddressRefused> {
        let refused = |why: String| AddressRefused(why);
        let url = Url::parse(url).map_err(|error| refused(error.to_string()))?;
        let port = url.port_or_known_default().unwrap_or(0);
        let host =
            Host::parse(url.host_str().unwrap_or_default()).map_err(|error| refused(error.to_string()))?;
        let found = match host {
            Host::Ip(ip) => vec![ip],
            Host::Name(name) => resolve(&name),
        };
        found
            .into_iter()
            .try_for_each(|ip| self.0.check(ip, port))
            .map_err(|why| refused(why.to_string()))
    }
}

/// Every way to write an IPv4 address that some client reads as one.
fn spellings(ip: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = ip.octets();
    let number = u32::from(ip);
    let wide: String = ip
        .to_string()
        .chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(u32::from(c) - 0x30 + 0xff10).unwrap(),
            other => other,
        })
        .collect();
    let (high, low) = (number >> 16, number & 0xffff);
    let percent: String = ip
        .to_string()
        .bytes()
        .map(|byte| format!("%{byte:02x}"))
        .collect();
    vec![
        format!("{ip}"),
        format!("{ip}."),
        format!("{number}"),
        format!("{number:#x}"),
        format!("{number:#o}").replace("0o", "0"),
        format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("00000{a:o}.{b}.{c}.{d}"),
        format!("0x{a:x}.{b}.0{c:o}.{d}"),
        format!("{a}.{}", number & 0xff_ffff),
        format!("{a}.{b}.{low}"),
        format!("0x{a:X}.0x{:X}", number & 0xff_ffff),
        format!("[::ffff:{ip}]"),
        format!("[::ffff:{high:x}:{low:x}]"),
        format!("[0:0:0:0:0:ffff:{high:04x}:{low:04x}]"),
        format!("[::{ip}]"),
        format!("[64:ff9b::{ip}]"),
        format!("[64:ff9b::{high:x}:{low:x}]"),
        format!("[2002:{high:x}:{low:x}::1]"),
        wide,
        ip.to_string().replace('.', "。"),
        ip.to_string().replace('.', "．"),
        percent,
        format!("{ip}:80"),
        format!("{ip}:0080"),
    ]
}

fn hosts() -> Vec<String> {
    let inside = [
        "127.0.0.1",
        "127.255.1.2",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.254",
        "192.168.1.1",
        "169.254.169.254",
        "169.254.170.2",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
    ];
    let mut hosts: Vec<String> = inside
        .iter()
        .flat_map(|ip| spellings(ip.parse().unwrap()))
        .collect();
    hosts.extend(
        [
            "[::1]",
            "[::]",
            "[0:0:0:0:0:0:0:1]",
            "[fe80::1]",
            "[fe80::1%25eth0]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[ff02::1]",
            "[::ffff:0:127.0.0.1]",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "ｌｏｃａｌｈｏｓｔ",
            "loop.example",
            "LOOP.example.",
            "metadata.google.internal",
            "meta.example",
            "inside.example",
            "mapped.example",
            "127.0.0.1.nip.example",
            "good.example@127.0.0.1",
            "good.example:443@127.0.0.1",
            "127.0.0.1@good.example",
            "good.example\\@127.0.0.1",
            "127.0.0.1\\.good.example",
            "127.0.0.1#.good.example",
            "127.0.0.1?.good.example",
            "127.0.0.1/.good.example",
            "127.0.0.1%00.good.example",
            "127.0.0.1\t",
            " 127.0.0.1",
            "127.0.\n0.1",
            "",
            ".",
            "..",
            "[",
            "[::1",
            "*",
        ]
        .map(str::to_owned),
    );
    hosts
}

fn addresses() -> Vec<String> {
    let mut all: Vec<String> = hosts()
        .iter()
        .flat_map(|host| [format!("http://{host}/v1"), format!("https://{host}/v1")])
        .collect();
    all.extend(
        [
            "http:127.0.0.1/v1",
            "http:/127.0.0.1/v1",
            "http:\\\\127.0.0.1\\v1",
            "http:///127.0.0.1/v1",
            "//127.0.0.1/v1",
            "127.0.0.1/v1",
            "HTTP://127.0.0.1/v1",
            "ht\ttp://127.0.0.1/v1",
            "file:///etc/passwd",
            "file://127.0.0.1/etc/passwd",
            "gopher://127.0.0.1:6379/_x",
            "ftp://127.0.0.1/v1",
            "dict://127.0.0.1:11211/v1",
            "ws://127.0.0.1/v1",
            "ldap://127.0.0.1/v1",
            "unix:///var/run/docker.sock",
            "data:text/plain,x",
            "javascript:alert(1)",
            "jar:http://127.0.0.1!/v1",
            "ext::sh -c id",
            "ssh://127.0.0.1/v1",
            "git://127.0.0.1/v1",
            "git@127.0.0.1:v1",
            "-oProxyCommand=id",
            "--upload-pack=id",
            "/etc/passwd",
            "..",
            "",
        ]
        .map(str::to_owned),
    );
    all
}

#[tokio::test]
async fn no_address_leads_inside() {
    let stage = Stage::guarded(Arc::new(RealGuard(Guard::default()))).await;
    let mut range = Range::around(stage).await;
    let (provider, environment) = (
        format!("/v1/model-providers/{}", range.stage.provider),
        format!("/v1/environments/{}", range.stage.environment),
    );
    let model =
        |url: &str| json!({"provider": "matrix", "api": "openai-chat", "base_url": url, "api_key": "sk-x"});
    let upstream = range.stage.house.fakes.model_gateway.requests().len();
    let probes = range.stage.house.fakes.sandboxes.probed().len();
    for url in addresses() {
        let doors: Vec<(&str, &str, Value)> = vec![
            ("POST", "/v1/model-providers", model(&url)),
            ("POST", "/v1/model-providers/test", model(&url)),
            ("PATCH", &provider, json!({"base_url": url, "api_key": "sk-x"})),
            (
                "POST",
                "/v1/sessions",
                json!({"agent": "scripted", "model": "demo/scripted", "repository": {"url": url}}),
            ),
            (
                "POST",
                "/v1/environments",
                json!({"name": "matrix", "setup": [], "repository": {"url": url}}),
            ),
            ("PATCH", &environment, json!({"repository": {"url": url}})),
            (
                "POST",
                "/v1/environments/detect",
                json!({"repository": {"url": url}}),
            ),
        ];
        for (method, path, body) in doors {
            let request = range.key.request(method, path, &Payload::Json(body));
            let problems = ["address_not_allowed", "invalid_request", "invalid_repository"];
            range
                .refused(request, &problems, &format!("{method} {path} with {url:?}"))
                .await;
        }
    }
    assert_eq!(range.stage.house.fakes.model_gateway.requests().len(), upstream);
    assert_eq!(range.stage.house.fakes.sandboxes.probed().len(), probes);
    println!("{}", range.over("addresses").await);
}
