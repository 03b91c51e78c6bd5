//! Bodies that a reader of the description can send as they are.

use serde_json::{Value, json};

/// The example for an operation that has one.
pub(crate) fn body(operation: &str) -> Option<Value> {
    Some(match operation {
        "create_session" => json!({
            "agent": "opencode",
            "model": "demo/scripted",
            "repository": {"url": "https://github.com/expressjs/express.git", "ref": "master"},
            "title": "A first look",
            "prompt": "run: ls"
        }),
        "patch_session" => json!({"title": "A better title"}),
        "create_prompt" => json!({"text": "Find out why the tests fail, and fix it"}),
        "add_model_provider" => json!({
            "provider": "openai",
            "api": "openai-chat",
            "api_key": "your-key",
            "models": [{"id": "model-name", "context": 128_000, "price": {"input": 3_000_000, "output": 15_000_000}}]
        }),
        "try_model_provider" => json!({"provider": "openai", "api": "openai-chat", "api_key": "your-key"}),
        "patch_model_provider" => json!({"api_key": "your-new-key"}),
        "patch_api_key" => json!({"scopes": ["sessions:read"], "rate_per_s": 5}),
        "rotate_api_key" => json!({"overlap_s": 3600}),
        "create_service_account" => json!({"name": "nightly job", "role": "member"}),
        "patch_service_account" => json!({"role": "viewer"}),
        "create_api_key" => json!({"name": "nightly job", "scopes": ["sessions:read", "sessions:write"]}),
        "add_environment" => json!({"name": "web", "setup": ["npm ci"]}),
        "patch_environment" => json!({"setup": ["npm ci", "npm run build"]}),
        "add_secret" => {
            json!({"name": "NPM_TOKEN", "value": "the token", "scope": "organisation", "phase": "setup"})
        }
        "patch_secret" => json!({"value": "the new token"}),
        "detect_environment" => json!({"repository": {"url": "https://github.com/expressjs/express.git"}}),
        "answer_permission" => json!({"reply": "once"}),
        "answer_question" => json!({"answers": [["Yes"]]}),
        "create_organisation" => json!({"slug": "acme", "name": "Acme Ltd"}),
        "patch_organisation" => json!({"name": "Acme Limited"}),
        "patch_member" => json!({"role": "admin"}),
        "transfer_organisation" => json!({"user_id": "usr_00000000000000000000000000"}),
        "create_invitation" => json!({"email": "bo@example.org", "role": "member"}),
        "accept_invitation" | "preview_invitation" => json!({"token": "what follows #token= in the link"}),
        "sign_in" => json!({"email": "ana@example.org", "password": "a long one that only you know"}),
        "sign_in_with_link" => json!({"token": "what follows #token= in the link"}),
        "set_password" => json!({"password": "a long one that only you know"}),
        "sign_up" => json!({"email": "ana@example.org", "password": "a long one that only you know"}),
        "verify_email" => {
            json!({"token": "what follows #token= in the link", "password": "a long one that only you know"})
        }
        "ask_for_reset" => json!({"email": "ana@example.org"}),
        "confirm_reset" => {
            json!({"token": "what follows #token= in the link", "password": "a long one that only you know"})
        }
        "sign_in_with_code" => json!({"challenge": "what the sign-in answered", "code": "123456"}),
        "confirm_totp" => json!({"code": "123456"}),
        "remove_totp" => json!({"code": "123456"}),
        "start_at_provider" => {
            json!({"return_to": "/sessions", "invitation": "what follows #token= in the link"})
        }
        "link_provider" => json!({"return_to": "/settings/profile"}),
        "sign_out_everywhere" => json!({"include_current": false}),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use protocol::api;
    use serde::de::DeserializeOwned;

    use super::body;

    fn fits<T: DeserializeOwned>(operation: &str) {
        if let Err(error) = serde_json::from_value::<T>(body(operation).unwrap()) {
            panic!("{operation}: {error}");
        }
    }

    #[test]
    fn examples_are_what_the_operations_take() {
        fits::<api::SessionCreate>("create_session");
        fits::<api::SessionPatch>("patch_session");
        fits::<api::PromptCreate>("create_prompt");
        fits::<api::ModelProviderCreate>("add_model_provider");
        fits::<api::ModelProviderCreate>("try_model_provider");
        fits::<api::ModelProviderPatch>("patch_model_provider");
        fits::<api::ApiKeyCreate>("create_api_key");
        fits::<api::ApiKeyPatch>("patch_api_key");
        fits::<api::ApiKeyRotate>("rotate_api_key");
        fits::<api::ServiceAccountCreate>("create_service_account");
        fits::<api::ServiceAccountPatch>("patch_service_account");
        fits::<api::EnvironmentCreate>("add_environment");
        fits::<api::EnvironmentPatch>("patch_environment");
        fits::<api::SecretCreate>("add_secret");
        fits::<api::SecretPatch>("patch_secret");
        fits::<api::EnvironmentDetect>("detect_environment");
        fits::<api::PermissionAnswer>("answer_permission");
        fits::<api::QuestionAnswer>("answer_question");
        fits::<api::OrganisationCreate>("create_organisation");
        fits::<api::OrganisationPatch>("patch_organisation");
        fits::<api::MemberPatch>("patch_member");
        fits::<api::OwnershipTransfer>("transfer_organisation");
        fits::<api::InvitationCreate>("create_invitation");
        fits::<api::InvitationToken>("accept_invitation");
        fits::<api::InvitationToken>("preview_invitation");
        fits::<api::SignIn>("sign_in");
        fits::<api::LinkSignIn>("sign_in_with_link");
        fits::<api::PasswordSet>("set_password");
        fits::<api::SignUp>("sign_up");
        fits::<api::EmailVerify>("verify_email");
        fits::<api::PasswordReset>("ask_for_reset");
        fits::<api::PasswordResetConfirm>("confirm_reset");
        fits::<api::SecondFactorSignIn>("sign_in_with_code");
        fits::<api::TotpConfirm>("confirm_totp");
        fits::<api::TotpRemove>("remove_totp");
        fits::<api::SignOutEverywhere>("sign_out_everywhere");
        fits::<api::ProviderStart>("start_at_provider");
        fits::<api::ProviderLink>("link_provider");
    }
}
