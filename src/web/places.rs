//! From where requests come, and how much one place may have under way at once: nobody takes all there is from everybody
//! else, whether straight or through a proxy on this machine.

use axum::extract::Request;
use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv6Addr};

use super::shares::{Share, Shares};

/// The address at the other end of a connection, or as the gateway tells it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// From where a request comes; nothing, where that is not known.
pub(super) fn of(request: &Request) -> Option<IpAddr> {
    let Peer(peer) = request.extensions().get()?;
    let place = if peer.is_loopback() { forwarded(request.headers()).unwrap_or(*peer) } else { *peer };
    Some(network(place))
}

/// What counts as one place: a provider gives whoever wants it a whole network of IPv6 (RFC 6177: /48 to /64).
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

/// What a proxy on this machine says; only its own word counts, which is the last.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// How many of something each place has under way.
#[derive(Clone)]
pub(super) struct Places {
    most: usize,
    shares: Shares<IpAddr>,
}

impl Places {
    /// So many for each.
    pub(super) fn with(most: usize) -> Self {
        Self { most, shares: Shares::default() }
    }

    /// Counts one more; `None` if that is too many. A proxy on this machine speaks for everyone.
    pub(super) fn take(&self, address: IpAddr) -> Option<Share<IpAddr>> {
        let place = network(address);
        self.shares.take(place, if place.is_loopback() { usize::MAX } else { self.most })
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(peer: &str, forwarded: &[&str]) -> Request {
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        for value in forwarded {
            request.headers_mut().append("x-forwarded-for", value.parse().unwrap());
        }
        request
    }

    #[test]
    fn a_place_is_what_the_nearest_word_that_can_be_trusted_says() {
        for (peer, forwarded, from) in [
            ("203.0.113.7", &[][..], "203.0.113.7"),
            // Whoever is not this machine may say what they like.
            ("203.0.113.7", &["198.51.100.1"], "203.0.113.7"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::1", &["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["nonsense"], "127.0.0.1"),
            ("2001:db8:1:2:3:4:5:6", &[], "2001:db8:1:2::"),
            ("::ffff:203.0.113.7", &[], "203.0.113.7"),
        ] {
            assert_eq!(of(&request(peer, forwarded)), Some(from.parse().unwrap()), "{peer} {forwarded:?}");
        }
        assert_eq!(of(&Request::new(Body::empty())), None);
    }

    #[test]
    fn one_place_has_so_many_and_no_more_and_takes_none_from_another() {
        const MOST: usize = 8;
        let places = Places::with(MOST);
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let other = address("203.0.113.8");
        // A network of IPv6 is one place, whichever of its addresses come.
        for one in [|_| "203.0.113.7".to_owned(), |n| format!("2001:db8:1:2::{n:x}")] {
            let mut taken: Vec<_> = (0..MOST).map(|n| places.take(address(&one(n)))).collect();
            assert!(taken.iter().all(Option::is_some) && places.take(address(&one(MOST))).is_none());
            assert!(places.take(other).is_some());
            for this_machine in ["127.0.0.1", "::1"] {
                let all: Vec<_> = (0..1_000).map(|_| places.take(address(this_machine))).collect();
                assert!(all.iter().all(Option::is_some), "{this_machine}");
            }
            taken.pop();
            assert!(places.take(address(&one(0))).is_some());
            drop(taken);
            assert!(places.shares.is_empty());
        }
    }
}
