//! `GET /openapi.json` and `GET /docs`.

use std::fmt::Write;

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::ProblemCode;
use serde_json::Value;

use super::{escape, markdown, page};
use crate::{document, reply, state::HttpState};

/// The description of this API (OpenAPI 3.1).
#[utoipa::path(
    get, path = "/openapi.json", tag = "server", security(()),
    responses((status = 200, content_type = "application/json", body = Object))
)]
pub(crate) async fn openapi_json(State(_state): State<HttpState>) -> Response {
    reply::json(StatusCode::OK, document::shared())
}

/// The same for people: one page, no scripts, nothing loaded from elsewhere.
#[utoipa::path(
    get, path = "/docs", tag = "server", security(()),
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn docs_page(State(_state): State<HttpState>) -> Response {
    page("agent-coordinator API", &render(document::shared()))
}

fn render(document: &Value) -> String {
    let mut out = String::new();
    let info = &document["info"];
    let _ = write!(
        out,
        "<h1>{} <small>{}</small></h1><p>{}</p>\
         <p>For programs: <a href=\"/openapi.json\">/openapi.json</a>. Send your API key as \
         <code>Authorization: Bearer ack_…</code>.</p>",
        text(info, "title"),
        text(info, "version"),
        markdown::inline(
            info["description"]
                .as_str()
                .and_then(|text| text.split("\n\n").next())
                .unwrap_or_default()
        )
    );
    let groups: Vec<&Value> = document["tags"].as_array().into_iter().flatten().collect();
    out.push_str("<nav><ul>");
    for group in &groups {
        let name = text(group, "name");
        let _ = write!(
            out,
            "<li><a href=\"#{}\">{name}</a> <span>{}</span></li>",
            slug(&name),
            prose(group, "description")
        );
    }
    out.push_str(
        "<li><a href=\"#problems\">problems</a> <span>What refusals mean, and what to do.</span></li>",
    );
    out.push_str(
        "<li><a href=\"#shapes\">shapes</a> <span>What goes in and comes out.</span></li></ul></nav>",
    );
    for group in groups {
        let name = text(group, "name");
        let _ = write!(out, "<h2 id=\"{}\">{name}</h2>", slug(&name));
        for (path, method, operation) in operations(document, group["name"].as_str().unwrap_or_default()) {
            operation_text(&mut out, path, method, operation);
        }
    }
    out.push_str("<h2 id=\"problems\">Problems</h2><table>");
    for code in ProblemCode::ALL {
        let _ = write!(
            out,
            "<tr><th>{}</th><td><a href=\"/problems/{1}\"><code>{1}</code></a></td><td>{2}</td></tr>",
            code.status(),
            code.slug(),
            escape(code.title())
        );
    }
    out.push_str("</table>");
    out.push_str("<h2 id=\"shapes\">Shapes</h2>");
    for (name, schema) in members(&document["components"]["schemas"]) {
        let pretty = serde_json::to_string_pretty(schema).unwrap_or_default();
        let name = escape(name);
        let _ = write!(
            out,
            "<details id=\"schema-{name}\"><summary>{name}</summary><pre>{}</pre></details>",
            escape(&pretty)
        );
    }
    out
}

/// The operations of a group, with path and method.
fn operations<'a>(
    document: &'a Value,
    group: &str,
) -> impl Iterator<Item = (&'a String, &'a String, &'a Value)> {
    members(&document["paths"])
        .flat_map(|(path, item)| members(item).map(move |(method, operation)| (path, method, operation)))
        .filter(move |(_, _, operation)| operation["tags"][0] == group)
}

fn operation_text(out: &mut String, path: &str, method: &str, operation: &Value) {
    let _ = write!(
        out,
        "<section id=\"{}\"><h3><span class=\"method {method}\">{}</span> <code>{}</code></h3><p>{} {}</p>",
        text(operation, "operationId"),
        escape(&method.to_uppercase()),
        escape(path),
        prose(operation, "summary"),
        prose(operation, "description"),
    );
    parameters(out, &operation["parameters"]);
    let body = &operation["requestBody"]["content"];
    if body.is_object() {
        let _ = write!(out, "<p>Body: {}</p>", contents(body));
        let example = &body["application/json"]["example"];
        if !example.is_null() {
            let pretty = serde_json::to_string_pretty(example).unwrap_or_default();
            let _ = write!(out, "<pre>{}</pre>", escape(&pretty));
        }
    }
    out.push_str("<table>");
    // Refusals are the same everywhere and are told once, above.
    for (status, response) in members(&operation["responses"])
        .filter(|(status, _)| status.starts_with(['1', '2']) || *status == "503")
    {
        let _ = write!(
            out,
            "<tr><th>{}</th><td>{} {}</td></tr>",
            escape(status),
            prose(response, "description"),
            contents(&response["content"]),
        );
    }
    out.push_str("</table></section>");
}

fn parameters(out: &mut String, parameters: &Value) {
    let shown: Vec<&Value> = parameters
        .as_array()
        .into_iter()
        .flatten()
        .filter(|parameter| parameter["name"] != "Idempotency-Key")
        .collect();
    if shown.is_empty() {
        return;
    }
    out.push_str("<table>");
    for parameter in shown {
        let _ = write!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            text(parameter, "name"),
            text(parameter, "in"),
            prose(parameter, "description")
        );
    }
    out.push_str("</table>");
}

/// Media types with a link to each shape.
fn contents(content: &Value) -> String {
    let mut out = String::new();
    for (media_type, body) in members(content) {
        let _ = write!(out, "<code>{}</code> ", escape(media_type));
        if let Some(name) = body["schema"]["$ref"]
            .as_str()
            .and_then(|path| path.rsplit('/').next())
        {
            let name = escape(name);
            let _ = write!(out, "<a href=\"#schema-{name}\">{name}</a> ");
        }
    }
    out
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value, key: &str) -> String {
    escape(value[key].as_str().unwrap_or_default())
}

/// A text in which backticks mark code.
fn prose(value: &Value, key: &str) -> String {
    markdown::inline(value[key].as_str().unwrap_or_default())
}

fn slug(name: &str) -> String {
    name.replace(' ', "-")
}
