//! The run: prepares a place, measures row after row, shows what came out.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    figure::{self, Figure},
    options::Options,
    product::Server,
    rows, say, tenants,
};

/// Directories of runs, with the process behind it.
const PREFIX: &str = "session-";

/// What every row is given.
pub(crate) struct Context {
    pub(crate) options: Options,
    /// Where both sides keep their files: the same disk.
    pub(crate) place: PathBuf,
    /// What outlives a run.
    pub(crate) cache: PathBuf,
    /// `coordinator`, with the stand-in beside it.
    pub(crate) program: PathBuf,
}

impl Context {
    /// An empty data directory, and where its server logs to.
    pub(crate) fn data_dir(&self, name: &str) -> Result<(PathBuf, PathBuf)> {
        let path = self.place.join(name);
        std::fs::create_dir_all(&path)?;
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        Ok((path, self.place.join(format!("{name}.log"))))
    }
}

/// Measures; false when a goal was missed.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let programs = match &options.programs {
        Some(programs) => programs.clone(),
        None => std::env::current_exe()?
            .parent()
            .context("no directory")?
            .to_path_buf(),
    };
    let cache = match &options.place {
        Some(place) => place.clone(),
        None => programs.parent().context("no directory")?.join("bench"),
    };
    std::fs::create_dir_all(&cache)?;
    let cache = cache.canonicalize()?;
    sweep(&cache);
    let prefix = if options.keep {
        "kept-".to_owned()
    } else {
        format!("{PREFIX}{}-", std::process::id())
    };
    let place = tempfile::Builder::new().prefix(&prefix).tempdir_in(&cache)?;
    let path = place.path().to_path_buf();
    if options.keep {
        say(&format!("kept: {}", place.keep().display()));
    }
    raise_limit();
    let context = Context {
        options: options.clone(),
        program: Server::install(&programs, &path.join("programs"))?,
        place: path,
        cache: cache.clone(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            outcome = measure(&context) => outcome,
            _ = terminate.recv() => Err(anyhow!("told to stop")),
            _ = interrupt.recv() => Err(anyhow!("told to stop")),
        }
    });
    runtime.shutdown_background();
    let mut figures = match outcome {
        Ok(figures) => figures,
        Err(error) => {
            let kept = cache.join("failed");
            keep_logs(&context.place, &kept);
            return Err(error.context(format!("the server's logs are in {}", kept.display())));
        }
    };
    if options.quick {
        for figure in &mut figures {
            figure.met = None;
        }
    }
    show(options, &cache, &figures)?;
    Ok(figures.iter().all(|figure| figure.met != Some(false)))
}

async fn measure(context: &Context) -> Result<Vec<Figure>> {
    if context.options.tenants {
        tenants::all(context).await
    } else {
        rows::all(context).await
    }
}

fn show(options: &Options, cache: &Path, figures: &[Figure]) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{}", figure::table(figures))?;
    let document = json!({
        "quick": options.quick,
        "rounds": options.rounds,
        "threads": options.threads,
        "processors": std::thread::available_parallelism().map_or(0, usize::from),
        "figures": figures,
    });
    let name = if options.tenants {
        "tenants.json"
    } else {
        "session.json"
    };
    let path = options.json.clone().unwrap_or_else(|| cache.join(name));
    std::fs::write(&path, serde_json::to_vec_pretty(&document)?)
        .with_context(|| format!("{}", path.display()))?;
    writeln!(
        out,
        "as JSON, with what is behind each figure: {}",
        path.display()
    )?;
    Ok(())
}

/// Ends and removes what runs left behind that were killed.
fn sweep(cache: &Path) {
    let Ok(entries) = std::fs::read_dir(cache) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let pid = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX)?.split('-').next());
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            end_programs_of(&entry.path());
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Ends processes whose program lies in this directory: a run installs its own.
fn end_programs_of(directory: &Path) {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return;
    };
    for process in processes.flatten() {
        let pid = process.file_name().to_str().and_then(|name| name.parse().ok());
        if let (Some(pid), Ok(program)) = (pid, std::fs::read_link(process.path().join("exe")))
            && program.starts_with(directory)
        {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
    }
}

fn keep_logs(place: &Path, kept: &Path) {
    let _ = std::fs::create_dir_all(kept);
    let Ok(entries) = std::fs::read_dir(place) else {
        return;
    };
    for entry in entries.flatten() {
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "log")
        {
            let _ = std::fs::copy(entry.path(), kept.join(entry.file_name()));
        }
    }
}

/// Many sockets: as many as this user may have.
fn raise_limit() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    if let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, most, most);
    }
}
