//! An SMTP server that follows a script and remembers what it heard.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the peer does when its turn comes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Answers with this.
    Say(&'static str),
    /// Answers nothing and keeps the connection open.
    StaySilent,
    /// Ends the connection.
    HangUp,
    /// Answers with this and ends the connection.
    SayAndHangUp(&'static str),
}

/// What it does differently from a good server.
#[derive(Debug, Clone, Default)]
pub(super) struct Script {
    /// By what it heard: a whole command, the first word of one, `connect`, or `.` for the end of a body.
    pub(super) on: Vec<(&'static str, Act)>,
    /// What it does with the first connection as soon as a mail came over it.
    pub(super) after_first_mail: Option<Act>,
}

/// What one peer heard.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(super) connections: usize,
    /// Every line outside bodies.
    pub(super) commands: Vec<String>,
    /// Every body as it came, without its final dot and without the dots that were added to it.
    pub(crate) bodies: Vec<String>,
    /// Every byte.
    pub(super) bytes: Vec<u8>,
}

pub(crate) struct Peer {
    port: u16,
    heard: Arc<Mutex<Heard>>,
    script: Arc<Mutex<Script>>,
}

impl Peer {
    /// A server that takes everything.
    pub(crate) async fn good() -> Self {
        Self::start(Script::default()).await
    }

    /// A server that answers `act` when it hears `what`.
    pub(super) async fn that(what: &'static str, act: Act) -> Self {
        Self::start(Script { on: vec![(what, act)], ..Script::default() }).await
    }

    pub(super) async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Heard>>::default();
        let script = Arc::new(Mutex::new(script));
        let peer = Self { port, heard: heard.clone(), script: script.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                heard.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, script.clone(), heard.clone()));
            }
        });
        peer
    }

    /// From now on it does this; on connections that are open too.
    pub(crate) fn follow(&self, on: &[(&'static str, Act)]) {
        *self.script.lock().unwrap() = Script { on: on.to_vec(), ..Script::default() };
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn heard<T>(&self, look: impl FnOnce(&Heard) -> T) -> T {
        look(&self.heard.lock().unwrap())
    }

    /// How many commands began with `verb`.
    pub(crate) fn count(&self, verb: &str) -> usize {
        self.heard(|heard| heard.commands.iter().filter(|line| line.starts_with(verb)).count())
    }
}

/// One connection. Ends with it, or when the client is gone.
async fn serve(stream: TcpStream, script: Arc<Mutex<Script>>, heard: Arc<Mutex<Heard>>) {
    let first = heard.lock().unwrap().connections == 1;
    let mut stream = BufReader::new(stream);
    let plan = |heard: &str, good: &'static str| {
        let script = script.lock().unwrap();
        let verb = heard.split([' ', ':']).next();
        let act = script.on.iter().find(|(on, _)| *on == heard || Some(*on) == verb);
        act.map_or(Act::Say(good), |(_, act)| *act)
    };
    if !perform(&mut stream, plan("connect", "220 peer ready")).await {
        return;
    }
    loop {
        let Some(line) = read_line(&mut stream, &heard).await else { return };
        heard.lock().unwrap().commands.push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap_or_default();
        let good = match verb {
            "EHLO" => "250-peer\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN",
            "DATA" => "354 go on",
            "AUTH" => "235 welcome",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        let act = plan(&line, good);
        if !perform(&mut stream, act).await || verb == "QUIT" {
            return;
        }
        if verb == "DATA" && matches!(act, Act::Say(answer) if answer.starts_with("354")) {
            let Some(body) = read_body(&mut stream, &heard).await else { return };
            heard.lock().unwrap().bodies.push(body);
            if !perform(&mut stream, plan(".", "250 queued\x1b[2J as 7")).await {
                return;
            }
            let after = script.lock().unwrap().after_first_mail;
            if let (true, Some(act)) = (first, after)
                && !perform(&mut stream, act).await
            {
                return;
            }
        }
    }
}

/// Whether the connection goes on.
async fn perform(stream: &mut BufReader<TcpStream>, act: Act) -> bool {
    match act {
        Act::Say(answer) => stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_ok(),
        Act::SayAndHangUp(answer) => {
            let _ = stream.write_all(format!("{answer}\r\n").as_bytes()).await;
            false
        }
        Act::StaySilent => true,
        Act::HangUp => false,
    }
}

async fn read_body(stream: &mut BufReader<TcpStream>, heard: &Mutex<Heard>) -> Option<String> {
    let mut body = String::new();
    loop {
        match read_line(stream, heard).await?.as_str() {
            "." => return Some(body),
            line => body = body + line.strip_prefix('.').unwrap_or(line) + "\r\n",
        }
    }
}

/// A line without its end, which may be a bare LF: this peer is as lenient as the worst.
async fn read_line(stream: &mut BufReader<TcpStream>, heard: &Mutex<Heard>) -> Option<String> {
    let mut line = Vec::new();
    if stream.read_until(b'\n', &mut line).await.ok()? == 0 {
        return None;
    }
    heard.lock().unwrap().bytes.extend_from_slice(&line);
    let line = String::from_utf8_lossy(&line);
    Some(line.trim_end_matches(['\r', '\n']).to_owned())
}
