//! Three servers on one set of tables in DynamoDB, each killed again and again while people answer at all of them.

use std::time::Duration;

use super::crew::{Crew, seed};
use super::harbor::{Harbor, app_on_dynamodb, free_port};
use super::kill::{scramble, to_the_end};
use super::mailroom::Mailroom;
use super::server::Server;
use crate::dynamodb::{Peer, dynoxide, ministack};

const SERVERS: usize = 3;
const KILLS: u64 = 15;
const CHARTERS: [(&str, u32, u32); 6] =
    [("a", 27, 10), ("b", 27, 10), ("c", 27, 16), ("d", 28, 10), ("e", 28, 11), ("f", 29, 10)];

fn servers_survive_each_other(peer: &Peer) {
    let seed = seed();
    let mail = Mailroom::start(&["--delay", "0.05"]);
    let harbor = Harbor::on_dynamodb("response_window = \"3s\"\ngrace = \"1s\"", mail, &peer.endpoint);
    harbor.import();
    for (id, day, hour) in CHARTERS {
        harbor.book(id, day, hour);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let app = app_on_dynamodb(&harbor, &peer.endpoint);

    let ports: [u16; SERVERS] = std::array::from_fn(|_| free_port());
    let mut servers = ports.map(|port| Server::spawn(harbor.home.path(), port));
    for server in &mut servers {
        server.wait_until_ready();
    }
    let addresses = servers.iter().map(|server| server.address.clone()).collect();
    let crew = Crew::begin(harbor.mail.clone(), vec![addresses], seed);
    let mut calls = CHARTERS.iter();
    for round in 0..KILLS {
        if let Some((id, ..)) = calls.next() {
            harbor.start_call(id);
        }
        std::thread::sleep(Duration::from_millis(scramble(seed, round) % 1_000));
        let nth = (scramble(seed, round + KILLS) % SERVERS as u64) as usize;
        servers[nth].kill();
        servers[nth] = Server::spawn(harbor.home.path(), ports[nth]);
    }
    to_the_end(&harbor, &app, &runtime, crew, servers.into(), CHARTERS.len());
}

#[test]
fn servers_on_dynoxide_survive_each_other() {
    servers_survive_each_other(&dynoxide());
}

#[test]
fn servers_on_ministack_survive_each_other() {
    servers_survive_each_other(&ministack());
}
