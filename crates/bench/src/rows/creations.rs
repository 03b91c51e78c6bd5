//! Row 8, making sessions, sixteen at once.

use std::time::Duration;

use anyhow::Result;

use super::sleepers::create;
use crate::{
    bare::Creation,
    clock,
    figure::{Figure, Goal, median},
    load::Http,
    product::Server,
    run::Context,
};

const AT_ONCE: usize = 16;

pub(super) async fn measure(context: &Context) -> Result<Vec<Figure>> {
    let options = &context.options;
    let span = Duration::from_millis(options.pick(3000, 300));
    let (data_dir, log) = context.data_dir("creations")?;
    let server = Server::start(&context.program, &data_dir, &log)?;
    let key = server.bootstrap(&context.program)?;
    let bare = Creation::new(&context.place.join("bare-creations"))?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        ours.push(rate(&server, &key, span).await?);
        theirs.push(bare.rate(AT_ONCE, span).await?);
    }
    Ok(vec![
        Figure::new(
            "8",
            format!("sessions made, {AT_ONCE} at once"),
            "/s",
            median(&ours),
            Some(median(&theirs)),
            Goal::AtLeast(0.5),
        )
        .with("rounds", serde_json::json!(ours))
        .with("baseline_rounds", serde_json::json!(theirs)),
    ])
}

async fn rate(server: &Server, key: &str, span: Duration) -> Result<f64> {
    let began = clock::now();
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (address, key) = (server.address().to_owned(), key.to_owned());
            tokio::spawn(async move {
                let mut http = Http::open(&address, &key).await?;
                let mut made = 0_u32;
                while clock::seconds(began, clock::now()) < span.as_secs_f64() {
                    create(&mut http).await?;
                    made += 1;
                }
                Ok::<u32, anyhow::Error>(made)
            })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += task.await??;
    }
    Ok(f64::from(made) / clock::seconds(began, clock::now()))
}
