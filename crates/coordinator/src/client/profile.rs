//! The profile that `up` writes, so that the next command needs no flags. Holds a key: mode 0600.

use std::{
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::ApiError;

/// Server and key.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub server: String,
    pub api_key: String,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Profile")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

/// `$XDG_CONFIG_HOME/coordinator/profile.toml`, else below `~/.config`.
#[must_use]
pub fn profile_path() -> Option<PathBuf> {
    let base = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let base = base.or_else(|| {
        std::env::var_os("HOME")
            .filter(|home| !home.is_empty())
            .map(|home| PathBuf::from(home).join(".config"))
    });
    base.map(|base| base.join("coordinator/profile.toml"))
}

impl Profile {
    /// The profile of this user, if there is one.
    ///
    /// # Errors
    /// When it is there but cannot be used, or others may read it.
    pub fn load() -> Result<Option<Self>, ApiError> {
        profile_path().map_or(Ok(None), |path| Self::load_from(&path))
    }

    fn load_from(path: &Path) -> Result<Option<Self>, ApiError> {
        let shown = path.display();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ApiError::Setup(format!("{shown} cannot be read: {error}"))),
        };
        let mode = std::fs::metadata(path)
            .map(|meta| meta.permissions().mode())
            .unwrap_or(0);
        if mode & 0o077 != 0 {
            return Err(ApiError::Setup(format!(
                "{shown} holds a key and can be read by others: chmod 600 {shown}"
            )));
        }
        // The parser's own message would quote the line, key and all.
        toml::from_str(&text).map(Some).map_err(|_| {
            ApiError::Setup(format!(
                "{shown} is not a profile: it needs `server` and `api_key`; `coordinator up` writes it anew"
            ))
        })
    }

    /// Writes the profile, readable by its owner alone; complete or not at all.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> std::io::Result<()> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let draft = path.with_extension("toml.new");
        match std::fs::remove_file(&draft) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)?;
        let text = toml::to_string(self).map_err(std::io::Error::other)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(draft, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_private_and_comes_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a/profile.toml");
        Profile {
            server: "http://h".into(),
            api_key: "ack_x".into(),
        }
        .save(&path)
        .unwrap();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(Profile::load_from(&path).unwrap().unwrap().api_key, "ack_x");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(
            Profile::load_from(&path)
                .unwrap_err()
                .to_string()
                .contains("chmod 600")
        );
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "api_key = \"ack_x\noops").unwrap();
        assert!(
            !Profile::load_from(&path)
                .unwrap_err()
                .to_string()
                .contains("ack_x")
        );
    }
}
