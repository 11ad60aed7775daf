//! Reading no further than the end of a line.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The most that is read ahead here, in bytes.
const AHEAD_BYTES: usize = 4096;

/// A connection that hands out at most one line at a read.
///
/// lettre keeps what it has read ahead when STARTTLS switches to encryption. Somebody on the way
/// could put words behind the server's last open answer, and they would count as said under
/// encryption (CVE-2011-0411 is the same hole in servers). With lines handed out one by one lettre
/// has nothing ahead; such words go into the TLS handshake instead, which fails.
#[derive(Debug)]
pub(super) struct OneLineAtATime {
    stream: TcpStream,
    ahead: Vec<u8>,
    taken: usize,
}

impl OneLineAtATime {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, ahead: Vec::new(), taken: 0 }
    }
}

impl AsyncTokioStream for OneLineAtATime {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl AsyncRead for OneLineAtATime {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.taken == this.ahead.len() {
            this.ahead.resize(AHEAD_BYTES, 0);
            this.taken = AHEAD_BYTES;
            let mut buffer = ReadBuf::new(&mut this.ahead);
            let read = ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buffer));
            let filled = buffer.filled().len();
            this.ahead.truncate(filled);
            // On an error nothing was filled, and nothing is ahead.
            this.taken = 0;
            read?;
        }
        let rest = &this.ahead[this.taken..];
        let line = rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |end| end + 1);
        let count = line.min(out.remaining());
        out.put_slice(&rest[..count]);
        this.taken += count;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for OneLineAtATime {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
