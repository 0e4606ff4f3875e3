use ipnet::IpNet;

use crate::Origin;

/// What every page of this instance knows: where the houses are, and who runs the service. Shared as `Arc<Site>`.
///
/// Made by [`Site::new`], then adjusted field by field.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Site {
    /// One origin per house.
    pub houses: Houses,
    /// A demonstration without real data; the footer says so.
    pub demo: bool,
    /// Every house answers over https: cookies are `Secure`, browsers are told to stay there.
    pub secure: bool,
    /// Who offers the service, in the footer outside the demonstration.
    pub instance_name: String,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// An e-mail address for accessibility, personal data and help.
    pub contact: Option<String>,
    /// Who publishes the service (name, address), for the legal notice.
    pub publisher: Option<String>,
    /// Who hosts the service (name, address), for the legal notice.
    pub hosting: Option<String>,
    /// Where the source of this program is read.
    pub source_url: Option<String>,
}

impl Site {
    /// A site with these origins; `secure` when all of them are https.
    pub fn new(houses: Houses) -> Self {
        Self {
            secure: houses.all().iter().all(|origin| origin.is_https()),
            houses,
            demo: false,
            instance_name: "Livret".to_owned(),
            trusted_proxies: Vec::new(),
            contact: None,
            publisher: None,
            hosting: None,
            source_url: None,
        }
    }

    /// The demonstration: all houses at one origin.
    pub fn demo(origin: Origin) -> Self {
        Self { demo: true, ..Self::new(Houses::single(origin)) }
    }

    /// Cookies carry the `__Host-` prefix: https, and no house shares its host with another.
    pub fn host_cookies(&self) -> bool {
        self.secure && self.houses.separate()
    }
}

/// The four origins. Links between houses are built here: `site.houses.wallet.join("/r/…")`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Houses {
    /// Organisations, catalogue, badges, register of trust.
    pub issuer: Origin,
    /// The learner's livret.
    pub wallet: Origin,
    /// Verification.
    pub verifier: Origin,
    /// Job-Normandie.
    pub job: Origin,
}

impl Houses {
    /// All houses at one origin, as in `serve`.
    pub fn single(origin: Origin) -> Self {
        Self { issuer: origin.clone(), wallet: origin.clone(), verifier: origin.clone(), job: origin }
    }

    /// Issuer, wallet, verifier, job, in this order.
    pub fn all(&self) -> [&Origin; 4] {
        [&self.issuer, &self.wallet, &self.verifier, &self.job]
    }

    /// No two houses share a host (cookies do not know ports).
    pub fn separate(&self) -> bool {
        let hosts = self.all().map(Origin::host);
        (1..4).all(|i| !hosts[..i].contains(&hosts[i]))
    }
}
