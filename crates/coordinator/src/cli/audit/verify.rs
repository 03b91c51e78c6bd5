//! `audit verify`: offline, over the server's file or an exported one.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use domain::audit::{Broken, Fault, Signed, Verified, Verifier, checkpoint_message};
use keys::is_audit_signature;
use protocol::{
    OrgId,
    audit::{AuditCheckpoint, AuditHead, AuditLine, Hex},
};
use store::AuditFile;

use super::Place;
use crate::{
    cli::{figures, terminal},
    serve,
};

/// Longest line of an export: a record is far shorter.
const MOST_LINE: u64 = 64 * 1024;

#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyArgs {
    #[command(flatten)]
    place: Place,
    /// An export (NDJSON) instead of a data directory
    #[arg(long, value_name = "FILE", conflicts_with = "data_dir")]
    file: Option<PathBuf>,
    /// Public key that checkpoints may be signed with (repeatable, also older ones); those of the data directory's
    /// master keys are known anyway
    #[arg(long = "public-key", value_name = "HEX")]
    keys: Vec<Hex<32>>,
}

type Outcome = BTreeMap<OrgId, Result<Verified, Broken>>;

pub(super) fn verify(arguments: &VerifyArgs) -> Result<u8> {
    let mut keys = arguments.keys.clone();
    let outcome = match &arguments.file {
        Some(path) => {
            let file = std::fs::File::open(path).with_context(|| format!("{}", path.display()))?;
            let (org, outcome) =
                exported(BufReader::new(file), &keys).with_context(|| format!("{}", path.display()))?;
            Outcome::from([(org, outcome)])
        }
        None => {
            let config = arguments.place.read()?;
            keys.extend(serve::audit_public_keys(&config)?);
            stored(&config.storage.data_dir.join("audit.db"), &keys)?
        }
    };
    Ok(report(&outcome, !keys.is_empty()))
}

fn stored(path: &Path, keys: &[Hex<32>]) -> Result<Outcome> {
    if !path.exists() {
        bail!("{}: there is no audit log", path.display());
    }
    let file = AuditFile::open(path).with_context(|| format!("{}", path.display()))?;
    file.verify(|checkpoint| signed(checkpoint, keys))
        .with_context(|| format!("{}", path.display()))
}

fn signed(checkpoint: &AuditCheckpoint, keys: &[Hex<32>]) -> Signed {
    if keys.is_empty() {
        return Signed::Unchecked;
    }
    if !keys.contains(&checkpoint.key) {
        return Signed::Stranger;
    }
    let AuditCheckpoint {
        org_id,
        seq,
        hash,
        at,
        ..
    } = checkpoint;
    let message = checkpoint_message(*org_id, *seq, hash, *at);
    if is_audit_signature(&checkpoint.key, &message, &checkpoint.signature) {
        Signed::Good
    } else {
        Signed::Bad
    }
}

/// What stands in the first line, and then what became of it.
fn exported(mut lines: impl BufRead, keys: &[Hex<32>]) -> Result<(OrgId, Result<Verified, Broken>)> {
    let Some(AuditLine::Start(start)) = line(&mut lines).ok().flatten() else {
        bail!("this is no export of an audit log, or its first line was changed");
    };
    let org = start.org_id;
    Ok((org, follow(&mut lines, start, keys)))
}

fn follow(lines: &mut impl BufRead, start: AuditHead, keys: &[Hex<32>]) -> Result<Verified, Broken> {
    let mut verifier = Verifier::begin(start)?;
    loop {
        let next = verifier.next();
        let broken = |seq: u64, fault: Fault| Broken {
            org: start.org_id,
            seq,
            fault,
        };
        match line(lines) {
            Ok(Some(AuditLine::Record(record))) => verifier.record(&record)?,
            Ok(Some(AuditLine::Checkpoint(checkpoint))) => {
                verifier.checkpoint(&checkpoint, signed(&checkpoint, keys))?;
            }
            Ok(Some(AuditLine::Head(head))) => {
                if head != start {
                    return Err(broken(next - 1, Fault::HeadDiffers));
                }
                if !matches!(lines.fill_buf(), Ok([])) {
                    return Err(broken(next, Fault::BehindEnd(head.seq)));
                }
                return verifier.end();
            }
            Ok(Some(AuditLine::Start(_))) => {
                return Err(broken(next, Fault::Unreadable("a second start".into())));
            }
            Ok(None) => {
                let fault = match start.seq {
                    last if last >= next => Fault::Missing(last),
                    _ => Fault::Unreadable("the export ends without its last line".into()),
                };
                return Err(broken(next, fault));
            }
            Err(why) => return Err(broken(next, Fault::Unreadable(why))),
        }
    }
}

/// The next line. It has to be spelt as it would be written, so that it has no byte that does not count.
fn line(lines: &mut impl BufRead) -> Result<Option<AuditLine>, String> {
    let mut bytes = Vec::new();
    lines
        .by_ref()
        .take(MOST_LINE)
        .read_until(b'\n', &mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let line: AuditLine = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    let mut again = serde_json::to_vec(&line).map_err(|error| error.to_string())?;
    again.push(b'\n');
    if again == bytes {
        Ok(Some(line))
    } else {
        Err("the line is not spelt as it was written".to_owned())
    }
}

fn report(outcome: &Outcome, with_key: bool) -> u8 {
    let mut code = 0;
    for (org, outcome) in outcome {
        match outcome {
            Ok(verified) => {
                let removed = match verified.removed {
                    0 => String::new(),
                    removed => format!("; up to {} removed on purpose", figures::grouped(removed)),
                };
                let signed = match (with_key, verified.last - verified.signed.min(verified.last)) {
                    (false, _) => "signatures not checked: give --public-key".to_owned(),
                    (true, 0) => "all of it signed".to_owned(),
                    (true, rest) => format!(
                        "signed up to {}; the last {} rest on their hashes alone",
                        figures::grouped(verified.signed),
                        figures::grouped(rest)
                    ),
                };
                let records = figures::grouped(verified.records);
                terminal::say(format!("{org}: ok, {records} records, {signed}{removed}"));
            }
            Err(broken) => {
                code = 1;
                terminal::say(format!("{broken}"));
            }
        }
    }
    if outcome.is_empty() {
        terminal::say("nothing was noted yet");
    }
    code
}

#[cfg(test)]
mod tests {
    use domain::audit::{GENESIS, sealed};
    use keys::AuditKey;
    use ports::{AuditLog as _, AuditSigner as _};
    use store::AuditDatabase;
    use testkit::sample::{audit_entry, org_id};

    use super::*;

    const RECORDS: u64 = 35;

    fn key() -> AuditKey {
        AuditKey::new(&keys::from_environment_value(&"2a".repeat(32)).unwrap()).unwrap()
    }

    async fn checkpoint(org: OrgId, seq: u64, hash: Hex<32>, at: protocol::Timestamp) -> AuditCheckpoint {
        let key = key();
        let message = checkpoint_message(org, seq, &hash, at);
        AuditCheckpoint {
            org_id: org,
            seq,
            hash,
            at,
            key: key.public_key(),
            signature: key.sign(&message).await.unwrap(),
        }
    }

    async fn export() -> Vec<u8> {
        let org = org_id(1);
        let (mut lines, mut hash) = (Vec::new(), GENESIS);
        for seq in 1..=RECORDS {
            let record = sealed(audit_entry(seq, org), seq, &hash);
            hash = record.hash;
            let at = record.at;
            lines.push(AuditLine::Record(record));
            if seq % 32 == 1 {
                lines.push(AuditLine::Checkpoint(checkpoint(org, seq, hash, at).await));
            }
        }
        let head = AuditHead {
            org_id: org,
            seq: RECORDS,
            hash,
            removed: 0,
            removed_hash: GENESIS,
        };
        lines.insert(0, AuditLine::Start(head));
        lines.push(AuditLine::Head(head));
        let mut bytes = Vec::new();
        for line in &lines {
            serde_json::to_writer(&mut bytes, line).unwrap();
            bytes.push(b'\n');
        }
        bytes
    }

    #[tokio::test]
    async fn an_export_holds_and_any_flipped_byte_of_it_is_named() {
        let keys = [key().public_key()];
        let bytes = export().await;
        let (_, verified) = exported(&bytes[..], &keys).unwrap();
        let verified = verified.unwrap();
        assert_eq!((verified.records, verified.signed), (RECORDS, 33));
        let (mut named, mut unknown) = (0, 0);
        for place in (0..bytes.len()).step_by(7) {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << (place % 8);
            match exported(&changed[..], &keys) {
                Err(_) => unknown += 1,
                Ok((_, Err(_))) => named += 1,
                Ok((_, Ok(_))) => panic!("byte {place} went unnoticed"),
            }
        }
        assert!(
            named > 1000 && unknown < 60,
            "{named} named, {unknown} in the first line"
        );
        // A tail that is gone, with and without half a line.
        for end in [bytes.len() - 1, bytes.len() - 400, bytes.len() / 2] {
            assert!(exported(&bytes[..end], &keys).unwrap().1.is_err());
        }
        let other = [Hex([1; 32])];
        let broken = exported(&bytes[..], &other).unwrap().1.unwrap_err();
        assert_eq!((broken.seq, broken.fault), (1, Fault::StrangeKey));
    }

    /// Flips every 13th byte of a real file. Where nothing is found, nothing of the log has changed.
    #[tokio::test]
    async fn a_file_with_a_flipped_byte_is_found_out() {
        let keys = [key().public_key()];
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.db");
        let log = AuditDatabase::open(&path).unwrap();
        for n in 1..=RECORDS {
            let placed = log.append(vec![audit_entry(n, org_id(1))]).await.unwrap()[0];
            if placed.checkpoint_due {
                let point = checkpoint(placed.org, placed.seq, placed.hash, placed.at).await;
                log.add_checkpoint(point).await.unwrap();
            }
        }
        drop(log);
        // The thread that wrote last closes the file, and takes the write-ahead log away with it.
        while path.with_extension("db-wal").exists() {
            tokio::task::yield_now().await;
        }
        let whole = stored(&path, &keys).unwrap();
        assert_eq!(whole[&org_id(1)].as_ref().unwrap().signed, 33);
        let bytes = std::fs::read(&path).unwrap();
        // Where the text of a record stands it is named exactly; a copy that was left in free space carries nothing.
        let word = b"user20@example.org";
        let copies: Vec<usize> = bytes
            .windows(word.len())
            .enumerate()
            .filter_map(|(place, window)| (window == word).then_some(place))
            .collect();
        let mut named = 0;
        for place in copies.iter().flat_map(|place| *place..place + word.len()) {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            if let Err(broken) = &stored(&path, &keys).unwrap()[&org_id(1)] {
                assert_eq!(broken.seq, 20, "{broken}");
                named += 1;
            }
        }
        assert_eq!(named, word.len(), "one copy counts, every byte of it");
        let (mut found, mut nothing) = (0, 0);
        for place in (0..bytes.len()).step_by(13) {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << (place % 8);
            std::fs::write(&path, &changed).unwrap();
            match stored(&path, &keys) {
                Ok(outcome) if outcome == whole => nothing += 1,
                _ => found += 1,
            }
        }
        assert!(found > 300, "{found} found, {nothing} in free space");
    }
}
