use crate::Site;

/// Everything `base.html` writes around a page. A page is a struct with a field `shell: Shell`; its template begins
/// with `{% extends "base.html" %}` and fills the block `main`.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one switch of the template")]
pub struct Shell {
    #[doc(hidden)]
    pub title: String,
    #[doc(hidden)]
    pub house: String,
    #[doc(hidden)]
    pub menu: Vec<(String, String)>,
    #[doc(hidden)]
    pub current: String,
    #[doc(hidden)]
    pub thumb: Option<Thumb>,
    #[doc(hidden)]
    pub main: &'static str,
    #[doc(hidden)]
    pub bright: bool,
    #[doc(hidden)]
    pub awake: bool,
    #[doc(hidden)]
    pub noindex: bool,
    #[doc(hidden)]
    pub refresh: Option<u32>,
    #[doc(hidden)]
    pub demo: bool,
    #[doc(hidden)]
    pub instance: String,
    #[doc(hidden)]
    pub source: String,
}

/// The four words at the learner's thumb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thumb {
    /// « Mon livret »
    Livret,
    /// « Montrer »
    Montrer,
    /// « Partager »
    Partager,
    /// « Aide »
    Aide,
    /// The bar on a page that is none of the four.
    Other,
}

impl Shell {
    /// The shell of a page with this title (the `h1` and the first part of `<title>` say the same).
    pub fn new(site: &Site, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            house: String::new(),
            menu: Vec::new(),
            current: String::new(),
            thumb: None,
            main: "wrap",
            bright: false,
            awake: false,
            noindex: false,
            refresh: None,
            demo: site.demo,
            instance: site.instance_name.clone(),
            source: site.source_url.clone().unwrap_or_else(|| "/mentions-legales#code-source".to_owned()),
        }
    }

    /// Whose house this is, beside the mark: an organisation, a person, « Vérification ».
    #[must_use]
    pub fn house(mut self, name: impl Into<String>) -> Self {
        self.house = name.into();
        self
    }

    /// At most four links: `.menu([("Sessions", "/atelier"), ("Badges", "/referentiel")])`; more do not compile.
    #[must_use]
    pub fn menu<const N: usize>(mut self, links: [(&str, &str); N]) -> Self {
        const { assert!(N <= 4, "a menu has at most four links (pages.md §6)") };
        self.menu = links.map(|(label, to)| (label.to_owned(), to.to_owned())).into();
        self
    }

    /// The link of the menu that is this page.
    #[must_use]
    pub fn current(mut self, to: &str) -> Self {
        to.clone_into(&mut self.current);
        self
    }

    /// The wallet's bar.
    #[must_use]
    pub fn thumb(mut self, current: Thumb) -> Self {
        self.thumb = Some(current);
        self
    }

    /// A narrow column: forms and texts.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.main = "wrap narrow";
        self
    }

    /// A middle column: verdicts.
    #[must_use]
    pub fn mid(mut self) -> Self {
        self.main = "wrap mid";
        self
    }

    /// « Montrer »: white in both schemes, nothing around, the screen kept awake.
    #[must_use]
    pub fn bright(mut self) -> Self {
        self.bright = true;
        self.awake = true;
        self.main = "show";
        self
    }

    /// Not for search engines: pages of people.
    #[must_use]
    pub fn noindex(mut self) -> Self {
        self.noindex = true;
        self
    }

    /// Looks again after some seconds, for pages of progress. With the script only the content is exchanged; without
    /// it the page reloads. Leave a link « Actualiser » on the page too.
    #[must_use]
    pub fn refresh(mut self, seconds: u32) -> Self {
        self.refresh = Some(seconds);
        self
    }

    #[doc(hidden)]
    pub fn thumb_is(&self, word: &str) -> bool {
        matches!(
            (self.thumb, word),
            (Some(Thumb::Livret), "livret")
                | (Some(Thumb::Montrer), "montrer")
                | (Some(Thumb::Partager), "partager")
                | (Some(Thumb::Aide), "aide")
        )
    }
}
