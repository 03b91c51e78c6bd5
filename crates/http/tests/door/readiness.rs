//! `GET /ready`: yes, or no with the reason.

use http::StatusCode;

use super::house::{House, RESERVE};

#[tokio::test]
async fn a_server_is_not_ready_while_its_disk_is_nearly_full() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    for (free, ready) in [(RESERVE, true), (RESERVE - 1, false), (0, false), (RESERVE, true)] {
        house.disk.has(free);
        let answer = house.get("/ready").await;
        let told = answer.json();
        if ready {
            assert_eq!(answer.status, StatusCode::OK);
            assert!(told["ready"] == true && told["reason"].is_null(), "{told}");
        } else {
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(told["ready"], false);
            let reason = told["reason"].as_str().unwrap();
            let figures = format!("{} MiB are free, and 1024 MiB", free >> 20);
            assert!(reason.contains(&figures), "{reason}");
        }
        // It lives in any case, and what fits is done.
        assert_eq!(house.get("/health").await.status, StatusCode::OK);
        ana.session("s", None).await;
    }
}

#[tokio::test]
async fn a_server_is_not_ready_while_its_store_does_not_answer() {
    let (house, faults) = House::with_faults().await;
    faults.catalog.faults.inject("due_unavailable", 1);
    let answer = house.get("/ready").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["reason"], "The store does not answer.");
    assert_eq!(house.get("/ready").await.status, StatusCode::OK);
}
