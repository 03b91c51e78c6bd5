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
         *     look the same: 401 `sign_in_failed`. Each call that succeeds opens a session of its own, whatever its idempotency
         *     key.
         */
        post: operations["sign_in"];
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
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the credential stands for. Browsers find here what they have to send with whatever changes something. */
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
            /** @description `sessions:read`, `sessions:write`, `runs:read`, `admin`; everything its user may do when absent. */
            scopes?: string[];
        };
        /** @description The new key. `key` is shown this one time: a replayed reply has null. */
        ApiKeyCreated: {
            created_at: components["schemas"]["Timestamp"];
            expires_at?: components["schemas"]["Timestamp"] | null;
            id: components["schemas"]["ApiKeyId"];
            key?: string | null;
            name: string;
            scopes: string[];
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
            revoked_at?: components["schemas"]["Timestamp"] | null;
            scopes: string[];
            user_id: components["schemas"]["UserId"];
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
        /** @description Somebody did, or tried to do, something that an audit asks about. */
        AuditEvent: {
            /** @description For example `api_key.created`. */
            action: string;
            actor: components["schemas"]["Author"];
            details?: unknown;
            /** @description `allowed` or `denied`. */
            outcome: string;
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
        /** @description Body of `GET /v1/me`. */
        Me: {
            api_key_id?: components["schemas"]["ApiKeyId"] | null;
            csrf_token?: components["schemas"]["Secret"] | null;
            /** @description Whether the user can sign in with a password. */
            has_password?: boolean;
            organisation: components["schemas"]["MeOrganisation"];
            /** @description Where the user is a member, oldest first; a key sees its own organisation alone. */
            organisations?: components["schemas"]["MeMembership"][];
            /** @description `owner`, `admin`, `member` or `viewer`. */
            role: string;
            /** @description What the key is limited to; empty = everything the user may do. */
            scopes: string[];
            user: components["schemas"]["MeUser"];
        };
        /** @description An organisation of the user, with their role in it. */
        MeMembership: {
            id: components["schemas"]["OrgId"];
            /** @description `owner`, `admin`, `member` or `viewer`. */
            role: string;
            slug: string;
        };
        MeOrganisation: {
            id: components["schemas"]["OrgId"];
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
            api_key: components["schemas"]["Secret"];
            /** @description May be omitted for `openai`, `anthropic` and `gemini` (their public address). For `openai-*` it ends in `/v1`. */
            base_url?: string | null;
            /** @description Which models may be used, with sizes and prices; any model when absent. */
            models?: components["schemas"]["ModelOfferInput"][];
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
            api_key?: components["schemas"]["Secret"] | null;
            /** @description Null takes it away. */
            base_url?: string | null;
            models?: components["schemas"]["ModelOfferInput"][] | null;
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
        /** @description A session's list row as it is now, and the status it had before. Told when status, cause, or what waits has changed. */
        OrgStatusChange: components["schemas"]["SessionSummary"] & {
            previous: components["schemas"]["SessionStatus"];
        };
        /** @description Body of `PUT /v1/auth/password`. */
        PasswordSet: {
            current_password?: components["schemas"]["Secret"] | null;
            /** @description At least 12 characters, at most 1024 bytes. */
            password: components["schemas"]["Secret"];
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
        /** @description Body of `POST /v1/sessions/{id}/questions/{question_id}`. */
        QuestionAnswer: {
            /** @description One list of chosen labels (or own words) for each question. */
            answers?: string[][];
            /** @description True to decline to answer. */
            rejected?: boolean;
        };
        /** @description Body of `GET /ready`. */
        Ready: {
            ready: boolean;
            /** @description Why not. */
            reason?: string | null;
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
            token?: components["schemas"]["Secret"] | null;
            /** @description `https://` URL of a git repository, without user info. */
            url: string;
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
        /** @description A secret as text. `Debug` shows only that it is there. */
        Secret: string;
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
            title?: string | null;
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
                "Last-Event-ID"?: number | null;
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
                 *       "api_key": "your key",
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
                 *       "api_key": "your new key"
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
                 *       "api_key": "your key",
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
                    "application/x-tar": number[];
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
                "application/octet-stream": number[];
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
                    "application/octet-stream": number[];
                };
            };
            /** @description A part of it */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
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
                    "application/x-tar": number[];
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
                "Last-Event-ID"?: number | null;
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
                    "application/octet-stream": number[];
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
                    "application/octet-stream": number[];
                    "image/gif": number[];
                    "image/jpeg": number[];
                    "image/png": number[];
                    "image/webp": number[];
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
                "application/x-tar": number[];
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
