//! `GET /v1/sessions/{id}/prompts/{prompt_id}/attachments/{index}`.

use app::AppError;
use axum::{
    body::Body,
    extract::{FromRequestParts, Request, State},
    response::Response,
};
use http::{HeaderValue, header};
use protocol::{PromptId, SessionId};

use crate::{
    extract::{SessionAccess, path_id, path_text},
    problem::ApiProblem,
    state::HttpState,
};

/// A file that came along with a prompt. Pictures (PNG, JPEG, GIF, WebP, known by their content) have their type;
/// everything else comes as bytes to be saved.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/prompts/{prompt_id}/attachments/{index}", tag = "prompts",
    params(
        ("id" = SessionId, Path, description = "The session's id"),
        ("prompt_id" = PromptId, Path, description = "The prompt's id"),
        ("index" = u32, Path, description = "Which of the prompt's attachments; 0 is the first"),
    ),
    responses((status = 200, description = "The file's content", content(
        (Vec<u8> = "image/png"),
        (Vec<u8> = "image/jpeg"),
        (Vec<u8> = "image/gif"),
        (Vec<u8> = "image/webp"),
        (Vec<u8> = "application/octet-stream"),
    )))
)]
pub(crate) async fn get_attachment(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, _) = request.into_parts();
    let access = SessionAccess::from_request_parts(&mut parts, &state).await?;
    let prompt_id: PromptId = path_id(&mut parts, &state, "prompt_id", "prompt").await?;
    let index = path_text(&mut parts, &state, "index").await?;
    let index: u32 = index.parse().map_err(|_| AppError::not_found("attachment"))?;
    let file = state
        .app
        .prompt_attachment(&access.actor, &access.own, prompt_id, index as usize)
        .await?;
    let kind = if file.picture.is_some() {
        "inline"
    } else {
        "attachment"
    };
    let disposition = format!("{kind}; filename*=UTF-8''{}", encoded(&file.name));
    let mut response = Response::new(Body::from(file.bytes));
    let headers = response.headers_mut();
    let media_type = file.picture.unwrap_or("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    // It never changes; long enough for a page that scrolls, short enough for one who signs out.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=300, immutable"),
    );
    Ok(response)
}

/// A name as RFC 8187 wants it: everything but plain letters, digits and a few signs as bytes in hexadecimal.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_place_in_the_header() {
        assert_eq!(encoded("a b\"; x=ü.png"), "a%20b%22%3B%20x%3D%C3%BC.png");
    }
}
