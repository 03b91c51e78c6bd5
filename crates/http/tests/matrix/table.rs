//! The visits of all rows, and whether there is a row for everything.

use std::collections::BTreeMap;

use crate::{caller::Who, operations::operations, rows::all};

macro_rules! visits {
    ($($noun:ident,)+) => {
        /// Each noun's rows are visited by everybody; a test each, so that they run side by side.
        mod visits {
            $(
                #[tokio::test]
                async fn $noun() {
                    let cells = crate::visit::all(crate::rows::$noun::rows()).await;
                    println!("{cells} cells");
                }
            )+
        }
    };
}

for_each_noun!(visits);

/// The description and the table have the same operations. A new operation without a row stops here.
#[test]
fn every_operation_has_its_row_and_every_row_its_operation() {
    let mut rows = BTreeMap::new();
    for row in all() {
        let twice = rows.insert((row.method.to_owned(), row.path.to_owned()), row.name());
        assert_eq!(twice, None, "two rows for one operation");
    }
    let described = operations();
    let missing: Vec<String> = described
        .iter()
        .filter(|known| !rows.contains_key(&(known.method.clone(), known.path.clone())))
        .map(|known| format!("{} {}", known.method, known.path))
        .collect();
    let gone: Vec<&String> = rows
        .iter()
        .filter(|((method, path), _)| {
            !described
                .iter()
                .any(|known| known.method == *method && known.path == *path)
        })
        .map(|(_, name)| name)
        .collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "add to crates/http/tests/support/rows: {missing:#?}; take away: {gone:#?}"
    );
    println!(
        "{} operations x {} callers = {} cells",
        rows.len(),
        Who::ALL.len(),
        rows.len() * Who::ALL.len()
    );
}
