//! Pages as tests see them: samples, and the faults a page must not have.

use askama::Template;

use crate::{Kind, RouteInfo, icon};

/// A page rendered with sample values. Every page route has at least one.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The house that shows it.
    pub house: &'static str,
    /// The route as declared: `/r/{token}`.
    pub path: &'static str,
    /// A word for this state of the page, unique in the house: a file name.
    pub name: &'static str,
    /// The page.
    pub html: String,
}

impl Sample {
    /// Renders a sample. A template that fails gives an empty page, which [`faults`] refuses.
    pub fn new(house: &'static str, path: &'static str, name: &'static str, page: &impl Template) -> Self {
        let html = page.render().unwrap_or_default();
        Self { house, path, name, html }
    }
}

/// The page routes that no sample shows.
pub fn without_sample<'a>(routes: &'a [RouteInfo], samples: &[Sample]) -> Vec<&'a str> {
    let shown = |route: &&RouteInfo| samples.iter().any(|sample| sample.path.eq_ignore_ascii_case(route.path));
    let pages = routes.iter().filter(|route| route.kind == Kind::Page);
    pages.filter(|route| !shown(route)).map(|route| route.path).collect()
}

/// Names in `icon("…")` of a source or template text that no icon has.
pub fn unknown_icons(source: &str) -> Vec<String> {
    let names = source.split("icon(\"").skip(1).filter_map(|rest| rest.split('"').next());
    names.filter(|name| icon(name).is_empty()).map(str::to_owned).collect()
}

/// What a page must not have (pages.md): one line per fault, empty when all is well.
pub fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |text: String| faults.push(text);
    if !html.starts_with("<!doctype html>\n<html lang=\"fr\"") {
        fault("the page does not begin as base.html does".to_owned());
    }
    for (what, once) in [("<h1", "h1"), ("<main", "main"), ("<title>", "title")] {
        if html.matches(what).count() != 1 {
            fault(format!("not exactly one {once}"));
        }
    }
    let mut ids = Vec::new();
    let mut wanted = Vec::new();
    for tag in tags(html) {
        let name = tag.split([' ', '>', '/']).next().unwrap_or_default();
        let has = |attribute: &str| value(tag, attribute).is_some();
        if has("style") || name == "style" {
            fault(format!("inline style: <{tag}>"));
        }
        if tag.contains(" on") && tag.split(' ').any(|a| a.starts_with("on") && a.contains('=')) {
            fault(format!("inline script: <{tag}>"));
        }
        if name == "script" && !has("src") {
            fault("inline script".to_owned());
        }
        if name == "img" && !has("alt") {
            fault(format!("picture without alt: <{tag}>"));
        }
        if matches!(name, "input" | "select" | "textarea") && has("placeholder") {
            fault(format!("placeholder: <{tag}>"));
        }
        if matches!(value(tag, "href"), Some("" | "#")) {
            fault(format!("link that goes nowhere: <{tag}>"));
        }
        if let Some(id) = value(tag, "id") {
            if ids.contains(&id) {
                fault(format!("id twice: {id}"));
            }
            ids.push(id);
        }
        for reference in ["for", "aria-labelledby", "aria-describedby", "aria-controls"] {
            wanted.extend(value(tag, reference).unwrap_or_default().split_whitespace());
        }
        if let Some(anchor) = value(tag, "href").and_then(|to| to.strip_prefix('#')) {
            wanted.push(anchor);
        }
    }
    for id in wanted.into_iter().filter(|id| !ids.contains(id)) {
        fault(format!("refers to an id that is not there: {id}"));
    }
    for text in texts(html) {
        typography(text, &mut fault);
    }
    faults
}

/// French typography of one run of text.
fn typography(text: &str, fault: &mut impl FnMut(String)) {
    let shown: String = text.trim().chars().take(60).collect();
    for wrong in [" ;", " ?", " !", " :", "« ", " »", "...", "'", "&#39;", "\u{a0};", "\u{a0}?", "\u{a0}!"] {
        if text.contains(wrong) {
            fault(format!("typography ({wrong}): {shown}"));
        }
    }
    for (word, instead) in [
        ("Soumettre", "the verb of the act"),
        ("Valider", "the verb of the act"),
        ("révoqu", "retiré"),
        ("certifi", "attesté"),
    ] {
        // « certification professionnelle » is what we say that a badge is not.
        if text.replace("certification professionnelle", "").contains(word) {
            fault(format!("say {instead}, not {word}: {shown}"));
        }
    }
}

/// The inside of every tag, comments left out.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(tag, _)| tag)
        .filter(|tag| !tag.starts_with(['/', '!']))
}

/// The text between tags, without scripts.
fn texts(html: &str) -> impl Iterator<Item = &str> {
    html.split('>').filter_map(|rest| rest.split('<').next()).filter(|text| !text.trim().is_empty())
}

/// An attribute's value; empty for a bare attribute.
fn value<'a>(tag: &'a str, attribute: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some(at) = rest.find(attribute) {
        let (before, after) = (&rest[..at], &rest[at + attribute.len()..]);
        if before.ends_with(' ') {
            if let Some(quoted) = after.strip_prefix("=\"") {
                return quoted.split('"').next();
            }
            if after.is_empty() || after.starts_with([' ', '/']) {
                return Some("");
            }
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "<!doctype html>\n<html lang=\"fr\"><title>A</title><main id=\"contenu\"><h1>A</h1>";

    #[test]
    fn a_good_page_has_no_fault() {
        assert_eq!(faults(GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_seen() {
        for bad in [
            "<p style=\"x\">",
            "<p onclick=\"x\">",
            "<script>x</script>",
            "<img src=\"x\">",
            "<input placeholder=\"x\">",
            "<a href=\"#\">x</a>",
            "<a href=\"#absent\">x</a>",
            "<i id=\"contenu\"></i>",
            "<label for=\"absent\">x</label>",
            "<p>Quoi ?</p>",
            "<p>l'eau</p>",
            "<p>« ici »</p>",
            "<button>Valider</button>",
        ] {
            assert_ne!(faults(&format!("{GOOD}{bad}")), Vec::<String>::new(), "{bad}");
        }
    }

    #[test]
    fn unknown_icons_are_found_in_sources() {
        let source = r#"{{ web::icon("check")|safe }}{{ web::icon("dessin")|safe }}"#;
        assert_eq!(unknown_icons(source), ["dessin"]);
    }
}
