//! Any change of any field of any record is found, and named.

use std::collections::BTreeMap;

use proptest::prelude::*;
use protocol::{
    ApiKeyId, OrgId, RequestId, Timestamp, UserId,
    audit::{AuditActor, AuditCheckpoint, AuditHead, AuditOutcome, AuditRecord, Hex},
};

use super::*;

fn org() -> OrgId {
    OrgId::from_bits(1)
}

fn entry(n: u64) -> AuditEntry {
    let actor = match n % 3 {
        0 => AuditActor::Operator,
        1 => AuditActor::System,
        _ => AuditActor::User {
            user_id: UserId::from_bits(n.into()),
            api_key_id: n.is_multiple_of(2).then(|| ApiKeyId::from_bits(n.into())),
            name: format!("user{n}@example.org"),
        },
    };
    AuditEntry {
        target: n.is_multiple_of(2).then(|| format!("key_{n}")),
        address: n.is_multiple_of(3).then(|| [192, 0, 2, 1].into()),
        request: (!n.is_multiple_of(4)).then(|| RequestId::from_bits(n.into())),
        details: (0..n % 4).map(|d| (format!("d{d}"), n.to_string())).collect(),
        ..AuditEntry::new(
            org(),
            Timestamp::from_ms(n.cast_signed() * 1000),
            actor,
            "api_key.create",
            AuditOutcome::ALL[(n % 3) as usize],
        )
    }
}

/// A chain with checkpoints, whose "signature" here is the hash that was signed.
fn chain(length: u64) -> (Vec<AuditRecord>, Vec<AuditCheckpoint>, AuditHead) {
    let (mut records, mut checkpoints) = (Vec::new(), Vec::new());
    let (mut hash, mut last) = (GENESIS, None);
    for seq in 1..=length {
        let record = sealed(entry(seq), seq, &hash);
        hash = record.hash;
        if is_checkpoint_due(last, seq, record.at) {
            last = Some((seq, record.at));
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(&hash.0);
            checkpoints.push(AuditCheckpoint {
                org_id: org(),
                seq,
                hash,
                at: record.at,
                key: Hex([7; 32]),
                signature: Hex(signature),
            });
        }
        records.push(record);
    }
    let head = AuditHead {
        org_id: org(),
        seq: length,
        hash,
        removed: 0,
        removed_hash: GENESIS,
    };
    (records, checkpoints, head)
}

fn verify(
    records: &[AuditRecord],
    checkpoints: &[AuditCheckpoint],
    head: AuditHead,
) -> Result<Verified, Broken> {
    let mut verifier = Verifier::begin(head)?;
    let mut signed: BTreeMap<u64, &AuditCheckpoint> = checkpoints
        .iter()
        .map(|checkpoint| (checkpoint.seq, checkpoint))
        .collect();
    for record in records {
        verifier.record(record)?;
        if let Some(checkpoint) = signed.remove(&record.seq) {
            let good = checkpoint.signature.0[..32] == checkpoint.hash.0;
            verifier.checkpoint(checkpoint, if good { Signed::Good } else { Signed::Bad })?;
        }
    }
    for checkpoint in signed.into_values() {
        verifier.checkpoint(checkpoint, Signed::Good)?;
    }
    verifier.end()
}

#[test]
fn a_chain_that_nobody_touched_holds() {
    for length in [0, 1, 5, 100] {
        let (records, checkpoints, head) = chain(length);
        let verified = verify(&records, &checkpoints, head).unwrap();
        assert_eq!((verified.records, verified.last), (length, length));
        assert!(length - verified.signed < 32 && (length == 0 || verified.signed > 0));
    }
}

#[test]
fn what_is_left_out_put_in_or_moved_is_named() {
    let (records, checkpoints, head) = chain(40);
    let named = |records: &[AuditRecord]| {
        let broken = verify(records, &checkpoints, head).unwrap_err();
        (broken.seq, broken.fault)
    };
    let mut without = records.clone();
    without.remove(9);
    assert_eq!(named(&without), (10, Fault::Skipped(11)));
    let mut twice = records.clone();
    twice.insert(9, records[8].clone());
    assert_eq!(named(&twice), (10, Fault::Skipped(9)));
    let mut swapped = records.clone();
    swapped.swap(3, 4);
    assert_eq!(named(&swapped), (4, Fault::Skipped(5)));
    // The tail is gone, and what is kept of the end still knows it.
    assert_eq!(named(&records[..36]), (37, Fault::Missing(40)));
    let mut more = records.clone();
    more.push(sealed(entry(41), 41, &records[39].hash));
    assert_eq!(named(&more), (41, Fault::BehindEnd(40)));
}

#[test]
fn a_chain_that_was_made_anew_lacks_the_signature() {
    let (records, checkpoints, head) = chain(40);
    // Everything from 20 on is rewritten with hashes that fit, and the end as well.
    let mut forged = records.clone();
    let mut hash = records[18].hash;
    for record in &mut forged[19..] {
        let mut new = entry(record.seq);
        new.action = "nothing.happened".into();
        *record = sealed(new, record.seq, &hash);
        hash = record.hash;
    }
    let broken = verify(&forged, &checkpoints, AuditHead { hash, ..head }).unwrap_err();
    assert_eq!((broken.seq, broken.fault), (33, Fault::CheckpointDiffers));
    // With the last checkpoints cut off too, what remains in the end is what no chain can show.
    let unsigned: Vec<_> = checkpoints
        .iter()
        .filter(|point| point.seq < 20)
        .copied()
        .collect();
    let verified = verify(&forged, &unsigned, AuditHead { hash, ..head }).unwrap();
    assert_eq!(verified.signed, 1, "and this says how much is signed");
    // The same with the tail alone: behind the last checkpoint it can be cut off together with the end.
    let cut = AuditHead {
        seq: 36,
        hash: records[35].hash,
        ..head
    };
    assert!(verify(&records[..36], &checkpoints, cut).is_ok());
    let deeper = AuditHead {
        seq: 20,
        hash: records[19].hash,
        ..head
    };
    let broken = verify(&records[..20], &checkpoints, deeper).unwrap_err();
    assert_eq!((broken.seq, broken.fault), (33, Fault::CheckpointWithoutRecord));
}

#[test]
fn checkpoints_come_with_the_first_of_an_hour_and_after_many() {
    let at = Timestamp::from_ms;
    assert!(is_checkpoint_due(None, 1, at(0)));
    assert!(!is_checkpoint_due(Some((1, at(0))), 2, at(3_599_999)));
    assert!(is_checkpoint_due(Some((1, at(0))), 2, at(3_600_000)));
    assert!(
        is_checkpoint_due(Some((5, at(0))), 37, at(1)) && !is_checkpoint_due(Some((5, at(0))), 36, at(1))
    );
}

#[test]
fn records_have_a_largest_size() {
    let mut big = entry(2);
    big.target = Some("ä".repeat(1000));
    big.details = (0..100).map(|n| (format!("{n:03}"), "x".repeat(1000))).collect();
    let record = sealed(big, 1, &GENESIS);
    assert_eq!(record.target.unwrap().len(), MOST_TEXT);
    assert_eq!(record.details.len(), MOST_DETAILS);
    assert!(record.details.values().all(|text| text.len() == MOST_TEXT));
}

proptest! {
    /// A record's JSON with one byte changed is another record, or none: either way it is found, and named.
    #[test]
    fn any_one_byte_of_a_record_counts(which in 0_usize..24, place in 0_usize..2000, to in 0x20_u8..0x7f) {
        let (mut records, checkpoints, head) = chain(24);
        let mut bytes = serde_json::to_vec(&records[which]).unwrap();
        let place = place % bytes.len();
        prop_assume!(bytes[place] != to);
        bytes[place] = to;
        if let Ok(changed) = serde_json::from_slice::<AuditRecord>(&bytes)
            && changed != records[which]
        {
            records[which] = changed;
            let broken = verify(&records, &checkpoints, head).unwrap_err();
            prop_assert_eq!(broken.seq, which as u64 + 1, "{}", broken);
        }
    }

    /// The same for what stands beside the records.
    #[test]
    fn any_byte_of_head_and_checkpoints_counts(place in 0_usize..2000, flip in 1_u8..=255, of_head: bool) {
        let (records, mut checkpoints, mut head) = chain(40);
        if of_head {
            match place % 3 {
                0 => head.hash.0[place % 32] ^= flip,
                1 => head.seq ^= u64::from(flip),
                _ => head.removed_hash.0[place % 32] ^= flip,
            }
        } else {
            let checkpoint = &mut checkpoints[place % 2];
            prop_assume!(place % 3 != 1 || flip & 31 != 0);
            match place % 3 {
                0 => checkpoint.hash.0[place % 32] ^= flip,
                // Two of one number cannot be kept.
                1 => checkpoint.seq ^= u64::from(flip & 31),
                _ => checkpoint.signature.0[place % 32] ^= flip,
            }
        }
        prop_assert!(verify(&records, &checkpoints, head).is_err());
    }
}
