//! Serves every sample of this crate, to look at: `cargo run --release -p web --example specimen -- 127.0.0.1:8099`,
//! then open `/_/accessibilite`.

use std::{future, sync::Arc};

use askama::Template;
use axum::{Router, extract::Path, routing::get};
use web::{Cache, FieldErrors, Origin, Shell, Site, Thumb};

/// A refused form, in the wallet's frame.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "base.html" %}{% import "forms.html" as forms %}{% block main %}
<div class="stack"><h1>{{ shell.title }}</h1>{% call forms::summary(errors) %}{% endcall %}</div>
<form class="stack" method="post">
{% call forms::input("mel", "Adresse électronique", "Celle que vous lisez.", "email", "d.lecomte@exemple", "email", errors) %}{% endcall %}
{% call forms::code("code", "Code écrit sous le QR", "8 ou 12 signes.", "RK4M", errors) %}{% endcall %}
{% call forms::textarea("phrase", "Une phrase, des faits", "", "", 280, errors) %}{% endcall %}
<div><button class="btn">{{ web::icon!("check")|safe }}Vérifier</button></div>
</form>
{% call forms::note("ok", "circle-check", "Votre partage est arrêté.") %}{% endcall %}
<div class="qr">{{ qr|safe }}</div>{% endblock %}"#
)]
struct Refused {
    shell: Shell,
    errors: FieldErrors,
    qr: String,
}

fn refused(site: &Site) -> Refused {
    let mut errors = FieldErrors::new();
    errors.add("mel", "Il manque la fin, par exemple «\u{a0}.fr\u{a0}»");
    errors.add("code", "Un code a 8 ou 12\u{a0}signes\u{202f}; vous en avez tapé 4");
    Refused {
        shell: Shell::new(site, "Ouvrir mon livret").house("Inès Duval").thumb(Thumb::Livret).narrow(),
        errors,
        qr: web::qr::svg("HTTP://LOCALHOST:8080/V/7K4M2PQ9", web::qr::Level::Q, "QR d’essai"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".to_owned());
    let origin = Origin::parse(&format!("http://{listen}")).map_err(std::io::Error::other)?;
    let site = Arc::new(Site::demo(origin));
    let shown = site.clone();
    let sample = move |Path(name): Path<String>| {
        let found = web::samples(&shown).into_iter().find(|sample| sample.name == name);
        let page = found.map(|sample| web::document("text/html; charset=utf-8", Cache::Private, sample.html));
        future::ready(page.ok_or(web::Error::NotFound))
    };
    let form = refused(&site).render().map_err(std::io::Error::other)?;
    let router = Router::new()
        .route("/_/formulaire", get(move || future::ready(axum::response::Html(form))))
        .route("/_/{name}", get(sample))
        .merge(web::common_pages(site.clone()).0)
        .merge(web::static_routes().0);
    let listener = tokio::net::TcpListener::bind(&listen).await?;
    web::server::serve(web::app(site, router), listener, future::pending()).await
}
