//! The picture of an award: plain, or with one of its texts inside.

use axum::extract::{Path, State};
use badge_schemas::artwork::{self, Artwork};
use badge_schemas::baking::{self, Keyword};
use web::{Cache, Error};

use super::award::Award;
use crate::{Issuer, Result};

/// Pixels of the picture that signed badges name.
const PNG_PX: u32 = 400;

/// How it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Picture {
    Png,
    Svg,
}

/// Whose words the baking follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standard {
    OpenBadges2,
    OpenBadges3,
}

impl Picture {
    pub const fn media(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
        }
    }
}

/// The picture that signed texts name: of the badge and the organisation, nothing of the person.
pub(super) async fn plain(State(issuer): State<Issuer>, Path(id): Path<String>, picture: Picture) -> Result {
    let award = Award::find(&issuer.db, &id).await?;
    let drawn = blocking(move || draw(&award, picture)).await?;
    Ok(web::not_indexed(web::document(picture.media(), Cache::Public(3_600), drawn)))
}

/// The same picture with this text inside, whoever may read it.
pub(super) async fn baked(award: &Award, picture: Picture, standard: Standard, text: String) -> Result<Vec<u8>> {
    let award = award.clone();
    let keyword = match standard {
        Standard::OpenBadges2 => Keyword::OpenBadges2,
        Standard::OpenBadges3 => Keyword::OpenBadges3,
    };
    blocking(move || {
        let drawn = draw(&award, picture)?;
        match picture {
            Picture::Png => baking::png::bake(&drawn, keyword, &text),
            Picture::Svg => baking::svg::bake(&drawn, keyword, &text),
        }
        .map_err(Error::internal)
    })
    .await
}

fn draw(award: &Award, picture: Picture) -> Result<Vec<u8>> {
    let artwork = Artwork { achievement: award.achievement()?, organisation: Some(&award.short_name) };
    match picture {
        Picture::Png => artwork::png(&artwork, PNG_PX).map_err(Error::internal),
        Picture::Svg => Ok(artwork::svg(&artwork).into_bytes()),
    }
}

async fn blocking(work: impl FnOnce() -> Result<Vec<u8>> + Send + 'static) -> Result<Vec<u8>> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
