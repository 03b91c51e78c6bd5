//! The reference page.

/// The whole page.
#[must_use]
pub fn machine_markdown() -> String {
    String::new()
}
