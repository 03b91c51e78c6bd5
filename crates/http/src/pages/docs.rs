//! `GET /openapi.json` and `GET /docs`.

use std::fmt::Write;

use axum::{extract::State, response::Response};
use http::StatusCode;
use serde_json::Value;

use super::{escape, page};
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
    let text = |value: &Value, key: &str| escape(value[key].as_str().unwrap_or_default());
    let info = &document["info"];
    let _ = write!(
        out,
        "<h1>{} {}</h1><p>{}</p>",
        text(info, "title"),
        text(info, "version"),
        text(info, "description")
    );
    out.push_str("<p>As a document: <a href=\"/openapi.json\">/openapi.json</a></p><h2>Operations</h2>");
    let none = serde_json::Map::new();
    for (path, item) in document["paths"].as_object().unwrap_or(&none) {
        for (method, operation) in item.as_object().unwrap_or(&none) {
            if operation["responses"].is_null() {
                continue;
            }
            let _ = write!(
                out,
                "<section id=\"{}\"><h3><span class=\"method\">{}</span> <code>{}</code></h3><p>{} {}</p>",
                text(operation, "operationId"),
                escape(&method.to_uppercase()),
                escape(path),
                text(operation, "summary"),
                text(operation, "description"),
            );
            parameters(&mut out, &operation["parameters"]);
            if let Some(content) = operation["requestBody"]["content"].as_object() {
                let _ = write!(out, "<p>Body: {}</p>", contents(content));
            }
            out.push_str("<table>");
            for (status, response) in operation["responses"].as_object().unwrap_or(&none) {
                let _ = write!(
                    out,
                    "<tr><th>{}</th><td>{} {}</td></tr>",
                    escape(status),
                    text(response, "description"),
                    contents(response["content"].as_object().unwrap_or(&none)),
                );
            }
            out.push_str("</table></section>");
        }
    }
    out.push_str("<h2>Shapes</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().unwrap_or(&none) {
        let pretty = serde_json::to_string_pretty(schema).unwrap_or_default();
        let name = escape(name);
        let _ = write!(
            out,
            "<section id=\"schema-{name}\"><h3>{name}</h3><pre>{}</pre></section>",
            escape(&pretty)
        );
    }
    out
}

fn parameters(out: &mut String, parameters: &Value) {
    let Some(parameters) = parameters.as_array().filter(|list| !list.is_empty()) else {
        return;
    };
    out.push_str("<table>");
    for parameter in parameters {
        let text = |key: &str| escape(parameter[key].as_str().unwrap_or_default());
        let _ = write!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            text("name"),
            text("in"),
            text("description")
        );
    }
    out.push_str("</table>");
}

/// Media types with a link to each shape.
fn contents(content: &serde_json::Map<String, Value>) -> String {
    let mut out = String::new();
    for (media_type, body) in content {
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
