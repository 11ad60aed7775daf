//! `crewcall serve` and `crewcall demo`: the pages and the dispatcher, until told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use crewcall_dispatch::limits;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::output::{self, Format};
use super::{Failure, Settings};
use crate::app::{Pages, Role};
use crate::config::OpenError;
use crate::demo;
use crate::google::Patience;
use crate::outbox::Outbox;
use crate::sheet::{self, Mode};
use crate::tick;
use crate::web::{self, Web};

/// How long a stopping server waits for mails that are being handed over. Whatever is cut off then
/// is sent once more after the next start.
const FAREWELL: Duration = Duration::from_secs(20);
/// How long it waits for pages under way. A browser may hold a connection and never say a word on it.
const LAST_PAGES: Duration = Duration::from_secs(3);

/// `crewcall demo`
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// Where the demo's pages are; a free port is taken if this one is not
    #[arg(long, default_value = "127.0.0.1:8321", value_name = "ADDRESS", value_parser = address)]
    listen: SocketAddr,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.trim().parse().map_err(|_| "write address and port such as 127.0.0.1:8321".into())
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
        output::print(&format!(
            "A working office, with made-up people: open  http://{address}/\n\
             Nothing leaves this machine, and nothing is kept. Stop it with Ctrl-C."
        ))?;
        run(office.pages, |stopping| async move { office.time.run(stopping).await }, listener).await
    }
}

/// `crewcall serve`
pub(super) async fn serve(settings: &Settings) -> Result<(), Failure> {
    let config = settings.load()?;
    let outbox = Outbox { transport: config.transport().await?, app: config.open_app().await? };
    let listener = bind(config.listen).await?;
    if let Err(error) = web::room_for(limits::CONNECTIONS as u64) {
        tracing::warn!("fewer people can have the pages open at once: {error}");
    }
    outbox.app.beat(Pages::Served).await?;
    let mut lines =
        format!("Listening on {}, reached as {}\n{}\n", config.listen, config.public_url, config.mail);
    if config.links_lead_nowhere() {
        lines.push_str(
            "The links in it lead to this machine only: set [server] public_url to an address that phones reach\n",
        );
    }
    // Whoever reads the log could use it: it is for the first user alone.
    let way_in = if outbox.app.users().await?.iter().any(|user| user.role == Role::Office) {
        format!("The office signs in at  {}/signin", config.public_url)
    } else {
        let link = web::new_setup_link(&outbox.app).await?;
        format!("Sign in as the office, once, within a day:  {link}")
    };
    output::print(&format!("{lines}{way_in}"))?;
    let openid = config.openid(&outbox.app).map_err(OpenError::from)?;
    let web = Web::new(outbox.app.clone(), config.google.sync)
        .signing_in_by(openid)
        .keeping_mail(config.mail.stays_here());
    let pages = web::router(web, Router::new());
    let sheet = match config.google.sync {
        Mode::On | Mode::Shadow => config.sheet(outbox.app.clone(), Patience::STANDARD)?,
        Mode::Off => None,
    };
    let dispatch = |stopping: watch::Receiver<bool>| async move {
        let sheet = sheet.map(|sheet| sheet::run(sheet, config.google.sync, stopping.clone()));
        let in_step = async {
            if let Some(sheet) = sheet {
                sheet.await;
            }
        };
        tokio::join!(tick::run(outbox, stopping), in_step);
    };
    run(pages, dispatch, listener).await
}

/// `crewcall setup-link`
pub(super) async fn setup_link(settings: &Settings, format: Format) -> Result<(), Failure> {
    let setup_link = web::new_setup_link(&*settings.open_app().await?).await?;
    format.print(&SetupLink { setup_link }, |link| link.setup_link.clone())
}

/// A link that signs one browser in.
#[derive(Debug, serde::Serialize)]
struct SetupLink {
    setup_link: String,
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::said(format!("{address} cannot be listened on ({error}); set [server] listen to a free one"))
    })
}

/// Serves pages and dispatches, until a signal to stop; from then on begins nothing new, and finishes what
/// is under way.
async fn run<D>(
    pages: Router,
    dispatch: impl FnOnce(watch::Receiver<bool>) -> D,
    listener: TcpListener,
) -> Result<(), Failure>
where
    D: Future<Output = ()> + Send + 'static,
{
    let (stop, stopping) = watch::channel(false);
    let mut dispatcher = tokio::spawn(dispatch(stopping.clone()));
    let mut stopped = stopping;
    let mut server = tokio::spawn(web::serve(listener, pages, async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    }));
    tokio::select! {
        () = signalled() => {}
        died = &mut server => {
            return Err(Failure::said(format!("the server stopped{}; start crewcall again", why(died.err()))));
        }
        died = &mut dispatcher => {
            return Err(Failure::said(format!("the dispatcher stopped{}; start crewcall again", why(died.err()))));
        }
    }
    let _ = stop.send(true);
    let pages = tokio::time::timeout(LAST_PAGES, server);
    let mails = tokio::time::timeout(FAREWELL, dispatcher);
    let (pages, mails) = tokio::join!(pages, mails);
    if pages.is_err() {
        tracing::info!("a browser kept its connection open, and was cut off");
    }
    if mails.is_err() {
        tracing::warn!("a mail was still being handed over; it is sent once more after the next start");
    }
    Ok(())
}

fn why(error: Option<impl std::fmt::Display>) -> String {
    error.map_or_else(String::new, |error| format!(": {error}"))
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
