use axum::{Router, routing::MethodRouter};

/// The router of a house, written as one readable table; every route is recorded, so that tests can iterate them.
///
/// ```
/// use axum::routing::get;
/// use web::{Routes, Who};
/// let (router, infos) = Routes::<()>::new("verifier")
///     .page(Who::Anyone, "/v", get(|| async { "…" }))
///     .json(Who::Peer, "/api/x", get(|| async { "{}" }))
///     .build();
/// assert_eq!(infos.len(), 2);
/// # let _: axum::Router = router;
/// ```
pub struct Routes<S = ()> {
    house: &'static str,
    router: Router<S>,
    infos: Vec<RouteInfo>,
}

/// One route as tests see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RouteInfo {
    /// The house that answers.
    pub house: &'static str,
    /// The path as axum knows it: `/r/{token}`.
    pub path: &'static str,
    /// What it answers.
    pub kind: Kind,
    /// Who may call it.
    pub who: Who,
}

/// What a route answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A page for people: needs a sample.
    Page,
    /// Only the target of a form: answers a redirect, or the page of the form again.
    Form,
    /// JSON for programs.
    Json,
    /// A picture, a CSV, a style sheet.
    File,
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Everyone, without a session.
    Anyone,
    /// A trainer signed in at an organisation.
    Trainer,
    /// An officer of the Région.
    Officer,
    /// The person whose livret is open.
    Learner,
    /// Another house, with the shared secret.
    Peer,
    /// Whoever holds the token in the address.
    Capability,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// An empty table of this house.
    pub fn new(house: &'static str) -> Self {
        Self { house, router: Router::new(), infos: Vec::new() }
    }

    /// A page for people, with the methods of its own form if it has one.
    #[must_use]
    pub fn page(self, who: Who, path: &'static str, methods: MethodRouter<S>) -> Self {
        self.add(Kind::Page, who, path, methods)
    }

    /// The target of a form that has no page of its own.
    #[must_use]
    pub fn form(self, who: Who, path: &'static str, methods: MethodRouter<S>) -> Self {
        self.add(Kind::Form, who, path, methods)
    }

    /// JSON for programs.
    #[must_use]
    pub fn json(self, who: Who, path: &'static str, methods: MethodRouter<S>) -> Self {
        self.add(Kind::Json, who, path, methods)
    }

    /// A picture or another file.
    #[must_use]
    pub fn file(self, who: Who, path: &'static str, methods: MethodRouter<S>) -> Self {
        self.add(Kind::File, who, path, methods)
    }

    /// Adds all routes of another table; each keeps its house.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.infos.extend(other.infos);
        self
    }

    /// The router, and what is in it.
    pub fn build(self) -> (Router<S>, Vec<RouteInfo>) {
        (self.router, self.infos)
    }

    fn add(mut self, kind: Kind, who: Who, path: &'static str, methods: MethodRouter<S>) -> Self {
        self.router = self.router.route(path, methods);
        self.infos.push(RouteInfo { house: self.house, path, kind, who });
        self
    }
}
