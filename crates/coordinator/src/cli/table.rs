//! Tables with aligned columns that fit the terminal: long cells are cut, and where that does not do, the last
//! columns are left out. Ids stay whole, because they are there to be copied.

use super::terminal::{self, Paint};

const GAP: usize = 2;
/// A column is not made narrower than this, or than its head.
const LEAST: usize = 10;

/// A table as wide as the terminal; as wide as it needs to be where there is none.
#[must_use]
pub fn table(head: &[&str], rows: &[Vec<String>], paint: Paint) -> String {
    within(head, rows, paint, terminal::columns())
}

fn within(head: &[&str], rows: &[Vec<String>], paint: Paint, room: Option<usize>) -> String {
    let widths = fit(head, rows, room);
    let mut text = paint.dim(&line(head.iter().copied(), &widths));
    text.push('\n');
    for row in rows {
        text.push_str(&line(row.iter().map(String::as_str), &widths));
        text.push('\n');
    }
    text
}

fn fit(head: &[&str], rows: &[Vec<String>], room: Option<usize>) -> Vec<usize> {
    let mut widths: Vec<usize> = head.iter().map(|word| count(word)).collect();
    let mut floors = widths.clone();
    for row in rows {
        for ((width, floor), cell) in widths.iter_mut().zip(&mut floors).zip(row) {
            *width = (*width).max(count(cell));
            *floor = (*floor).max(if is_id(cell) {
                count(cell)
            } else {
                LEAST.min(count(cell))
            });
        }
    }
    let Some(room) = room else { return widths };
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    while widths.len() > 2 && total(&floors) > room {
        widths.pop();
        floors.pop();
    }
    while total(&widths) > room {
        let widest = (0..widths.len())
            .filter(|&index| widths[index] > floors[index])
            .max_by_key(|&index| widths[index]);
        match widest {
            Some(index) => widths[index] -= 1,
            None => break,
        }
    }
    widths
}

fn line<'a>(cells: impl Iterator<Item = &'a str>, widths: &[usize]) -> String {
    let padded = cells.zip(widths).map(|(cell, &width)| {
        let cell = terminal::one_line(cell, width);
        let missing = width.saturating_sub(count(&cell));
        format!("{cell}{}", " ".repeat(missing))
    });
    padded
        .collect::<Vec<_>>()
        .join(&" ".repeat(GAP))
        .trim_end()
        .to_owned()
}

fn count(text: &str) -> usize {
    text.chars().count()
}

/// `ses_…` and its like.
fn is_id(cell: &str) -> bool {
    cell.split_once('_')
        .is_some_and(|(kind, rest)| kind.len() == 3 && rest.len() == 26 && !rest.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "ses_06h0oqehudun9ea04p8374joi0";

    fn rows() -> Vec<Vec<String>> {
        let row = |status: &str, title: &str| {
            vec![
                ID.to_owned(),
                status.to_owned(),
                title.to_owned(),
                "$0.00".to_owned(),
            ]
        };
        vec![
            row("idle", "Find out why the tests fail, and fix it"),
            row("running", "-"),
        ]
    }

    #[test]
    fn columns_align() {
        let text = within(
            &["a", "state"],
            &[vec!["x".into(), "y".into()], vec!["long".into(), "z".into()]],
            Paint::default(),
            None,
        );
        assert_eq!(text, "a     state\nx     y\nlong  z\n");
    }

    #[test]
    fn long_cells_give_way_before_columns_do() {
        let text = within(
            &["id", "status", "title", "cost"],
            &rows(),
            Paint::default(),
            Some(70),
        );
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 70), "{text}");
        assert!(
            lines[1].contains(ID) && lines[1].contains("Find out") && lines[1].ends_with("$0.00"),
            "{text}"
        );
        let text = within(
            &["id", "status", "title", "cost"],
            &rows(),
            Paint::default(),
            Some(50),
        );
        assert!(!text.contains("cost") && text.contains(ID), "{text}");
    }

    #[test]
    fn ids_stay_whole() {
        assert!(
            within(
                &["id", "status", "title", "cost"],
                &rows(),
                Paint::default(),
                Some(20)
            )
            .contains(ID)
        );
    }
}
