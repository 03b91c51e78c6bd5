/** Made from docs/reference/openapi.json by `npm run generate -w @agent-coordinator/generate`; not edited by hand. */

export interface paths {
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same for people: one page, no scripts, nothing loaded from elsewhere. */
        get: operations["docs_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The server answers requests. */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counters of this process as Prometheus text. Nothing in it names an organisation. */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The description of this API (OpenAPI 3.1). */
        get: operations["openapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a kind of problem means and what to do about it. */
        get: operations["problem_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The server can work, or says why not. */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Agents on this server, those that cannot be used too, with the reason. */
        get: operations["list_agents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys of the organisation, newest first, revoked ones too; never their texts. */
        get: operations["list_api_keys"];
        put?: never;
        /** Makes a key that acts as its maker, with at most what its maker may do. `key` is shown this one time. */
        post: operations["create_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** From now on the key opens nothing. Revoking it again is fine. */
        delete: operations["revoke_api_key"];
        options?: never;
        head?: never;
        /**
         * Changes a key's name, scopes or rate; its text stays, and so do its user and expiry. Scopes become fewer, or any that
         *     the caller has. Members change their own keys, admins all of them.
         */
        patch: operations["patch_api_key"];
        trace?: never;
    };
    "/v1/api-keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a key in the place of another, with the same name, scopes, rate and user. The old one goes on working for
         *     `overlap_s` seconds, a day unless asked otherwise; the list shows both with `replaces` and `replaced_by`. `key` is
         *     shown this one time. One's own keys and those of service accounts can be rotated; a key can be replaced once.
         */
        post: operations["rotate_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The organisation's audit log, newest first: who did what, or tried to. For admins, and keys with `audit:read`.
         * @description With `Accept: text/csv` or `format=csv` a table; without `limit` one of all records in question. With
         *     `Accept: application/x-ndjson` or `format=ndjson` the whole chain in order, with its signed checkpoints, one
         *     `AuditLine` a line, for `coordinator audit verify --file`; no filters then. Both are noted as `audit.export`.
         */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The identities that sign one in, the one linked first first; there are at most 10, on one page. For browsers. */
        get: operations["list_identities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/identities/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * The identity signs one in no more; browsers that it signed in stay signed in. 409 `last_way_in` when there is no
         *     password and no other identity. For browsers; a repeat is 404.
         */
        delete: operations["unlink_identity"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs in with the token of a one-use link, and uses it up. The answer is that of signing in with a password. A link
         *     that was used, is too old or unknown is 410 `link_expired`, whatever the idempotency key.
         */
        post: operations["sign_in_with_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Sets one's own password and signs one's other browsers out. For browsers. The present password is needed where there
         *     is one, unless a link signed in here within the last 15 minutes. A repeat is harmless and needs no idempotency key.
         */
        put: operations["set_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ways to sign in on this server. For everybody. */
        get: operations["list_providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/providers/{id}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where a provider sends the browser back to. It leads to where the attempt was begun for, signed in; to
         *     `/sign-in?second_factor=1#challenge=…` when a code is needed as well; or to `/sign-in?trouble=<code of the problem>`. An
         *     attempt to link leads back with `trouble` as well.
         */
        get: operations["return_from_provider"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/providers/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins to link an identity at the provider to whoever is signed in, and answers where to go. It has to be finished in
         *     this browser, and links nothing to anybody else. For browsers.
         */
        post: operations["link_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/providers/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sends a browser to a provider. The cookie that comes along has to be there when it returns, within ten minutes. What
         *     goes wrong is said on the sign-in page: `/sign-in?trouble=<code of the problem>`.
         */
        get: operations["go_to_provider"];
        put?: never;
        /** The same for a page that has an invitation, which is no part of an address: it answers where to go. */
        post: operations["start_at_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks for a message with a link that sets a new password. The answer and its time are the same whether the address has
         *     an account or not. A repeat sends another message, whatever the idempotency key.
         */
        post: operations["ask_for_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/reset/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sets a new password with the token of the message, once, within an hour, and signs all browsers of its user out. It
         *     signs nobody in. Used, outdated and unknown tokens are 410 `link_expired`; a weak password uses up nothing.
         */
        post: operations["confirm_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The browsers in which one is signed in, the one used last first; there are at most 50, on one page. For browsers. */
        get: operations["list_browsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Signs one of one's browsers out, and ends what is open in its name, at once. For browsers; a repeat is 404. */
        delete: operations["end_browser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs in with a password. The answer sets the cookie of the browser session. An unknown address and a wrong password
         *     look the same: 401 `sign_in_failed`. With a second factor the answer sets no cookie; it has `second_factor: true` and a
         *     challenge for `POST /v1/auth/sign-in/second-factor`. Each call that succeeds opens a session of its own, whatever its idempotency
         *     key.
         */
        post: operations["sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sign-in/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs in with the code that `POST /v1/auth/sign-in` asked for: the six digits of the authenticator, or a recovery code.
         *     A challenge takes five guesses within five minutes and signs in once. What is wrong, used or too late is 401
         *     `second_factor_failed`.
         */
        post: operations["sign_in_with_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends this browser session, and what is open in its name, at once. For browsers; a repeat finds nobody signed in. */
        post: operations["sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sign-out-everywhere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs one's other browsers out, with `include_current` this one, too; what is open in their names ends at once. For
         *     browsers. A repeat is harmless.
         */
        post: operations["sign_out_everywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sign-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes an account, once its address is proved: a message with a link goes there. An address that has an account gets a
         *     message, too, and the answer is the same in the same time. Where sign-up takes an invitation, `invitation` is its
         *     token. 403 `sign_up_closed` says what this server takes, and nothing about the address. A repeat sends another message,
         *     whatever the idempotency key.
         */
        post: operations["sign_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a secret for one's authenticator, shown this one time. It counts once a first code was right; starting again
         *     takes its place until then. 409 when there is a second factor already. For browsers.
         */
        post: operations["start_totp"];
        /** Takes the second factor away. The password or a code is needed. A second time is fine. For browsers. */
        delete: operations["remove_totp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * From now on signing in with the password takes a code. Answers ten recovery codes, each of which stands for the
         *     authenticator once; they are shown this one time. For browsers.
         */
        post: operations["confirm_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Proves the address of a sign-up with the token of its message and the password that was chosen, and signs in: whoever
         *     signs up with somebody else's address gets nothing of it. Used, outdated and unknown tokens are 410 `link_expired`,
         *     another password is 401 `sign_in_failed`.
         */
        post: operations["verify_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Environments of the organisation, newest first. */
        get: operations["list_environments"];
        put?: never;
        /** Defines an environment: the set-up commands that sessions with its id run after the clone. */
        post: operations["add_environment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One environment. */
        get: operations["get_environment"];
        put?: never;
        post?: never;
        /** Deletes an environment. Sessions that exist keep the set-up they were made with. */
        delete: operations["delete_environment"];
        options?: never;
        head?: never;
        /** Changes an environment. Sessions that exist keep the set-up they were made with. */
        patch: operations["patch_environment"];
        trace?: never;
    };
    "/v1/environments/detect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Clones a repository inside a throw-away sandbox and says how to install, test and start it, with the evidence.
         *     Nothing is stored and nothing is installed.
         */
        post: operations["detect_environment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens in the organisation: sessions, runs, environments. A page as JSON; with `Accept: text/event-stream` a
         *     stream that replays and goes on live, with `id: <seq>`, which `Last-Event-ID` resumes; with `Upgrade: websocket` a
         *     socket (client frames: `FeedClientFrame`; server frames: `FeedFrame`). Events are kept for a while: a cursor from
         *     before that is answered with `cursor_expired`, and says what is the oldest.
         */
        get: operations["list_org_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accepts an invitation: the person who is signed in becomes a member, and the link works no more. For people in
         *     browsers. Used, revoked, outdated and unknown ones are all 410 `invitation_expired`.
         */
        post: operations["accept_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows whoever has a link which organisation it leads into, and with which role. It changes nothing; the token is in
         *     the body so that it reaches no log. Used, revoked, outdated and unknown ones are all 410 `invitation_expired`.
         */
        post: operations["preview_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the organisation may ask for, and how much of it is used. Every reply to a valid credential says with the headers
         *     `RateLimit-Policy` and `RateLimit` how many requests are left.
         */
        get: operations["limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who the credential stands for. Browsers find here what they have to send with whatever changes something. For a person
         *     who belongs to no organisation `organisation` and `role` are null; almost everything else is 403 `no_organisation` for
         *     them.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/model-providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Model providers of the organisation, newest first, without their keys. */
        get: operations["list_model_providers"];
        put?: never;
        /**
         * Registers a model provider with the organisation's own key. The key is sealed and never shown again; nothing
         *     upstream is called.
         */
        post: operations["add_model_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/model-providers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model provider, without its key. */
        get: operations["get_model_provider"];
        put?: never;
        post?: never;
        /** Deletes a model provider with its key. */
        delete: operations["delete_model_provider"];
        options?: never;
        head?: never;
        /** Rotates the key, or changes address or models. A new address needs its key along with it. */
        patch: operations["patch_model_provider"];
        trace?: never;
    };
    "/v1/model-providers/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the provider for its models with the stored key, live. A key that does not work is a result, not an error. */
        post: operations["test_model_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/model-providers/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks a provider for its models with a key that is not stored, live: what creating it with this body would give.
         *     Nothing is kept. A key that does not work is a result, not an error.
         */
        post: operations["try_model_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this organisation can use now, and why not. There is no default model. */
        get: operations["list_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Organisations of the caller, newest first. An API key sees its own alone. */
        get: operations["list_organisations"];
        put?: never;
        /**
         * Makes an organisation whose owner is the person who asks. For people in browsers: an API key is tied to one. Whoever
         *     has made 20 that still exist is refused with 409 `organisation_limit`.
         */
        post: operations["create_organisation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An organisation of the caller. While it is going to be deleted, `deletion` says when. */
        get: operations["get_organisation"];
        put?: never;
        post?: never;
        /**
         * Asks for the deletion of an organisation. At once nothing new is begun in it: it can be read and its sessions can be
         *     exported, everything else is 409 `organisation_closing`. After the time of grace (7 days unless the operator says
         *     otherwise) it is erased with everything of it. Asking again does not move the date.
         */
        delete: operations["delete_organisation"];
        options?: never;
        head?: never;
        /** Gives an organisation another name. Its slug stays. */
        patch: operations["patch_organisation"];
        trace?: never;
    };
    "/v1/orgs/{id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Invitations of an organisation, newest first, never their links. Those that are over stay for 30 days. */
        get: operations["list_invitations"];
        put?: never;
        /**
         * Invites somebody, by their address or whoever has the link. `link` is shown this one time: pass it on. It can be
         *     accepted once, for 7 days unless `expires_at` says otherwise (30 days at most). Nobody gives a role above their own.
         */
        post: operations["create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{id}/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revokes an invitation: from now on its link leads nowhere. One that was accepted is 404; its member is removed below
         *     `members`.
         */
        delete: operations["revoke_invitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{id}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leaves an organisation. One's own API keys of it are revoked in the same moment, and what one has open in it ends.
         *     Its only owner cannot: 409 `last_owner`. For people in browsers.
         */
        post: operations["leave_organisation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Members of an organisation, the newest account first. */
        get: operations["list_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Ends a membership. The member's API keys of this organisation are revoked in the same moment, and what they have open
         *     in it ends. The last owner stays: 409 `last_owner`.
         */
        delete: operations["remove_member"];
        options?: never;
        head?: never;
        /**
         * Gives a member another role, at most one's own; only owners touch owners. Where the member may do less afterwards,
         *     their API keys of this organisation are revoked in the same moment. The last owner stays one: 409 `last_owner`.
         */
        patch: operations["patch_member"];
        trace?: never;
    };
    "/v1/orgs/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the deletion of an organisation back, as long as the time of grace lasts. Everything is as it was before. */
        post: operations["restore_organisation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hands an organisation over: the other becomes an owner and whoever asks an admin, in one step. API keys that the
         *     former owner made in it are revoked with it. For people in browsers.
         */
        post: operations["transfer_organisation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runner/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The runner's socket (WebSocket, JSON text frames), with the credential of one generation as bearer token. */
        get: operations["connect_runner"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Finished turns of the organisation, newest first. One prompt is one run.
         * @description With `Accept: text/csv` or `format=csv` a table; without `limit` one of all runs in question, sent as it is read.
         *     Text that a spreadsheet would take for a formula begins with an apostrophe there.
         */
        get: operations["list_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One finished turn, with its events in order (for those who may read sessions). There is a page of them; a page may be empty and still have a
         *     `next_after`, where many events of other prompts lie between.
         */
        get: operations["get_run"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Secrets of the organisation and of its environments, newest first: names, never values. */
        get: operations["list_secrets"];
        put?: never;
        /**
         * Takes a secret in: a variable that sandboxes find in their environment, in the phase that it is for. Nothing gives
         *     its value back. What a sandbox reports has it taken out.
         * @description A secret of an environment wins over one of the same name of the organisation. 50 secrets and 64 KiB in one scope.
         */
        post: operations["add_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One secret: its name, scope and phase, never its value. */
        get: operations["get_secret"];
        put?: never;
        post?: never;
        /** Deletes a secret. Sandboxes that run keep what they were given. */
        delete: operations["delete_secret"];
        options?: never;
        head?: never;
        /**
         * Replaces the value of a secret, or the phase it is for. Sandboxes that run keep what they were given; the next one
         *     gets what is new.
         */
        patch: operations["patch_secret"];
        trace?: never;
    };
    "/v1/service-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Service accounts of the organisation, newest first. */
        get: operations["list_service_accounts"];
        put?: never;
        /**
         * Makes a user that is a program: it belongs to this organisation alone and cannot sign in. Its keys are made with
         *     `POST /v1/api-keys` and `service_account`, and outlive whoever made them.
         */
        post: operations["create_service_account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service-accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a service account and revokes its keys at once. What it made stays. */
        delete: operations["delete_service_account"];
        options?: never;
        head?: never;
        /** Changes a service account's name or role. Its keys may do from now on what the role lets them. */
        patch: operations["patch_service_account"];
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions of the organisation, newest first. */
        get: operations["list_sessions"];
        put?: never;
        /** Makes a session; with `prompt`, its first turn begins at once. */
        post: operations["create_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session, with why it is as it is and what happens next by itself. */
        get: operations["get_session"];
        put?: never;
        post?: never;
        /** Deletes a session with everything of it: sandbox, workspace, home, log, runs and token. */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        /** Changes a session's title. */
        patch: operations["patch_session"];
        trace?: never;
    };
    "/v1/sessions/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The session's workspace as a tar archive. (`POST` on this address closes the session.) */
        get: operations["get_archive"];
        put?: never;
        /** Closes a session: from now on it can be read, not continued. (`GET` on this address downloads the workspace.) */
        post: operations["archive_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the session has left behind, oldest first. */
        get: operations["list_artifacts"];
        put?: never;
        /**
         * Keeps a file with the session. The body is the file, of any type, passed on as it comes. One larger than the limit
         *     is refused with 413, one that the session has no room for with 409; `limit` says which limit that was.
         */
        post: operations["create_artifact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/artifacts/{artifact_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An artifact's content. Pictures (PNG, JPEG, GIF, WebP) may be shown in place; everything else comes to be saved,
         *     and what a browser would run comes as bytes without a type. One range of bytes may be asked for; the tag is the
         *     content's SHA-256.
         */
        get: operations["get_artifact"];
        put?: never;
        post?: never;
        /** Takes an artifact away, for everybody. Its place counts as free again. */
        delete: operations["delete_artifact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/bundle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The whole session as one file: log, artifacts, home and workspace, with a hash of each. For admins and for who made
         *     the session. A sandbox that it has is stopped first; while it works or prompts wait the answer is 409.
         */
        get: operations["export_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The work since the session's base commit as a git patch: committed and not, new files too. */
        get: operations["get_diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events after a cursor: a page as JSON, or with `Accept: text/event-stream` a stream that replays and goes on
         *     live, with `id: <seq>`; `Last-Event-ID` resumes it.
         */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file's bytes, or, for a directory, what it holds. */
        get: operations["get_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/hibernate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops the sandbox of an idle session; workspace and conversation are kept, the next prompt wakes it. */
        post: operations["hibernate_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/interrupt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the running turn now. The next prompt follows when the agent has stopped. */
        post: operations["interrupt_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/permissions/{permission_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers a permission request of the agent: once, always (in this session), or reject. */
        post: operations["answer_permission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prompts of the session, oldest first, with what became of each. */
        get: operations["list_prompts"];
        put?: never;
        /** Gives the session a prompt. It runs at once, or after those that wait. */
        post: operations["create_prompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/prompts/{prompt_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Cancels a prompt that waits. A running one is stopped with `interrupt`. */
        delete: operations["cancel_prompt"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/prompts/{prompt_id}/attachments/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file that came along with a prompt. Pictures (PNG, JPEG, GIF, WebP, known by their content) have their type;
         *     everything else comes as bytes to be saved.
         */
        get: operations["get_attachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/questions/{question_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers a question of the agent, or declines to. */
        post: operations["answer_question"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/wake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts the session's sandbox before there is a prompt for it. */
        post: operations["wake_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The session's socket (WebSocket, JSON text frames). The client subscribes after an event, gets everything since,
         *     then live events and deltas, and drives the session. Use a key, a browser's cookie (from our own page: `Origin` is
         *     checked), or a ticket where neither can be sent.
         * @description Frames that are not understood are answered with `error` and the socket stays open. It is closed with 1001 when the
         *     session is gone or the server stops, 1002 for what is not WebSocket, 1007 for text that is not UTF-8, 1008 when the
         *     credential is not valid any more, 1009 for a frame above 12 MiB, 1013 when the log cannot be read for the moment, and
         *     4029 (`rate_limited`) when the client sends more than 100 frames or 4 MiB a second, past a stock of 1,000 frames and
         *     64 MiB.
         */
        get: operations["session_socket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a session of a bundle, with an id of its own. Everything in the bundle is checked before anything of it can be
         *     seen; one that is refused (422, `field` names the member) leaves nothing behind.
         */
        post: operations["import_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A one-use ticket, valid for a minute, for sockets that cannot send a header. A ticket is never given twice, so
         *     a repeated call makes another one whatever its idempotency key.
         */
        post: operations["issue_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was used: runs, tokens, cost and time, in groups and in total. A cost is null where the price of any of the
         *     runs is not known; `known_cost_micro_usd` and `unknown_cost_runs` say what is.
         */
        get: operations["usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One agent. */
        AgentInfo: {
            available: boolean;
            /** @description As it is given to a session. */
            name: string;
            /** @description Why it cannot be used, and what to do. */
            reason?: string | null;
            version?: string | null;
        };
        /** @description Body of `POST /v1/api-keys`. */
        ApiKeyCreate: {
            expires_at?: components["schemas"]["Timestamp"] | null;
            /** @description 1 to 100 characters. */
            name: string;
            /**
             * Format: int32
             * @description Requests a second that this key may make, besides the organisation's limit: 1 to 100,000, with a stock of twenty
             *     seconds for bursts. No limit of its own when absent.
             */
            rate_per_s?: number | null;
            /** @description `sessions:read`, `sessions:write`, `runs:read`, `audit:read`, `admin`; everything its user may do when absent. */
            scopes?: ("sessions:read" | "sessions:write" | "runs:read" | "audit:read" | "admin")[];
            service_account?: components["schemas"]["UserId"] | null;
        };
        /** @description The new key. `key` is shown this one time: a replayed reply has null. */
        ApiKeyCreated: {
            created_at: components["schemas"]["Timestamp"];
            expires_at?: components["schemas"]["Timestamp"] | null;
            id: components["schemas"]["ApiKeyId"];
            key?: string | null;
            name: string;
            /** Format: int32 */
            rate_per_s?: number | null;
            replaced_expires_at?: components["schemas"]["Timestamp"] | null;
            replaces?: components["schemas"]["ApiKeyId"] | null;
            scopes: string[];
            /** @description Whose key it is: a person, or a service account. */
            user_id: components["schemas"]["UserId"];
        };
        ApiKeyId: string;
        /** @description A key as a list shows it. */
        ApiKeyInfo: {
            created_at: components["schemas"]["Timestamp"];
            expires_at?: components["schemas"]["Timestamp"] | null;
            /** @description First characters, to recognise it. */
            hint: string;
            id: components["schemas"]["ApiKeyId"];
            last_used_at?: components["schemas"]["Timestamp"] | null;
            name: string;
            /**
             * Format: int32
             * @description A limit of its own, requests a second.
             */
            rate_per_s?: number | null;
            replaced_by?: components["schemas"]["ApiKeyId"] | null;
            replaces?: components["schemas"]["ApiKeyId"] | null;
            revoked_at?: components["schemas"]["Timestamp"] | null;
            scopes: string[];
            user_id: components["schemas"]["UserId"];
        };
        /** @description Body of `PATCH /v1/api-keys/{id}`; what is absent stays. */
        ApiKeyPatch: {
            /** @description 1 to 100 characters. */
            name?: string | null;
            /**
             * Format: int32
             * @description Null takes the key's own limit away.
             */
            rate_per_s?: number | null;
            /** @description Fewer than the key has, or what the caller has; an empty list is everything its user may do. */
            scopes?: ("sessions:read" | "sessions:write" | "runs:read" | "audit:read" | "admin")[] | null;
        };
        /** @description Body of `POST /v1/api-keys/{id}/rotate`. */
        ApiKeyRotate: {
            expires_at?: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int64
             * @description Seconds for which the old key goes on working, at most 2,592,000 (30 days); 86,400 (a day) when absent.
             */
            overlap_s?: number | null;
        };
        /** @description One artifact. Its content is at `GET /v1/sessions/{id}/artifacts/{artifact_id}`. */
        Artifact: {
            by?: components["schemas"]["Author"] | null;
            created_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["ArtifactId"];
            /** @description As it was given; what a browser gets to see may be plainer. */
            media_type: string;
            /** @description As it was given, without directories. Several artifacts may have the same. */
            name: string;
            prompt_id?: components["schemas"]["PromptId"] | null;
            /** @description SHA-256 of the content, 64 hexadecimal digits. */
            sha256: string;
            /** Format: int64 */
            size_bytes: number;
        };
        ArtifactId: string;
        /** @description A file with its content (base64). */
        Attachment: {
            /** @description Content, base64 (standard alphabet). */
            data: string;
            media_type: string;
            name: string;
        };
        /** @description A file given along with a prompt. */
        AttachmentMeta: {
            media_type: string;
            name: string;
            /** Format: int64 */
            size_bytes: number;
        };
        /** @description Who did it. */
        AuditActor: {
            api_key_id?: components["schemas"]["ApiKeyId"] | null;
            /** @description E-mail address as it was then. */
            name: string;
            /** @enum {string} */
            type: "user";
            user_id: components["schemas"]["UserId"];
        } | {
            /** @enum {string} */
            type: "operator";
        } | {
            /** @enum {string} */
            type: "system";
        };
        /** @description The server's signature under a hash: everything up to it was so at that time. */
        AuditCheckpoint: {
            /** @description When that record was made. */
            at: components["schemas"]["Timestamp"];
            hash: string;
            /** @description Ed25519 public key that the signature is checked with. */
            key: string;
            org_id: components["schemas"]["OrgId"];
            /**
             * Format: int64
             * @description Of the record whose hash is signed.
             */
            seq: number;
            signature: string;
        };
        /** @description Somebody did, or tried to do, something that an audit asks about. Told only to those who may read the audit log. */
        AuditEvent: components["schemas"]["AuditRecord"];
        /** @description Where a chain begins and ends, kept apart from its records. */
        AuditHead: {
            hash: string;
            org_id: components["schemas"]["OrgId"];
            /**
             * Format: int64
             * @description Records up to this one were removed on purpose; 0 = none.
             */
            removed: number;
            /** @description Hash of the last one removed; zeros = none. */
            removed_hash: string;
            /**
             * Format: int64
             * @description `seq` of the last record; 0 = none.
             */
            seq: number;
        };
        /** @description A line of an export: the start, then the records in order, each checkpoint behind its record, then the head. */
        AuditLine: {
            start: components["schemas"]["AuditHead"];
        } | {
            record: components["schemas"]["AuditRecord"];
        } | {
            checkpoint: components["schemas"]["AuditCheckpoint"];
        } | {
            head: components["schemas"]["AuditHead"];
        };
        /**
         * @description What came of it.
         * @enum {string}
         */
        AuditOutcome: "allowed" | "denied" | "failed";
        /** @description One record, with its place in the organisation's chain. */
        AuditRecord: {
            /** @description `noun.verb`, for example `api_key.create`. */
            action: string;
            actor: components["schemas"]["AuditActor"];
            /** @description Where the request came from, as far as that can be believed. */
            address?: string | null;
            at: components["schemas"]["Timestamp"];
            /** @description A few words more; never a secret. */
            details?: {
                [key: string]: string;
            };
            /** @description Over this record and the hash before it. */
            hash: string;
            org_id: components["schemas"]["OrgId"];
            outcome: components["schemas"]["AuditOutcome"];
            request_id?: components["schemas"]["RequestId"] | null;
            /**
             * Format: int64
             * @description 1, 2, 3 ... without gaps within an organisation.
             */
            seq: number;
            /** @description Id of what it was done to. */
            target?: string | null;
        };
        /** @description Who did something: the person, and the key used if it was an API call. */
        Author: {
            api_key_id?: components["schemas"]["ApiKeyId"] | null;
            /** @description Name for display. */
            name?: string | null;
            user_id: components["schemas"]["UserId"];
        };
        BrowserId: string;
        /** @description A browser in which the user is signed in. */
        BrowserInfo: {
            /** @description Where it signed in from. */
            address?: string | null;
            /** @description Opened by a link, not by a password. */
            by_link: boolean;
            created_at: components["schemas"]["Timestamp"];
            /** @description The one that asks. */
            current: boolean;
            /** @description Browser and system as far as they are known, for example `Firefox on Linux`; as it said when it signed in. */
            device?: string | null;
            id: components["schemas"]["BrowserId"];
            /** @description Noted every five minutes. */
            last_seen_at: components["schemas"]["Timestamp"];
        };
        /** @description Client to server. */
        ClientFrame: {
            /** Format: int64 */
            after: number;
            /** @enum {string} */
            type: "subscribe";
        } | {
            attachments?: components["schemas"]["Attachment"][];
            /** @description Chosen by the client; the same id again is the same prompt. */
            idempotency_key?: string | null;
            mode?: components["schemas"]["PromptMode"];
            model?: string | null;
            text: string;
            /** @enum {string} */
            type: "prompt";
        } | {
            prompt_id: components["schemas"]["PromptId"];
            /** @enum {string} */
            type: "cancel";
        } | {
            /** @enum {string} */
            type: "interrupt";
        } | {
            message?: string | null;
            permission_id: string;
            reply: components["schemas"]["PermissionReply"];
            /** @enum {string} */
            type: "permission";
        } | {
            answers?: string[][];
            question_id: string;
            rejected?: boolean;
            /** @enum {string} */
            type: "answer";
        } | {
            /** @enum {string} */
            type: "ping";
        };
        /** @description One piece of text in flight. */
        Delta: {
            kind: components["schemas"]["DeltaKind"];
            message_id: string;
            /**
             * Format: int64
             * @description Bytes of UTF-8 before this piece.
             */
            offset: number;
            part_id: string;
            text: string;
        };
        /** @enum {string} */
        DeltaKind: "text" | "reasoning" | "tool_output";
        /**
         * @description The wire dialect of a model API.
         * @enum {string}
         */
        Dialect: "openai-chat" | "openai-responses" | "anthropic" | "gemini";
        /** @description Body of `POST /v1/auth/verify-email`. */
        EmailVerify: {
            /** @description The one that was chosen at sign-up: whoever reads the message and whoever signed up are one person. */
            password: string;
            /** @description What follows `#token=` in the message. */
            token: components["schemas"]["Secret"];
        };
        /**
         * @description How a limit is held.
         * @enum {string}
         */
        Enforcement: "hard" | "watched" | "none";
        /** @description An environment. */
        Environment: {
            created_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["EnvironmentId"];
            name: string;
            repository?: components["schemas"]["Repository"] | null;
            setup: string[];
            updated_at: components["schemas"]["Timestamp"];
        };
        /** @description Body of `POST /v1/environments`. */
        EnvironmentCreate: {
            /** @description 1 to 100 characters. */
            name: string;
            repository?: components["schemas"]["EnvironmentRepository"] | null;
            /** @description Shell commands, run in order after the clone; at most 64, each at most 8 KiB. */
            setup: string[];
        };
        /** @description Body of `POST /v1/environments/detect`. */
        EnvironmentDetect: {
            repository: components["schemas"]["RepositoryInput"];
        };
        EnvironmentId: string;
        /** @description Body of `PATCH /v1/environments/{id}`; what is absent stays. */
        EnvironmentPatch: {
            name?: string | null;
            repository?: components["schemas"]["EnvironmentRepository"] | null;
            setup?: string[] | null;
        };
        /** @description How to set a repository up, with the evidence for each line. */
        EnvironmentPlan: {
            evidence: components["schemas"]["Evidence"][];
            /**
             * Format: int64
             * @description Number of files whose names were looked at.
             */
            files_scanned: number;
            /** @description Commands that install dependencies, in order, run at the root unless they say `cd`. */
            install: string[];
            /** @description What was looked for; filled when nothing was recognised. */
            looked_for?: string[];
            /** @description The package manager of the main ecosystem (`npm`, `pnpm`, `uv`, `cargo` ...); null when none was recognised. */
            package_manager?: string | null;
            runtimes: components["schemas"]["RuntimeWish"][];
            start: string[];
            test: string[];
        };
        /** @description The repository an environment is meant for. Holds no token: an environment is not a secret. */
        EnvironmentRepository: {
            ref?: string | null;
            url: string;
        };
        /** @description One event: facts of a session in a dense sequence. Unknown types are passed on. */
        Event: {
            /** Format: date-time */
            at: string;
            data: Record<string, never>;
            prompt_id?: string;
            seq: number;
            /** @description Known types: session.created, session.status_changed, session.renamed, session.archived, session.deleted, prompt.queued, prompt.started, prompt.completed, prompt.failed, prompt.cancelled, sandbox.requested, sandbox.connected, sandbox.lost, sandbox.stopped, sandbox.failed, sandbox.snapshotted, workspace.progress, environment.detected, agent.ready, model.retrying, message.text, message.reasoning, tool_call.started, tool_call.updated, tool_call.completed, plan.updated, permission.requested, permission.resolved, question.asked, question.answered, file.changed, egress.decided, artifact.created, artifact.removed, usage.recorded, budget.reached, git.pushed, pull_request.opened, environment.changed, error.raised. */
            type: string;
        };
        /** @description Body of `GET /v1/sessions/{id}/events`. */
        EventPage: {
            events: components["schemas"]["Event"][];
            /**
             * Format: int64
             * @description `seq` of the last event there is.
             */
            head: number;
            /**
             * Format: int64
             * @description Give it as `after` to go on.
             */
            next_after: number;
        };
        /** @description Why a conclusion was drawn. */
        Evidence: {
            /** @description What was seen there, in words. */
            because: string;
            /** @description Path in the repository. */
            file: string;
        };
        /** @description Client to server on the feed's socket (JSON text frames). */
        FeedClientFrame: {
            /** Format: int64 */
            after: number;
            /** @enum {string} */
            type: "subscribe";
        } | {
            /** @enum {string} */
            type: "ping";
        };
        /** @description Server to client on the feed's socket. */
        FeedFrame: {
            /** Format: int64 */
            head: number;
            /**
             * Format: int64
             * @description `seq` of the oldest event that is kept.
             */
            oldest: number;
            org_id: components["schemas"]["OrgId"];
            /** @enum {string} */
            type: "hello";
            version: string;
        } | {
            event: components["schemas"]["OrgEvent"];
            /** @enum {string} */
            type: "event";
        } | {
            /** Format: int64 */
            head: number;
            /** @enum {string} */
            type: "caught_up";
        } | {
            code: string;
            message: string;
            /** @enum {string} */
            type: "error";
        } | {
            /** @enum {string} */
            type: "pong";
        };
        FileEntry: {
            /** @description `file`, `directory`, `symlink` or `other`. */
            kind: string;
            name: string;
            /** Format: int64 */
            size_bytes: number;
        };
        /** @description Body of `GET /health`. */
        Health: {
            /** @description `ok`. */
            status: string;
            version: string;
        };
        IdentityId: string;
        /** @description An identity at a provider that signs one in. */
        IdentityInfo: {
            /**
             * @description As the provider said last; it opens nothing.
             * @example ana@example.org
             */
            email?: string | null;
            id: components["schemas"]["IdentityId"];
            last_used_at?: components["schemas"]["Timestamp"] | null;
            linked_at: components["schemas"]["Timestamp"];
            /** @description As the provider said last. */
            name?: string | null;
            /**
             * @description Through which it was linked.
             * @example google
             */
            provider: string;
        };
        /** @description Where a session lived before it was brought here as a bundle. */
        ImportedFrom: {
            /** @description When the bundle was made. */
            exported_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Events that came along: those up to this `seq` happened there.
             */
            head: number;
            imported_at: components["schemas"]["Timestamp"];
            /** @description Public address of the server that made the bundle, as the bundle says. */
            installation: string;
            org_id: components["schemas"]["OrgId"];
            session_id: components["schemas"]["SessionId"];
        };
        /** @description Body of `POST /v1/orgs/{id}/invitations`. */
        InvitationCreate: {
            /**
             * Format: email
             * @description Who may accept it; anybody who has the link when absent.
             */
            email?: string | null;
            expires_at?: components["schemas"]["Timestamp"] | null;
            /**
             * @description The role that it gives, at most one's own: `owner`, `admin`, `member` or `viewer`.
             * @enum {string}
             */
            role: "owner" | "admin" | "member" | "viewer";
        };
        /** @description A new invitation, with the link that accepts it. */
        InvitationCreated: {
            email?: string | null;
            expires_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["InvitationId"];
            link?: components["schemas"]["Secret"] | null;
            role: string;
        };
        InvitationId: string;
        /** @description An invitation as it is listed. */
        InvitationInfo: {
            accepted_by?: components["schemas"]["UserId"] | null;
            created_at: components["schemas"]["Timestamp"];
            /** @description Null when anybody who has the link may accept it. */
            email?: string | null;
            expires_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["InvitationId"];
            invited_by: components["schemas"]["UserId"];
            role: string;
            /** @description `open`, `accepted`, `revoked` or `expired`. */
            status: string;
        };
        /** @description What an invitation leads to. */
        InvitationPreview: {
            expires_at: components["schemas"]["Timestamp"];
            /** @description Name of the organisation. */
            organisation: string;
            role: string;
        };
        /** @description Body of `POST /v1/invitations/accept` and `POST /v1/invitations/preview`. */
        InvitationToken: {
            /** @description What follows `#token=` in the link. */
            token: components["schemas"]["Secret"];
        };
        /** @description Which isolation and limits a sandbox got; shown by the session and by `doctor`. */
        Isolation: {
            cpu: components["schemas"]["Enforcement"];
            disk: components["schemas"]["Enforcement"];
            /**
             * Format: int32
             * @description Host user id of the processes inside.
             */
            host_uid: number;
            /**
             * Format: int32
             * @description Landlock ABI in force, if any.
             */
            landlock_abi?: number | null;
            /** @description `full` when every layer below is there, else `reduced`, or `none`. */
            level: components["schemas"]["IsolationLevel"];
            limits: components["schemas"]["Limits"];
            /** @description `cgroup2`, `cgroup1` or `rlimit`. */
            limits_backend: string;
            memory: components["schemas"]["Enforcement"];
            /** @description Namespaces entered, for example `user`, `pid`, `mount`, `ipc`, `uts`, `net`, `cgroup`. */
            namespaces: string[];
            /** @description What is missing and why, in words. */
            notes?: string[];
            pids: components["schemas"]["Enforcement"];
            seccomp: boolean;
        };
        /** @enum {string} */
        IsolationLevel: "full" | "reduced" | "none";
        /** @description What a sandbox may use. */
        Limits: {
            /**
             * Format: int64
             * @description CPU, in thousandths of a core.
             */
            cpu_milli: number;
            /**
             * Format: int64
             * @description Workspace and home together, bytes.
             */
            disk_bytes: number;
            /**
             * Format: int64
             * @description Total memory of all processes, bytes.
             */
            memory_bytes: number;
            /**
             * Format: int64
             * @description Processes and threads.
             */
            pids: number;
            /**
             * Format: int64
             * @description In-memory `/tmp`, bytes.
             */
            tmp_bytes: number;
        };
        /** @description Body of `POST /v1/auth/link`. */
        LinkSignIn: {
            /** @description What follows `#token=` in the link. */
            token: components["schemas"]["Secret"];
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_AgentInfo: {
            items: {
                available: boolean;
                /** @description As it is given to a session. */
                name: string;
                /** @description Why it cannot be used, and what to do. */
                reason?: string | null;
                version?: string | null;
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_ApiKeyInfo: {
            items: {
                created_at: components["schemas"]["Timestamp"];
                expires_at?: components["schemas"]["Timestamp"] | null;
                /** @description First characters, to recognise it. */
                hint: string;
                id: components["schemas"]["ApiKeyId"];
                last_used_at?: components["schemas"]["Timestamp"] | null;
                name: string;
                /**
                 * Format: int32
                 * @description A limit of its own, requests a second.
                 */
                rate_per_s?: number | null;
                replaced_by?: components["schemas"]["ApiKeyId"] | null;
                replaces?: components["schemas"]["ApiKeyId"] | null;
                revoked_at?: components["schemas"]["Timestamp"] | null;
                scopes: string[];
                user_id: components["schemas"]["UserId"];
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_Artifact: {
            items: {
                by?: components["schemas"]["Author"] | null;
                created_at: components["schemas"]["Timestamp"];
                id: components["schemas"]["ArtifactId"];
                /** @description As it was given; what a browser gets to see may be plainer. */
                media_type: string;
                /** @description As it was given, without directories. Several artifacts may have the same. */
                name: string;
                prompt_id?: components["schemas"]["PromptId"] | null;
                /** @description SHA-256 of the content, 64 hexadecimal digits. */
                sha256: string;
                /** Format: int64 */
                size_bytes: number;
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_AuditRecord: {
            items: {
                /** @description `noun.verb`, for example `api_key.create`. */
                action: string;
                actor: components["schemas"]["AuditActor"];
                /** @description Where the request came from, as far as that can be believed. */
                address?: string | null;
                at: components["schemas"]["Timestamp"];
                /** @description A few words more; never a secret. */
                details?: {
                    [key: string]: string;
                };
                /** @description Over this record and the hash before it. */
                hash: string;
                org_id: components["schemas"]["OrgId"];
                outcome: components["schemas"]["AuditOutcome"];
                request_id?: components["schemas"]["RequestId"] | null;
                /**
                 * Format: int64
                 * @description 1, 2, 3 ... without gaps within an organisation.
                 */
                seq: number;
                /** @description Id of what it was done to. */
                target?: string | null;
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_BrowserInfo: {
            items: {
                /** @description Where it signed in from. */
                address?: string | null;
                /** @description Opened by a link, not by a password. */
                by_link: boolean;
                created_at: components["schemas"]["Timestamp"];
                /** @description The one that asks. */
                current: boolean;
                /** @description Browser and system as far as they are known, for example `Firefox on Linux`; as it said when it signed in. */
                device?: string | null;
                id: components["schemas"]["BrowserId"];
                /** @description Noted every five minutes. */
                last_seen_at: components["schemas"]["Timestamp"];
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_Environment: {
            items: {
                created_at: components["schemas"]["Timestamp"];
                id: components["schemas"]["EnvironmentId"];
                name: string;
                repository?: components["schemas"]["Repository"] | null;
                setup: string[];
                updated_at: components["schemas"]["Timestamp"];
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_IdentityInfo: {
            items: {
                /**
                 * @description As the provider said last; it opens nothing.
                 * @example ana@example.org
                 */
                email?: string | null;
                id: components["schemas"]["IdentityId"];
                last_used_at?: components["schemas"]["Timestamp"] | null;
                linked_at: components["schemas"]["Timestamp"];
                /** @description As the provider said last. */
                name?: string | null;
                /**
                 * @description Through which it was linked.
                 * @example google
                 */
                provider: string;
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_InvitationInfo: {
            items: {
                accepted_by?: components["schemas"]["UserId"] | null;
                created_at: components["schemas"]["Timestamp"];
                /** @description Null when anybody who has the link may accept it. */
                email?: string | null;
                expires_at: components["schemas"]["Timestamp"];
                id: components["schemas"]["InvitationId"];
                invited_by: components["schemas"]["UserId"];
                role: string;
                /** @description `open`, `accepted`, `revoked` or `expired`. */
                status: string;
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_MemberInfo: {
            items: {
                email: string;
                /** @description `owner`, `admin`, `member` or `viewer`. */
                role: string;
                user_id: components["schemas"]["UserId"];
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_ModelProviderInfo: {
            items: {
                api: components["schemas"]["Dialect"];
                base_url?: string | null;
                created_at: components["schemas"]["Timestamp"];
                id: components["schemas"]["ModelProviderId"];
                /** @description Last characters of the key, to recognise it. */
                key_hint: string;
                models: components["schemas"]["ModelOfferInput"][];
                provider: string;
                updated_at: components["schemas"]["Timestamp"];
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_OrganisationInfo: {
            items: {
                created_at: components["schemas"]["Timestamp"];
                deletion?: components["schemas"]["OrganisationDeletion"] | null;
                id: components["schemas"]["OrgId"];
                name: string;
                /** @description The caller's role in it: `owner`, `admin`, `member` or `viewer`. */
                role: string;
                slug: string;
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_PromptInfo: {
            items: {
                attachments: components["schemas"]["AttachmentMeta"][];
                author: components["schemas"]["Author"];
                /** @description Why it was cancelled. */
                cause?: string | null;
                cost_micro_usd?: components["schemas"]["MicroUsd"] | null;
                ended_at?: components["schemas"]["Timestamp"] | null;
                error?: components["schemas"]["TurnError"] | null;
                id: components["schemas"]["PromptId"];
                /** @description How it took its place in the queue. */
                mode?: components["schemas"]["PromptMode"];
                /** @description The model it runs on; null when it has not started and named none. */
                model?: string | null;
                queued_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int64
                 * @description Its `prompt.queued` event.
                 */
                seq: number;
                started_at?: components["schemas"]["Timestamp"] | null;
                status: components["schemas"]["PromptStatus"];
                text: string;
                tokens?: components["schemas"]["Tokens"] | null;
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_RunRecord: {
            items: {
                agent: string;
                api_key_id?: components["schemas"]["ApiKeyId"] | null;
                cost_micro_usd?: components["schemas"]["MicroUsd"] | null;
                ended_at: components["schemas"]["Timestamp"];
                error?: components["schemas"]["TurnError"] | null;
                /**
                 * Format: int64
                 * @description First and last event of the turn in the session's log.
                 */
                first_seq: number;
                id: components["schemas"]["RunId"];
                /** Format: int64 */
                last_seq: number;
                model: string;
                org_id: components["schemas"]["OrgId"];
                outcome: components["schemas"]["RunOutcome"];
                prompt_id: components["schemas"]["PromptId"];
                queued_at: components["schemas"]["Timestamp"];
                repository?: components["schemas"]["Repository"] | null;
                session_id: components["schemas"]["SessionId"];
                started_at?: components["schemas"]["Timestamp"] | null;
                tokens: components["schemas"]["Tokens"];
                /**
                 * Format: int64
                 * @description Tool calls made in this turn.
                 */
                tool_calls: number;
                user_id: components["schemas"]["UserId"];
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_SecretInfo: {
            items: {
                created_at: components["schemas"]["Timestamp"];
                id: components["schemas"]["SecretId"];
                name: string;
                phase: components["schemas"]["SecretPhase"];
                scope: components["schemas"]["SecretScope"];
                updated_at: components["schemas"]["Timestamp"];
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_ServiceAccount: {
            items: {
                created_at: components["schemas"]["Timestamp"];
                id: components["schemas"]["UserId"];
                /** @description `service`, always: what tells it from people where both are listed. */
                kind: string;
                name: string;
                /** @description `viewer`, `member` or `admin`. */
                role: string;
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description Items, newest first, and where the next page starts. */
        ListPage_SessionSummary: {
            items: {
                agent: string;
                cost_micro_usd?: components["schemas"]["MicroUsd"] | null;
                created_at: components["schemas"]["Timestamp"];
                created_by: components["schemas"]["Author"];
                id: components["schemas"]["SessionId"];
                model: string;
                /** @description How much waits for a person. */
                pending: components["schemas"]["PendingCounts"];
                /**
                 * Format: int64
                 * @description Prompts that wait.
                 */
                queued: number;
                repository?: components["schemas"]["Repository"] | null;
                status: components["schemas"]["SessionStatus"];
                title?: string | null;
                tokens: components["schemas"]["Tokens"];
                updated_at: components["schemas"]["Timestamp"];
                /** @description Why it is in its status, as of its last change. */
                why: components["schemas"]["WhyInShort"];
            }[];
            /** @description Give it back as `cursor` to get the next page; null on the last one. */
            next_cursor?: string | null;
        };
        /** @description What may have been done. The same words whether the address is known or not. */
        MailPromised: {
            message: string;
        };
        /** @description Body of `GET /v1/me`. */
        Me: {
            api_key_id?: components["schemas"]["ApiKeyId"] | null;
            csrf_token?: components["schemas"]["Secret"] | null;
            /** @description Whether the user can sign in with a password. */
            has_password?: boolean;
            organisation?: components["schemas"]["MeOrganisation"] | null;
            /** @description Where the user is a member, oldest first; a key sees its own organisation alone. */
            organisations?: components["schemas"]["MeMembership"][];
            /** @description `owner`, `admin`, `member` or `viewer`; null without an organisation. */
            role?: string | null;
            /** @description What the key is limited to; empty = everything the user may do. */
            scopes: string[];
            /** @description Whether signing in with a password takes a code as well. */
            second_factor?: boolean;
            user: components["schemas"]["MeUser"];
        };
        /** @description Somebody who belongs to an organisation. */
        MemberInfo: {
            email: string;
            /** @description `owner`, `admin`, `member` or `viewer`. */
            role: string;
            user_id: components["schemas"]["UserId"];
        };
        /** @description Body of `PATCH /v1/orgs/{id}/members/{user_id}`. */
        MemberPatch: {
            /**
             * @description `owner`, `admin`, `member` or `viewer`.
             * @enum {string}
             */
            role: "owner" | "admin" | "member" | "viewer";
        };
        /** @description An organisation of the user, with their role in it. */
        MeMembership: {
            id: components["schemas"]["OrgId"];
            /** @description What people call it. */
            name?: string;
            /** @description `owner`, `admin`, `member` or `viewer`. */
            role: string;
            slug: string;
        };
        MeOrganisation: {
            id: components["schemas"]["OrgId"];
            /** @description What people call it. */
            name?: string;
            slug: string;
        };
        MeUser: {
            email: string;
            id: components["schemas"]["UserId"];
        };
        /**
         * Format: int64
         * @description An amount in millionths of a US dollar.
         */
        MicroUsd: number;
        /** @description One model by name. */
        ModelInfo: {
            api: components["schemas"]["Dialect"];
            available: boolean;
            /** Format: int64 */
            context: number;
            /** @description True for the scripted model that needs no key; it answers from a script and thinks nothing. */
            demo: boolean;
            /** @description As it is given to a session: `provider/model`. */
            id: string;
            label?: string | null;
            /** Format: int64 */
            max_output: number;
            price?: components["schemas"]["ModelPrice"] | null;
            provider: string;
            /** @description Why it cannot be used. */
            reason?: string | null;
        };
        /** @description Body of `GET /v1/models`. */
        ModelList: {
            /** @description Models that are named: those that providers list, and the demo. */
            items: components["schemas"]["ModelInfo"][];
            next_cursor?: string | null;
            /** @description Providers; one that takes any model has no line of its own in `items`. */
            providers: components["schemas"]["ModelProviderState"][];
        };
        /** @description A model: its name alone, or with sizes and price. */
        ModelOfferInput: {
            /**
             * Format: int64
             * @description Context window, tokens.
             */
            context?: number | null;
            id: string;
            /**
             * Format: int64
             * @description Most output tokens of one call.
             */
            max_output?: number | null;
            price?: components["schemas"]["ModelPrice"] | null;
        };
        /** @description Price in micro-USD for a million tokens. */
        ModelPrice: {
            /**
             * Format: int64
             * @description Tokens read from the provider's cache; as `input` when absent.
             */
            cached?: number | null;
            /** Format: int64 */
            input: number;
            /** Format: int64 */
            output: number;
        };
        /** @description Body of `POST /v1/model-providers`. */
        ModelProviderCreate: {
            /** @description The dialect it speaks. */
            api: components["schemas"]["Dialect"];
            /** @description Write-only: sealed at rest, never shown, never inside a sandbox. */
            api_key: string;
            /** @description May be omitted for `openai`, `anthropic` and `gemini` (their public address). For `openai-*` it ends in `/v1`. */
            base_url?: string | null;
            /** @description Which models may be used, with sizes and prices; any model when absent. */
            models?: (components["schemas"]["ModelOfferInput"] | string)[];
            /** @description Any word of `a-z`, `0-9`, `-`, `_`, `.`: the part of `model` before the first `/`. */
            provider: string;
        };
        ModelProviderId: string;
        /** @description The new provider. */
        ModelProviderInfo: {
            api: components["schemas"]["Dialect"];
            base_url?: string | null;
            created_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["ModelProviderId"];
            /** @description Last characters of the key, to recognise it. */
            key_hint: string;
            models: components["schemas"]["ModelOfferInput"][];
            provider: string;
            updated_at: components["schemas"]["Timestamp"];
        };
        /** @description Body of `PATCH /v1/model-providers/{id}`; what is absent stays. */
        ModelProviderPatch: {
            /** @description A new key in place of the old one. */
            api_key?: string | null;
            /** @description Null takes it away. */
            base_url?: string | null;
            models?: (components["schemas"]["ModelOfferInput"] | string)[] | null;
        };
        /** @description One provider. */
        ModelProviderState: {
            api: components["schemas"]["Dialect"];
            available: boolean;
            id?: components["schemas"]["ModelProviderId"] | null;
            models: components["schemas"]["ModelsOffered"];
            provider: string;
            reason?: string | null;
        };
        /** @description What a live test of a provider's key found. */
        ModelProviderTest: {
            /** Format: int64 */
            duration_ms: number;
            /** @description What it means and what to do. */
            message: string;
            /** @description Names of models that the provider lists; at most 500. */
            models: string[];
            ok: boolean;
            /**
             * Format: int32
             * @description HTTP status of the provider, if it answered.
             */
            upstream_status?: number | null;
        };
        /**
         * @description Which model names a provider takes.
         * @enum {string}
         */
        ModelsOffered: "any" | "listed";
        /** @description Body of `POST /v1/orgs`. */
        OrganisationCreate: {
            /** @description What people call it, 1 to 100 characters; the slug when absent. */
            name?: string | null;
            /** @description A short name of its own, unique on this server: 1 to 63 of `a-z`, `0-9` and `-`, not `-` first. It stays. */
            slug: string;
        };
        /** @description The time of grace before an organisation is deleted. */
        OrganisationDeletion: {
            /** @description Until then an owner can restore it. */
            effective_at: components["schemas"]["Timestamp"];
            requested_at: components["schemas"]["Timestamp"];
        };
        /** @description An organisation of the caller. */
        OrganisationInfo: {
            created_at: components["schemas"]["Timestamp"];
            deletion?: components["schemas"]["OrganisationDeletion"] | null;
            id: components["schemas"]["OrgId"];
            name: string;
            /** @description The caller's role in it: `owner`, `admin`, `member` or `viewer`. */
            role: string;
            slug: string;
        };
        /** @description Body of `PATCH /v1/orgs/{id}`. */
        OrganisationPatch: {
            /** @description What people call it, 1 to 100 characters. */
            name: string;
        };
        /** @description One event of an organisation, in a dense sequence. Unknown types are passed on. The events of a deleted session keep their place and have an empty `data`. */
        OrgEvent: {
            /** Format: date-time */
            at: string;
            data: Record<string, never>;
            seq: number;
            session_id?: string;
            /** @description Known types: session.created, session.status_changed, session.renamed, session.archived, session.deleted, run.recorded, environment.changed, audit.event. */
            type: string;
        };
        /** @description Body of `GET /v1/events`. */
        OrgEventPage: {
            events: components["schemas"]["OrgEvent"][];
            /**
             * Format: int64
             * @description `seq` of the last event there is.
             */
            head: number;
            /**
             * Format: int64
             * @description Give it as `after` to go on.
             */
            next_after: number;
            /**
             * Format: int64
             * @description `seq` of the oldest event that is kept; `head + 1` when there is none.
             */
            oldest: number;
        };
        OrgId: string;
        /** @description Body of `GET /v1/limits`. */
        OrgLimits: {
            organisation_id: components["schemas"]["OrgId"];
            quotas: components["schemas"]["OrgQuotas"];
            requests: components["schemas"]["RequestLimit"];
        };
        /** @description What there may be at the same time. */
        OrgQuotas: {
            /** @description People and service accounts. */
            members: components["schemas"]["QuotaUse"];
            /** @description Sessions that are awake: with a sandbox, at work, or used a moment ago. */
            sandboxes: components["schemas"]["QuotaUse"];
            /** @description Sessions that exist, archived ones too. */
            sessions: components["schemas"]["QuotaUse"];
            /** @description Sockets and streams that are open. */
            sockets: components["schemas"]["QuotaUse"];
            /**
             * @description Bytes that its sessions keep: logs, with what was attached to prompts, and artifacts. Counted in steps, a session is 64
             *     KiB at least. A limit of 0 is none.
             */
            storage: components["schemas"]["QuotaUse"];
            /** @description Sessions with a turn that runs or waits. */
            turns: components["schemas"]["QuotaUse"];
        };
        /** @description A session's list row as it is now, and the status it had before. Told when status, cause, or what waits has changed. */
        OrgStatusChange: components["schemas"]["SessionSummary"] & {
            previous: components["schemas"]["SessionStatus"];
        };
        /** @description Body of `POST /v1/orgs/{id}/transfer`. */
        OwnershipTransfer: {
            /** @description The member who becomes the owner. */
            user_id: components["schemas"]["UserId"];
        };
        /** @description Body of `POST /v1/auth/reset`. */
        PasswordReset: {
            /** Format: email */
            email: string;
        };
        /** @description Body of `POST /v1/auth/reset/confirm`. */
        PasswordResetConfirm: {
            /** @description At least 12 characters, at most 1024 bytes. */
            password: string;
            /** @description What follows `#token=` in the message. */
            token: components["schemas"]["Secret"];
        };
        /** @description Body of `PUT /v1/auth/password`. */
        PasswordSet: {
            current_password?: components["schemas"]["Secret"] | null;
            /** @description At least 12 characters, at most 1024 bytes. */
            password: string;
        };
        /** @description How many requests wait for a person. */
        PendingCounts: {
            /** Format: int64 */
            permissions: number;
            /** Format: int64 */
            questions: number;
        };
        /** @description What waits for a person. */
        PendingRequests: {
            permissions: string[];
            questions: string[];
        };
        /** @description Body of `POST /v1/sessions/{id}/permissions/{permission_id}`. */
        PermissionAnswer: {
            /** @description Told to the agent along with a `reject`. */
            message?: string | null;
            reply: components["schemas"]["PermissionReply"];
        };
        /**
         * @description Whether tools ask before they act.
         * @enum {string}
         */
        PermissionMode: "allow" | "ask";
        /**
         * @description Answer to a permission request.
         * @enum {string}
         */
        PermissionReply: "once" | "always" | "reject";
        /** @description Somebody who looks at a session. */
        Person: {
            /** @description Name for display. */
            name: string;
            user_id: components["schemas"]["UserId"];
        };
        /** @description A problem document: `application/problem+json`. */
        Problem: {
            /** @description What went wrong this time and what to do about it. */
            detail: string;
            /** @description The offending field, where there is one. */
            field?: string | null;
            /**
             * Format: int64
             * @description The limit that was passed, where one was.
             */
            limit?: number | null;
            /** @description Names this request in the server's log. */
            request_id?: string | null;
            /** Format: int32 */
            status: number;
            title: string;
            /** @description Stable address of the kind of problem: `/problems/<slug>` on this server. */
            type: string;
        };
        /** @description A prompt was taken. */
        PromptAccepted: {
            id: components["schemas"]["PromptId"];
            /**
             * Format: int32
             * @description 0 = next to run.
             */
            position: number;
            status: components["schemas"]["PromptStatus"];
        };
        /** @description Body of `POST /v1/sessions/{id}/prompts`. */
        PromptCreate: {
            /** @description At most 8 MiB together, kept with the session. */
            attachments?: components["schemas"]["Attachment"][];
            /**
             * @description Where it goes: `queue` (default) after those that wait; `steer` before them, taken as soon as the running
             *     turn has ended; `interrupt` ends the running turn and runs next.
             */
            mode?: components["schemas"]["PromptMode"];
            /** @description `provider/model` for this prompt; the session's when absent. */
            model?: string | null;
            /** @description At most 64 KiB; reaches the agent as it is. */
            text: string;
        };
        PromptId: string;
        /** @description A prompt as a list shows it. */
        PromptInfo: {
            attachments: components["schemas"]["AttachmentMeta"][];
            author: components["schemas"]["Author"];
            /** @description Why it was cancelled. */
            cause?: string | null;
            cost_micro_usd?: components["schemas"]["MicroUsd"] | null;
            ended_at?: components["schemas"]["Timestamp"] | null;
            error?: components["schemas"]["TurnError"] | null;
            id: components["schemas"]["PromptId"];
            /** @description How it took its place in the queue. */
            mode?: components["schemas"]["PromptMode"];
            /** @description The model it runs on; null when it has not started and named none. */
            model?: string | null;
            queued_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Its `prompt.queued` event.
             */
            seq: number;
            started_at?: components["schemas"]["Timestamp"] | null;
            status: components["schemas"]["PromptStatus"];
            text: string;
            tokens?: components["schemas"]["Tokens"] | null;
        };
        /**
         * @description How a prompt takes its place among those that wait.
         * @enum {string}
         */
        PromptMode: "queue" | "steer" | "interrupt";
        /**
         * @description Where a prompt stands.
         * @enum {string}
         */
        PromptStatus: "queued" | "running" | "completed" | "failed" | "cancelled";
        /** @description Body of `POST /v1/auth/providers/{id}/link`. */
        ProviderLink: {
            /** @description A path of this server to come back to; anything else is `/`. */
            return_to?: string | null;
        };
        /** @description Body of `POST /v1/auth/providers/{id}/start`. */
        ProviderStart: {
            invitation?: components["schemas"]["Secret"] | null;
            /** @description A path of this server to come back to; anything else is `/`. */
            return_to?: string | null;
        };
        /** @description Where the browser goes now. */
        ProviderStarted: {
            /** @description Works once, within ten minutes, in this browser. */
            url: components["schemas"]["Secret"];
        };
        /** @description Body of `POST /v1/sessions/{id}/questions/{question_id}`. */
        QuestionAnswer: {
            /** @description One list of chosen labels (or own words) for each question. */
            answers?: string[][];
            /** @description True to decline to answer. */
            rejected?: boolean;
        };
        /** @description A quota and how much of it is used. */
        QuotaUse: {
            /** Format: int64 */
            limit: number;
            /** Format: int64 */
            used: number;
        };
        /** @description Body of `GET /ready`. */
        Ready: {
            ready: boolean;
            /** @description Why not. */
            reason?: string | null;
        };
        /** @description Codes that each stand for the authenticator once. Shown this one time. */
        RecoveryCodes: {
            recovery_codes: components["schemas"]["Secret"][];
        };
        /** @description The repository a session works on, without credentials. */
        Repository: {
            /** @description Branch, tag or commit; the default branch when absent. */
            ref?: string | null;
            /** @description `https://` (or `http://` where the operator allows it) URL of a git repository, without user info. */
            url: string;
        };
        /** @description A repository with, if it is private, the token that reads it. */
        RepositoryInput: {
            /** @description Branch, tag or commit; the default branch when absent. */
            ref?: string | null;
            /** @description Write-only: sealed at rest, used for this repository's host alone, deleted with the session. */
            token?: string | null;
            /** @description `https://` URL of a git repository, without user info. */
            url: string;
        };
        RequestId: string;
        /** @description How fast requests may come, from all credentials of the organisation together. */
        RequestLimit: {
            /**
             * Format: int32
             * @description The whole stock.
             */
            burst: number;
            /**
             * Format: int32
             * @description Requests a second that come back into the stock.
             */
            per_s: number;
            /**
             * Format: int32
             * @description What is left of it now.
             */
            remaining: number;
        };
        /** @description A finished turn with its events. */
        RunDetail: components["schemas"]["RunRecord"] & {
            /** @description Events of this turn, in order. None for a key that may read runs and no sessions. */
            events: components["schemas"]["Event"][];
            /**
             * Format: int64
             * @description Cursor for more of them; null when these are all.
             */
            next_after?: number | null;
        };
        RunId: string;
        /**
         * @description How a run ended.
         * @enum {string}
         */
        RunOutcome: "completed" | "failed" | "cancelled";
        /** @description Written once, when the turn ends; the same `id` again changes nothing. */
        RunRecord: {
            agent: string;
            api_key_id?: components["schemas"]["ApiKeyId"] | null;
            cost_micro_usd?: components["schemas"]["MicroUsd"] | null;
            ended_at: components["schemas"]["Timestamp"];
            error?: components["schemas"]["TurnError"] | null;
            /**
             * Format: int64
             * @description First and last event of the turn in the session's log.
             */
            first_seq: number;
            id: components["schemas"]["RunId"];
            /** Format: int64 */
            last_seq: number;
            model: string;
            org_id: components["schemas"]["OrgId"];
            outcome: components["schemas"]["RunOutcome"];
            prompt_id: components["schemas"]["PromptId"];
            queued_at: components["schemas"]["Timestamp"];
            repository?: components["schemas"]["Repository"] | null;
            session_id: components["schemas"]["SessionId"];
            started_at?: components["schemas"]["Timestamp"] | null;
            tokens: components["schemas"]["Tokens"];
            /**
             * Format: int64
             * @description Tool calls made in this turn.
             */
            tool_calls: number;
            user_id: components["schemas"]["UserId"];
        };
        /** @description A turn has ended and its record can be read under `/v1/runs/{id}`. */
        RunRecorded: {
            api_key_id?: components["schemas"]["ApiKeyId"] | null;
            cost_micro_usd?: components["schemas"]["MicroUsd"] | null;
            ended_at: components["schemas"]["Timestamp"];
            model: string;
            outcome: components["schemas"]["RunOutcome"];
            prompt_id: components["schemas"]["PromptId"];
            run_id: components["schemas"]["RunId"];
            tokens: components["schemas"]["Tokens"];
            user_id: components["schemas"]["UserId"];
        };
        /** @description A language runtime that the repository asks for. */
        RuntimeWish: {
            /** @description For example `node`, `python`, `rust`, `go`. */
            name: string;
            /** @description The version or range as the repository writes it; null when it names none. */
            version?: string | null;
        };
        SandboxId: string;
        /** @description The sandbox of a session. */
        SandboxInfo: {
            /** Format: int64 */
            generation: number;
            id: components["schemas"]["SandboxId"];
            isolation?: components["schemas"]["Isolation"] | null;
            phase: components["schemas"]["SandboxPhase"];
        };
        /** @enum {string} */
        SandboxPhase: "starting" | "preparing" | "ready" | "stopping";
        /** @description The password was right; a code is needed as well. */
        SecondFactorNeeded: {
            /** @description To be sent with the code. Works for five guesses, once, until `expires_at`. */
            challenge: components["schemas"]["Secret"];
            expires_at: components["schemas"]["Timestamp"];
            /** @description Always true. */
            second_factor: boolean;
        };
        /** @description Body of `POST /v1/auth/sign-in/second-factor`. */
        SecondFactorSignIn: {
            challenge: components["schemas"]["Secret"];
            /** @description The six digits that the authenticator shows, or a recovery code. */
            code: components["schemas"]["Secret"];
        };
        /** @description A secret as text. `Debug` shows only that it is there. */
        Secret: string;
        /** @description Body of `POST /v1/secrets`. */
        SecretCreate: {
            /**
             * @description Name of the variable: letters, digits and `_`, not a digit first, at most 256 characters; names that the
             *     sandbox itself needs are refused.
             */
            name: string;
            phase: components["schemas"]["SecretPhase"];
            scope: components["schemas"]["SecretScope"];
            /** @description At least 6 characters besides blanks around them, at most 16384 bytes, no NUL. Shorter ones cannot be hidden from output, so they are refused. */
            value: string;
        };
        SecretId: string;
        /** @description An environment secret as it is shown: never its value, nor how long it is. */
        SecretInfo: {
            created_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["SecretId"];
            name: string;
            phase: components["schemas"]["SecretPhase"];
            scope: components["schemas"]["SecretScope"];
            updated_at: components["schemas"]["Timestamp"];
        };
        /** @description Body of `PATCH /v1/secrets/{id}`; what is absent stays. */
        SecretPatch: {
            phase?: components["schemas"]["SecretPhase"] | null;
            value?: string | null;
        };
        /**
         * @description What in the sandbox gets to see it.
         * @enum {string}
         */
        SecretPhase: "setup" | "agent" | "both";
        /** @description Which sandboxes a secret is for: `"organisation"`, or `{"environment_id": "env_…"}`. */
        SecretScope: "organisation" | {
            /** @description Sessions with this environment. It wins over a secret of the same name of the organisation. */
            environment_id: components["schemas"]["EnvironmentId"];
        };
        /** @description A service account. */
        ServiceAccount: {
            created_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["UserId"];
            /** @description `service`, always: what tells it from people where both are listed. */
            kind: string;
            name: string;
            /** @description `viewer`, `member` or `admin`. */
            role: string;
        };
        /** @description Body of `POST /v1/service-accounts`. */
        ServiceAccountCreate: {
            /** @description 1 to 100 characters; shown as the author of what it does. */
            name: string;
            /**
             * @description `viewer`, `member` or `admin`; `member` when absent.
             * @enum {string|null}
             */
            role?: "admin" | "member" | "viewer" | null;
        };
        /** @description Body of `PATCH /v1/service-accounts/{id}`; what is absent stays. */
        ServiceAccountPatch: {
            /** @description 1 to 100 characters. */
            name?: string | null;
            /**
             * @description `viewer`, `member` or `admin`.
             * @enum {string|null}
             */
            role?: "admin" | "member" | "viewer" | null;
        };
        /** @description A session in full. */
        Session: {
            agent: string;
            cost_micro_usd?: components["schemas"]["MicroUsd"] | null;
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Author"];
            environment_id?: components["schemas"]["EnvironmentId"] | null;
            /**
             * Format: int64
             * @description `seq` of the last event.
             */
            head: number;
            id: components["schemas"]["SessionId"];
            imported_from?: components["schemas"]["ImportedFrom"] | null;
            model: string;
            pending: components["schemas"]["PendingRequests"];
            permissions: components["schemas"]["PermissionMode"];
            /** @description Prompts that wait, next one first. */
            queue: components["schemas"]["PromptId"][];
            repository?: components["schemas"]["Repository"] | null;
            running_prompt_id?: components["schemas"]["PromptId"] | null;
            /**
             * Format: int64
             * @description Finished turns whose run record is not in the run history yet.
             */
            runs_pending?: number;
            sandbox?: components["schemas"]["SandboxInfo"] | null;
            /** @description Commands that run after the clone. */
            setup: string[];
            status: components["schemas"]["SessionStatus"];
            title?: string | null;
            tokens: components["schemas"]["Tokens"];
            updated_at: components["schemas"]["Timestamp"];
            /** @description Why it is in its status, and what happens next by itself. */
            why: components["schemas"]["Why"];
        };
        /** @description Body of `POST /v1/sessions`. */
        SessionCreate: {
            /** @description One of `GET /v1/agents`, for example `opencode`. */
            agent: string;
            /** @description Files for the first prompt, at most 8 MiB together. */
            attachments?: components["schemas"]["Attachment"][];
            environment_id?: components["schemas"]["EnvironmentId"] | null;
            /** @description `provider/model`; the provider is the part before the first `/`. There is no default. */
            model: string;
            /** @description `allow` (tools run unasked, the sandbox is the boundary) or `ask`. */
            permissions?: components["schemas"]["PermissionMode"];
            /** @description First prompt, at most 64 KiB; reaches the agent as it is. */
            prompt?: string | null;
            repository?: components["schemas"]["RepositoryInput"] | null;
            /** @description Commands that run after the clone, at most 64. Not together with `environment_id`. */
            setup?: string[];
            /** @description At most 200 characters. Without one, the first line of the first prompt becomes the title. */
            title?: string | null;
        };
        SessionId: string;
        /** @description Body of `PATCH /v1/sessions/{id}`. */
        SessionPatch: {
            /** @description 1 to 200 characters. */
            title: string;
        };
        /**
         * @description Where a session stands.
         * @enum {string}
         */
        SessionStatus: "idle" | "queued" | "starting" | "running" | "waiting" | "hibernated" | "failed" | "archived";
        /** @description A session as a list shows it. */
        SessionSummary: {
            agent: string;
            cost_micro_usd?: components["schemas"]["MicroUsd"] | null;
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Author"];
            id: components["schemas"]["SessionId"];
            model: string;
            /** @description How much waits for a person. */
            pending: components["schemas"]["PendingCounts"];
            /**
             * Format: int64
             * @description Prompts that wait.
             */
            queued: number;
            repository?: components["schemas"]["Repository"] | null;
            status: components["schemas"]["SessionStatus"];
            title?: string | null;
            tokens: components["schemas"]["Tokens"];
            updated_at: components["schemas"]["Timestamp"];
            /** @description Why it is in its status, as of its last change. */
            why: components["schemas"]["WhyInShort"];
        };
        /** @description Somebody is signed in; the cookie comes with it. */
        SignedIn: {
            /** @description To be sent back as `Coordinator-CSRF` with whatever changes something. */
            csrf_token: components["schemas"]["Secret"];
            me: components["schemas"]["Me"];
        };
        /** @description Body of `POST /v1/auth/sign-in`. */
        SignIn: {
            email: string;
            password: components["schemas"]["Secret"];
        };
        /** @description What a right password comes to: signed in, or asked for a code. */
        SignInAnswer: components["schemas"]["SignedIn"] | components["schemas"]["SecondFactorNeeded"];
        /** @description A provider through which one can sign in. */
        SignInProvider: {
            /** @example google */
            id: string;
            /**
             * @description `oidc` or `github`.
             * @example oidc
             */
            kind: string;
            /**
             * @description For the button.
             * @example Google
             */
            name: string;
        };
        /** @description The ways in. */
        SignInWays: {
            /** @description With an e-mail address and a password. */
            password: boolean;
            providers: components["schemas"]["SignInProvider"][];
            /**
             * @description Who may sign up with a password: `closed`, `invite_only` or `open`. A provider may have a rule of its own.
             * @example invite_only
             */
            sign_up: string;
        };
        /** @description Body of `POST /v1/auth/sign-out-everywhere`. */
        SignOutEverywhere: {
            /** @description Also this browser. */
            include_current?: boolean;
        };
        /** @description Body of `POST /v1/auth/sign-up`. */
        SignUp: {
            /** Format: email */
            email: string;
            invitation?: components["schemas"]["Secret"] | null;
            /** @description At least 12 characters, at most 1024 bytes. */
            password: string;
        };
        /** @description Server to client. */
        SocketFrame: {
            /** Format: int64 */
            head: number;
            session_id: components["schemas"]["SessionId"];
            status: components["schemas"]["SessionStatus"];
            /** @enum {string} */
            type: "hello";
            version: string;
        } | {
            event: Record<string, never>;
            /** @enum {string} */
            type: "event";
        } | {
            delta: components["schemas"]["Delta"];
            prompt_id: components["schemas"]["PromptId"];
            /** @enum {string} */
            type: "delta";
        } | {
            /** Format: int64 */
            head: number;
            /** @enum {string} */
            type: "caught_up";
        } | {
            people: components["schemas"]["Person"][];
            /** @enum {string} */
            type: "presence";
        } | {
            code: string;
            idempotency_key?: string | null;
            message: string;
            /** @enum {string} */
            type: "error";
        } | {
            idempotency_key?: string | null;
            prompt_id: components["schemas"]["PromptId"];
            /** @enum {string} */
            type: "accepted";
        } | {
            /** @enum {string} */
            type: "pong";
        };
        /** @description A ticket: give it as `?ticket=`, once, before it expires. */
        Ticket: {
            expires_at: components["schemas"]["Timestamp"];
            scope: string;
            ticket: components["schemas"]["Secret"];
        };
        /** @description Body of `POST /v1/tickets`. */
        TicketCreate: {
            /** @description What the ticket opens: the id of a session, for its socket; `events`, for the feed of the organisation. */
            scope: string;
        };
        /** Format: date-time */
        Timestamp: string;
        /** @description Tokens of a turn or a model call. */
        Tokens: {
            /**
             * Format: int64
             * @description Of `input`, those read from the provider's cache.
             */
            cached?: number;
            /**
             * Format: int64
             * @description Prompt tokens, cached ones included.
             */
            input: number;
            /** Format: int64 */
            output: number;
            /**
             * Format: int64
             * @description Of `output`, those spent on reasoning, where the provider says so.
             */
            reasoning?: number;
        };
        /** @description Body of `POST /v1/auth/totp/confirm`. */
        TotpConfirm: {
            /** @description The six digits that the authenticator shows. */
            code: components["schemas"]["Secret"];
        };
        /** @description Body of `DELETE /v1/auth/totp`: one of the two. */
        TotpRemove: {
            code?: components["schemas"]["Secret"] | null;
            password?: components["schemas"]["Secret"] | null;
        };
        /** @description The secret of an authenticator, shown this one time. */
        TotpStarted: {
            /** @description Base32, to be typed in. */
            secret: components["schemas"]["Secret"];
            /** @description The same as an `otpauth://` address, to be shown as a QR code. */
            uri: components["schemas"]["Secret"];
        };
        /** @description What went wrong in a turn, with the next step for the person. */
        TurnError: {
            /** @description Stable word, for example `sandbox_lost`, `model_error`, `agent_crashed`, `clone_failed`, `setup_failed`. */
            code: string;
            /** @description Tail of the relevant output, redacted. */
            detail?: string | null;
            message: string;
            /** @description What the person can do. */
            next_step: string;
        };
        /**
         * @description What runs are grouped by.
         * @enum {string}
         */
        UsageBy: "day" | "hour" | "user" | "api_key" | "model" | "session";
        /** @description What was used, in groups. */
        UsageReport: {
            from?: components["schemas"]["Timestamp"] | null;
            group_by: components["schemas"]["UsageBy"][];
            /** @description Newest first; within a day or hour by user, key, model and session. */
            items: components["schemas"]["UsageRow"][];
            /** @description Over all runs in question, also those whose group is not shown. */
            total: components["schemas"]["UsageSums"];
            /** @description There are more groups than `limit`. */
            truncated: boolean;
            until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description One group. What it was not grouped by is null. */
        UsageRow: components["schemas"]["UsageSums"] & {
            api_key_id?: components["schemas"]["ApiKeyId"] | null;
            from?: components["schemas"]["Timestamp"] | null;
            model?: string | null;
            session_id?: components["schemas"]["SessionId"] | null;
            user_id?: components["schemas"]["UserId"] | null;
        };
        /** @description Sums over some runs. A figure of a single run above 10^12 counts as 10^12. */
        UsageSums: {
            /** Format: int64 */
            cancelled: number;
            /** Format: int64 */
            completed: number;
            cost_micro_usd?: components["schemas"]["MicroUsd"] | null;
            /** Format: int64 */
            failed: number;
            /** @description Of the runs whose price is known. */
            known_cost_micro_usd: components["schemas"]["MicroUsd"];
            /**
             * Format: int64
             * @description Time that prompts waited for their turn.
             */
            queued_ms: number;
            /**
             * Format: int64
             * @description Time that turns took.
             */
            running_ms: number;
            /** Format: int64 */
            runs: number;
            tokens: components["schemas"]["Tokens"];
            /** Format: int64 */
            tool_calls: number;
            /**
             * Format: int64
             * @description Runs whose price is not known.
             */
            unknown_cost_runs: number;
        };
        UserId: string;
        /** @description Why a session is in its state, and what happens next by itself. */
        Why: {
            /** @description Who caused it: `user`, `agent`, `sandbox` or `system`. */
            actor: string;
            /** @description Stable word for the cause, for example `prompt_running`, `waiting_for_permission`, `idle_timeout`. */
            cause: string;
            deadline?: components["schemas"]["Timestamp"] | null;
            /** @description The same in words, for a person. */
            message: string;
            /**
             * @description The next automatic step, if any (`hibernate`, `fail_prompt`, `replace_sandbox`, `retire_sandbox`, `stop_sandbox`,
             *     `stop_again`, `start_sandbox`).
             */
            next_step?: string | null;
        };
        /** @description The words of [`Why`] that a list shows. */
        WhyInShort: {
            /** @description Stable word for the cause. */
            cause: string;
            /** @description The same in words, for a person. */
            message: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    docs_page: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    problem_page: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Last part of a problem's `type` */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    "text/markdown": string;
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            /** @description Not now; the body says why */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_AgentInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_api_keys: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_ApiKeyInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_api_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "nightly job",
                 *       "scopes": [
                 *         "sessions:read",
                 *         "sessions:write"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreated"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_api_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The key's id */
                id: components["schemas"]["ApiKeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_api_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The key's id */
                id: components["schemas"]["ApiKeyId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rate_per_s": 5,
                 *       "scopes": [
                 *         "sessions:read"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyPatch"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotate_api_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of the key to replace */
                id: components["schemas"]["ApiKeyId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlap_s": 3600
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyRotate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreated"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_audit: {
        parameters: {
            query?: {
                /** @description What the action begins with: `api_key.create`, or `api_key.` for all about keys. */
                action?: string;
                /** @description Id of a user or of an API key, `operator` or `system`. */
                actor?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description `json`, `csv` or `ndjson`; else as `Accept` says. */
                format?: "json" | "csv" | "ndjson";
                /** @description 1 to 200; 50 when absent, and all of them as CSV. */
                limit?: number;
                /** @description `allowed`, `denied` or `failed`. */
                outcome?: string;
                /** @description Made at or after. */
                since?: components["schemas"]["Timestamp"];
                /** @description Id of what it was done to. */
                target?: string;
                /** @description Made before. */
                until?: components["schemas"]["Timestamp"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_AuditRecord"];
                    "application/x-ndjson": components["schemas"]["AuditLine"];
                    "text/csv": string;
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_identities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_IdentityInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlink_identity: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The identity's id */
                id: components["schemas"]["IdentityId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken away */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_with_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "what follows #token= in the link"
                 *     }
                 */
                "application/json": components["schemas"]["LinkSignIn"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_password: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "a long one that only you know"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordSet"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say about it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_providers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInWays"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    return_from_provider: {
        parameters: {
            query?: {
                /** @description For whom the provider vouches */
                code?: string;
                /** @description The provider does not */
                error?: string;
                /** @description Who answers (RFC 9207) */
                iss?: string;
                /** @description Of the attempt */
                state?: string;
            };
            header?: never;
            path: {
                /** @description The provider */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To a page of this server */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    link_provider: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The provider, as `GET /v1/auth/providers` lists it */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "return_to": "/settings/profile"
                 *     }
                 */
                "application/json": components["schemas"]["ProviderLink"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderStarted"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    go_to_provider: {
        parameters: {
            query?: {
                /** @description A path of this server to come back to; anything else is `/` */
                return_to?: string;
            };
            header?: never;
            path: {
                /** @description The provider, as `GET /v1/auth/providers` lists it */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_at_provider: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The provider, as `GET /v1/auth/providers` lists it */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "invitation": "what follows #token= in the link",
                 *       "return_to": "/sessions"
                 *     }
                 */
                "application/json": components["schemas"]["ProviderStart"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderStarted"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask_for_reset: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ana@example.org"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description If the address is known, a message was sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailPromised"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirm_reset: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "a long one that only you know",
                 *       "token": "what follows #token= in the link"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordResetConfirm"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say about it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_browsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_BrowserInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_browser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The browser session's id */
                id: components["schemas"]["BrowserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ana@example.org",
                 *       "password": "a long one that only you know"
                 *     }
                 */
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInAnswer"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_with_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "challenge": "what the sign-in answered",
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["SecondFactorSignIn"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say about it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out_everywhere: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "include_current": false
                 *     }
                 */
                "application/json": components["schemas"]["SignOutEverywhere"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say about it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_up: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ana@example.org",
                 *       "password": "a long one that only you know"
                 *     }
                 */
                "application/json": components["schemas"]["SignUp"];
            };
        };
        responses: {
            /** @description If the address is new, a message was sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailPromised"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_totp: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpStarted"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_totp: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["TotpRemove"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say about it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirm_totp: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["TotpConfirm"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify_email: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "a long one that only you know",
                 *       "token": "what follows #token= in the link"
                 *     }
                 */
                "application/json": components["schemas"]["EmailVerify"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_environments: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_Environment"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_environment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "web",
                 *       "setup": [
                 *         "npm ci"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["EnvironmentCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_environment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The environment's id */
                id: components["schemas"]["EnvironmentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_environment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The environment's id */
                id: components["schemas"]["EnvironmentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_environment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The environment's id */
                id: components["schemas"]["EnvironmentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "setup": [
                 *         "npm ci",
                 *         "npm run build"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["EnvironmentPatch"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    detect_environment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "repository": {
                 *         "url": "https://github.com/expressjs/express.git"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EnvironmentDetect"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentPlan"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_org_events: {
        parameters: {
            query?: {
                /** @description Events with a higher `seq`; from the oldest that is kept when absent. Not for the socket, which subscribes. */
                after?: number;
                /** @description 1 to 1000; 200 when absent. */
                limit?: number;
                /** @description The organisation, for people in a browser who belong to several. That of the key or ticket otherwise. */
                org?: components["schemas"]["OrgId"];
                /** @description For the socket: a one-use ticket of the scope `events` instead of a key. */
                ticket?: string;
            };
            header?: {
                /** @description As `after`, and before it; sent by browsers that reconnect */
                "Last-Event-ID"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Client frames: `FeedClientFrame`; server frames: `FeedFrame` */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrgEventPage"];
                    "text/event-stream": string;
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "what follows #token= in the link"
                 *     }
                 */
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganisationInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "what follows #token= in the link"
                 *     }
                 */
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationPreview"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    limits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrgLimits"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_model_providers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_ModelProviderInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_model_provider: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "api": "openai-chat",
                 *       "api_key": "your-key",
                 *       "models": [
                 *         {
                 *           "context": 128000,
                 *           "id": "model-name",
                 *           "price": {
                 *             "input": 3000000,
                 *             "output": 15000000
                 *           }
                 *         }
                 *       ],
                 *       "provider": "openai"
                 *     }
                 */
                "application/json": components["schemas"]["ModelProviderCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelProviderInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_model_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider's id */
                id: components["schemas"]["ModelProviderId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelProviderInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_model_provider: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The provider's id */
                id: components["schemas"]["ModelProviderId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_model_provider: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The provider's id */
                id: components["schemas"]["ModelProviderId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "api_key": "your-new-key"
                 *     }
                 */
                "application/json": components["schemas"]["ModelProviderPatch"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelProviderInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_model_provider: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The provider's id */
                id: components["schemas"]["ModelProviderId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelProviderTest"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    try_model_provider: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "api": "openai-chat",
                 *       "api_key": "your-key",
                 *       "provider": "openai"
                 *     }
                 */
                "application/json": components["schemas"]["ModelProviderCreate"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelProviderTest"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_organisations: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_OrganisationInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_organisation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme Ltd",
                 *       "slug": "acme"
                 *     }
                 */
                "application/json": components["schemas"]["OrganisationCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganisationInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_organisation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganisationInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_organisation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asked for; `deletion` says when */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganisationInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_organisation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme Limited"
                 *     }
                 */
                "application/json": components["schemas"]["OrganisationPatch"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganisationInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_invitations: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_InvitationInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "bo@example.org",
                 *       "role": "member"
                 *     }
                 */
                "application/json": components["schemas"]["InvitationCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationCreated"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
                /** @description The invitation's id */
                invitation_id: components["schemas"]["InvitationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    leave_organisation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say about it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_members: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_MemberInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_member: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
                /** @description The member */
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No longer a member */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_member: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
                /** @description The member */
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "admin"
                 *     }
                 */
                "application/json": components["schemas"]["MemberPatch"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restore_organisation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Restored */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganisationInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    transfer_organisation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation's id */
                id: components["schemas"]["OrgId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "usr_00000000000000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["OwnershipTransfer"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say about it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connect_runner: {
        parameters: {
            query?: never;
            header: {
                /** @description The runner's generation */
                "Coordinator-Generation": number;
                /** @description The runner's sandbox */
                "Coordinator-Sandbox": components["schemas"]["SandboxId"];
                /** @description The runner's session */
                "Coordinator-Session": components["schemas"]["SessionId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description For runners; not for clients */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_runs: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description `csv` or `json`; else as `Accept` says. */
                format?: "json" | "csv";
                /** @description Ended at or after. */
                from?: components["schemas"]["Timestamp"];
                /** @description Id of the API key that gave the prompt. */
                key?: components["schemas"]["ApiKeyId"];
                /** @description 1 to 200; 50 when absent, and all of them as CSV. */
                limit?: number;
                model?: string;
                session?: components["schemas"]["SessionId"];
                /** @description Ended before. */
                until?: components["schemas"]["Timestamp"];
                user?: components["schemas"]["UserId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_RunRecord"];
                    "text/csv": string;
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_run: {
        parameters: {
            query?: {
                /** @description Events with a higher `seq`: `next_after` of the page before. */
                after?: number;
                /** @description Events, 1 to 1000; 200 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The run's id */
                id: components["schemas"]["RunId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_secrets: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Those of this environment alone. */
                environment_id?: components["schemas"]["EnvironmentId"];
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_SecretInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_secret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "NPM_TOKEN",
                 *       "phase": "setup",
                 *       "scope": "organisation",
                 *       "value": "the token"
                 *     }
                 */
                "application/json": components["schemas"]["SecretCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The secret's id */
                id: components["schemas"]["SecretId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_secret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The secret's id */
                id: components["schemas"]["SecretId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_secret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The secret's id */
                id: components["schemas"]["SecretId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "value": "the new token"
                 *     }
                 */
                "application/json": components["schemas"]["SecretPatch"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_service_accounts: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_ServiceAccount"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_service_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "nightly job",
                 *       "role": "member"
                 *     }
                 */
                "application/json": components["schemas"]["ServiceAccountCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_service_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The account's id */
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_service_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The account's id */
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "viewer"
                 *     }
                 */
                "application/json": components["schemas"]["ServiceAccountPatch"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /** @description Those that this person made. */
                created_by?: components["schemas"]["UserId"];
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Archived ones too. */
                include_archived?: boolean;
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
                /**
                 * @description Occurs in title or repository, in whatever case; at most 200 characters. A page may have fewer hits than its
                 *     limit and still a `next_cursor`: older sessions have not been looked at yet.
                 */
                q?: string;
                status?: components["schemas"]["SessionStatus"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_SessionSummary"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "agent": "opencode",
                 *       "model": "demo/scripted",
                 *       "prompt": "run: ls",
                 *       "repository": {
                 *         "ref": "master",
                 *         "url": "https://github.com/expressjs/express.git"
                 *       },
                 *       "title": "A first look"
                 *     }
                 */
                "application/json": components["schemas"]["SessionCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "A better title"
                 *     }
                 */
                "application/json": components["schemas"]["SessionPatch"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_archive: {
        parameters: {
            query?: {
                /** @description With the repository's `.git`. */
                git?: boolean;
            };
            header?: never;
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-tar": string;
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    archive_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_artifacts: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_Artifact"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_artifact: {
        parameters: {
            query: {
                /** @description One file name, at most 255 characters. */
                name: string;
            };
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artifact"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_artifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The artifact's id */
                artifact_id: components["schemas"]["ArtifactId"];
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description A part of it */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description It is what the client has */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_artifact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The artifact's id */
                artifact_id: components["schemas"]["ArtifactId"];
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say about it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_session: {
        parameters: {
            query?: {
                /** @description With home and workspace; without them the conversation can be read elsewhere, not continued. */
                workspace?: boolean;
            };
            header?: never;
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-tar": string;
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_diff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/x-diff": string;
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description Events with a higher `seq`; 0 = from the start. */
                after?: number;
                /** @description In a stream of server-sent events, text in the making too, as events named `delta`. */
                deltas?: boolean;
                /** @description 1 to 1000; 200 when absent. */
                limit?: number;
            };
            header?: {
                /** @description As `after`, and before it; sent by browsers that reconnect */
                "Last-Event-ID"?: number;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                    "text/event-stream": string;
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_file: {
        parameters: {
            query?: {
                /** @description Relative to the workspace; the workspace itself when absent. */
                path?: string;
            };
            header?: never;
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A directory as JSON, a file as `application/octet-stream` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileEntry"][];
                    "application/octet-stream": string;
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hibernate_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken; it happens in a moment, and events tell how it went */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    interrupt_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken; it happens in a moment, and events tell how it went */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answer_permission: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
                /** @description Its id, from the event that asked */
                permission_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reply": "once"
                 *     }
                 */
                "application/json": components["schemas"]["PermissionAnswer"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_prompts: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage_PromptInfo"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_prompt: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "Find out why the tests fail, and fix it"
                 *     }
                 */
                "application/json": components["schemas"]["PromptCreate"];
            };
        };
        responses: {
            /** @description Taken; it happens in a moment, and events tell how it went */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptAccepted"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_prompt: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
                /** @description The prompt's id */
                prompt_id: components["schemas"]["PromptId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancelled */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_attachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
                /** @description Which of the prompt's attachments; 0 is the first */
                index: number;
                /** @description The prompt's id */
                prompt_id: components["schemas"]["PromptId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file's content */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                    "image/gif": string;
                    "image/jpeg": string;
                    "image/png": string;
                    "image/webp": string;
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answer_question: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
                /** @description Its id, from the event that asked */
                question_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "answers": [
                 *         [
                 *           "Yes"
                 *         ]
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["QuestionAnswer"];
            };
        };
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    wake_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken; it happens in a moment, and events tell how it went */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_socket: {
        parameters: {
            query?: {
                /** @description A one-use ticket instead of a key */
                ticket?: string;
            };
            header?: never;
            path: {
                /** @description The session's id */
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Client frames: `ClientFrame`; server frames: `SocketFrame` */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it is not yours to see */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_session: {
        parameters: {
            query?: {
                /** @description `provider/model` for what is to come; that of the bundle when absent. */
                model?: string;
            };
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-tar": string;
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issue_ticket: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this request safe for 24 hours. The same key with another body is a conflict. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    usage: {
        parameters: {
            query?: {
                /** @description `csv` or `json`; else as `Accept` says. */
                format?: "json" | "csv";
                /** @description Ended at or after. */
                from?: components["schemas"]["Timestamp"];
                /**
                 * @description `day`, `hour`, `user`, `api_key`, `model`, `session`, several with commas between; `day` when absent. Days and
                 *     hours are those of UTC; the hour counts when both are named.
                 */
                group_by?: string;
                /** @description Id of the API key that gave the prompt. */
                key?: components["schemas"]["ApiKeyId"];
                /** @description Groups, 1 to 10000; 200 when absent. */
                limit?: number;
                model?: string;
                session?: components["schemas"]["SessionId"];
                /** @description Ended before. */
                until?: components["schemas"]["Timestamp"];
                user?: components["schemas"]["UserId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, or here it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageReport"];
                    "text/csv": string;
                };
            };
            /** @description No valid credential was given */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused or failed: a problem, whose `type` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
