//! Letters to a mail server.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tracing::{error, warn};
use url::{Host, Url};

use crate::{SendError, SettingError};

const PATIENCE: Duration = Duration::from_secs(30);

/// Refusals that speak of us (unknown command, wrong order, sign-in, TLS) and not of the person written to.
const ABOUT_US: [u16; 8] = [500, 502, 503, 504, 530, 534, 535, 538];

/// Connections to one server.
pub(crate) struct Server(AsyncSmtpTransport<Tokio1Executor>);

impl Server {
    /// `hello` is the name we say to the server.
    pub(crate) fn open(url: &str, hello: &str) -> Result<Self, SettingError> {
        let url = Url::parse(url).map_err(|_| SettingError::Server("not a URL"))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SettingError::Server("no host"))?;
        // TLS names an IPv6 host without brackets.
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let parameters =
            || TlsParameters::new(host.to_owned()).map_err(|_| SettingError::Server("TLS cannot name this host"));
        let asked = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (tls, port) = match (url.scheme(), asked.as_deref()) {
            ("smtps", None) => (Tls::Wrapper(parameters()?), 465),
            ("smtp", Some("opportunistic")) => (Tls::Opportunistic(parameters()?), 25),
            ("smtp", None) if is_this_machine(&url) => (Tls::None, 25),
            ("smtp", None) => (Tls::Required(parameters()?), 587),
            _ => return Err(SettingError::Server("tls can only be opportunistic, with smtp://")),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(url.port().unwrap_or(port))
            .tls(tls)
            .hello_name(ClientId::Domain(hello.to_owned()))
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(8));
        if !url.username().is_empty() {
            let password = url.password().unwrap_or_default();
            builder = builder.credentials(Credentials::new(decoded(url.username())?, decoded(password)?));
        }
        Ok(Self(builder.build()))
    }

    pub(crate) async fn send(&self, message: Message) -> Result<(), SendError> {
        let ascii = message.envelope().to().iter().all(|to| to.to_string().is_ascii());
        let Err(error) = self.0.send(message).await else {
            return Ok(());
        };
        // The error's own words repeat the server's, and so the address: only its kind is told.
        if let (true, Some(code)) = (error.is_permanent(), error.status()) {
            let code: u16 = code.into();
            if ABOUT_US.contains(&code) {
                error!(post.code = code, "the mail server refuses this program: look at its address and sign-in");
                return Err(SendError::Later);
            }
            return Err(SendError::Refused(format!("smtp_{code}")));
        }
        if error.is_client() && !ascii {
            return Err(SendError::Refused("no_smtputf8".into()));
        }
        warn!(
            post.transient = error.is_transient(),
            post.timeout = error.is_timeout(),
            post.tls = error.is_tls(),
            post.client = error.is_client(),
            "a letter cannot leave now"
        );
        Err(SendError::Later)
    }
}

/// Never shows the password.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server(…)")
    }
}

/// Nothing on the way can read what does not leave the machine.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        // In a URL that is not http the host stays text, also when it is a number.
        Some(Host::Domain(name)) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        None => false,
    }
}

/// User names are often addresses: `%40` stands for `@`.
fn decoded(text: &str) -> Result<String, SettingError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
            let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
            bytes.push(byte.ok_or(SettingError::Server("a % in the sign-in is not followed by two digits"))?);
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).map_err(|_| SettingError::Server("the sign-in is not UTF-8"))
}
