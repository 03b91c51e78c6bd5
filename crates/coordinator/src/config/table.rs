//! The one table of settings: names, types, defaults, meanings. Flags, environment variables, file keys and the
//! reference in the documentation all come from it.

use std::sync::LazyLock;

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// `section.name` in the configuration file.
    pub key: &'static str,
    /// Environment variable.
    pub env: &'static str,
    /// What a value looks like.
    pub kind: &'static str,
    /// In words where it is not a plain value.
    pub default: &'static str,
    pub meaning: &'static str,
    /// Version that brought it.
    pub since: &'static str,
    /// Never a flag, never shown.
    pub secret: bool,
}

impl Setting {
    /// The flag's long name without dashes, or `None` for secrets: other users of the machine see arguments.
    #[must_use]
    pub fn flag(&self) -> Option<&'static str> {
        let index = SETTINGS.iter().position(|setting| setting.key == self.key)?;
        (!self.secret).then(|| FLAGS[index].as_str())
    }

    /// The setting with this file key.
    #[must_use]
    pub fn find(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }
}

/// The flag of each setting, made from its variable.
static FLAGS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let flag = |setting: &Setting| {
        setting
            .env
            .trim_start_matches("COORDINATOR_")
            .to_ascii_lowercase()
            .replace('_', "-")
    };
    SETTINGS.iter().map(flag).collect()
});

/// The sections of the file, in order, with what they are about.
pub const SECTIONS: &[(&str, &str)] = &[
    (
        "server",
        "Where the server is reached, and what it writes about itself.",
    ),
    ("storage", "Where things are kept."),
    (
        "network",
        "Where the server connects to for tenants and sandboxes.",
    ),
    ("sandbox", "How agents are shut in, and what they may use."),
    (
        "accounts",
        "Who may make an account by themselves, and messages to people.",
    ),
    ("models", "Which models come with the server itself."),
    (
        "limits",
        "How much one organisation may ask for, and have at the same time.",
    ),
];

macro_rules! settings {
    ($($key:literal $env:literal $kind:literal = $default:literal, $meaning:literal $($secret:ident)?;)+) => {
        /// Every setting, by section.
        pub const SETTINGS: &[Setting] = &[$(Setting {
            key: $key,
            env: $env,
            kind: $kind,
            default: $default,
            meaning: $meaning,
            since: "0.1.0",
            secret: settings!(@secret $($secret)?),
        },)+];
    };
    (@secret secret) => { true };
    (@secret) => { false };
}

settings! {
    "server.listen" "COORDINATOR_LISTEN" "address:port" = "127.0.0.1:8080",
        "Where the HTTP server listens. Without TLS keep it on loopback or behind a proxy that adds TLS.";
    "server.public_url" "COORDINATOR_PUBLIC_URL" "URL" = "made from the listen address",
        "The address people and browsers use: origin check, cookies, links.";
    "server.tls_cert" "COORDINATOR_TLS_CERT" "PEM file" = "none: plain HTTP",
        "Certificate chain. Needs `tls_key`. Read again on SIGHUP.";
    "server.tls_key" "COORDINATOR_TLS_KEY" "PEM file" = "none",
        "Private key of the certificate. Needs `tls_cert`. Read again on SIGHUP.";
    "server.trusted_proxies" "COORDINATOR_TRUSTED_PROXIES" "list of networks" = "none",
        "Proxies whose `X-Forwarded-For` is believed, for example `10.0.0.0/8`: failed sign-ins are counted for each client address.";
    "server.log" "COORDINATOR_LOG" "filter" = "info",
        "What is logged, for example `info` or `warn,sessions=debug`.";
    "server.log_format" "COORDINATOR_LOG_FORMAT" "`text` or `json`" = "text",
        "How log lines look.";
    "storage.data_dir" "COORDINATOR_DATA_DIR" "directory" = "`$XDG_DATA_HOME/coordinator`, else `~/.local/share/coordinator`",
        "Everything the server keeps; made with mode 0700. One server at a time.";
    "storage.database_url" "COORDINATOR_DATABASE_URL" "PostgreSQL URL" = "none: embedded",
        "PostgreSQL for everything, some day: in this version it is the default of `runs_database_url` and nothing else; the rest stays in the data directory." secret;
    "storage.runs_database_url" "COORDINATOR_RUNS_DATABASE_URL" "PostgreSQL URL" = "as `database_url`",
        "PostgreSQL for the history of finished turns, for example `postgres://user:password@host/database?sslmode=verify-full`; without it `runs.db` in the data directory. While it is down turns go on, and their records wait." secret;
    "storage.master_key" "COORDINATOR_MASTER_KEY" "64 hexadecimal digits or base64 of 32 bytes" = "a key file `master.key` made in the data directory",
        "Wraps the keys that seal the secrets of organisations. Who loses it loses them." secret;
    "storage.master_key_command" "COORDINATOR_MASTER_KEY_COMMAND" "shell command" = "none",
        "Prints the master key, for example from a vault: run once at start, within 30 seconds. One key a line; the first is in use, others still open. Not together with `master_key`.";
    "storage.master_key_previous" "COORDINATOR_MASTER_KEY_PREVIOUS" "64 hexadecimal digits or base64 of 32 bytes" = "none",
        "The master key of before, while it is being changed: it still opens, and what it wraps is brought under the new one. `coordinator master-key status` says when it may go." secret;
    "storage.artifact_store" "COORDINATOR_ARTIFACT_STORE" "directory or `s3://bucket[/prefix]`" = "`artifacts` in the data directory",
        "Where the files that sessions leave behind are kept.";
    "storage.artifact_size" "COORDINATOR_ARTIFACT_SIZE" "size" = "100MiB",
        "One artifact has at most this many bytes.";
    "storage.artifact_number" "COORDINATOR_ARTIFACT_NUMBER" "number" = "200",
        "A session has at most this many artifacts.";
    "storage.artifact_session_size" "COORDINATOR_ARTIFACT_SESSION_SIZE" "size" = "1GiB",
        "All artifacts of a session together have at most this many bytes.";
    "storage.s3_endpoint" "COORDINATOR_S3_ENDPOINT" "URL" = "Amazon's, by region",
        "The server that speaks S3, for `artifact_store`.";
    "storage.s3_region" "COORDINATOR_S3_REGION" "region" = "us-east-1",
        "The region that requests are signed for.";
    "storage.s3_access_key_id" "COORDINATOR_S3_ACCESS_KEY_ID" "id" = "the credentials of the machine",
        "Who asks. Needs `s3_secret_access_key`.";
    "storage.s3_secret_access_key" "COORDINATOR_S3_SECRET_ACCESS_KEY" "secret" = "none",
        "The secret of `s3_access_key_id`." secret;
    "storage.reserve" "COORDINATOR_STORAGE_RESERVE" "size" = "256MiB",
        "While the file system of the data directory has less free than this, `GET /ready` answers 503 and the log says so.";
    "storage.keep_archived" "COORDINATOR_KEEP_ARCHIVED" "duration or `forever`" = "forever",
        "How long an archived session is kept after its last event, for example `90d`; then it is deleted with everything of it, as a person would delete it.";
    "storage.keep_runs" "COORDINATOR_KEEP_RUNS" "duration or `forever`" = "forever",
        "How long the record of a finished turn is kept in the run history, for all organisations. Those of a deleted session go with it.";
    "storage.org_grace" "COORDINATOR_ORG_GRACE" "duration" = "7d",
        "How long the deletion of an organisation can be taken back; then it is erased with everything of it.";
    "storage.bundle_size" "COORDINATOR_BUNDLE_SIZE" "size" = "16GiB",
        "Largest session bundle that is taken in. Home and workspace in it may have as much as a sandbox's disk.";
    "network.allow_private_networks" "COORDINATOR_ALLOW_PRIVATE_NETWORKS" "`true`, `false` or list of `network[:port]`" = "false",
        "Loopback and private addresses that model endpoints and git hosts may have, for example `127.0.0.0/8:8081` or `[fd00::/8]:443`. `true` is for development. The server's own listeners and link-local addresses are always refused.";
    "network.egress_allow" "COORDINATOR_EGRESS_ALLOW" "list of `host[:port]`" = "none",
        "Hosts that every sandbox may reach besides the package registries and the session's git host. `*.example.org` stands for all names below; without a port 443 and 80 are meant.";
    "sandbox.provider" "COORDINATOR_SANDBOX" "`local`" = "local",
        "Where agents run. `local`: in sandboxes on this machine. There is no way to run them without isolation.";
    "sandbox.minimum_isolation" "COORDINATOR_MINIMUM_ISOLATION" "`full` or `reduced`" = "reduced",
        "Sandboxes that would get less are not started.";
    "sandbox.agents_dir" "COORDINATOR_AGENTS_DIR" "directory" = "where the build put them, then PATH",
        "Where the coding agents and ripgrep are installed.";
    "sandbox.limit_memory" "COORDINATOR_LIMIT_MEMORY" "size" = "4GiB",
        "Memory of all processes of a sandbox together.";
    "sandbox.limit_pids" "COORDINATOR_LIMIT_PIDS" "number" = "1024",
        "Processes and threads of a sandbox.";
    "sandbox.limit_cpu" "COORDINATOR_LIMIT_CPU" "cores" = "2",
        "Processor time of a sandbox, for example `0.5`.";
    "sandbox.limit_disk" "COORDINATOR_LIMIT_DISK" "size" = "10GiB",
        "Workspace and home of a session together.";
    "sandbox.limit_tmp" "COORDINATOR_LIMIT_TMP" "size" = "1GiB",
        "In-memory `/tmp` of a sandbox.";
    "sandbox.hibernate_after" "COORDINATOR_HIBERNATE_AFTER" "duration" = "15m",
        "A session without work for this long is hibernated: its sandbox stops, workspace and home stay.";
    "sandbox.clone_timeout" "COORDINATOR_CLONE_TIMEOUT" "duration" = "10m",
        "Longest clone of a repository. A prompt that waits for it fails then, with the reason; the next one tries again.";
    "sandbox.setup_timeout" "COORDINATOR_SETUP_TIMEOUT" "duration" = "15m",
        "Longest run of one set-up command of an environment, after which it is stopped.";
    "sandbox.first_output_timeout" "COORDINATOR_FIRST_OUTPUT_TIMEOUT" "duration" = "10m",
        "A turn that has shown nothing by then fails: its model is silent, or its agent hangs.";
    "sandbox.turn_idle_timeout" "COORDINATOR_TURN_IDLE_TIMEOUT" "duration" = "30m",
        "A turn that shows nothing more for this long fails. There is no limit on its whole length.";
    "sandbox.toolchains" "COORDINATOR_TOOLCHAINS" "list of directories" = "none",
        "More directories of this machine that sandboxes see read-only, for example `/opt/go`.";
    "accounts.sign_up" "COORDINATOR_SIGN_UP" "`closed`, `invite_only` or `open`" = "invite_only",
        "Who may sign up: nobody, who has an invitation, or everybody.";
    "accounts.sign_up_domains" "COORDINATOR_SIGN_UP_DOMAINS" "list of domains" = "any",
        "Domains of e-mail addresses that may sign up without an invitation, for example `example.org`; each is meant as it stands, without those below it.";
    "accounts.mail_from" "COORDINATOR_MAIL_FROM" "e-mail address" = "coordinator@localhost",
        "Whom messages come from.";
    "accounts.mail_url" "COORDINATOR_MAIL_URL" "`smtp://host[:port]` or `smtps://host[:port]`" = "none: messages become files in `outbox` in the data directory",
        "The mail server that takes messages. `smtp` asks for encryption with STARTTLS (port 587), `smtps` is encrypted from the start (port 465).";
    "accounts.mail_starttls" "COORDINATOR_MAIL_STARTTLS" "`required` or `off`" = "required",
        "Whether nothing is said to an `smtp` server that offers no encryption. `off` (port 25) is for a mail server on this machine.";
    "accounts.mail_user" "COORDINATOR_MAIL_USER" "text" = "none",
        "Who the mail server is to take this server for.";
    "accounts.mail_password" "COORDINATOR_MAIL_PASSWORD" "text" = "none",
        "The password that goes with `mail_user`." secret;
    "accounts.mail_password_file" "COORDINATOR_MAIL_PASSWORD_FILE" "file" = "none",
        "A file with the password that goes with `mail_user`. Not together with `mail_password`.";
    "accounts.mail_timeout" "COORDINATOR_MAIL_TIMEOUT" "duration" = "30s",
        "Longest time for one message, from the connection to the mail server's last word; then it is tried again later.";
    "accounts.mail_authority" "COORDINATOR_MAIL_AUTHORITY" "PEM file" = "none",
        "Certificate of an authority that is trusted for the mail server, besides those of the system.";
    "models.demo" "COORDINATOR_DEMO" "`true` or `false`" = "true",
        "Offer the model `demo/scripted`, which needs no key, answers from a script and is labelled a demo.";
    "models.scripted_agent" "COORDINATOR_SCRIPTED_AGENT" "`true` or `false`" = "false",
        "Offer the agent `scripted`, which has no model and does what the lines of a prompt say: for tests and measurements.";
    "limits.rate_per_s" "COORDINATOR_RATE_PER_S" "number" = "100",
        "Requests a second of one organisation, with all its credentials together; what is more is answered 429 with `Retry-After`. A stream counts as one.";
    "limits.rate_burst" "COORDINATOR_RATE_BURST" "number" = "2000",
        "The stock that an organisation has for bursts; `rate_per_s` fills it up.";
    "limits.sessions" "COORDINATOR_QUOTA_SESSIONS" "number" = "1000000",
        "Sessions of one organisation, archived ones included.";
    "limits.sandboxes" "COORDINATOR_QUOTA_SANDBOXES" "number" = "50000",
        "Sessions of one organisation that are awake: with a sandbox, at work, or used a moment ago. The default is more than one machine runs.";
    "limits.turns" "COORDINATOR_QUOTA_TURNS" "number" = "10000",
        "Sessions of one organisation that have a turn that runs or waits, at the same time.";
    "limits.members" "COORDINATOR_QUOTA_MEMBERS" "number" = "10000",
        "People and service accounts of one organisation. Asked when a service account is made.";
    "limits.sockets" "COORDINATOR_QUOTA_SOCKETS" "number" = "8000",
        "Sockets and streams that one organisation has open. The server takes 16,384 connections in all.";
    "limits.storage" "COORDINATOR_QUOTA_STORAGE" "size, or 0 for none" = "0",
        "What the sessions of one organisation keep: their logs, with what was attached to prompts, and artifacts. Workspaces of sandboxes are not counted.";
    "limits.events_per_s" "COORDINATOR_EVENTS_PER_S" "number" = "5000",
        "Events a second from all runners of one organisation together; what is more waits in the sandboxes. 4 KiB are one.";
    "limits.frames_per_s" "COORDINATOR_FRAMES_PER_S" "number" = "20000",
        "Events a second to all sockets and streams of one organisation together; what is more is read from the log later. 4 KiB are one.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_in_known_sections() {
        for (index, setting) in SETTINGS.iter().enumerate() {
            let (section, _) = setting.key.split_once('.').unwrap();
            assert!(SECTIONS.iter().any(|(name, _)| *name == section), "{section}");
            assert!(
                SETTINGS[..index]
                    .iter()
                    .all(|other| other.key != setting.key && other.env != setting.env)
            );
        }
    }

    #[test]
    fn secrets_are_no_flags() {
        assert!(Setting::find("storage.master_key").unwrap().flag().is_none());
        assert_eq!(Setting::find("sandbox.provider").unwrap().flag(), Some("sandbox"));
    }
}
