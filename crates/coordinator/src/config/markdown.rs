//! The settings reference of the documentation, written from the table.

use std::fmt::Write as _;

use super::{
    logins::LOGIN_SETTINGS,
    table::{SECTIONS, SETTINGS},
};

/// The whole page.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Settings\n\nWritten by `coordinator settings-markdown`.\n\n\
         A setting is looked up as a flag of `serve`, `up` and `doctor`, then as an environment variable, then in the\n\
         file given with `--config` (or `COORDINATOR_CONFIG`), then its default holds. All errors are reported at once.\n\
         Keys that the file has and this page has not are refused. Secrets have no flag, because other users of a\n\
         machine can see arguments. Lists are TOML arrays in the file and comma-separated elsewhere. Sizes are written\n\
         as `512MiB` or `4GiB`, durations as `30s`, `15m` or `2h`.\n",
    );
    for (section, about) in SECTIONS {
        let _ = write!(page, "\n## `[{section}]`\n\n{about}\n\n");
        page.push_str("| in the file | environment | flag | type | default | meaning | since |\n|---|---|---|---|---|---|---|\n");
        for setting in SETTINGS {
            let Some(name) = setting
                .key
                .strip_prefix(section)
                .and_then(|rest| rest.strip_prefix('.'))
            else {
                continue;
            };
            let flag = setting
                .flag()
                .map_or_else(|| "-".to_owned(), |flag| format!("`--{flag}`"));
            let _ = writeln!(
                page,
                "| `{name}` | `{}` | {flag} | {} | {} | {} | {} |",
                setting.env, setting.kind, setting.default, setting.meaning, setting.since
            );
        }
    }
    page.push_str(
        "\n## `[login.NAME]`\n\nA provider through which people sign in. There can be several, each with a section; in variables its name is in\n\
         capitals, with `_` for `-`. None of these is a flag.\n\n\
         | in the file | environment | type | default | meaning |\n|---|---|---|---|---|\n",
    );
    for setting in LOGIN_SETTINGS {
        let _ = writeln!(
            page,
            "| `{}` | `COORDINATOR_LOGIN_NAME_{}` | {} | {} | {} |",
            setting.key,
            setting.key.to_ascii_uppercase(),
            setting.kind,
            setting.default,
            setting.meaning
        );
    }
    page.push_str(
        "\n## Client commands\n\n| environment | flag | meaning |\n|---|---|---|\n\
         | `COORDINATOR_SERVER` | `--server` | Address of the server, for example `https://agents.example.org`. |\n\
         | `COORDINATOR_API_KEY` | `--key` | API key. Better here or in the profile than as a flag. |\n\n\
         Without either, the profile `~/.config/coordinator/profile.toml` (mode 0600, written by `coordinator up`) is used.\n\
         Certificates of a private authority are taken from `SSL_CERT_FILE`.\n",
    );
    page
}
