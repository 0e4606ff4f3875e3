//! SVG → PNG without file system, network or system fonts.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, fontdb};

/// Smallest picture, in pixels.
pub const MIN_PX: u32 = 16;
/// Largest picture, in pixels: beyond it, a request costs more than it shows.
pub const MAX_PX: u32 = 1024;

/// Says why a picture could not be drawn. Pictures come from our own template: this is never a visitor's mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArtworkFault {
    /// The SVG could not be read.
    #[error("artwork is not an SVG")]
    Svg,
    /// The picture could not be drawn or written.
    #[error("artwork could not be drawn")]
    Drawing,
}

pub(super) fn rasterise(svg: &str, px: u32) -> Result<Vec<u8>, ArtworkFault> {
    let px = px.clamp(MIN_PX, MAX_PX);
    let options = Options {
        resources_dir: None,
        // By default usvg opens local files that an `href` names.
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        font_family: FAMILY.to_owned(),
        fontdb: Arc::clone(&FONTS),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|_| ArtworkFault::Svg)?;
    let mut pixels = Pixmap::new(px, px).ok_or(ArtworkFault::Drawing)?;
    let size = tree.size();
    #[expect(clippy::cast_precision_loss, reason = "at most MAX_PX, which f32 holds exactly")]
    let scale = px as f32 / size.width().max(size.height());
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|_| ArtworkFault::Drawing)
}

const FAMILY: &str = "Noto Sans";

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(include_bytes!("../../fonts/NotoSans-400Regular.ttf").to_vec());
    fonts.load_font_data(include_bytes!("../../fonts/NotoSans-600SemiBold.ttf").to_vec());
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});
