//! From nothing to a connection over which a mail can be announced.
//!
//! Whatever fails here is nobody's fault but ours or the server's: always
//! [`SendError::Unavailable`].

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::config::{Encryption, Settings};
use super::lines::OneLineAtATime;
use crate::mail::SendError;
use crate::plain::one_line;

/// What we sign in with, best first: over TLS or to this machine, so a plain password is fine.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// Connects, encrypts, greets and signs in.
pub(super) async fn dial(settings: &Settings) -> Result<AsyncSmtpConnection, SendError> {
    let patience = settings.timeouts;
    let addresses = resolve(settings).await?;
    let mut connection = match &settings.encryption {
        Encryption::None => {
            let stream = connect(settings, &addresses).await?;
            let greeting = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &settings.hello);
            step(settings, "greet", patience.command, greeting).await?
        }
        Encryption::Starttls(parameters) => {
            let stream = Box::new(OneLineAtATime::new(connect(settings, &addresses).await?));
            let greeting = AsyncSmtpConnection::connect_with_transport(stream, &settings.hello);
            let mut connection = step(settings, "greet", patience.command, greeting).await?;
            if !connection.can_starttls() {
                super::pool::close(connection, true).await;
                let way_out = "set mail.smtp.tls to \"tls\" and the port that goes with it, often 465";
                return Err(unavailable(settings, &format!("does not offer STARTTLS; {way_out}")));
            }
            let upgrade = connection.starttls(parameters.clone(), &settings.hello);
            step(settings, "encrypt the connection with", patience.command, upgrade).await?;
            connection
        }
        Encryption::Tls(parameters) => {
            let parameters = Some(parameters.clone());
            let greeting = AsyncSmtpConnection::connect_tokio1(
                &addresses[..],
                Some(patience.connect),
                &settings.hello,
                parameters,
                None,
            );
            step(settings, "connect encrypted to", patience.connect + patience.command, greeting).await?
        }
    };
    if let Some(credentials) = &settings.credentials {
        let answer =
            step(settings, "sign in at", patience.command, connection.auth(&MECHANISMS, credentials)).await?;
        if u16::from(answer.code()) / 100 != 2 {
            return Err(unavailable(settings, &format!("answered {} to the sign-in", answer.code())));
        }
    }
    Ok(connection)
}

/// The server's addresses. Without encryption a name must not lead away from this machine.
async fn resolve(settings: &Settings) -> Result<Vec<SocketAddr>, SendError> {
    let lookup = lookup_host((settings.host.as_str(), settings.port));
    let found = match timeout(settings.timeouts.connect, lookup).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return Err(unavailable(settings, &format!("has no address: {error}"))),
        Err(_) => return Err(unavailable(settings, "has no address: the name service does not answer")),
    };
    let open = matches!(settings.encryption, Encryption::None);
    let addresses: Vec<_> = found.filter(|address| !open || address.ip().is_loopback()).collect();
    if addresses.is_empty() {
        return Err(unavailable(settings, "has no address that may be used"));
    }
    Ok(addresses)
}

async fn connect(settings: &Settings, addresses: &[SocketAddr]) -> Result<TcpStream, SendError> {
    match timeout(settings.timeouts.connect, TcpStream::connect(addresses)).await {
        Ok(Ok(stream)) => {
            // lettre writes a body and its final dot apart; with Nagle's algorithm the dot would wait
            // for the peer's delayed acknowledgement. If it cannot be had, mail is slower.
            let _ = stream.set_nodelay(true);
            Ok(stream)
        }
        Ok(Err(error)) => Err(unavailable(settings, &format!("cannot be reached: {error}"))),
        Err(_) => Err(unavailable(settings, "cannot be reached: no answer in time")),
    }
}

/// One step of the opening, with its patience and its sentence.
async fn step<T>(
    settings: &Settings,
    act: &str,
    patience: Duration,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, SendError> {
    let problem = match timeout(patience, step).await {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => one_line(&error.to_string()),
        Err(_) => "no answer in time".to_owned(),
    };
    let reason = format!("could not {act} the mail server {}: {problem}", settings.server());
    Err(SendError::Unavailable { reason })
}

fn unavailable(settings: &Settings, problem: &str) -> SendError {
    SendError::Unavailable { reason: format!("the mail server {} {problem}", settings.server()) }
}
