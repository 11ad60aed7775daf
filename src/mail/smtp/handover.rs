//! One mail over a connection that is ready, and what each answer means.
//!
//! | step | 2xx | 4xx | 5xx | no answer |
//! | --- | --- | --- | --- | --- |
//! | MAIL FROM | go on | unavailable: no reader has been named | unavailable: our sender is not wanted | unavailable |
//! | RCPT TO, DATA | go on | deferred | refused, or unavailable if it is about our session | unavailable |
//! | the body | taken | deferred | refused | **ambiguous** |
//!
//! DATA goes on with 354 and nothing else. Any other answer counts as none.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use super::config::Settings;
use crate::mail::{Mail, Receipt, SendError, mime};
use crate::plain::one_line;

/// "The service shuts down the channel" (RFC 5321, 4.2.3): what servers say to a connection that
/// waited too long or carried too much.
const CLOSING: u16 = 421;

/// A mail as the dialogue needs it.
pub(super) struct Envelope {
    from: Address,
    to: Address,
    message: Vec<u8>,
}

impl Envelope {
    pub(super) fn new(mail: &Mail) -> Result<Self, SendError> {
        let refused = |reason: String| SendError::Refused { reason, bad_address: false };
        let address = |address: &crate::mail::Address| {
            let email = address.email.as_str();
            email.parse::<Address>().map_err(|error| refused(format!("{email} cannot be used: {error}")))
        };
        let mut message = mime::build(mail).map_err(|error| refused(error.to_string()))?;
        // lettre writes the line end before the final dot itself.
        message.truncate(message.trim_ascii_end().len());
        Ok(Self { from: address(&mail.from)?, to: address(&mail.to)?, message })
    }
}

/// A hand-over that did not come off.
pub(super) struct Failure {
    /// For whoever wanted the mail sent.
    pub(super) error: SendError,
    /// The body had not begun, and the cause may be no more than the connection's age: worth a
    /// fresh connection if this one had been waiting.
    pub(super) worn_out: bool,
    /// The peer has answered and would hear a QUIT.
    pub(super) peer_listens: bool,
}

impl Failure {
    /// "Not now" before the reader is named is a busy server or a limit on us. If it counted as the
    /// reader's fault, one evening over a provider's limit would make a whole roster unreachable.
    fn of_no_reader(self) -> Self {
        match self.error {
            SendError::Deferred { reason } => Self { error: SendError::Unavailable { reason }, ..self },
            _ => self,
        }
    }
}

/// Says from whom the mail is and for whom, and that it comes next.
pub(super) async fn announce(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    settings: &Settings,
) -> Result<(), Failure> {
    let patience = settings.timeouts;
    let server = settings.server();

    let command = MailFrom::new(Some(envelope.from.clone()), vec![]);
    let heard = ask(patience.command, connection.command(command)).await;
    let announced = heard.announced("MAIL FROM", 2, &server, |said| SendError::Unavailable {
        reason: format!("the mail server {server} takes no mail from {}: it answered {said}", envelope.from),
    });
    announced.map_err(Failure::of_no_reader)?;

    let not_wanted = |said: &Said| {
        let reason =
            format!("the mail server {server} takes no mail for {}: it answered {said}", envelope.to);
        if said.is_about_our_session() {
            SendError::Unavailable { reason }
        } else {
            SendError::Refused { reason, bad_address: said.is_about_the_address() }
        }
    };
    let command = Rcpt::new(envelope.to.clone(), vec![]);
    let heard = ask(patience.command, connection.command(command)).await;
    heard.announced("RCPT TO", 2, &server, not_wanted)?;

    let heard = ask(patience.command, connection.command(Data)).await;
    heard.announced("DATA", 3, &server, not_wanted)
}

/// Sends what was announced, and waits for the answer that counts.
pub(super) async fn deliver(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    settings: &Settings,
) -> Result<Receipt, Failure> {
    let heard = ask(settings.timeouts.body, connection.message(&envelope.message)).await;
    heard.delivered(&settings.server())
}

/// Waits for the answer to one step.
async fn ask(patience: Duration, step: impl Future<Output = Result<Response, Error>>) -> Heard {
    match timeout(patience, step).await {
        Ok(Ok(response)) => {
            let text = response.message().collect::<Vec<_>>().join(" ");
            Heard::Answer(Said { code: response.code().into(), text: one_line(&text) })
        }
        Ok(Err(error)) => match error.status() {
            Some(code) => {
                let text = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                Heard::Answer(Said { code: code.into(), text: one_line(&text) })
            }
            None => Heard::Nothing(one_line(&error.to_string())),
        },
        Err(_) => Heard::Nothing(format!("no answer within {} s", patience.as_secs_f32())),
    }
}

/// What came back from one step.
enum Heard {
    Answer(Said),
    /// No answer, or none that can be read; why.
    Nothing(String),
}

/// A server's answer.
struct Said {
    code: u16,
    text: String,
}

impl Heard {
    /// Judges the answer to a step before the body: whether to go on.
    fn announced(
        self,
        step: &str,
        go_on: u16,
        server: &str,
        no: impl FnOnce(&Said) -> SendError,
    ) -> Result<(), Failure> {
        let said = match self {
            Self::Answer(said) => said,
            Self::Nothing(problem) => {
                let reason = format!("the mail server {server} gave no answer to {step}: {problem}");
                let error = SendError::Unavailable { reason };
                return Err(Failure { error, worn_out: true, peer_listens: false });
            }
        };
        let error = match said.code / 100 {
            class if class == go_on => return Ok(()),
            4 => {
                SendError::Deferred { reason: format!("the mail server {server} answered {said} to {step}") }
            }
            5 => no(&said),
            _ => SendError::Unavailable {
                reason: format!(
                    "the mail server {server} answered {said} to {step}, which is no answer to it"
                ),
            },
        };
        let closing = said.code == CLOSING;
        Err(Failure { error, worn_out: closing, peer_listens: !closing })
    }

    /// Judges the answer to the body. From here on only a clear no is a no.
    fn delivered(self, server: &str) -> Result<Receipt, Failure> {
        let (error, peer_listens) = match self {
            Self::Answer(said) => {
                let reason = format!("the mail server {server} answered {said} to the mail itself");
                let error = match said.code / 100 {
                    2 => return Ok(Receipt::new(&said.to_string())),
                    4 => SendError::Deferred { reason },
                    5 => SendError::Refused { reason, bad_address: false },
                    _ => SendError::Ambiguous { reason },
                };
                (error, said.code != CLOSING)
            }
            Self::Nothing(problem) => {
                let reason =
                    format!("the mail server {server} was sent the mail and gave no answer: {problem}");
                (SendError::Ambiguous { reason }, false)
            }
        };
        Err(Failure { error, worn_out: false, peer_listens })
    }
}

impl Said {
    /// Whether a no at RCPT or DATA means that no mail will ever arrive at this address: by the enhanced code
    /// (RFC 3463, 3.2 and 3.3: a bad address, or a mailbox that is disabled), or, where there is none, by the codes
    /// that RFC 5321, 4.2.2, has for it. A full mailbox, a policy or a quota are no such thing: if they counted, one
    /// evening over a limit would mark a whole roster.
    fn is_about_the_address(&self) -> bool {
        let first = self.text.split_whitespace().next().unwrap_or_default();
        let mut enhanced = first.split('.');
        let class = enhanced.next().filter(|class| *class == "5");
        match (class, enhanced.next(), enhanced.next()) {
            (Some(_), Some("1"), Some(_)) | (Some(_), Some("2"), Some("1")) => true,
            (Some(_), Some(_), Some(_)) => false,
            _ => matches!(self.code, 550 | 551 | 553),
        }
    }

    /// Whether a no at RCPT or DATA is about us and not about the recipient. Servers say no to the
    /// recipient when they mean that we have not signed in or may not send through them; if that
    /// counted as the recipient's fault, one wrong setting would make a whole roster unreachable.
    ///
    /// 500, 502, 503 and 504 say that the command was wrong or out of order (RFC 5321, 4.2.2);
    /// 530, 534, 535 and 538 that we must sign in (RFC 4954, 6). For relaying there is no code of
    /// its own, so the words are looked for that Postfix, Exim, Exchange and sendmail use; but 5.1.x is
    /// always about an address (RFC 3463, 3.2), whatever else the sentence speaks of.
    fn is_about_our_session(&self) -> bool {
        /// `Relay access denied`, `relay not permitted`, `Unable to relay recipient`, `Relaying denied`.
        const NOT_THROUGH_US: [&str; 8] = [
            "relay access denied",
            "relay denied",
            "relay not permitted",
            "relaying denied",
            "relaying not allowed",
            "relaying is not allowed",
            "unable to relay",
            "not permitted to relay",
        ];
        let text = self.text.to_ascii_lowercase();
        let about_an_address = text.split_whitespace().next().is_some_and(|code| code.starts_with("5.1."));
        matches!(self.code, 500 | 502..=504 | 530 | 534 | 535 | 538)
            || (!about_an_address && NOT_THROUGH_US.iter().any(|words| text.contains(words)))
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text)
    }
}
