//! `crewcall serve` and `crewcall demo`: the pages and the dispatcher, until told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{Failure, Settings};
use crate::demo;
use crate::outbox::Outbox;
use crate::tick;
use crate::web::{self, Web};

/// How long a stopping server waits for mails that are being handed over. Whatever is cut off then
/// is sent once more after the next start.
const FAREWELL: Duration = Duration::from_secs(20);

/// `crewcall demo`
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// Where the demo's pages are; a free port is taken if this one is not
    #[arg(long, default_value = "127.0.0.1:8321", value_name = "ADDRESS")]
    listen: SocketAddr,
}

impl Demo {
    pub(super) async fn run(self) -> Result<(), Failure> {
        if !self.listen.ip().is_loopback() {
            return Err(Failure::usage(
                "the demo has no sign-in, so it listens on this machine only; give 127.0.0.1 and a port",
            ));
        }
        let listener = match TcpListener::bind(self.listen).await {
            Ok(listener) => listener,
            Err(_) => bind(SocketAddr::new(self.listen.ip(), 0)).await?,
        };
        let address = listener.local_addr().map_err(Failure::said)?;
        let office = demo::open(&format!("http://{address}")).await.map_err(Failure::said)?;
        let Some(demo) = office.demo.clone() else { return Ok(()) };
        println!("A working office, with made-up people: open  http://{address}/");
        println!("Nothing leaves this machine, and nothing is kept. Stop it with Ctrl-C.");
        run(office, demo.outbox().clone(), listener).await
    }
}

/// `crewcall serve`
pub(super) async fn serve(settings: &Settings) -> Result<(), Failure> {
    let config = settings.load()?;
    let outbox = Outbox { transport: config.transport()?, app: config.open_app()? };
    let listener = bind(config.listen).await?;
    outbox.app.beat().await?;
    println!("Listening on {}, reached as {}", config.listen, config.public_url);
    println!("Sign in as the office, once, within a day:  {}", web::new_setup_link(&outbox.app).await?);
    run(Web { app: outbox.app.clone(), demo: None }, outbox, listener).await
}

/// `crewcall setup-link`
pub(super) async fn setup_link(settings: &Settings) -> Result<(), Failure> {
    println!("{}", web::new_setup_link(&*settings.open_app()?).await?);
    Ok(())
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::said(format!("{address} cannot be listened on ({error}); set [server] listen to a free one"))
    })
}

/// Serves and dispatches until a signal to stop; then finishes what is under way.
async fn run(web: Web, outbox: Outbox, listener: TcpListener) -> Result<(), Failure> {
    let (stop, stopping) = watch::channel(false);
    let mut dispatcher = tokio::spawn(tick::run(outbox, stopping));
    let listener = listener.tap_io(|stream| {
        // An answer is one small packet; waiting to fill it only delays it.
        let _ = stream.set_nodelay(true);
    });
    let server = axum::serve(listener, web::router(web)).with_graceful_shutdown(signalled());
    let served = tokio::select! {
        served = server => served.map_err(|error| Failure::said(format!("the server stopped: {error}"))),
        died = &mut dispatcher => {
            let why = died.err().map_or_else(String::new, |error| format!(": {error}"));
            return Err(Failure::said(format!("the dispatcher stopped{why}; start crewcall again")));
        }
    };
    let _ = stop.send(true);
    if tokio::time::timeout(FAREWELL, dispatcher).await.is_err() {
        tracing::warn!("a mail was still being handed over; it is sent once more after the next start");
    }
    served
}

/// Ends when the process is told to stop, by Ctrl-C or by the service manager.
fn signalled() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{SignalKind, signal};
    async {
        let mut terminate = signal(SignalKind::terminate()).ok();
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = async {
                match &mut terminate {
                    Some(terminate) => { terminate.recv().await; }
                    None => std::future::pending().await,
                }
            } => {}
        }
    }
}
