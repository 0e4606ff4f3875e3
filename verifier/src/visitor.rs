//! Who is asking, for the limits alone: an address, hashed by the vault before it touches the database.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use data_encoding::HEXLOWER;
use http::request::Parts;
use store::limits::{self, Limit};
use web::{Error, client_ip, client_key};

use crate::house::Verifier;

/// Codes that open nothing: nobody mistypes twenty in ten minutes, and guessing needs millions.
const WRONG_CODES: Limit = Limit { house: "verifier", bucket: "wrong code", max: 20, window: Duration::from_secs(600) };
/// Files, photos and links: each costs us work or a call elsewhere.
const SENDINGS: Limit = Limit { house: "verifier", bucket: "sending", max: 60, window: Duration::from_secs(600) };

/// What limits count a visitor by: their address, or their IPv6 network.
pub(crate) struct Visitor(String);

impl FromRequestParts<Verifier> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, house: &Verifier) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // Without a socket (a call inside this process) everybody is the same neighbour.
        let peer = peer.map_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), |info| info.0);
        Ok(Self(client_key(client_ip(&parts.headers, peer, &house.site().trusted_proxies))))
    }
}

impl Visitor {
    /// What the wallet is told, so that it counts this visitor without learning who it is.
    pub(crate) fn told(&self, house: &Verifier) -> String {
        HEXLOWER.encode(&house.given.vault.lookup_hash("verifier/visitor", &self.0))
    }

    /// Refuses whoever tried too many wrong codes.
    pub(crate) async fn may_try(&self, house: &Verifier) -> Result<(), Error> {
        let given = &house.given;
        let answer = limits::look(&given.db, &given.vault, &WRONG_CODES, &self.0, given.clock.now()).await?;
        answer.or_wait().map_err(Error::TooMany)
    }

    /// Counts a code that opened nothing.
    pub(crate) async fn was_wrong(&self, house: &Verifier) -> Result<(), Error> {
        let given = &house.given;
        let answer = limits::hit(&given.db, &given.vault, &WRONG_CODES, &self.0, given.clock.now()).await?;
        answer.or_wait().map_err(Error::TooMany)
    }

    /// Counts a file, photo or link, and refuses too many.
    pub(crate) async fn sends(&self, house: &Verifier) -> Result<(), Error> {
        let given = &house.given;
        let answer = limits::hit(&given.db, &given.vault, &SENDINGS, &self.0, given.clock.now()).await?;
        answer.or_wait().map_err(Error::TooMany)
    }
}
