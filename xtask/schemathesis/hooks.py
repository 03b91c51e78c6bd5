"""What the generated requests have to know: who asks, what they must not take away, and which well-formed requests are
refused for a reason that no schema can say.

Read by schemathesis; see `cargo xtask schemathesis`, which says in the environment where the server is and who asks:
COORDINATOR_KEY, a key; or COORDINATOR_LINK, a link that signs a person in, once.
"""

import os

import requests
import schemathesis

BASE = os.environ["COORDINATOR_URL"].rstrip("/")
KEY = os.environ.get("COORDINATOR_KEY")
LINK = os.environ.get("COORDINATOR_LINK")
PASSWORD = "a long one for generated requests"
NOBODYS = "0" * 26

# Well-formed requests that are refused all the same: (operation, problem, field) and why. Everything else that the
# description allows has to be taken.
REASONS = {
    # The link, the token or the code is drawn, so it is nobody's.
    ("POST /v1/auth/link", "link_expired", None): "a drawn token opens nothing",
    ("POST /v1/auth/reset/confirm", "link_expired", None): "a drawn token opens nothing",
    ("POST /v1/auth/verify-email", "link_expired", None): "a drawn token opens nothing",
    ("POST /v1/invitations/accept", "invitation_expired", None): "a drawn token opens nothing",
    ("POST /v1/invitations/preview", "invitation_expired", None): "a drawn token opens nothing",
    ("DELETE /v1/auth/totp", "invalid_request", "password"): "one of password and code, and the right one",
    # A password has to be hard to guess, which is no matter of form.
    ("POST /v1/auth/reset/confirm", "invalid_request", "password"): "too easy to guess",
    ("POST /v1/auth/sign-up", "invalid_request", "password"): "too easy to guess",
    ("POST /v1/auth/verify-email", "invalid_request", "password"): "too easy to guess",
    ("PUT /v1/auth/password", "invalid_request", "password"): "too easy to guess",
    ("PUT /v1/auth/password", "invalid_request", "current_password"): "a drawn one is not the present one",
    # What a field names has to be there.
    ("POST /v1/api-keys", "invalid_request", "service_account"): "names a service account",
    ("POST /v1/secrets", "invalid_request", "scope"): "names an environment",
    ("POST /v1/sessions", "invalid_request", "environment_id"): "names an environment",
    ("POST /v1/sessions", "agent_unavailable", "agent"): "names an agent that is installed",
    ("POST /v1/sessions", "model_unavailable", "model"): "names a model of the organisation",
    ("POST /v1/sessions/{id}/prompts", "model_unavailable", "model"): "names a model of the organisation",
    ("POST /v1/sessions/import", "model_unavailable", "model"): "names a model of the organisation",
    # The time is now.
    ("POST /v1/api-keys", "invalid_request", "expires_at"): "lies in the future",
    ("POST /v1/api-keys/{id}/rotate", "invalid_request", "expires_at"): "lies in the future",
    ("POST /v1/orgs/{id}/invitations", "invalid_request", "expires_at"): "lies in the next 30 days",
    # A place in the log that is not there yet.
    ("GET /v1/sessions/{id}/prompts", "invalid_cursor", "cursor"): "a drawn place is beyond the log",
    ("GET /v1/sessions/{id}/events", "invalid_cursor", "after"): "a drawn place is beyond the log",
    ("GET /v1/sessions/{id}/events", "invalid_cursor", "Last-Event-ID"): "a drawn place is beyond the log",
    ("GET /v1/events", "invalid_cursor", "after"): "a drawn place is beyond the feed",
    ("GET /v1/events", "invalid_cursor", "Last-Event-ID"): "a drawn place is beyond the feed",
    ("GET /v1/sessions/{id}/ws", "invalid_request", None): "speaks WebSocket, and the generated requests do not",
    # Fields that exclude or need each other.
    ("POST /v1/sessions", "invalid_request", "setup"): "not together with an environment",
    ("POST /v1/sessions", "invalid_request", "attachments"): "only with a prompt",
    ("POST /v1/sessions/{id}/questions/{question_id}", "invalid_request", "answers"): "answers or a refusal",
    ("POST /v1/model-providers", "invalid_request", "models"): "each name once; an answer is not longer than the context",
    ("POST /v1/model-providers/test", "invalid_request", "models"): "each name once; an answer is not longer than the context",
    ("PATCH /v1/model-providers/{id}", "invalid_request", "models"): "each name once; an answer is not longer than the context",
    ("POST /v1/model-providers", "invalid_request", "base_url"): "needed for all but the well-known; its path by dialect",
    ("POST /v1/model-providers/test", "invalid_request", "base_url"): "needed for all but the well-known; its path by dialect",
    ("PATCH /v1/model-providers/{id}", "invalid_request", "base_url"): "needed for all but the well-known; its path by dialect",
    ("PATCH /v1/model-providers/{id}", "invalid_request", "api_key"): "a new address needs the key anew",
    ("POST /v1/model-providers", "invalid_request", "provider"): "`demo` is taken",
    ("POST /v1/model-providers/test", "invalid_request", "provider"): "`demo` is taken",
    ("POST /v1/secrets", "invalid_request", "name"): "the sandbox's own variables are taken",
    ("GET /v1/audit", "invalid_request", "format"): "the chain is exported as a whole, without filters",
    # Addresses: which of them there are, and whether the server may go there, is looked up.
    ("POST /v1/model-providers", "address_not_allowed", "base_url"): "the guard looks at the address",
    ("POST /v1/model-providers/test", "address_not_allowed", "base_url"): "the guard looks at the address",
    ("PATCH /v1/model-providers/{id}", "address_not_allowed", "base_url"): "the guard looks at the address",
}
for operation in (
    "POST /v1/sessions",
    "POST /v1/environments",
    "PATCH /v1/environments/{id}",
    "POST /v1/environments/detect",
):
    REASONS[(operation, "address_not_allowed", "repository.url")] = "the guard looks at the address"
    REASONS[(operation, "invalid_repository", "repository.url")] = "more than a form: no user, no query"
    REASONS[(operation, "invalid_repository", "repository.ref")] = "git's own rules"
REASONS[("POST /v1/environments/detect", "repository_unreachable", "repository")] = "it is cloned"
for field in (None, "model"):
    REASONS[("POST /v1/sessions/import", "bundle_invalid", field)] = "drawn bytes are no bundle"

# Operations that end the session of the browser that asks.
ENDS = {
    "POST /v1/auth/sign-out",
    "POST /v1/auth/sign-out-everywhere",
    "DELETE /v1/auth/sessions/{id}",
    "POST /v1/auth/sign-in",
    "POST /v1/auth/link",
}


class Browser:
    """Somebody who signed in, and signs in again when that was ended."""

    def __init__(self, token):
        answer = requests.post(f"{BASE}/v1/auth/link", json={"token": token}, timeout=30)
        self.take(answer)
        self.email = answer.json()["me"]["user"]["email"]
        answer = requests.put(
            f"{BASE}/v1/auth/password", json={"password": PASSWORD}, headers=self.headers(), timeout=30
        )
        answer.raise_for_status()

    def take(self, answer):
        answer.raise_for_status()
        self.cookie = answer.cookies["coordinator"]
        self.csrf = answer.json()["csrf_token"]

    def headers(self):
        if self.cookie is None:
            body = {"email": self.email, "password": PASSWORD}
            self.take(requests.post(f"{BASE}/v1/auth/sign-in", json=body, timeout=30))
        return {"Cookie": f"coordinator={self.cookie}", "Coordinator-CSRF": self.csrf}

    def end(self):
        self.cookie = None


BROWSER = None if LINK is None else Browser(LINK.rsplit("token=", 1)[-1])


def credential():
    return {"Authorization": f"Bearer {KEY}"} if BROWSER is None else BROWSER.headers()


def own():
    """Ids of what the run itself stands on."""
    me = requests.get(f"{BASE}/v1/me", headers=credential(), timeout=30).json()
    keys = requests.get(f"{BASE}/v1/api-keys", headers=credential(), timeout=30).json()["items"]
    return {me["organisation"]["id"], me["user"]["id"], *(key["id"] for key in keys)}


OWN = own()


@schemathesis.auth(refresh_interval=None)
class Caller:
    """A key, or a browser with its token."""

    def get(self, case, context):
        return credential()

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), **data}


@schemathesis.serializer("application/x-tar")
def tar(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(context, case, kwargs):
    """What the run itself stands on is spared: its organisation is not deleted and its key is not taken away."""
    if case.method.upper() in ("GET", "HEAD"):
        return
    parameters = case.path_parameters or {}
    for name, value in parameters.items():
        if str(value) in OWN:
            kind = str(value).split("_")[0]
            parameters[name] = f"{kind}_{NOBODYS}"


@schemathesis.hook
def after_call(context, case, response):
    if BROWSER is not None and case.operation.label in ENDS and response.status_code < 300:
        BROWSER.end()


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """A well-formed request that is refused for a reason of the table above is no failure."""
    kind = type(failure).__name__
    if kind == "AcceptedNegativeData" and "in header - object with unexpected properties" in failure.message:
        # Headers that nobody knows are passed over, as HTTP has it.
        return False
    if kind != "RejectedPositiveData":
        return True
    try:
        problem = response.json()
    except ValueError:
        return True
    if "invalid type: floating point" in str(problem.get("detail")):
        # To a schema `5.0` is a whole number. Here a whole number is written as one.
        return False
    slug = str(problem.get("type", "")).rsplit("/", 1)[-1]
    return (case.operation.label, slug, problem.get("field")) not in REASONS
