//! `coordinator-runner git-credential --socket PATH get`: what git runs. It prints a credential or nothing.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use protocol::runner::GitCredential;

use super::format::{Ask, LONGEST, is_one_line};

/// A little longer than the broker waits for the server.
const LIMIT: Duration = Duration::from_secs(20);

/// Runs the helper on its arguments. `store` and `erase` are taken and ignored: there is nothing to keep.
///
/// # Errors
/// When the arguments make no sense or the broker cannot be reached; git then goes on without a credential.
pub fn main(args: &[String], input: &mut dyn Read, output: &mut dyn Write) -> io::Result<()> {
    let (socket, action) = match args {
        [flag, socket, action] if flag == "--socket" => (socket, action),
        _ => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "usage: coordinator-runner git-credential --socket PATH get|store|erase",
            ));
        }
    };
    if action != "get" {
        return Ok(());
    }
    let mut text = String::new();
    input.take(LONGEST).read_to_string(&mut text)?;
    if let Some(found) = ask(Path::new(socket), &Ask::parse(&text))?
        && is_one_line(&found.username)
        && is_one_line(&found.password)
    {
        write!(
            output,
            "username={}\npassword={}\n",
            found.username, found.password
        )?;
    }
    output.flush()
}

fn ask(socket: &Path, ask: &Ask) -> io::Result<Option<GitCredential>> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    let mut line = serde_json::to_vec(ask)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut reply = String::new();
    BufReader::new(stream.take(LONGEST)).read_line(&mut reply)?;
    Ok(serde_json::from_str(&reply)?)
}
