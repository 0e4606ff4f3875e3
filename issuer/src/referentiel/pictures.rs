//! Neutral pictures of achievements, without an organisation's name. They never change with their address.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::extract::Path;
use badge_schemas::artwork::{self, Artwork};
use bytes::Bytes;
use web::{Cache, Error};

use super::achievement;
use crate::Result;

/// What letters and other wallets show.
const PX: u32 = 512;

/// Drawing takes 15 ms: done once per achievement, of which there are 143.
static PNGS: LazyLock<Mutex<HashMap<&'static str, Bytes>>> = LazyLock::new(Mutex::default);

type Place = Path<(String, String, String)>;

pub(super) async fn svg(Path((version, badge, level)): Place) -> Result {
    let achievement = achievement(&version, &badge, &level)?;
    let text = artwork::svg(&Artwork { achievement, organisation: None });
    Ok(web::document("image/svg+xml", Cache::Immutable, text))
}

pub(super) async fn vignette(Path((version, badge, level)): Place) -> Result {
    let achievement = achievement(&version, &badge, &level)?;
    let text = artwork::vignette(&Artwork { achievement, organisation: None });
    Ok(web::document("image/svg+xml", Cache::Immutable, text))
}

pub(super) async fn png(Path((version, badge, level)): Place) -> Result {
    let achievement = achievement(&version, &badge, &level)?;
    let drawn = tokio::task::spawn_blocking(move || {
        let code = achievement.human_code.as_str();
        if let Some(png) = PNGS.lock().unwrap_or_else(PoisonError::into_inner).get(code) {
            return Ok(png.clone());
        }
        let png = Bytes::from(artwork::png(&Artwork { achievement, organisation: None }, PX)?);
        PNGS.lock().unwrap_or_else(PoisonError::into_inner).insert(code, png.clone());
        Ok::<_, artwork::ArtworkFault>(png)
    });
    let png = drawn.await.map_err(Error::internal)??;
    Ok(web::document("image/png", Cache::Immutable, png))
}
