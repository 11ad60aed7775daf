//! Serves an empty DynamoDB on a free port, which it prints, until standard input ends.

use dynoxide::Database;
use tokio::io::{AsyncReadExt, stdin};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = Database::memory()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    tokio::select! {
        served = dynoxide::server::serve_with_shutdown(listener, database, std::future::pending()) => served?,
        _ = async { stdin().read_to_end(&mut Vec::new()).await } => {}
    }
    Ok(())
}
