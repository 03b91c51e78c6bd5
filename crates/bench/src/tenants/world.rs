//! The server with both organisations, and the processes around it.

use anyhow::{Context as _, Result};

use super::{
    QUOTA_PER_S, TIMES,
    generator::{Generator, Plan},
    neighbour::Neighbour,
    refuser::Refuser,
};
use crate::{
    load::Http,
    product::{Keepers, Server},
    run::Context,
};

/// Sessions of the loud one whose runners report without end; sessions that it lists and prompts; its sockets.
const LOUD_RUNNERS: usize = 8;
const LOUD_SESSIONS: usize = 20;
const LOUD_SOCKETS: usize = 200;

pub(super) struct World {
    pub(super) neighbour: Neighbour,
    pub(super) generator: Generator,
    _refuser: Refuser,
    _keepers: Keepers,
    pub(super) server: Server,
}

impl World {
    pub(super) async fn new(context: &Context) -> Result<Self> {
        let options = &context.options;
        let (data_dir, log) = context.data_dir("tenants")?;
        // With the limits that it has by default, unless asked for others: they are what is measured.
        let settings: Vec<(&str, &str)> = options
            .setting
            .iter()
            .map(|setting| setting.split_once('=').context("a setting is NAME=VALUE"))
            .collect::<Result<_>>()?;
        let server = Server::start_with(&context.program, &data_dir, &log, &settings)?;
        let keepers = Keepers::listen(&data_dir)?;
        let loud = server.bootstrap_as(&context.program, "loud@example.org", "loud")?;
        let quiet = server.bootstrap_as(&context.program, "quiet@example.org", "quiet")?;
        let refuser = Refuser::start()?;
        let mut generator = Generator::start()?;

        // Its runners live in the generator, so their keepers have to be of that process.
        keepers.speak_for(generator.pid());
        let mut starts = Vec::new();
        let mut http = Http::open(server.address(), &loud).await?;
        for _ in 0..options.pick(LOUD_RUNNERS, 2) {
            let session = create(&mut http, Some("Say it.")).await?;
            starts.push(*keepers.started(&session).await?);
        }
        keepers.speak_for(std::process::id());
        let mut sessions = Vec::new();
        for _ in 0..options.pick(LOUD_SESSIONS, 3) {
            sessions.push(create(&mut http, None).await?);
        }
        let plan = Plan {
            bare: refuser.address.clone(),
            server: server.address().to_owned(),
            key: loud,
            sessions,
            relay: server.relay(),
            starts,
            per_s: options.pick(QUOTA_PER_S * TIMES, 400),
            sockets: options.pick(LOUD_SOCKETS, 10),
        };
        generator.plan(&plan).await?;
        Ok(Self {
            neighbour: Neighbour::new(&server, &keepers, &quiet).await?,
            generator,
            _refuser: refuser,
            _keepers: keepers,
            server,
        })
    }
}

async fn create(http: &mut Http, prompt: Option<&str>) -> Result<String> {
    let mut body = serde_json::json!({"agent": "opencode", "model": "demo/scripted", "title": "loud"});
    if let (Some(prompt), Some(fields)) = (prompt, body.as_object_mut()) {
        fields.insert("prompt".to_owned(), prompt.into());
    }
    let made = http.post("/v1/sessions", &body).await?.json()?;
    Ok(made
        .get("id")
        .and_then(|id| id.as_str())
        .context("no id")?
        .to_owned())
}
