//! Those who use a session: its creator, readers, writers, and somebody who answers questions.
//!
//! Each outlives the server: what it knows is plain data, its task begins anew in each life.

mod call;
mod creator;
mod person;
mod reader;
mod writer;

use std::sync::Arc;

use domain::session::Command;
use protocol::{
    OrgId, UserId,
    agent::{Dialect, ModelBinding},
    session::Author,
};

pub(crate) use reader::Reader;
pub(crate) use writer::Writer;

use sessions::Sessions;

use crate::world::{Shared, lock};

#[derive(Default)]
pub(crate) struct People {
    pub(crate) readers: Vec<Arc<Reader>>,
    pub(crate) writers: Vec<Arc<Writer>>,
}

impl People {
    pub(crate) fn new(world: &Shared) -> Self {
        let plan = &world.plan;
        let mut people = Self::default();
        for place in 0..plan.sessions {
            for _ in 0..plan.readers {
                people.readers.push(Arc::new(Reader::new(place)));
            }
            for number in 0..plan.writers {
                people.writers.push(Arc::new(Writer::new(world, place, number)));
            }
        }
        people
    }

    /// Everyone goes on, in this life of the server.
    pub(crate) fn live(&self, world: &Shared) {
        for place in 0..world.plan.sessions {
            tokio::spawn(creator::create(Arc::clone(world), place));
            tokio::spawn(person::answer(Arc::clone(world), place));
        }
        for reader in &self.readers {
            tokio::spawn(Arc::clone(reader).live(Arc::clone(world)));
        }
        for writer in &self.writers {
            tokio::spawn(Arc::clone(writer).live(Arc::clone(world)));
        }
    }

    /// The catalogue is not fenced: a former owner that still runs may write to it. One process at a time owns a data
    /// directory, so that can't be; after a rival, each session is used once, which sets its row right.
    pub(crate) async fn touch(&self, world: &Shared, host: &Sessions) {
        for place in &world.sessions {
            let Some(id) = *lock(&place.id) else { continue };
            let title = "touched".into();
            let _ = host
                .command(id, Command::Rename { title, by: author() }, None)
                .await;
        }
    }

    pub(crate) fn are_done(&self) -> bool {
        self.writers.iter().all(|writer| writer.is_done())
    }
}

fn org() -> OrgId {
    OrgId::from_bits(2)
}

fn author() -> Author {
    Author {
        user_id: UserId::from_bits(7),
        api_key_id: None,
        name: None,
    }
}

fn binding() -> ModelBinding {
    ModelBinding {
        dialect: Dialect::OpenaiChat,
        context: 1000,
        max_output: 100,
    }
}
