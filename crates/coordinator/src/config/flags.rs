//! One flag for each setting that is no secret, made from the table.

use std::collections::BTreeMap;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use super::table::SETTINGS;

/// The settings given as flags, by key.
#[derive(Debug, Clone, Default)]
pub struct SettingFlags {
    pub given: BTreeMap<&'static str, String>,
    /// `--config`.
    pub file: Option<String>,
}

impl Args for SettingFlags {
    fn augment_args(command: Command) -> Command {
        let mut command = command
            .next_help_heading("Settings (each also as COORDINATOR_* and in the file)")
            .arg(
                Arg::new("config")
                    .long("config")
                    .value_name("FILE")
                    .help("Configuration file [env: COORDINATOR_CONFIG]"),
            );
        for setting in SETTINGS {
            if let Some(flag) = setting.flag() {
                let first = setting
                    .meaning
                    .split(". ")
                    .next()
                    .unwrap_or_default()
                    .trim_end_matches('.');
                command = command.arg(
                    Arg::new(setting.key)
                        .long(flag)
                        .value_name("VALUE")
                        .help(format!("{first} [default: {}]", setting.default.replace('`', "")))
                        .long_help(format!(
                            "{}\n\n{} [default: {}] [env: {}] [file: {}]",
                            setting.meaning.replace('`', ""),
                            setting.kind.replace('`', ""),
                            setting.default.replace('`', ""),
                            setting.env,
                            setting.key
                        )),
                );
            }
        }
        command.next_help_heading(None::<&'static str>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self {
            given: BTreeMap::new(),
            file: matches.get_one::<String>("config").cloned(),
        };
        for setting in SETTINGS.iter().filter(|setting| !setting.secret) {
            if let Some(value) = matches.get_one::<String>(setting.key) {
                flags.given.insert(setting.key, value.clone());
            }
        }
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
