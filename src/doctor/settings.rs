//! The configuration itself, and what it leads to outside this machine.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream as StdStream};
use std::time::Duration;

use fetch::{Door, DoorSettings, NamedOrigin};
use url::Url;

use super::files;
use super::finding::{Code, Finding};
use crate::config::Options;
use crate::said;

const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn origin(options: &Options) -> Finding {
    let Some(origin) = options.issuer_origin.as_ref().or(options.origin.as_ref()) else {
        return Finding::notice(
            Code::OriginMissing,
            "origine : aucune n’est donnée, http://localhost servira. Elle est signée dans chaque badge, pour toujours.",
            "Avant le premier vrai badge, donnez --origin avec un nom que la Région possède.",
        );
    };
    let Ok(parsed) = web::Origin::parse(origin) else {
        return Finding::to_mend(
            Code::OriginMalformed,
            format!("origine : « {origin} » n’est pas une origine."),
            "Écrivez par exemple --origin https://livret.normandie.example, sans rien après le nom.",
        );
    };
    if parsed.host().trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok() {
        return Finding::to_mend(
            Code::OriginIsAddress,
            "origine : une adresse IP ne peut pas nommer un émetteur (did:web).",
            "Donnez un nom de domaine à --origin.",
        );
    }
    if parsed.host() == "localhost" {
        return Finding::notice(
            Code::OriginLocal,
            "origine : localhost ne sert qu’à essayer ; personne d’autre ne vérifiera ces badges.",
            "Avant le premier vrai badge, donnez --origin avec un nom que la Région possède.",
        );
    }
    if !parsed.is_https() {
        return Finding::to_mend(
            Code::OriginNotHttps,
            "origine : les badges se vérifient en https.",
            "Donnez une --origin https://… et un certificat au mandataire.",
        );
    }
    Finding::good(Code::Origin, format!("origine : {parsed} (permanente ; elle devrait appartenir à la Région)"))
}

/// Limits count visitors by address: behind a proxy that is not trusted, all visitors are one.
pub(super) fn proxies(options: &Options) -> Option<Finding> {
    if let Some(wrong) = options.trusted_proxy.iter().find(|one| one.parse::<ipnet::IpNet>().is_err()) {
        return Some(Finding::to_mend(
            Code::ProxyMalformed,
            format!("mandataire : « {wrong} » n’est pas un réseau."),
            "Écrivez --trusted-proxy 127.0.0.1/32 (ou le réseau de votre mandataire).",
        ));
    }
    let https = options.origin.as_deref().is_some_and(|origin| origin.starts_with("https://"));
    (https && options.trusted_proxy.is_empty()).then(|| {
        Finding::notice(
            Code::ProxyNotTrusted,
            "mandataire : aucun n’est de confiance. Derrière lui, tous les visiteurs ont la même adresse, et les limites \
             les arrêtent ensemble.",
            "S’il y a un mandataire https sur cette machine, donnez --trusted-proxy 127.0.0.1/32.",
        )
    })
}

pub(super) async fn listening(options: &Options) -> Finding {
    let address = options.listen();
    let Err(error) = tokio::net::TcpListener::bind(address).await else {
        return Finding::good(Code::Listening, format!("écoute : {address} est libre"));
    };
    match error.kind() {
        ErrorKind::AddrInUse if is_livret(address) => {
            Finding::good(Code::Listening, format!("écoute : livret répond déjà sur {address}"))
        }
        ErrorKind::AddrInUse => Finding::to_mend(
            Code::PortTaken,
            format!("écoute : un autre programme tient déjà {address}."),
            "Arrêtez-le (`ss -ltnp` le nomme), ou choisissez un autre port avec --listen.",
        ),
        _ => Finding::to_mend(
            Code::PortForbidden,
            format!("écoute : {address} n’est pas permis ({}).", said::io(&error)),
            "Choisissez une adresse de cette machine et un port au-dessus de 1024 avec --listen.",
        ),
    }
}

/// Whether our own `/healthz` answers there.
fn is_livret(address: SocketAddr) -> bool {
    let asked = || -> std::io::Result<String> {
        let mut stream = StdStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.take(4096).read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    asked().is_ok_and(|answer| answer.ends_with("\r\n\r\nok\n"))
}

pub(super) fn peers(options: &Options) -> Option<Finding> {
    let short = options.peer_secret.as_ref().is_some_and(|secret| secret.len() < 16);
    short.then(|| {
        Finding::to_mend(
            Code::PeerSecretShort,
            "secret : LIVRET_PEER_SECRET est trop court.",
            "Donnez le même à la vérification et au livret : `openssl rand -base64 32`.",
        )
    })
}

pub(super) async fn letters(options: &Options) -> Finding {
    let address = options.letters.as_deref().unwrap_or("dir:courriers");
    let todo = "Donnez --letters smtp://compte:secret@serveur.";
    if address == "memory" {
        return Finding::notice(Code::LettersNotSent, "courriers : gardés en mémoire, personne ne les reçoit.", todo);
    }
    if let Some(path) = address.strip_prefix("dir:") {
        let folder = std::path::Path::new(path);
        if let Err(error) = files::try_writing(folder) {
            return Finding::to_mend(
                Code::FolderUnwritable,
                format!("courriers : rien ne peut être écrit dans « {path} » ({}).", said::io(&error)),
                format!(
                    "Donnez ce dossier à l’utilisateur de livret (`chown livret {path}`), ou choisissez --letters."
                ),
            );
        }
        return Finding::notice(
            Code::LettersNotSent,
            format!("courriers : écrits dans le dossier « {path} », personne ne les reçoit."),
            todo,
        );
    }
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host());
    let Some(url) = url else {
        return Finding::to_mend(
            Code::LettersMalformed,
            "courriers : l’adresse du serveur ne se lit pas.",
            "Écrivez --letters smtps://compte:secret@serveur (un @ du compte s’écrit %40).",
        );
    };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port().unwrap_or(if url.scheme() == "smtps" { 465 } else { 587 });
    let reached = tokio::time::timeout(PATIENCE, tokio::net::TcpStream::connect((host.as_str(), port))).await;
    match reached {
        Ok(Ok(_)) => Finding::good(Code::Letters, format!("courriers : {host}:{port} répond")),
        _ => Finding::to_mend(
            Code::LettersUnreachable,
            format!("courriers : {host}:{port} ne répond pas ; les courriels attendent."),
            "Vérifiez le nom, le port et le pare-feu ; les courriels partiront dès qu’il répondra.",
        ),
    }
}

/// The page that says « ok », asked at the public address as a visitor would.
pub(super) async fn public_page(options: &Options) -> Finding {
    let unreachable = |why: &str| {
        Finding::to_mend(
            Code::PublicPageUnreachable,
            format!("adresse publique : elle ne mène pas ici ({why})."),
            "Vérifiez le nom (DNS), le certificat et le mandataire, et que `livret serve` tourne.",
        )
    };
    let Some(origin) = &options.origin else { return unreachable("aucune --origin n’est donnée") };
    let Ok(named) = NamedOrigin::parse(origin) else { return unreachable("l’origine ne se lit pas") };
    let door = Door::new(DoorSettings { named: vec![named], ..DoorSettings::default() });
    match door.get(&format!("{}/healthz", origin.trim_end_matches('/')), "text/plain").await {
        Ok(page) if page.text() == Some("ok\n") => {
            Finding::good(Code::PublicPage, format!("adresse publique : {origin} répond"))
        }
        Ok(page) => unreachable(&format!("réponse {}", page.status.as_u16())),
        Err(error) => unreachable(said::fetch(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: Option<&str>) -> Code {
        origin(&Options { origin: text.map(ToOwned::to_owned), ..Options::default() }).code
    }

    #[test]
    fn origins_that_cannot_name_an_issuer_are_found() {
        for (text, code) in [
            ("https://livret.example", Code::Origin),
            ("https://livret.example/", Code::Origin),
            ("http://localhost:8080", Code::OriginLocal),
            ("https://192.0.2.7", Code::OriginIsAddress),
            ("https://[2001:db8::7]", Code::OriginIsAddress),
            ("http://livret.example", Code::OriginNotHttps),
            ("livret.example", Code::OriginMalformed),
            ("https://livret.example/badges", Code::OriginMalformed),
        ] {
            assert_eq!(at(Some(text)), code, "{text}");
        }
        assert_eq!(at(None), Code::OriginMissing);
    }

    #[test]
    fn a_proxy_that_is_not_trusted_is_said() {
        let options = |origin: &str, proxy: &[&str]| Options {
            origin: Some(origin.to_owned()),
            trusted_proxy: proxy.iter().map(|&one| one.to_owned()).collect(),
            ..Options::default()
        };
        let code = |options: Options| proxies(&options).map(|finding| finding.code);
        assert_eq!(code(options("https://livret.example", &[])), Some(Code::ProxyNotTrusted));
        assert_eq!(code(options("https://livret.example", &["127.0.0.1"])), Some(Code::ProxyMalformed));
        assert_eq!(code(options("https://livret.example", &["127.0.0.1/32"])), None);
        assert_eq!(code(options("http://localhost:8080", &[])), None);
    }
}
