//! Whom to count a try for.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;

use crate::Issuer;

/// The address a request comes from, behind trusted proxies; for limits only, never stored as it is.
#[derive(Clone, Copy)]
pub struct Visitor(pub IpAddr);

impl Visitor {
    /// The key to count by: an IPv6 customer has a whole /64.
    pub fn key(self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
            }
        }
    }
}

impl FromRequestParts<Issuer> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, issuer: &Issuer) -> Result<Self, Infallible> {
        // Without a socket (another house in the same process, a test) there is one visitor: ourselves.
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)), |info| info.0);
        Ok(Self(web::client_ip(&parts.headers, peer, &issuer.site.trusted_proxies)))
    }
}
