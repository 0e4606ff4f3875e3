//! The picture of a badge: one template, family told by shape, level by ground and pips, competence by pictogram.
//!
//! The neutral picture (no organisation) is the achievement's; the one that names the organisation is the credential's
//! (decisions §13). All strings from people are escaped by the template.

mod layout;
mod pictogram;
mod png;
#[cfg(test)]
mod tests;

use askama::Template;

use crate::referentiel::{Achievement, Level};
use layout::Layout;

pub use png::{ArtworkFault, MAX_PX, MIN_PX};

/// What a picture shows.
#[derive(Debug, Clone, Copy)]
pub struct Artwork<'a> {
    /// The achievement.
    pub achievement: &'a Achievement,
    /// The organisation that attests, as the register names it; none for the achievement's own neutral picture.
    pub organisation: Option<&'a str>,
}

/// The full badge with its legend (1.4 to 2.3 kB of SVG), to be served as a file or in `<img>`.
pub fn svg(artwork: &Artwork<'_>) -> String {
    svg_inline(artwork, "t")
}

/// The full badge for inlining in a page beside others: `uid` keeps the ids of one apart from those of the next.
pub fn svg_inline(artwork: &Artwork<'_>, uid: &str) -> String {
    render(artwork, uid, true)
}

/// The badge without legend, for lists at 40 to 96 px, with its name written beside it.
pub fn vignette(artwork: &Artwork<'_>) -> String {
    render(artwork, "t", false)
}

/// The full badge as a PNG, `px` pixels wide and high (kept between [`MIN_PX`] and [`MAX_PX`]).
/// Drawn with the font of this crate alone; opens no file.
pub fn png(artwork: &Artwork<'_>, px: u32) -> Result<Vec<u8>, ArtworkFault> {
    png::rasterise(&svg(artwork), px)
}

/// The words that stand for the picture: « Badge Travail en équipe – Je pratique, attesté par Estuaire Compétences ».
pub fn alt(artwork: &Artwork<'_>) -> String {
    let achievement = artwork.achievement;
    let badge = match achievement.level {
        Level::General => achievement.badge_name.clone(),
        level => format!("Badge {} – {}", achievement.badge_name, level.name()),
    };
    match artwork.organisation {
        Some(organisation) => format!("{badge}, attesté par {}", printable(organisation)),
        None => badge,
    }
}

/// What stands on the rim of a neutral picture, where the organisation's name would be.
const NEUTRAL: &str = "Référentiel Normand";

#[derive(Template)]
#[template(path = "badge.svg", escape = "html")]
struct BadgeSvg<'a> {
    family: &'a str,
    level: u8,
    level_name: &'a str,
    name: &'a str,
    organisation: &'a str,
    alt: &'a str,
    legend: bool,
    icon: &'a str,
    uid: &'a str,
    rim: &'a str,
    seam: &'a str,
    field: &'a str,
    edge: &'a str,
    edge_width: u8,
    hair: &'a str,
    ink: &'a str,
    pip: &'a str,
    rim_ink: &'a str,
    icon_x: String,
    icon_y: String,
    icon_scale: String,
    icon_stroke: &'a str,
    pip_left: u16,
    pip_right: u16,
    pip_y: u16,
    pip_r: u8,
    level_y: u16,
    level_size: u8,
    name_path: &'a str,
    org_path: &'a str,
    name_size: String,
    org_size: String,
}

fn render(artwork: &Artwork<'_>, uid: &str, legend: bool) -> String {
    let achievement = artwork.achievement;
    let layout = Layout::of(achievement.family, achievement.level);
    let drawing = if legend { layout.full } else { layout.vignette };
    let organisation = printable(artwork.organisation.unwrap_or(NEUTRAL));
    let alt = alt(artwork);
    let icon = pictogram::pictogram(&achievement.badge_id)
        .map(|icon| icon.data.replace(" />", "/>").replace('\n', ""))
        .unwrap_or_default();
    let page = BadgeSvg {
        family: achievement.family.code(),
        level: achievement.level.rank(),
        level_name: achievement.level.name(),
        name: &achievement.badge_name,
        organisation: &organisation,
        alt: &alt,
        legend,
        icon: &icon,
        uid,
        rim: layout.rim,
        seam: layout.seam,
        field: layout.field,
        edge: layout.edge,
        edge_width: layout.edge_width,
        hair: layout.hair,
        ink: layout.ink,
        pip: layout.pip,
        rim_ink: layout.rim_ink,
        icon_x: layout::short(256.0 - 12.0 * drawing.icon_scale),
        icon_y: layout::short(drawing.icon_y - 12.0 * drawing.icon_scale),
        icon_scale: format!("{:.1}", drawing.icon_scale),
        icon_stroke: if legend { "2.1" } else { "2.2" },
        pip_left: 256 - drawing.pip_gap,
        pip_right: 256 + drawing.pip_gap,
        pip_y: drawing.pip_y,
        pip_r: drawing.pip_r,
        level_y: layout.level_y,
        level_size: layout.level_size,
        name_path: layout.name_path,
        org_path: layout.org_path,
        name_size: layout::size(&achievement.badge_name, layout.name_room, 0.535, layout.name_size),
        org_size: layout::size(&organisation, layout.org_room, 0.52, layout.org_size),
    };
    // Writing into a string cannot fail; a template that did not render would show in every test.
    page.render().unwrap_or_default()
}

/// XML 1.0 has no place for control characters, even escaped (§2.2).
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}
