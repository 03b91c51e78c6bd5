//! Where cgroups are mounted and which of them this process is in. Parsing is pure; `read` reads the real files.

use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Mounts {
    /// Mount point of the unified hierarchy.
    pub unified: Option<PathBuf>,
    /// This process's path in the unified hierarchy.
    pub own: Option<PathBuf>,
    /// Mount points of version 1 by controller.
    pub controllers: Vec<(String, PathBuf)>,
}

impl Mounts {
    pub(crate) fn read() -> Self {
        let text = |path| fs::read_to_string(path).unwrap_or_default();
        Self::parse(&text("/proc/self/mountinfo"), &text("/proc/self/cgroup"))
    }

    fn parse(mountinfo: &str, cgroup: &str) -> Self {
        let mut mounts = Self::default();
        for line in mountinfo.lines() {
            let Some((left, right)) = line.split_once(" - ") else {
                continue;
            };
            let Some(point) = left.split(' ').nth(4).map(PathBuf::from) else {
                continue;
            };
            let mut right = right.split(' ');
            match right.next() {
                Some("cgroup2") => mounts.unified = Some(point),
                Some("cgroup") => {
                    for option in right.nth(1).unwrap_or_default().split(',') {
                        if matches!(option, "memory" | "pids" | "cpu") {
                            mounts.controllers.push((option.to_owned(), point.clone()));
                        }
                    }
                }
                _ => {}
            }
        }
        mounts.own = cgroup
            .lines()
            .find_map(|line| line.strip_prefix("0::"))
            .map(PathBuf::from);
        mounts
    }

    pub(crate) fn controller(&self, name: &str) -> Option<&Path> {
        self.controllers
            .iter()
            .find(|(controller, _)| controller == name)
            .map(|(_, point)| point.as_path())
    }

    /// Groups below which a sandbox's group may be made, in the order of preference: our own parent group at the
    /// top where root may make one, then every group around this process from the inside out.
    pub(crate) fn parents(&self, root: bool) -> Vec<PathBuf> {
        let Some(unified) = &self.unified else {
            return Vec::new();
        };
        let mut parents = Vec::new();
        if root {
            parents.push(unified.join(super::PARENT));
        }
        if let Some(own) = &self.own {
            let own = own.strip_prefix("/").unwrap_or(own);
            // A path with `..` is outside of what this namespace shows.
            if !own.components().any(|part| part.as_os_str() == "..") {
                parents.extend(own.ancestors().map(|path| unified.join(path)));
            }
        }
        parents
    }
}

/// Major and minor version of a kernel release such as `6.1.0-18-amd64`.
pub(crate) fn kernel_version(release: &str) -> (u32, u32) {
    let mut parts = release
        .split(|c: char| !c.is_ascii_digit())
        .map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HYBRID: &str = "30 24 0:26 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n\
        31 24 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n\
        32 24 0:28 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";

    #[test]
    fn a_hybrid_host_is_understood() {
        let mounts = Mounts::parse(HYBRID, "4:memory:/x\n0::/\n");
        assert_eq!(
            mounts.unified.as_deref(),
            Some(Path::new("/sys/fs/cgroup/unified"))
        );
        assert_eq!(
            mounts.controller("memory"),
            Some(Path::new("/sys/fs/cgroup/memory"))
        );
        assert_eq!(
            mounts.controller("cpu"),
            Some(Path::new("/sys/fs/cgroup/cpu,cpuacct"))
        );
        assert_eq!(mounts.controller("pids"), None);
    }

    #[test]
    fn a_delegated_user_group_is_tried_from_the_inside_out() {
        let mounts = Mounts::parse(
            "24 1 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n",
            "0::/user.slice/user@1000.service/app.scope\n",
        );
        let parents = mounts.parents(false);
        assert_eq!(
            parents[0],
            Path::new("/sys/fs/cgroup/user.slice/user@1000.service/app.scope")
        );
        assert_eq!(
            parents[1],
            Path::new("/sys/fs/cgroup/user.slice/user@1000.service")
        );
        assert_eq!(
            mounts.parents(true)[0],
            Path::new("/sys/fs/cgroup/agent-coordinator")
        );
    }

    #[test]
    fn versions_compare() {
        assert_eq!(kernel_version("6.1.0-18-amd64"), (6, 1));
        assert!(kernel_version("5.4.0") < (5, 14));
    }
}
