//! The routers. [`described`] is the one list of routes: what it serves is what the description says.

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{any, post},
};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    extract::visitors,
    middleware::{outermost, panicked},
    pages,
    problem::{ApiProblem, method_not_allowed, no_route},
    state::HttpState,
    uplink,
    v1::{
        agents, api_keys, artifacts, audit, auth, bundles, environments, events, feed, invitations, me,
        model_providers, models, orgs, prompts, requests, runs, secrets, sessions, tickets, usage, work,
    },
    v1::{limits, service_accounts},
};

/// Every public route, with its description.
pub(crate) fn described() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default()
        .routes(routes!(pages::health::health))
        .routes(routes!(pages::health::ready))
        .routes(routes!(pages::metrics::metrics))
        .routes(routes!(pages::docs::openapi_json))
        .routes(routes!(pages::docs::docs_page))
        .routes(routes!(pages::problems::problem_page))
        .routes(routes!(auth::sign_in::sign_in))
        .routes(routes!(auth::link::sign_in_with_link))
        .routes(routes!(auth::sign_out::sign_out))
        .routes(routes!(auth::password::set_password))
        .routes(routes!(auth::sign_up::sign_up))
        .routes(routes!(auth::verify_email::verify_email))
        .routes(routes!(auth::reset::ask_for_reset))
        .routes(routes!(auth::reset::confirm_reset))
        .routes(routes!(auth::second_factor::sign_in_with_code))
        .routes(routes!(auth::totp::start_totp, auth::totp::remove_totp))
        .routes(routes!(auth::totp::confirm_totp))
        .routes(routes!(auth::browsers::list_browsers))
        .routes(routes!(auth::browsers::end_browser))
        .routes(routes!(auth::browsers::sign_out_everywhere))
        .routes(routes!(auth::providers::list_providers))
        .routes(routes!(
            auth::providers::go_to_provider,
            auth::providers::start_at_provider
        ))
        .routes(routes!(auth::providers::link_provider))
        .routes(routes!(auth::callback::return_from_provider))
        .routes(routes!(auth::identities::list_identities))
        .routes(routes!(auth::identities::unlink_identity))
        .routes(routes!(me::me))
        .routes(routes!(
            orgs::list::list_organisations,
            orgs::create::create_organisation
        ))
        .routes(routes!(
            orgs::get::get_organisation,
            orgs::patch::patch_organisation,
            orgs::delete::delete_organisation
        ))
        .routes(routes!(orgs::restore::restore_organisation))
        .routes(routes!(orgs::members::list_members))
        .routes(routes!(orgs::members::patch_member, orgs::members::remove_member))
        .routes(routes!(orgs::leave::leave_organisation))
        .routes(routes!(orgs::transfer::transfer_organisation))
        .routes(routes!(
            orgs::invitations::list_invitations,
            orgs::invitations::create_invitation
        ))
        .routes(routes!(orgs::invitations::revoke_invitation))
        .routes(routes!(invitations::accept::accept_invitation))
        .routes(routes!(invitations::preview::preview_invitation))
        .routes(routes!(tickets::issue_ticket))
        .routes(routes!(
            api_keys::list::list_api_keys,
            api_keys::create::create_api_key
        ))
        .routes(routes!(
            api_keys::patch::patch_api_key,
            api_keys::revoke::revoke_api_key
        ))
        .routes(routes!(api_keys::rotate::rotate_api_key))
        .routes(routes!(
            service_accounts::list::list_service_accounts,
            service_accounts::create::create_service_account
        ))
        .routes(routes!(
            service_accounts::patch::patch_service_account,
            service_accounts::delete::delete_service_account
        ))
        .routes(routes!(limits::limits))
        .routes(routes!(
            model_providers::list::list_model_providers,
            model_providers::add::add_model_provider
        ))
        .routes(routes!(
            model_providers::get::get_model_provider,
            model_providers::patch::patch_model_provider,
            model_providers::delete::delete_model_provider
        ))
        .routes(routes!(model_providers::test::test_model_provider))
        .routes(routes!(model_providers::probe::try_model_provider))
        .routes(routes!(models::list_models))
        .routes(routes!(agents::list_agents))
        .routes(routes!(
            environments::list::list_environments,
            environments::add::add_environment
        ))
        .routes(routes!(environments::detect::detect_environment))
        .routes(routes!(
            environments::get::get_environment,
            environments::patch::patch_environment,
            environments::delete::delete_environment
        ))
        .routes(routes!(secrets::list::list_secrets, secrets::add::add_secret))
        .routes(routes!(
            secrets::get::get_secret,
            secrets::patch::patch_secret,
            secrets::delete::delete_secret
        ))
        .routes(routes!(
            sessions::list::list_sessions,
            sessions::create::create_session
        ))
        .routes(routes!(
            sessions::get::get_session,
            sessions::patch::patch_session,
            sessions::delete::delete_session
        ))
        .routes(routes!(bundles::import::import_session))
        .routes(routes!(bundles::export::export_session))
        .routes(routes!(sessions::interrupt::interrupt_session))
        .routes(routes!(sessions::hibernate::hibernate_session))
        .routes(routes!(sessions::wake::wake_session))
        .routes(routes!(
            prompts::list::list_prompts,
            prompts::create::create_prompt
        ))
        .routes(routes!(prompts::cancel::cancel_prompt))
        .routes(routes!(prompts::attachment::get_attachment))
        .routes(routes!(requests::permission::answer_permission))
        .routes(routes!(requests::question::answer_question))
        .routes(routes!(events::list::list_events))
        .routes(routes!(events::socket::session_socket))
        .routes(routes!(feed::events::list_org_events))
        .routes(routes!(work::diff::get_diff))
        .routes(routes!(work::files::get_file))
        .routes(routes!(
            work::archive::get_archive,
            sessions::archive::archive_session
        ))
        .routes(routes!(
            artifacts::list::list_artifacts,
            artifacts::create::create_artifact
        ))
        .routes(routes!(
            artifacts::get::get_artifact,
            artifacts::delete::delete_artifact
        ))
        .routes(routes!(runs::list::list_runs))
        .routes(routes!(runs::get::get_run))
        .routes(routes!(usage::usage))
        .routes(routes!(audit::list::list_audit))
        .routes(routes!(uplink::connect::connect_runner))
}

/// For everybody.
pub fn public_router(state: HttpState) -> Router {
    let (router, _) = described().split_for_parts();
    let router = router.merge(pages::app::routes()).fallback(pages::app::otherwise);
    let router = router.layer(from_fn_with_state(state.clone(), visitors));
    finished(router, state)
}

/// For the relayed streams that come out of sandboxes, and for nothing else. The one who serves it says with
/// `Extension(Caller)` which sandbox a stream comes from; without that there is no model gateway.
pub fn uplink_router(state: HttpState) -> Router {
    let (router, _) = OpenApiRouter::default()
        .routes(routes!(uplink::connect::connect_runner))
        .split_for_parts();
    let router = router
        .route("/gateway/{*call}", any(uplink::model_call))
        .route("/artifacts", post(uplink::offer_artifact))
        .fallback(async || ApiProblem::from(no_route()));
    finished(router, state)
}

fn finished(router: Router<HttpState>, state: HttpState) -> Router {
    router
        .method_not_allowed_fallback(async || ApiProblem::from(method_not_allowed()))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), outermost))
        .with_state(state)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ::sessions::{HostSettings, Sessions};
    use app::{AddressCheck, AddressRefused, App, AppSettings, FreeSpace, Limits};
    use axum::body::{Body, to_bytes};
    use http::Request;
    use testkit::registry::Fakes;
    use tower::ServiceExt;

    use super::*;
    use crate::HttpSettings;

    struct Anywhere;

    #[async_trait::async_trait]
    impl AddressCheck for Anywhere {
        async fn check(&self, _url: &str) -> Result<(), AddressRefused> {
            Ok(())
        }
    }

    #[async_trait::async_trait]
    impl FreeSpace for Anywhere {
        async fn free_bytes(&self) -> Option<u64> {
            None
        }
    }

    #[tokio::test]
    async fn a_panic_ends_one_request_and_shows_nothing_of_itself() {
        let ports = Fakes::default().ports();
        let sessions = Sessions::new(ports.clone(), HostSettings::default());
        let settings = AppSettings {
            agents: Vec::new(),
            demo_enabled: true,
            guard: Arc::new(Anywhere),
            space: Arc::new(Anywhere),
            reserve_bytes: 0,
            limits: Limits::default(),
        };
        let app = App::new(ports, sessions, settings);
        let state = HttpState::new(
            app,
            HttpSettings {
                version: "0".into(),
                https: false,
                origin: None,
                trusted_proxies: Vec::new(),
            },
        );
        let broken = Router::new().route(
            "/broken",
            any(async || -> &'static str { panic!("inner secret") }),
        );
        let router = finished(broken, state);
        for _ in 0..2 {
            let request = Request::get("/broken").body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), 500);
            let body = to_bytes(response.into_body(), 10_000).await.unwrap();
            let text = String::from_utf8_lossy(&body);
            assert!(
                text.contains("/problems/internal") && !text.contains("secret"),
                "{text}"
            );
        }
    }
}
