//! What the kernel says about a process.

use std::{fs, path::Path};

/// A reading of what a process has used.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Vitals {
    /// Seconds of processor time in the program itself, and in the kernel for it.
    pub(crate) user_s: f64,
    pub(crate) system_s: f64,
    /// Bytes in memory.
    pub(crate) rss: u64,
    /// Times that its threads gave the processor up of their own accord.
    pub(crate) switches: u64,
    /// Bytes that it caused to be written.
    pub(crate) written: u64,
}

/// Reads them; zeros for what cannot be read.
pub(crate) fn of(pid: u32) -> Vitals {
    let root = format!("/proc/{pid}");
    let mut vitals = Vitals::default();
    if let Ok(text) = fs::read_to_string(format!("{root}/stat"))
        && let Some((_, rest)) = text.rsplit_once(')')
    {
        let ticks = |n: usize| {
            let field = rest.split_whitespace().nth(n)?;
            field.parse::<f64>().ok()
        };
        // Clock ticks, of which Linux tells a hundred in a second to programs.
        vitals.user_s = ticks(11).unwrap_or(0.0) / 100.0;
        vitals.system_s = ticks(12).unwrap_or(0.0) / 100.0;
    }
    vitals.rss = field(Path::new(&root).join("status").as_path(), "VmRSS:") * 1024;
    vitals.written = field(Path::new(&root).join("io").as_path(), "write_bytes:");
    if let Ok(tasks) = fs::read_dir(format!("{root}/task")) {
        for task in tasks.flatten() {
            vitals.switches += field(&task.path().join("status"), "voluntary_ctxt_switches:");
        }
    }
    vitals
}

fn field(path: &Path, name: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// Open files of a process below a directory.
pub(crate) fn open_below(pid: u32, directory: &Path) -> usize {
    let Ok(files) = fs::read_dir(format!("/proc/{pid}/fd")) else {
        return 0;
    };
    files
        .flatten()
        .filter_map(|file| fs::read_link(file.path()).ok())
        .filter(|target| target.starts_with(directory))
        .count()
}
