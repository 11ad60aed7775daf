//! What the cascade does, as stories with a frozen clock.

mod aftermath;
mod afterwards;
mod cascade;
mod changes;
mod concerns;
mod controls;
mod downtime;
mod fairness;
mod leaving;
mod memory;
mod plan;
mod prepared;
mod recheck;
mod restoring;
mod rules;
mod stage;
mod standby;
mod taken_back;
mod thread;
mod undeliverable;
mod windows;

use stage::Stage;

const CREW: [&str; 7] = [
    "ann captain yul,zoe",
    "ben captain",
    "cat captain",
    "xan deckhand",
    "yul deckhand",
    "wim deckhand",
    "zoe deckhand away",
];

/// Charter `a` with so many deckhands, started.
fn started(deckhands: u32) -> Stage {
    let mut stage = Stage::new(&CREW);
    stage.book("a", deckhands);
    stage.start("a");
    stage
}
