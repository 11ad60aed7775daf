//! The `crewcall` command.

use crewcall::{demo, tick, web};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8321").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let office = demo::open(&url).await?;
    if let Some(demo) = office.demo.clone() {
        tokio::spawn(async move { tick::run(demo.outbox().clone()).await });
    }
    println!("{url}/");
    axum::serve(listener, web::router(office)).await?;
    Ok(())
}
