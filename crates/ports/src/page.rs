//! Cursor paging, newest first.

/// An opaque position in a list: the sort key of the last row seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub u128);

/// One page and where the next one starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// `None` when this was the last page.
    pub next: Option<Cursor>,
}
