//! `[mail]` and what stands below it, and the way in which mail leaves by them.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::read::default;
use super::reader::Fallback::{Absent, Required};
use super::reader::Reader;
use super::{Config, ConfigError, value};
use crate::google::Patience;
use crate::mail::Transport;
use crate::mail::file::Folder;
use crate::mail::gmail::Gmail;
use crate::mail::paced::Paced;
use crate::mail::smtp::{Smtp, SmtpConfig, Timeouts, Tls};
use crate::mail::ways::Ways;
use crate::secret::{Secret, SecretPlace, manager};

/// How mail leaves.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// The way of all mail.
    pub way: Way,
    /// The way of alerts while that one is shut.
    pub fallback: Option<Way>,
    /// How many mails leave in a minute at the most, by each process.
    pub per_minute: u32,
    /// How many leave in 24 hours at the most, by all of them.
    pub per_day: Option<u32>,
}

/// One way in which mail leaves.
#[derive(Debug, Clone)]
pub enum Way {
    /// To an SMTP server.
    Smtp {
        /// All of it, unless the password stands elsewhere.
        config: SmtpConfig,
        /// The name of the password in AWS Secrets Manager. It is fetched when mail is to leave.
        password_secret: Option<String>,
    },
    /// To Gmail, as whoever has signed in.
    Gmail,
    /// Into a directory, one `.eml` each.
    File(PathBuf),
}

impl MailConfig {
    /// Whether it is written into a directory, and goes to nobody.
    pub fn stays_here(&self) -> bool {
        matches!(self.way, Way::File(_))
    }
}

impl fmt::Display for MailConfig {
    /// A sentence without its full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.way {
            Way::File(directory) => {
                write!(f, "Mail is written to {}; nothing is sent", directory.display())?;
            }
            way => write!(f, "Mail goes to {way}")?,
        }
        self.fallback.as_ref().map_or(Ok(()), |way| write!(f, "; alerts go to {way} while it does not leave"))
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smtp { config, .. } => write!(f, "smtp {}:{}", config.host, config.port),
            Self::Gmail => write!(f, "Gmail"),
            Self::File(directory) => write!(f, "{}", directory.display()),
        }
    }
}

impl MailConfig {
    /// The ways that there are.
    pub fn ways(&self) -> impl Iterator<Item = &Way> {
        std::iter::once(&self.way).chain(&self.fallback)
    }

    /// Whether Gmail is one of them.
    pub fn has_gmail(&self) -> bool {
        self.ways().any(|way| matches!(way, Way::Gmail))
    }
}

pub(super) fn read(keys: &mut Reader) -> Option<MailConfig> {
    let transport = keys.read("mail.transport", Required, |text| match text {
        "smtp" | "gmail" | "file" => Ok(text.to_owned()),
        _ => {
            Err(format!("is {text:?}; write \"smtp\" or \"gmail\", or \"file\" to have mails in a directory"))
        }
    });
    let fallback = keys.read("mail.fallback", default("none"), |text| match text {
        "smtp" | "gmail" | "none" => Ok(text.to_owned()),
        _ => Err(format!("is {text:?}; write \"smtp\", \"gmail\" or \"none\"")),
    });
    if fallback.is_some() && fallback == transport {
        keys.object("mail.fallback", "is the same as mail.transport; name the other one, or write \"none\"");
    }
    let chosen = |way: &str| [&transport, &fallback].iter().any(|chosen| chosen.as_deref() == Some(way));
    let (wants_smtp, has_gmail) = (chosen("smtp"), transport.as_deref() == Some("gmail"));
    // A section that is not in use may be there, but has to be right.
    let smtp = if wants_smtp || keys.has_section("mail.smtp") { smtp(keys) } else { None };
    let dir = keys.file("mail.file.dir", default("mail"));
    // Gmail takes 60 a minute (6,000 units of 100), of which the first 20 may leave at once.
    let per_minute = keys.read("mail.per_minute", default(if has_gmail { "40" } else { "60" }), |text| {
        let number = text.trim().parse::<u32>().ok().filter(|number| (1..=6_000).contains(number));
        number.ok_or_else(|| format!("is {text:?}; write a number from 1 to 6000"))
    });
    // What Google Workspace takes (support.google.com/a/answer/166852); of mail servers nobody knows.
    let standard = if has_gmail { "2000" } else { "none" };
    let per_day = keys.read("mail.per_day", default(standard), |text| match text.trim() {
        "none" => Ok(None),
        text => {
            let number = text.parse::<u32>().ok().filter(|number| (1..=1_000_000).contains(number));
            number
                .map(Some)
                .ok_or_else(|| format!("is {text:?}; write a number from 1 to 1000000, or \"none\""))
        }
    });
    let way = |name: String| match name.as_str() {
        "smtp" => smtp.clone(),
        "gmail" => Some(Way::Gmail),
        _ => dir.clone().map(Way::File),
    };
    let fallback = match fallback?.as_str() {
        "none" => None,
        name => Some(way(name.to_owned())?),
    };
    Some(MailConfig { way: way(transport?)?, fallback, per_minute: per_minute?, per_day: per_day? })
}

fn smtp(keys: &mut Reader) -> Option<Way> {
    let host = keys.read("mail.smtp.host", Required, |text| Ok::<_, String>(text.to_owned()));
    let port = keys.read("mail.smtp.port", Required, value::port);
    let tls = keys.read("mail.smtp.tls", Required, |text| match text {
        "none" => Ok(Tls::None),
        "starttls" => Ok(Tls::Starttls),
        "tls" => Ok(Tls::Tls),
        _ => Err(format!("is {text:?}; write \"starttls\", \"tls\", or \"none\" towards this machine only")),
    });
    let username = keys.read("mail.smtp.username", Absent, |text| Ok(text.to_owned()));
    let (mut password, mut password_secret) = (None, None);
    match keys.place("mail.smtp.password") {
        Some(SecretPlace::File(path)) => match value::password(&path) {
            Ok(read) => password = Some(read),
            Err(problem) => keys.object("mail.smtp.password_file", problem),
        },
        Some(SecretPlace::SecretsManager(name)) => password_secret = Some(name),
        None => {}
    }
    let ca_file = keys.file("mail.smtp.ca_file", Absent);
    let hello_name = keys.read("mail.smtp.hello_name", Absent, |text| Ok(text.to_owned()));
    let config = SmtpConfig { host: host?, port: port?, tls: tls?, username, password, ca_file, hello_name };
    Some(Way::Smtp { config, password_secret })
}

impl Config {
    /// The same, with this way and no other.
    #[must_use]
    pub fn with_way(&self, way: &Way) -> Self {
        let mail = MailConfig { way: way.clone(), fallback: None, ..self.mail.clone() };
        Self { mail, ..self.clone() }
    }

    /// The way in which mail leaves. Fetches the password if it is not here, and connects to nothing else.
    ///
    /// # Errors
    /// If the SMTP settings do not go together, the certificate file is none, or the password cannot be had.
    pub async fn transport(&self) -> Result<Arc<dyn Transport>, ConfigError> {
        let password = self.smtp_password().await?;
        self.transport_with(password.as_ref(), Timeouts::STANDARD, Patience::STANDARD)
    }

    /// The password of the mail server, if it has to be fetched.
    ///
    /// # Errors
    /// If it cannot be had.
    pub(crate) async fn smtp_password(&self) -> Result<Option<Secret>, ConfigError> {
        for way in self.mail.ways() {
            if let Way::Smtp { password_secret: Some(name), .. } = way {
                return Ok(Some(manager::read(name).await?.text));
            }
        }
        Ok(None)
    }

    /// The same with a password that was fetched, and with other patience.
    ///
    /// # Errors
    /// As [`Config::transport`], but for the password.
    pub(crate) fn transport_with(
        &self,
        password: Option<&Secret>,
        timeouts: Timeouts,
        patience: Patience,
    ) -> Result<Arc<dyn Transport>, ConfigError> {
        let open = |way: &Way| self.open_way(way, password, timeouts, patience);
        let (way, fallback) = (open(&self.mail.way)?, self.mail.fallback.as_ref().map(open).transpose()?);
        let ways = Arc::new(Ways::new(way, fallback));
        Ok(Arc::new(Paced::new(ways, self.mail.per_minute, self.mail.per_day)))
    }

    fn open_way(
        &self,
        way: &Way,
        password: Option<&Secret>,
        timeouts: Timeouts,
        patience: Patience,
    ) -> Result<Arc<dyn Transport>, ConfigError> {
        Ok(match way {
            Way::File(path) => Arc::new(Folder::new(path)),
            Way::Smtp { config, .. } => Arc::new(self.smtp(config, password, timeouts)?),
            Way::Gmail => Arc::new(Gmail::new(self.google(patience)?, self.google_login())),
        })
    }

    /// Whether mail could leave that way, as far as the settings tell.
    ///
    /// # Errors
    /// As [`Config::transport`], but for a password that stands elsewhere.
    pub(crate) fn check_transport(&self) -> Result<(), ConfigError> {
        for way in self.mail.ways() {
            if let Way::Smtp { config, password_secret } = way {
                let elsewhere = password_secret.as_ref().map(|_| Secret::new("elsewhere"));
                self.smtp(config, elsewhere.as_ref(), Timeouts::STANDARD)?;
            }
        }
        Ok(())
    }

    fn smtp(
        &self,
        config: &SmtpConfig,
        fetched: Option<&Secret>,
        timeouts: Timeouts,
    ) -> Result<Smtp, ConfigError> {
        let password = fetched.or(config.password.as_ref()).cloned();
        Smtp::with_timeouts(SmtpConfig { password, ..config.clone() }, timeouts)
            .map_err(|source| ConfigError::Smtp { place: self.place_of(&source.to_string()), source })
    }
}
