//! Cursors and limits of lists.

use ports::{Cursor, Page};
use protocol::{ProblemCode, api::ListPage};

use crate::AppError;

/// Items on a page unless asked otherwise.
pub(crate) const DEFAULT_LIMIT: usize = 50;
pub(crate) const MAX_LIMIT: usize = 200;

/// Which page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    pub limit: Option<u64>,
}

impl ListQuery {
    pub(crate) fn limit(&self) -> Result<usize, AppError> {
        limit(self.limit, DEFAULT_LIMIT, MAX_LIMIT)
    }

    pub(crate) fn after(&self) -> Result<Option<Cursor>, AppError> {
        self.cursor.as_deref().map(decode).transpose()
    }
}

pub(crate) fn limit(asked: Option<u64>, default: usize, max: usize) -> Result<usize, AppError> {
    match asked {
        None => Ok(default),
        Some(asked) => usize::try_from(asked)
            .ok()
            .filter(|limit| (1..=max).contains(limit))
            .ok_or_else(|| {
                AppError::invalid("limit", format!("`limit` must be a number from 1 to {max}."))
                    .limit(max as u64)
            }),
    }
}

fn encode(cursor: &Cursor) -> String {
    format!("{:032x}", cursor.0)
}

fn decode(text: &str) -> Result<Cursor, AppError> {
    let well_formed = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    well_formed
        .then(|| u128::from_str_radix(text, 16).ok())
        .flatten()
        .map(Cursor)
        .ok_or_else(|| {
            AppError::new(
                ProblemCode::InvalidCursor,
                "`cursor` must be a `next_cursor` as it was given with the page before.",
            )
            .field("cursor")
        })
}

/// A page of a store as it is shown.
pub(crate) fn shown<T, U>(page: Page<T>, show: impl FnMut(T) -> U) -> ListPage<U> {
    ListPage {
        items: page.items.into_iter().map(show).collect(),
        next_cursor: page.next.as_ref().map(encode),
    }
}

/// A page of a short list that came as a whole. `position` is the sort key: the id's bits, newest first.
pub(crate) fn cut<T>(
    mut items: Vec<T>,
    query: &ListQuery,
    position: impl Fn(&T) -> u128,
) -> Result<Page<T>, AppError> {
    let (limit, after) = (query.limit()?, query.after()?);
    items.sort_by_key(|item| std::cmp::Reverse(position(item)));
    if let Some(Cursor(after)) = after {
        items.retain(|item| position(item) < after);
    }
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|last| Cursor(position(last)));
    Ok(Page { items, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_everything_once() {
        let all: Vec<u128> = (1..=7).collect();
        let mut query = ListQuery {
            cursor: None,
            limit: Some(3),
        };
        let mut seen = Vec::new();
        loop {
            let page = shown(cut(all.clone(), &query, |item| *item).unwrap(), |item| item);
            seen.extend(page.items);
            match page.next_cursor {
                Some(cursor) => query.cursor = Some(cursor),
                None => break,
            }
        }
        assert_eq!(seen, vec![7, 6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn malformed_cursors_and_limits_are_refused() {
        for cursor in [
            "",
            "x",
            "+0000000000000000000000000000001",
            "zz000000000000000000000000000001",
            "ü",
        ] {
            let query = ListQuery {
                cursor: Some(cursor.into()),
                limit: None,
            };
            assert_eq!(
                query.after().unwrap_err().code,
                ProblemCode::InvalidCursor,
                "{cursor}"
            );
        }
        for limit in [0, 201, u64::MAX] {
            assert!(
                ListQuery {
                    cursor: None,
                    limit: Some(limit)
                }
                .limit()
                .is_err()
            );
        }
    }
}
