//! Figures, what they are held against, and how they are shown.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value};

/// What a figure is held against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Goal {
    /// At least this many times the baseline.
    AtLeast(f64),
    /// At most this many times the baseline.
    AtMost(f64),
    /// At most this, whatever the baseline.
    Under(f64),
    /// As the baseline, give or take this much.
    Within(f64),
    /// Only told.
    Told,
}

/// One line of the table.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    pub(crate) row: &'static str,
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) value: f64,
    pub(crate) baseline: Option<f64>,
    pub(crate) ratio: Option<f64>,
    pub(crate) goal: String,
    /// `None` where there is no goal, or nobody is to judge.
    pub(crate) met: Option<bool>,
    pub(crate) details: Map<String, Value>,
}

impl Figure {
    pub(crate) fn new(
        row: &'static str,
        name: impl Into<String>,
        unit: &'static str,
        value: f64,
        baseline: Option<f64>,
        goal: Goal,
    ) -> Self {
        let ratio = baseline
            .filter(|baseline| *baseline > 0.0)
            .map(|baseline| value / baseline);
        let (goal, met) = match goal {
            Goal::AtLeast(times) => (format!(">= {times} x"), ratio.map(|ratio| ratio >= times)),
            Goal::AtMost(times) => (format!("<= {times} x"), ratio.map(|ratio| ratio <= times)),
            Goal::Under(most) => (format!("<= {}", number(most)), Some(value <= most)),
            Goal::Within(most) => (
                format!("+- {}", number(most)),
                baseline.map(|baseline| (value - baseline).abs() <= most),
            ),
            Goal::Told => (String::new(), None),
        };
        Self {
            row,
            name: name.into(),
            unit,
            value,
            baseline,
            ratio,
            goal,
            met,
            details: Map::new(),
        }
    }

    /// One more thing worth knowing.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    fn verdict(&self) -> &'static str {
        match self.met {
            Some(true) => "ok",
            Some(false) => "MISSED",
            None => "",
        }
    }
}

/// Three digits that count.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1000.0 {
        let digits = format!("{value:.0}");
        let (sign, digits) = digits
            .strip_prefix('-')
            .map_or(("", digits.as_str()), |rest| ("-", rest));
        let mut out = String::from(sign);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
    } else if size >= 100.0 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// The table as text.
pub(crate) fn table(figures: &[Figure]) -> String {
    let head = ["", "figure", "measured", "baseline", "ratio", "goal", ""].map(str::to_owned);
    let mut rows = vec![head];
    for figure in figures {
        rows.push([
            figure.row.to_owned(),
            figure.name.clone(),
            format!("{} {}", number(figure.value), figure.unit),
            figure.baseline.map(number).unwrap_or_default(),
            figure
                .ratio
                .map(|ratio| format!("{ratio:.2}"))
                .unwrap_or_default(),
            figure.goal.clone(),
            figure.verdict().to_owned(),
        ]);
    }
    let widths: Vec<usize> = (0..7)
        .map(|column| {
            rows.iter()
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let right = (2..5).contains(&column);
            let _ = if right {
                write!(line, "{cell:>width$}  ")
            } else {
                write!(line, "{cell:<width$}  ")
            };
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Samples in nanoseconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(Vec<u64>);

impl Samples {
    pub(crate) fn new(mut samples: Vec<u64>) -> Self {
        samples.sort_unstable();
        Self(samples)
    }

    pub(crate) fn add(&mut self, more: Vec<u64>) {
        self.0.extend(more);
        self.0.sort_unstable();
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The value that this share of all stays below, in milliseconds.
    pub(crate) fn at(&self, share: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else {
            return f64::NAN;
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index within the vector"
        )]
        let index = (last as f64 * share).round() as usize;
        self.0.get(index).map_or(f64::NAN, |nanos| *nanos as f64 / 1e6)
    }

    pub(crate) fn p50(&self) -> f64 {
        self.at(0.5)
    }

    pub(crate) fn p99(&self) -> f64 {
        self.at(0.99)
    }
}

/// The one in the middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_held_against_the_baseline() {
        let met = |value, goal| Figure::new("1", "x", "ms", value, Some(10.0), goal).met;
        assert_eq!(met(7.0, Goal::AtLeast(0.7)), Some(true));
        assert_eq!(met(6.9, Goal::AtLeast(0.7)), Some(false));
        assert_eq!(met(20.1, Goal::AtMost(2.0)), Some(false));
        assert_eq!(met(8.0, Goal::Under(8.0)), Some(true));
        assert_eq!(met(19.0, Goal::Within(10.0)), Some(true));
        assert_eq!(met(21.0, Goal::Within(10.0)), Some(false));
        assert_eq!(met(1.0, Goal::Told), None);
    }

    #[test]
    fn percentiles_and_numbers() {
        let samples = Samples::new((1..=101).map(|n| n * 1_000_000).collect());
        assert_eq!((samples.p50(), samples.p99()), (51.0, 100.0));
        assert_eq!(number(1_234_567.0), "1,234,567");
        assert_eq!(number(12.34), "12.3");
        assert!(Samples::default().p50().is_nan());
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
    }
}
