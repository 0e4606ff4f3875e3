//! QR codes as inline SVG.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// How much damage a code survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// 15 %: on paper.
    M,
    /// 25 %: on a screen with reflections.
    Q,
}

/// A QR as inline `<svg>`: black runs on white, quiet zone of 4 modules, `label` for those who do not see it.
///
/// Upper-case text of the alphanumeric alphabet (`0-9 A-Z $%*+-./:` and space) gives the smallest code: use
/// [`Origin::join_upper`](crate::Origin::join_upper). A text too long for any QR (over about 1,600 signs at Q) gives
/// an empty string; our addresses have at most a hundred.
pub fn svg(text: &str, level: Level, label: &str) -> String {
    let level = match level {
        Level::M => EcLevel::M,
        Level::Q => EcLevel::Q,
    };
    let Ok(code) = QrCode::with_error_correction_level(text, level) else {
        return String::new();
    };
    let side = code.width();
    let full = side + 8;
    let mut out = format!(
        r##"<svg class="qrc" viewBox="-4 -4 {full} {full}" role="img" aria-label="{}" shape-rendering="crispEdges"><path fill="#fff" d="M-4-4h{full}v{full}h-{full}z"/><path d=""##,
        escape(label)
    );
    for (y, row) in code.to_colors().chunks(side).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let _ = write!(out, "M{x} {y}h{0}v1h-{0}z", run.len());
            }
            x += run.len();
        }
    }
    out.push_str("\"/></svg>");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_runs_in_the_style_of_the_specimen() {
        let svg = svg("HTTPS://LIVRET.EXAMPLE/V/7K4M2PQ9", Level::Q, "QR d’un badge \"à moi\"");
        assert!(svg.starts_with(
            r#"<svg class="qrc" viewBox="-4 -4 37 37" role="img" aria-label="QR d’un badge &quot;à moi&quot;""#
        ));
        assert!(svg.contains(r#"<path d="M0 0h7v1h-7z"#));
        assert!(!svg.contains("style="));
    }

    /// Paints the runs, 4 pixels a module, and lets another library read them.
    fn read_back(svg: &str) -> String {
        let numbers =
            |text: &str| -> Vec<usize> { text.split(['M', ' ', 'h', 'v']).filter_map(|n| n.parse().ok()).collect() };
        let full: usize = svg.split("-4 -4 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let mut dark = vec![false; full * full];
        for run in svg.split("<path d=\"").nth(1).unwrap().split('z').filter(|run| run.starts_with('M')) {
            let [x, y, length, ..] = numbers(run)[..] else { panic!("{run}") };
            let start = (y + 4) * full + x + 4;
            dark[start..start + length].fill(true);
        }
        let pixel = |x: usize, y: usize| if dark[y / 4 * full + x / 4] { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(full * 4, full * 4, pixel);
        image.detect_grids()[0].decode().unwrap().1
    }

    #[test]
    fn another_library_reads_it() {
        for text in ["HTTPS://LIVRET.EXAMPLE/V/7K4M2PQ9", "HTTP://LOCALHOST:8080/R/ABCDEFGHIJKLMNOPQRSTUVWXYZ"] {
            for level in [Level::M, Level::Q] {
                assert_eq!(read_back(&svg(text, level, "QR")), text);
            }
        }
    }

    #[test]
    fn upper_case_makes_a_smaller_code() {
        let path = "http://localhost:8080/v/7k4m2pq9";
        assert!(svg(&path.to_uppercase(), Level::Q, "").len() < svg(path, Level::Q, "").len());
    }

    #[test]
    fn too_long_is_empty_rather_than_a_panic() {
        assert_eq!(svg(&"A".repeat(10_000), Level::M, ""), "");
    }
}
