//! The tables of the artwork: colours, places and sizes by family and level.

use crate::referentiel::{Family, Level};

/// Where and in which colours a badge is drawn.
pub(super) struct Layout {
    pub rim: &'static str,
    pub seam: &'static str,
    pub field: &'static str,
    pub edge: &'static str,
    pub edge_width: u8,
    pub hair: &'static str,
    pub ink: &'static str,
    pub pip: &'static str,
    pub rim_ink: &'static str,
    pub full: Drawing,
    pub vignette: Drawing,
    pub level_y: u16,
    pub level_size: u8,
    pub name_path: &'static str,
    pub name_room: f64,
    pub name_size: f64,
    pub org_path: &'static str,
    pub org_room: f64,
    pub org_size: f64,
}

/// Places of the pictogram and the pips.
#[derive(Clone, Copy)]
pub(super) struct Drawing {
    pub icon_y: f64,
    pub icon_scale: f64,
    pub pip_y: u16,
    pub pip_r: u8,
    pub pip_gap: u16,
}

impl Layout {
    pub(super) fn of(family: Family, level: Level) -> Self {
        let shape = Shape::of(family, level);
        let colours = Colours::of(family, level);
        Self {
            rim: colours.rim,
            seam: colours.seam,
            field: colours.field,
            edge: colours.edge,
            edge_width: colours.edge_width,
            hair: colours.hair,
            ink: colours.ink,
            pip: colours.pip,
            rim_ink: colours.rim_ink,
            full: shape.full,
            vignette: shape.vignette,
            level_y: shape.level.0,
            level_size: shape.level.1,
            name_path: shape.name.0,
            name_room: shape.name.1,
            name_size: shape.name.2,
            org_path: shape.org.0,
            org_room: shape.org.1,
            org_size: shape.org.2,
        }
    }
}

/// `clamp(15, room / (width × characters), largest)`, one decimal.
pub(super) fn size(text: &str, room: f64, width: f64, largest: f64) -> String {
    let characters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX).max(1);
    short((room / (width * f64::from(characters))).min(largest).max(15.0))
}

/// A number with at most one decimal: `27`, `19.4`.
pub(super) fn short(n: f64) -> String {
    let text = format!("{n:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

const CHALK: &str = "#FBF8F0";
const GOLD: &str = "#E3B341";
const NIGHT: &str = "#1E2A32";

struct Colours {
    rim: &'static str,
    seam: &'static str,
    field: &'static str,
    edge: &'static str,
    edge_width: u8,
    hair: &'static str,
    ink: &'static str,
    pip: &'static str,
    rim_ink: &'static str,
}

impl Colours {
    fn of(family: Family, level: Level) -> Self {
        let (rim, tint) = match family {
            Family::Comportementale => ("#86293A", "#F4DCDB"),
            Family::Base => ("#3B4A59", "#DBE2E7"),
            Family::Numerique => ("#0E5A6B", "#D2E7E9"),
            Family::Cle => return Self::key(level),
        };
        if level == Level::Maitrise {
            return Self {
                rim,
                seam: GOLD,
                field: rim,
                edge: GOLD,
                edge_width: 7,
                hair: GOLD,
                ink: CHALK,
                pip: GOLD,
                rim_ink: CHALK,
            };
        }
        let field = if level == Level::Pratique { tint } else { CHALK };
        Self { rim, seam: CHALK, field, edge: CHALK, edge_width: 4, hair: rim, ink: rim, pip: rim, rim_ink: CHALK }
    }

    /// Key badges are gold at every level (the leopards').
    fn key(level: Level) -> Self {
        let key = Self {
            rim: NIGHT,
            seam: GOLD,
            field: "#FBEFC9",
            edge: GOLD,
            edge_width: 6,
            hair: "#C9A446",
            ink: NIGHT,
            pip: NIGHT,
            rim_ink: "#F6E3AE",
        };
        match level {
            Level::General => Self {
                rim: "#6B4E0B",
                field: NIGHT,
                edge_width: 7,
                hair: "#8A7434",
                ink: GOLD,
                pip: GOLD,
                rim_ink: "#FDF3D3",
                ..key
            },
            Level::Maitrise => Self { field: GOLD, edge: "#FDF3D3", edge_width: 5, hair: "#8A6610", ..key },
            Level::Pratique | Level::Decouvre => key,
        }
    }
}

struct Shape {
    full: Drawing,
    vignette: Drawing,
    level: (u16, u8),
    name: (&'static str, f64, f64),
    org: (&'static str, f64, f64),
}

const fn drawing(icon_y: f64, icon_scale: f64, pip_y: u16, pip_r: u8, pip_gap: u16) -> Drawing {
    Drawing { icon_y, icon_scale, pip_y, pip_r, pip_gap }
}

impl Shape {
    fn of(family: Family, level: Level) -> Self {
        match family {
            Family::Comportementale => Self {
                full: drawing(212.0, 7.4, 337, 14, 45),
                vignette: drawing(224.0, 9.6, 384, 19, 58),
                level: (386, 27),
                name: ("M52 256a204 204 0 0 1 408 0", 530.0, 31.0),
                org: ("M40 256a216 216 0 0 0 432 0", 520.0, 24.0),
            },
            Family::Base => Self {
                full: drawing(226.0, 7.2, 346, 14, 45),
                vignette: drawing(242.0, 9.6, 404, 19, 58),
                level: (394, 27),
                name: ("M71 330V254a185 185 0 0 1 370 0v76", 600.0, 31.0),
                org: ("M50 470H462", 390.0, 24.0),
            },
            Family::Numerique => Self {
                full: drawing(216.0, 7.2, 334, 14, 45),
                vignette: drawing(226.0, 9.6, 390, 19, 58),
                level: (383, 27),
                name: ("M44 76H468", 384.0, 29.0),
                org: ("M44 456H468", 384.0, 24.0),
            },
            Family::Cle => {
                let general = level == Level::General;
                Self {
                    full: drawing(if general { 256.0 } else { 232.0 }, 7.4, 340, 13, 42),
                    vignette: drawing(if general { 256.0 } else { 232.0 }, 9.0, 376, 18, 52),
                    level: (388, 24),
                    name: ("M150 152a106 106 0 0 1 212 0", 300.0, 28.0),
                    org: ("M134.5 360a121.5 121.5 0 0 0 243 0", 330.0, 21.0),
                }
            }
        }
    }
}
