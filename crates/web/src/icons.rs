mod lucide;

/// The finished inline `<svg>` of a Lucide icon by its Lucide name, hidden from screen readers (a word stands beside it).
///
/// For a name written in a template prefer the macro, `{{ web::icon!("check")|safe }}`: an unknown name does not
/// compile. The function is for names that come from a value; unknown gives the empty string, and
/// [`testing::unknown_icons`](crate::testing::unknown_icons) finds the ones written in sources.
pub const fn icon(name: &str) -> &'static str {
    match find(name) {
        Some(svg) => svg,
        None => "",
    }
}

/// The inline `<svg>` of an icon; an unknown name does not compile.
///
/// ```
/// assert!(web::icon!("check").starts_with("<svg"));
/// ```
/// ```compile_fail
/// web::icon!("no-such-drawing");
/// ```
#[macro_export]
macro_rules! icon {
    ($name:literal) => {
        const { $crate::known_icon($name) }
    };
}

/// For [`icon!`]: panics, at compile time, on an unknown name.
#[doc(hidden)]
pub const fn known(name: &str) -> &'static str {
    match find(name) {
        Some(svg) => svg,
        None => panic!("no such icon in crates/web/src/icons/lucide.rs"),
    }
}

const fn find(name: &str) -> Option<&'static str> {
    let mut i = 0;
    while i < lucide::TABLE.len() {
        if same(lucide::TABLE[i].0.as_bytes(), name.as_bytes()) {
            return Some(lucide::TABLE[i].1);
        }
        i += 1;
    }
    None
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert!(lucide::TABLE.windows(2).all(|w| w[0].0 < w[1].0));
        for (name, svg) in lucide::TABLE {
            assert_eq!(icon(name), *svg);
            assert!(svg.starts_with("<svg class=\"i\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><"), "{name}");
            assert!(svg.ends_with("/></svg>"), "{name}");
        }
        assert_eq!(icon("no-such-drawing"), "");
    }
}
