use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

/// The address to count limits by: the peer, or what trusted proxies say of it.
///
/// `X-Forwarded-For` is read from the right: each trusted proxy vouches for the entry it added, the first address
/// that is not a trusted proxy is the client. Whatever stands left of it was written by the client itself.
pub fn client_ip(headers: &HeaderMap, peer: SocketAddr, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip));
    let mut client = peer.ip().to_canonical();
    let said: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for entry in said.iter().rev() {
        if !is_trusted(client) {
            break;
        }
        let Some(ip) = parse(entry.trim()) else { break };
        client = ip;
    }
    client
}

/// What limits count a visitor by: an IPv4 address (mapped ones too), or the /64 an IPv6 customer has whole.
pub fn client_key(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

/// Proxies write an address bare, in brackets, or with a port.
fn parse(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    let ip = bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|addr| addr.ip()))?;
    Some(IpAddr::to_canonical(&ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        client_ip(&headers, peer.parse().unwrap(), &trusted).to_string()
    }

    #[test]
    fn one_customer_is_counted_once() {
        let key = |ip: &str| client_key(ip.parse().unwrap());
        assert_eq!(key("203.0.113.7"), "203.0.113.7");
        assert_eq!(key("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    }

    #[test]
    fn strangers_are_not_believed() {
        assert_eq!(seen("203.0.113.7:1", &["198.51.100.1"]), "203.0.113.7");
    }

    #[test]
    fn trusted_proxies_are_peeled_from_the_right() {
        assert_eq!(seen("10.0.0.1:1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("10.0.0.1:1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(seen("10.0.0.1:1", &["6.6.6.6", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("[::1]:1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(seen("[::ffff:10.0.0.1]:1", &["::ffff:198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn garbage_stops_at_the_last_vouched_address() {
        assert_eq!(seen("10.0.0.1:1", &["198.51.100.1, unknown"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1:1", &[]), "10.0.0.1");
    }
}
