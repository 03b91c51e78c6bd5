//! The description of the API. It can be made without a server.

use std::sync::LazyLock;

use protocol::{
    Problem, ProblemCode,
    socket::{ClientFrame, SocketFrame},
};
use serde_json::Value;
use utoipa::{
    OpenApi,
    openapi::{
        ContentBuilder, HttpMethod, Info, ObjectBuilder, OpenApi as Document, Ref, RefOr, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn, PathItem},
        schema::Type,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::router;

#[derive(OpenApi)]
#[openapi(components(schemas(Problem, ClientFrame, SocketFrame)))]
struct Base;

const DESCRIPTION: &str = "The control plane for hosted coding agents. Every mutation takes `Idempotency-Key`; errors are \
`application/problem+json` whose `type` is a page; lists are paged by cursor; times are RFC 3339 in UTC; money is integer \
micro-USD, null where a price is unknown.";

/// The whole description, without a server.
#[must_use]
pub fn openapi() -> Document {
    let mut document = router::described().into_openapi();
    document.merge(Base::openapi());
    let mut info = Info::new("agent-coordinator", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.to_owned());
    document.info = info;
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("ack_…")
        .description(Some("An API key of an organisation."))
        .build();
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("api_key", SecurityScheme::Http(scheme));
    document.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>(
        "api_key",
        [],
    )]);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(path, &method, operation);
        }
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
    let codes: Vec<String> = ProblemCode::ALL
        .iter()
        .map(|code| format!("`{}` ({})", code.slug(), code.status()))
        .collect();
    let problem = ResponseBuilder::new()
        .description(format!(
            "A problem. Its `type` ends in one of {}.",
            codes.join(", ")
        ))
        .content(
            "application/problem+json",
            ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("Problem")))
                .build(),
        )
        .build();
    operation
        .responses
        .responses
        .entry("default".to_owned())
        .or_insert(RefOr::T(problem));
    let mutates = path.starts_with("/v1/") && !matches!(method, HttpMethod::Get);
    if mutates {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(255))
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
