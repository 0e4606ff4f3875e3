use std::sync::LazyLock;

use axum::{extract::Path, response::Response, routing::get};
use sha2::{Digest as _, Sha256};

use crate::{Cache, Error, Result, RouteInfo, Routes, Who, answer};

struct Asset {
    name: &'static str,
    media: &'static str,
    text: &'static str,
}

const ASSETS: [Asset; 3] = [
    Asset { name: "livret.css", media: "text/css; charset=utf-8", text: include_str!("../static/livret.css") },
    Asset { name: "livret.js", media: "text/javascript; charset=utf-8", text: include_str!("../static/livret.js") },
    Asset { name: "favicon.svg", media: "image/svg+xml", text: include_str!("../static/favicon.svg") },
];

/// `/static/livret-3f2a9c0b1d.css`: the name changes with the content, so browsers may keep it for ever.
static URLS: LazyLock<[String; 3]> = LazyLock::new(|| {
    ASSETS.each_ref().map(|asset| {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(asset.text)[..6]);
        let (stem, ending) = asset.name.split_once('.').unwrap_or((asset.name, ""));
        format!("/static/{stem}-{hash}.{ending}")
    })
});

/// The address of `livret.css`, `livret.js` or `favicon.svg`; empty for any other name.
pub fn asset(name: &str) -> &'static str {
    let at = ASSETS.iter().position(|asset| asset.name == name);
    at.map_or("", |at| &URLS[at])
}

/// The style sheet, the script and the mark, under `/static/`.
pub fn static_routes<S: Clone + Send + Sync + 'static>() -> (axum::Router<S>, Vec<RouteInfo>) {
    Routes::new("web").file(Who::Anyone, "/static/{name}", get(serve)).build()
}

async fn serve(Path(name): Path<String>) -> Result<Response> {
    let wanted = |url: &String| url.strip_prefix("/static/") == Some(&name);
    let at = URLS.iter().position(wanted).ok_or(Error::NotFound)?;
    Ok(answer::document(ASSETS[at].media, Cache::Immutable, ASSETS[at].text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_stays_light() {
        assert!(ASSETS[0].text.len() < 20_000, "{} bytes", ASSETS[0].text.len());
        assert!(ASSETS[1].text.len() < 4_000);
    }

    #[test]
    fn names_carry_their_content() {
        assert!(asset("livret.css").starts_with("/static/livret-"));
        assert_eq!(asset("livret.css").len(), "/static/livret-.css".len() + 12);
        assert_eq!(asset("autre.css"), "");
    }
}
