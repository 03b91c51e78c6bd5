//! The operations of the description, as the server itself gives it.

use serde_json::Value;

/// One operation.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// Upper case.
    pub(crate) method: String,
    /// With its parameters in braces.
    pub(crate) path: String,
    /// What the description says of it.
    pub(crate) said: Value,
}

pub(crate) fn document() -> Value {
    serde_json::to_value(http_door::openapi()).unwrap()
}

/// All of them, in the order of the description.
pub(crate) fn operations() -> Vec<Operation> {
    let document = document();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, said) in item.as_object().unwrap() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                all.push(Operation {
                    method: method.to_uppercase(),
                    path: path.clone(),
                    said: said.clone(),
                });
            }
        }
    }
    assert!(all.len() > 35, "{}", all.len());
    all
}
