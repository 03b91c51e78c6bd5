//! The demo model behind the port, and the way to it.

mod common;

use std::time::Duration;

use common::{direct, guard, upstream};
use futures::StreamExt;
use models::{Demo, Router};
use ports::model_gateway::{ModelError, ModelGateway};
use protocol::agent::Dialect;
use testkit::model_server::{ModelServer, contract};

#[tokio::test(start_paused = true)]
async fn the_contract_holds() {
    contract::openai_chat(&Demo, &upstream("demo", Dialect::OpenaiChat, None), "scripted").await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_gives_twenty_words_a_second() {
    let upstream = upstream("demo", Dialect::OpenaiChat, None);
    let begin = tokio::time::Instant::now();
    let text = contract::read(
        Demo.send(contract::chat(&upstream, "scripted", "slow: 40", true))
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(begin.elapsed(), Duration::from_secs(2));
    assert_eq!(text.matches(r#"{"content":"word"#).count(), 40);
}

#[tokio::test(start_paused = true)]
async fn reasoning_comes_first() {
    let upstream = upstream("demo", Dialect::OpenaiChat, None);
    let request = contract::chat(&upstream, "scripted", "think: let me see\nrun: id", true);
    let text = contract::read(Demo.send(request).await.unwrap()).await;
    assert!(text.find("reasoning_content").unwrap() < text.find("tool_calls").unwrap());
}

#[tokio::test]
async fn another_model_and_a_broken_request_are_refused() {
    let upstream = upstream("demo", Dialect::OpenaiChat, None);
    assert_eq!(
        Demo.send(contract::chat(&upstream, "other", "x", true))
            .await
            .unwrap()
            .status,
        404
    );
    let mut broken = contract::chat(&upstream, "scripted", "x", true);
    broken.body = "not json".into();
    assert_eq!(Demo.send(broken).await.unwrap().status, 400);
}

#[tokio::test]
async fn the_router_sends_only_demo_to_the_script() {
    let server = ModelServer::start().await.unwrap();
    let router = Router::new(direct(guard("true")), Demo);
    let demo = upstream("demo", Dialect::OpenaiChat, Some(&server.url_openai()));
    let answer = router
        .send(contract::chat(&demo, "scripted", "x", true))
        .await
        .unwrap();
    assert_eq!(
        answer
            .body
            .filter(|piece| std::future::ready(piece.is_err()))
            .count()
            .await,
        0
    );
    assert!(server.requests().is_empty());
    let other = upstream("hub", Dialect::OpenaiChat, Some(&server.url_openai()));
    router.send(contract::chat(&other, "m", "x", true)).await.unwrap();
    assert_eq!(server.requests().len(), 1);
    let nowhere = upstream("hub", Dialect::OpenaiChat, None);
    let error = router.send(contract::chat(&nowhere, "m", "x", true)).await.err();
    assert!(matches!(error, Some(ModelError::AddressNotAllowed(_))));
}
