//! Whole bundles pass, and every other file does not.

use std::io::{Cursor, Read};

use super::life::{ARTIFACT, Life, Made, packed};
use crate::{
    BundleError, HOME, LOG, Limits, MANIFEST, WORKSPACE, artifact_member, check, frame::BLOCK, length,
    manifest::SEAL,
};

fn refused(bytes: Vec<u8>) -> BundleError {
    refused_within(bytes, &Limits::default())
}

fn refused_within(bytes: Vec<u8>, limits: &Limits) -> BundleError {
    match check(&mut Cursor::new(bytes), limits) {
        Ok(_) => panic!("it was accepted"),
        Err(error) => error,
    }
}

fn made() -> Made {
    Made::of(&Life::resting().lines())
}

#[test]
fn what_was_written_is_read_again() {
    let made = made();
    let bytes = made.bytes();
    assert_eq!(bytes.len() as u64, length(&made.manifest).unwrap());
    let mut file = Cursor::new(bytes);
    let checked = check(&mut file, &Limits::default()).unwrap();
    assert_eq!(checked.manifest, made.manifest);
    let mut content = Vec::new();
    checked
        .open(&mut file, WORKSPACE)
        .unwrap()
        .read_to_end(&mut content)
        .unwrap();
    assert_eq!(content, vec![b'w'; 3_000]);
    let artifact = made.manifest.members[3].name.clone();
    content.clear();
    checked
        .open(&mut file, &artifact)
        .unwrap()
        .read_to_end(&mut content)
        .unwrap();
    assert_eq!(content, ARTIFACT);
    let lines = checked
        .lines(&mut file)
        .unwrap()
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    assert_eq!(lines.len() as u64, made.manifest.counts.facts);
}

#[test]
fn any_tar_program_can_list_it() {
    // Name, size and magic at their places, and the checksum that everybody checks.
    let bytes = made().bytes();
    let header = &bytes[..BLOCK];
    assert!(header.starts_with(b"manifest.json\0"));
    assert_eq!(&header[257..262], b"ustar");
    let sum: u32 = header
        .iter()
        .enumerate()
        .map(|(index, byte)| {
            if (148..156).contains(&index) {
                32
            } else {
                u32::from(*byte)
            }
        })
        .sum();
    assert_eq!(&header[148..154], format!("{sum:06o}").as_bytes());
}

/// Every single byte, in every member, its header and its padding.
#[test]
fn a_flipped_byte_anywhere_is_refused_and_its_member_named() {
    let made = made();
    let bytes = made.bytes();
    let mut owners: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    let manifest_size = usize::from_str_radix(std::str::from_utf8(&bytes[124..135]).unwrap(), 8).unwrap();
    let members = made
        .manifest
        .members
        .iter()
        .map(|member| (member.name.as_str(), member.size as usize));
    for (name, size) in [(MANIFEST, manifest_size), (SEAL, 65)].into_iter().chain(members) {
        owners.push((at, name));
        at += BLOCK + size.next_multiple_of(BLOCK);
    }
    assert_eq!(at + 2 * BLOCK, bytes.len());
    // All of the small members and frames; every 97th of the large ones.
    for index in (0..bytes.len()).filter(|index| index % BLOCK > 480 || index % 97 == 0 || *index < 4_096) {
        for flip in [0x01, 0x80] {
            let mut changed = bytes.clone();
            changed[index] ^= flip;
            let error = refused(changed);
            let owner = owners.iter().rev().find(|(at, _)| *at <= index).unwrap().1;
            let named = error.of_member();
            let fits = match owner {
                // The hash and what it is of stand for each other; a first block of another name is no bundle at all.
                MANIFEST | SEAL => named.is_none_or(|name| [MANIFEST, SEAL].contains(&name)),
                owner => named == Some(owner),
            };
            assert!(fits, "byte {index} of {owner}: {error}");
        }
    }
}

#[test]
fn what_is_cut_short_or_longer_is_refused() {
    let bytes = made().bytes();
    for length in [
        0,
        1,
        511,
        512,
        600,
        2_000,
        bytes.len() / 2,
        bytes.len() - 1024,
        bytes.len() - 1,
    ] {
        refused(bytes[..length].to_vec());
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(
        refused(longer).of_member(),
        Some(made().manifest.members[3].name.as_str())
    );
    let mut doubled = bytes.clone();
    doubled.extend_from_slice(&bytes);
    refused(doubled);
    assert!(matches!(
        refused(b"GIF89a".repeat(1_000)),
        BundleError::NotABundle(_)
    ));
}

#[test]
fn members_are_those_of_a_bundle_once_and_in_place() {
    let good = made();
    let mut twice = good.clone();
    twice.manifest.members.push(twice.manifest.members[1].clone());
    let mut strange = good.clone();
    strange.manifest.members[2].name = "../../etc/passwd".into();
    let mut absolute = good.clone();
    absolute.manifest.members[2].name = "/etc/passwd".into();
    let mut no_log = good.clone();
    no_log.manifest.members.remove(0);
    let mut swapped = good.clone();
    swapped.manifest.members.swap(0, 1);
    let mut other_artifact = good.clone();
    other_artifact.manifest.members[3].name = artifact_member(protocol::ArtifactId::from_bits(10));
    let mut uncounted = good.clone();
    uncounted.manifest.counts.artifacts = 0;
    for made in [
        twice,
        strange,
        absolute,
        no_log,
        swapped,
        other_artifact,
        uncounted,
    ] {
        let error = refused(made.bytes());
        assert_eq!(error.of_member(), Some(MANIFEST), "{error}");
    }
    // A member that the manifest does not name.
    let bytes = good.bytes();
    let mut more = bytes[..bytes.len() - 1024].to_vec();
    more.extend_from_slice(&crate::frame::header("more", 0));
    more.extend_from_slice(&[0; 1024]);
    assert!(refused(more).to_string().contains("does not name"));
}

#[test]
fn sizes_are_bounded_before_anything_is_unpacked() {
    let good = made();
    let mut greedy = good.clone();
    greedy.manifest.members[0].content_size = u64::MAX;
    let error = refused(greedy.bytes());
    assert!(matches!(error, BundleError::TooLarge { .. }), "{error}");
    let tight = Limits {
        files: 10_000,
        ..Limits::default()
    };
    assert!(matches!(
        refused_within(good.bytes(), &tight),
        BundleError::TooLarge { .. }
    ));
    let tight = Limits {
        artifact: 3,
        ..Limits::default()
    };
    assert!(matches!(
        refused_within(good.bytes(), &tight),
        BundleError::TooLarge { .. }
    ));

    // A small member that unpacks to much: more than it says is never unpacked.
    let (bomb, bytes) = packed(HOME, &vec![0; 50 << 20]);
    assert!(bytes.len() < 1 << 20);
    for said in [1_000, (50 << 20) - 1, (50 << 20) + 1] {
        let mut lying = good.clone();
        lying.manifest.members[1] = crate::Member {
            content_size: said,
            ..bomb.clone()
        };
        lying.contents[1] = (bomb.sha256.clone(), bytes.clone());
        assert_eq!(refused(lying.bytes()).of_member(), Some(HOME));
    }
    // Something behind the packed bytes.
    let mut trailing = good.clone();
    let mut longer = good.contents[1].1.clone();
    longer.extend_from_slice(b"more");
    let mut hashing = crate::Hashing::new(Vec::new());
    std::io::Write::write_all(&mut hashing, &longer).unwrap();
    let (member, bytes) = hashing.finish(HOME);
    let hash = member.sha256.clone();
    trailing.manifest.members[1] = crate::Member {
        content_size: good.manifest.members[1].content_size,
        ..member
    };
    trailing.contents[1] = (hash, bytes);
    assert_eq!(refused(trailing.bytes()).of_member(), Some(HOME));
}

#[test]
fn formats_of_the_future_are_told_apart_from_damage() {
    let mut newer = made();
    newer.manifest.format = 2;
    let error = refused(newer.bytes());
    assert!(matches!(error, BundleError::Future { found: 2 }), "{error}");
    assert!(error.to_string().contains("newer version"));
}

#[test]
fn nothing_secret_is_in_it() {
    let life = Life::resting();
    let made = Made::of(&life.lines());
    let mut file = Cursor::new(made.bytes());
    let checked = check(&mut file, &Limits::default()).unwrap();
    let mut log = String::new();
    checked
        .open(&mut file, LOG)
        .unwrap()
        .read_to_string(&mut log)
        .unwrap();
    assert!(!log.contains(super::life::SEALED) && log.contains("\"git_token\":null"));
    // Hashes are arrays of numbers: none is left but of zeros.
    let zeros = serde_json::to_string(&[0_u8; 32]).unwrap();
    for word in ["token_hash", "secret_hash"] {
        let all = log.matches(&format!("\"{word}\":")).count();
        assert!(all > 0, "{word}");
        assert_eq!(log.matches(&format!("\"{word}\":{zeros}")).count(), all, "{word}");
    }
    assert!(
        log.contains("aGVsbG8="),
        "attachments are part of the conversation"
    );
}
