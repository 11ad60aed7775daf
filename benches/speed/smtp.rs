//! A mail server that takes everything at once and notes when.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// To whom a mail went, and when it was taken.
pub(crate) type Taken = (String, Instant);

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    taken: Arc<Mutex<Vec<Taken>>>,
    arrived: Arc<Notify>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = Self { address, taken: Arc::default(), arrived: Arc::default() };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).expect("a socket option");
                let server = accepting.clone();
                // Whoever hangs up has said all there was to say.
                tokio::spawn(async move { server.serve(stream).await });
            }
        });
        server
    }

    /// Waits until so many mails have come, and tells of all that have.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Taken> {
        loop {
            let arrived = self.arrived.notified();
            let taken = self.taken.lock().expect("nobody panics under this lock").clone();
            if taken.len() >= count {
                return taken;
            }
            arrived.await;
        }
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let (mut line, mut to) = (String::new(), String::new());
        stream.write_all(b"220 ready\r\n").await?;
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let answer: &[u8] = match line.get(..4).unwrap_or_default() {
                "RCPT" => {
                    to = line.trim_end().to_ascii_lowercase();
                    b"250 fine\r\n"
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    self.body(&mut stream).await?;
                    let taken = (std::mem::take(&mut to), Instant::now());
                    self.taken.lock().expect("nobody panics under this lock").push(taken);
                    self.arrived.notify_waiters();
                    b"250 taken\r\n"
                }
                "QUIT" => b"221 bye\r\n",
                _ => b"250 fine\r\n",
            };
            stream.write_all(answer).await?;
        }
    }

    async fn body(&self, stream: &mut BufReader<TcpStream>) -> std::io::Result<()> {
        let mut line = Vec::new();
        while line != b".\r\n" {
            line.clear();
            if stream.read_until(b'\n', &mut line).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }
}
