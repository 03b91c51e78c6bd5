//! Two sets of times, compared without a guess at how they are distributed.

/// A door tells when times of one kind are ordered before the other's more often than chance explains (three standard
/// errors), by an effect that somebody who asks as often as the limits allow could see.
const ERRORS: f64 = 3.0;
/// Least effect that counts: the probability that a time of one kind is longer than one of the other, less one half.
const EFFECT: f64 = 0.05;

/// What became of a comparison. Times in microseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Comparison {
    samples: usize,
    known: f64,
    absent: f64,
    /// Half the distance between the quartiles of those that are absent: what noise there is.
    spread: f64,
    /// Mann-Whitney: the probability that a known one takes longer than an absent one, ties by half.
    longer: f64,
    /// The standard error of that, if there is no difference.
    error: f64,
    /// Kolmogorov-Smirnov: the largest distance between the two distributions.
    distance: f64,
}

impl Comparison {
    pub(crate) fn of(mut known: Vec<f64>, mut absent: Vec<f64>) -> Self {
        known.sort_by(f64::total_cmp);
        absent.sort_by(f64::total_cmp);
        let (n, m) = (count(&known), count(&absent));
        let mut longer = 0.0;
        for time in &known {
            let below = absent.partition_point(|other| other < time);
            let upto = absent.partition_point(|other| other <= time);
            longer += count(&absent[..below]) + count(&absent[below..upto]) / 2.0;
        }
        let both = known.iter().chain(&absent);
        let distance = both
            .map(|time| (share(&known, *time) - share(&absent, *time)).abs())
            .fold(0.0, f64::max);
        Self {
            samples: known.len().min(absent.len()),
            known: quantile(&known, 0.5),
            absent: quantile(&absent, 0.5),
            spread: (quantile(&absent, 0.75) - quantile(&absent, 0.25)) / 2.0,
            longer: longer / (n * m),
            error: ((n + m + 1.0) / (12.0 * n * m)).sqrt(),
            distance,
        }
    }

    /// Whether the time tells which kind it was.
    pub(crate) fn tells(&self) -> bool {
        let effect = (self.longer - 0.5).abs();
        effect > EFFECT && effect > ERRORS * self.error
    }

    pub(crate) fn head() -> String {
        format!(
            "{:<44} {:>7} {:>10} {:>10} {:>9} {:>8} {:>8} {:>7} {:>7}  verdict",
            "door", "samples", "known us", "absent us", "diff us", "+- us", "P(longer)", "z", "KS"
        )
    }

    pub(crate) fn line(&self, door: &str) -> String {
        format!(
            "{door:<44} {:>7} {:>10.0} {:>10.0} {:>9.0} {:>8.0} {:>8.3} {:>7.1} {:>7.3}  {}",
            self.samples,
            self.known,
            self.absent,
            self.known - self.absent,
            self.spread,
            self.longer,
            (self.longer - 0.5) / self.error,
            self.distance,
            if self.tells() { "TELLS" } else { "does not tell" }
        )
    }

    pub(crate) fn legend() -> String {
        format!(
            "medians of whole answers; +- is half the distance between the quartiles; P(longer) is the probability that an \
             answer about an account that exists takes longer than one about an absent one (0.5: no difference), z its \
             distance from that in standard errors. A door tells when P(longer) is off by more than {EFFECT} and by more \
             than {ERRORS} standard errors."
        )
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of samples are small")]
fn count(all: &[f64]) -> f64 {
    all.len() as f64
}

/// How many of them are no longer than this, as a part of all.
fn share(sorted: &[f64], time: f64) -> f64 {
    let upto = sorted.partition_point(|other| *other <= time);
    count(&sorted[..upto]) / count(sorted).max(1.0)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index into a few thousand samples"
)]
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = (sorted.len().saturating_sub(1) as f64 * part).round() as usize;
    sorted.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(from: u32) -> Vec<f64> {
        (0..1_000).map(|n| f64::from(from + n)).collect()
    }

    #[test]
    fn equal_times_do_not_tell_and_shifted_ones_do() {
        let same = Comparison::of(ramp(0), ramp(0));
        assert!(!same.tells() && (same.longer - 0.5).abs() < 1e-9 && same.distance < 1e-9);
        let shifted = Comparison::of(ramp(100), ramp(0));
        assert!(shifted.tells() && shifted.longer > 0.55);
        assert!((shifted.distance - 0.1).abs() < 1e-9);
        let apart = Comparison::of(ramp(5_000), ramp(0));
        assert!(apart.tells() && (apart.longer - 1.0).abs() < 1e-9);
    }
}
