//! Counts a request of somebody who is known.

use domain::{
    limits::{Bucket, Level, Rate},
    session::hash_secret,
    tenancy::{Actor, ApiKey},
};
use protocol::{OrgId, ProblemCode, Timestamp};

use super::{Limiter, Seen};
use crate::{App, AppError};

/// One limit as a caller is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// `organisation` or `key`.
    pub name: &'static str,
    pub rate: Rate,
    pub level: Level,
}

/// What became of a request, and how much is left for more.
#[derive(Debug, Clone)]
pub struct Admission {
    pub lines: Vec<Line>,
    /// `rate_limited`, when there was nothing left.
    pub refused: Option<AppError>,
}

impl Admission {
    fn of(lines: Vec<Line>) -> Self {
        let emptiest = lines
            .iter()
            .filter(|line| !line.level.taken)
            .max_by_key(|line| line.level.next_in_s);
        let refused = emptiest.map(|line| {
            let whose = match line.name {
                "key" => "This API key",
                _ => "This organisation",
            };
            AppError::new(
                ProblemCode::RateLimited,
                format!(
                    "{whose} may make {} requests a second and has used up its stock of {}. Wait, and follow events \
                     over a stream instead of polling.",
                    line.rate.per_s(),
                    line.rate.burst()
                ),
            )
            .limit(line.rate.per_s().into())
            .retry_after_s(line.level.next_in_s.max(1))
        });
        Self { lines, refused }
    }
}

impl Limiter {
    /// What is left to an organisation.
    pub(crate) fn left(&self, org: OrgId, now: Timestamp) -> Line {
        let rate = self.rates.org;
        let level = self.orgs.look(&org, |bucket| bucket.look(rate, now));
        Line {
            name: "organisation",
            rate,
            level: level.unwrap_or_else(|| Bucket::default().look(rate, now)),
        }
    }

    /// Whose key this was when it was last right.
    pub(crate) fn org_of(&self, hash: &[u8; 32]) -> Option<OrgId> {
        self.seen.look(hash, |seen| seen.org).flatten()
    }

    /// A key that was found and is right.
    pub(crate) fn saw(&self, key: &ApiKey) {
        let seen = Seen {
            org: Some(key.org),
            key: Some(key.id),
            rate: key.rate_per_s.map(Rate::of_key),
        };
        self.seen.with(key.hash, |known| *known = seen);
    }

    fn take(&self, org: OrgId, seen: Option<Seen>, now: Timestamp) -> Admission {
        // The key's own limit first: what it refuses does not use up what its organisation has.
        let mut lines = Vec::with_capacity(2);
        if let Some(Seen {
            key: Some(key),
            rate: Some(rate),
            ..
        }) = seen
        {
            lines.push(Line {
                name: "key",
                rate,
                level: self.keys.with(key, |bucket| bucket.take(rate, now)),
            });
        }
        let rate = self.rates.org;
        if lines.iter().all(|line| line.level.taken) {
            lines.push(Line {
                name: "organisation",
                rate,
                level: self.orgs.with(org, |bucket| bucket.take(rate, now)),
            });
        }
        Admission::of(lines)
    }

    /// What would become of the next request with this key; nothing is taken.
    fn peek(&self, seen: Seen, now: Timestamp) -> Option<Admission> {
        let mut lines = vec![self.left(seen.org?, now)];
        if let (Some(key), Some(rate)) = (seen.key, seen.rate) {
            let level = self.keys.look(&key, |bucket| bucket.look(rate, now))?;
            lines.push(Line {
                name: "key",
                rate,
                level,
            });
        }
        let admission = Admission::of(lines);
        admission.refused.is_some().then_some(admission)
    }
}

impl App {
    /// Counts one request of `actor`; a stream is one.
    #[must_use]
    pub fn admit(&self, actor: &Actor) -> Admission {
        let limiter = self.limiter();
        let seen = actor
            .key_hash
            .and_then(|hash| limiter.seen.look(&hash, |seen| *seen));
        limiter.take(actor.org, seen, self.now())
    }

    /// Turns away, without asking the store, whoever comes with a key that was right a moment ago and has nothing left:
    /// so a flood of one organisation costs the others no reads. `None` for everybody else, wrong keys too.
    #[must_use]
    pub fn turn_away(&self, key: &str) -> Option<Admission> {
        domain::api_key::Shape::of(key)?;
        let limiter = self.limiter();
        let seen = limiter.seen.look(&hash_secret(key), |seen| *seen)?;
        limiter.peek(seen, self.now())
    }
}

#[cfg(test)]
mod tests {
    use domain::limits::Quotas;
    use protocol::ApiKeyId;

    use super::*;
    use crate::limits::Rates;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(1_769_860_800_000 + ms)
    }

    fn limiter() -> Limiter {
        let rates = Rates {
            org: Rate::new(10, 20),
            ..Rates::default()
        };
        Limiter::new(rates, Quotas::default())
    }

    #[test]
    fn one_organisation_at_twenty_times_its_rate_takes_nothing_from_another() {
        let limiter = limiter();
        let (loud, quiet) = (OrgId::from_bits(1), OrgId::from_bits(2));
        let (mut served, mut refused) = (0, 0);
        for ms in 0..10_000 {
            if ms % 5 == 0 {
                match limiter.take(loud, None, at(ms)).refused {
                    None => served += 1,
                    Some(_) => refused += 1,
                }
            }
            if ms % 100 == 0 {
                assert!(limiter.take(quiet, None, at(ms)).refused.is_none());
            }
        }
        assert_eq!(served + refused, 2_000);
        assert!(
            (119..=121).contains(&served),
            "{served}: ten seconds, and the stock"
        );
    }

    #[test]
    fn a_keys_own_limit_comes_first_and_spares_the_organisation() {
        let limiter = limiter();
        let org = OrgId::from_bits(1);
        let seen = Seen {
            org: Some(org),
            key: Some(ApiKeyId::from_bits(1)),
            rate: Some(Rate::new(1, 2)),
        };
        for _ in 0..2 {
            let admission = limiter.take(org, Some(seen), at(0));
            assert!(admission.refused.is_none());
            assert_eq!(admission.lines.len(), 2);
        }
        let refused = limiter.take(org, Some(seen), at(0));
        assert_eq!(refused.lines.len(), 1);
        let error = refused.refused.unwrap();
        assert_eq!((error.limit, error.retry_after_s), (Some(1), Some(1)));
        assert_eq!(limiter.left(org, at(0)).level.remaining, 18);
        assert!(limiter.peek(seen, at(0)).is_some());
        assert!(limiter.peek(seen, at(1_000)).is_none(), "one came back");
        assert!(
            limiter.take(org, None, at(0)).refused.is_none(),
            "other keys go on"
        );
    }
}
