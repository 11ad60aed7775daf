//! The SMTP settings, and what they become once they are known to be right.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use super::Timeouts;
use crate::secret::Secret;

/// Where mail is handed over, as the section `[mail.smtp]` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// The server's name or address; also the name its certificate must have.
    pub host: String,
    /// The server's port: 465 for `tls`, 587 for `starttls`, as a rule.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// Who we are to the server, where it wants a sign-in.
    pub username: Option<String>,
    /// The password that goes with the name.
    pub password: Option<Secret>,
    /// A PEM file of certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The name to greet the server with, for servers that insist on one. Otherwise it is the
    /// address literal `[127.0.0.1]`, as RFC 5321, 4.1.4, has it for machines without a name.
    pub hello_name: Option<String>,
}

/// How the connection is encrypted. What is asked for is what happens: never less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: only towards this machine.
    None,
    /// By STARTTLS, before anything of ours is said. A server without it is not used.
    Starttls,
    /// From the first byte.
    Tls,
}

/// Which setting is wrong, and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Mail, and perhaps a password, would travel in the open.
    #[error(
        "mail.smtp.tls is \"none\", but mail.smtp.host is {host:?}, which is not this machine; \
         use \"starttls\" (often port 587) or \"tls\" (often port 465), or the host 127.0.0.1"
    )]
    PlainToElsewhere {
        /// The host.
        host: String,
    },
    /// Half of a sign-in.
    #[error(
        "mail.smtp.username and mail.smtp.password_file (or password_secret) go together: give both or neither"
    )]
    HalfCredentials,
    /// A text that cannot be said to a server.
    #[error("{key} is {value:?}; {wanted}")]
    Text {
        /// The setting.
        key: &'static str,
        /// What it is.
        value: String,
        /// What would be right.
        wanted: &'static str,
    },
    /// The password cannot be said to a server. It is not shown.
    #[error("the mail password has a control character in it; look for a line end in the middle of its file")]
    Password,
    /// The certificate file cannot be read.
    #[error("mail.smtp.ca_file {} cannot be read: {source}", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The certificate file is none.
    #[error("mail.smtp.ca_file {} holds no certificate that can be used; it must be PEM", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// No encryption is to be had.
    #[error("encryption cannot be set up: {reason}")]
    Encryption {
        /// What the library said.
        reason: String,
    },
}

/// Checked settings.
pub(super) struct Settings {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) credentials: Option<Credentials>,
    pub(super) hello: ClientId,
    pub(super) timeouts: Timeouts,
}

/// [`Tls`], with what it takes.
pub(super) enum Encryption {
    /// And only addresses of this machine.
    None,
    Starttls(TlsParameters),
    Tls(TlsParameters),
}

impl Settings {
    pub(super) fn new(config: SmtpConfig, timeouts: Timeouts) -> Result<Self, ConfigError> {
        let host = config.host.trim();
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).to_owned();
        if host.is_empty() || !host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:".contains(&b)) {
            let wanted = "write a name such as mail.example.com, or an address";
            return Err(ConfigError::Text { key: "mail.smtp.host", value: config.host, wanted });
        }
        let encryption = match config.tls {
            Tls::None if !is_this_machine(&host) => return Err(ConfigError::PlainToElsewhere { host }),
            Tls::None => Encryption::None,
            Tls::Starttls => Encryption::Starttls(tls_parameters(&host, config.ca_file)?),
            Tls::Tls => Encryption::Tls(tls_parameters(&host, config.ca_file)?),
        };
        let credentials = match (config.username, config.password) {
            (None, None) => None,
            (Some(username), Some(password)) => {
                // In AUTH PLAIN a NUL ends a field, so it would shift name and password.
                if username.is_empty() || username.chars().any(char::is_control) {
                    let wanted = "write the name you sign in with at the mail server";
                    return Err(ConfigError::Text { key: "mail.smtp.username", value: username, wanted });
                }
                if password.reveal().chars().any(char::is_control) {
                    return Err(ConfigError::Password);
                }
                Some(Credentials::new(username, password.reveal().to_owned()))
            }
            _ => return Err(ConfigError::HalfCredentials),
        };
        let hello = match config.hello_name {
            None => ClientId::default(),
            Some(name) => hello(name)?,
        };
        Ok(Self { host, port: config.port, encryption, credentials, hello, timeouts })
    }

    /// The server as sentences name it.
    pub(super) fn server(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Debug for Settings {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("server", &self.server()).finish_non_exhaustive()
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn hello(name: String) -> Result<ClientId, ConfigError> {
    let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    if letters && !name.is_empty() && name.len() <= 253 {
        return Ok(ClientId::Domain(name));
    }
    let wanted = "write this machine's name such as crew.example.com";
    Err(ConfigError::Text { key: "mail.smtp.hello_name", value: name, wanted })
}

/// The rules for the server's certificate: the system's roots, those of `ca_file`, and the host's
/// name. lettre is built with ring alone, and takes it unless the process chose another provider.
fn tls_parameters(host: &str, ca_file: Option<PathBuf>) -> Result<TlsParameters, ConfigError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = ca_file {
        let pem = match std::fs::read(&path) {
            Ok(pem) => pem,
            Err(source) => return Err(ConfigError::CaFile { path, source }),
        };
        // An empty file parses as no certificates, which is never what somebody meant.
        match Certificate::from_pem(&pem) {
            Ok(certificate) if pem.windows(10).any(|part| part == b"-----BEGIN") => {
                builder = builder.add_root_certificate(certificate);
            }
            _ => return Err(ConfigError::NoCertificate { path }),
        }
    }
    builder.build().map_err(|error| ConfigError::Encryption { reason: error.to_string() })
}

#[cfg(test)]
mod tests;
