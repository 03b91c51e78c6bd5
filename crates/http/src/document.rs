//! The description of the API. It can be made without a server.

use std::sync::LazyLock;

use protocol::{
    Problem, ProblemCode,
    org_event::{AuditEvent, FeedClientFrame, FeedFrame, OrgStatusChange, RunRecorded},
    socket::{ClientFrame, SocketFrame},
};
use serde_json::Value;
use utoipa::{
    OpenApi,
    openapi::{
        Content, ContentBuilder, HttpMethod, Info, KnownFormat, ObjectBuilder, OpenApi as Document, Ref,
        RefOr, Response, ResponseBuilder, SchemaFormat, Server,
        path::{Operation, ParameterBuilder, ParameterIn, PathItem},
        schema::{Schema, Type},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
        tag::{Tag, TagBuilder},
    },
};

use crate::{bounds, router};

#[derive(OpenApi)]
#[openapi(components(schemas(
    Problem,
    ClientFrame,
    SocketFrame,
    FeedClientFrame,
    FeedFrame,
    OrgStatusChange,
    RunRecorded,
    AuditEvent
)))]
struct Base;

const DESCRIPTION: &str = "The control plane for hosted coding agents. Every mutation takes `Idempotency-Key`; errors are \
`application/problem+json` whose `type` is a page; lists are paged by cursor; times are RFC 3339 in UTC; money is integer \
micro-USD, null where a price is unknown. An id of another organisation answers like one that does not exist: 404.";

const BROWSER: &str = "The cookie of a browser session (`coordinator` where the server is reached by plain http). Whatever \
changes something carries the `csrf_token` of `GET /v1/me` as the header `Coordinator-CSRF`. A user of several \
organisations chooses with `Coordinator-Org: org_…`; below `/v1/sessions/{id}` the session's organisation counts.";

/// The whole description, without a server.
#[must_use]
pub fn openapi() -> Document {
    let mut document = router::described().into_openapi();
    document.merge(Base::openapi());
    let mut info = Info::new("agent-coordinator", env!("CARGO_PKG_VERSION"));
    let codes: Vec<String> = ProblemCode::ALL
        .iter()
        .map(|code| format!("`{}` ({})", code.slug(), code.status()))
        .collect();
    info.description = Some(format!(
        "{DESCRIPTION}\n\nThe `type` of a problem ends in one of {}.",
        codes.join(", ")
    ));
    document.info = info;
    document.tags = Some(tags());
    document.servers = Some(vec![Server::new("/")]);
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("ack_…")
        .description(Some("An API key of an organisation."))
        .build();
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("api_key", SecurityScheme::Http(scheme));
    let cookie = ApiKeyValue::with_description("__Host-coordinator", BROWSER);
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("browser", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let either = ["api_key", "browser"];
    document.security = Some(
        either
            .map(|scheme| SecurityRequirement::new::<_, [&str; 0], &str>(scheme, []))
            .to_vec(),
    );
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(path, &method, operation);
        }
    }
    if let Err(field) = bounds::tell(&mut document) {
        tracing::error!(field, "the description does not say how this field is bounded");
    }
    document
}

/// As served.
pub(crate) fn shared() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(openapi()).unwrap_or_default());
    &DOCUMENT
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

/// What is the same for every operation is said in one place.
fn complete(path: &str, method: &HttpMethod, operation: &mut Operation) {
    let open = operation.security.is_some();
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = outcome(status).to_owned();
        }
    }
    for response in responses.values_mut() {
        if let RefOr::T(response) = response {
            bytes(response.content.iter_mut());
        }
    }
    let mut may_fail = |status: &str, description: &str| {
        responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(problem(description)));
    };
    if !open {
        may_fail("401", ProblemCode::Unauthenticated.title());
        may_fail("429", ProblemCode::RateLimited.title());
    }
    if path.contains('{') {
        may_fail("404", ProblemCode::NotFound.title());
    }
    may_fail("default", "Refused or failed: a problem, whose `type` says which");
    if let Some(example) = operation.operation_id.as_deref().and_then(crate::examples::body)
        && let Some(RefOr::T(body)) = operation.request_body.as_mut()
        && let Some(RefOr::T(content)) = body.content.get_mut("application/json")
    {
        content.example = Some(example);
    }
    if let Some(RefOr::T(body)) = operation.request_body.as_mut() {
        bytes(body.content.iter_mut());
    }
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && let Some(RefOr::T(Schema::Object(object))) = parameter.schema.as_mut()
        {
            if parameter.parameter_in == ParameterIn::Header {
                object.schema_type = bounds::without_null(&object.schema_type);
            }
            // Numbers here have no sign, and one bit more for it.
            if object.format == Some(SchemaFormat::KnownFormat(KnownFormat::Int64)) {
                object.format = Some(SchemaFormat::Custom("uint64".to_owned()));
            }
        }
    }
    let mutates = path.starts_with("/v1/") && !matches!(method, HttpMethod::Get);
    if mutates {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(255))
            .pattern(Some("^[!-~]+$"))
            .build();
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .description(Some("Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict."))
            .schema(Some(text))
            .build();
        operation
            .parameters
            .get_or_insert_default()
            .push(RefOr::T(parameter));
    }
}

/// A file is bytes, and no list of numbers.
fn bytes<'a>(contents: impl Iterator<Item = (&'a String, &'a mut RefOr<Content>)>) {
    for (kind, content) in contents {
        let is_list = |content: &Content| matches!(content.schema, Some(RefOr::T(Schema::Array(_))));
        if let RefOr::T(content) = content
            && kind != "application/json"
            && is_list(content)
        {
            let file = ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
            content.schema = Some(file.into());
        }
    }
}

/// What a status means where the operation does not say it itself.
fn outcome(status: &str) -> &'static str {
    match status {
        "101" => "The connection becomes a WebSocket",
        "200" => "Done, or here it is",
        "201" => "Made",
        "202" => "Taken; it happens in a moment, and events tell how it went",
        "204" => "Done; there is nothing to say about it",
        _ => "Not now; the body says why",
    }
}

fn problem(description: &str) -> Response {
    ResponseBuilder::new()
        .description(description)
        .content(
            "application/problem+json",
            ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("Problem")))
                .build(),
        )
        .build()
}

/// Groups of operations, in the order in which a newcomer meets them.
const TAGS: &[(&str, &str)] = &[
    (
        "sessions",
        "A session is one agent at work on one repository, in a sandbox of its own.",
    ),
    (
        "prompts",
        "What the agent is to do. One runs at a time; the others wait in order.",
    ),
    (
        "events",
        "Everything that happened, in order, once; live and from any point.",
    ),
    (
        "permissions and questions",
        "What the agent wants to know from a person.",
    ),
    ("work", "Getting the work out: a patch, files, an archive."),
    (
        "artifacts",
        "Files that a session leaves behind, kept as long as it is.",
    ),
    (
        "runs",
        "The durable history of finished turns, with tokens and cost.",
    ),
    (
        "audit",
        "Who did what, or tried to, in a chain that can be verified.",
    ),
    (
        "environments",
        "Set-up commands of a repository, and finding out what it needs.",
    ),
    (
        "secrets",
        "Variables of sandboxes, for set-up or for the agent. Values go in and never come out.",
    ),
    ("models and agents", "What can be used now."),
    (
        "model providers",
        "The organisation's own accounts. Keys go in and never come out.",
    ),
    (
        "organisations",
        "Who works together: members with their roles, and invitations.",
    ),
    ("identity", "Who asks, and with which keys."),
    ("server", "Health, readiness, metrics, and this description."),
    ("runner", "For the program inside a sandbox, not for people."),
];

fn tags() -> Vec<Tag> {
    let tag = |(name, description): &(&str, &str)| {
        TagBuilder::new()
            .name(*name)
            .description(Some(*description))
            .build()
    };
    TAGS.iter().map(tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field that was renamed, or is of another kind now, would otherwise lose its bounds without a word.
    #[test]
    fn every_bound_finds_its_field() {
        assert_eq!(bounds::tell(&mut openapi()), Ok(()));
    }
}
