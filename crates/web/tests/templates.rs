//! The frame and the form patterns, rendered as a house renders them.

use askama::Template;
use web::{FieldErrors, Origin, Shell, Site, Thumb};

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "base.html" %}{% import "forms.html" as forms %}{% block main %}<h1>{{ shell.title }}</h1>
{% call forms::summary(errors) %}{% endcall %}
{% call forms::input("mel", "Adresse électronique", "Celle que vous lisez.", "email", value, "email", errors) %}{% endcall %}
{% call forms::textarea("phrase", "Une phrase", "", value, 280, errors) %}{% endcall %}
{% call forms::code("code", "Code", "8 signes.", value, errors) %}{% endcall %}
{% call forms::file("f", "Fichier", "", ".csv", errors) %}{% endcall %}
{% call forms::error("jour", errors) %}{% endcall %}
{% call forms::note("ok", "check", "C’est fait.") %}{% endcall %}
<div id="jour"></div>
{% endblock %}"#
)]
struct Page {
    shell: Shell,
    errors: FieldErrors,
    value: &'static str,
}

fn page(shell: impl FnOnce(Shell) -> Shell, errors: FieldErrors) -> String {
    let site = Site::demo(Origin::parse("http://localhost:8080").unwrap());
    let page = Page { shell: shell(Shell::new(&site, "Attester & montrer")), errors, value: "d.l@<exemple>" };
    let html = page.render().unwrap();
    assert_eq!(web::testing::faults(&html), Vec::<String>::new());
    html
}

#[test]
fn a_form_without_error() {
    let html = page(|shell| shell, FieldErrors::new());
    assert!(html.contains("<title>Attester &#38; montrer – Livret</title>"));
    assert!(html.contains(r#"<input id="mel" name="mel" type="email" value="d.l@&#60;exemple&#62;" autocomplete="email" aria-describedby="mel-h"></div>"#), "{html}");
    assert!(html.contains(r#"<p class="hint" id="mel-h">Celle que vous lisez.</p>"#));
    assert!(!html.contains("aria-invalid") && !html.contains("role=\"alert\""));
    assert!(!html.contains("class=\"thumb") && !html.contains("class=\"menu"));
}

#[test]
fn a_refused_form_says_what_to_mend_on_top_and_beside() {
    let mut errors = FieldErrors::new();
    errors.add("mel", "Il manque la fin");
    errors.add("phrase", "Écrivez une phrase");
    errors.add("jour", "Ce jour n’existe pas");
    let html = page(|shell| shell, errors);
    assert!(
        html.contains("3\u{a0}réponses à corriger</h2><ul><li><a href=\"#mel\">Il manque la fin</a></li>"),
        "{html}"
    );
    assert!(html.contains(r#"aria-invalid="true" aria-describedby="mel-h mel-e""#));
    assert!(html.contains(r#"aria-invalid="true" aria-describedby="phrase-e""#));
    assert!(html.contains(r#"<div class="field wrong"><label for="mel">"#));
    assert!(html.contains(r#"<p class="error" id="mel-e"><svg class="i""#));
}

#[test]
fn the_frame_follows_the_specimen() {
    let html = page(
        |shell| {
            let shell =
                shell.house("Les Ateliers du Noireau").menu([("Sessions", "/atelier"), ("Badges", "/referentiel")]);
            shell.current("/atelier").noindex().refresh(3)
        },
        FieldErrors::new(),
    );
    assert!(html.contains(r#"<span class="house">Les Ateliers du Noireau</span>"#));
    assert!(html.contains(r#"<nav class="menu" aria-label="Principal"><a href="/atelier" aria-current="page">Sessions</a><a href="/referentiel">Badges</a></nav>"#), "{html}");
    assert!(html.contains(r#"<meta name="robots" content="noindex">"#));
    assert!(html.contains(r#"<noscript><meta http-equiv="refresh" content="3"></noscript>"#));
    assert!(html.contains(r#"<main id="contenu" class="wrap" data-refresh="3">"#));
}

#[test]
fn the_wallet_has_its_bar_and_montrer_has_nothing() {
    let wallet = page(|shell| shell.house("Inès Duval").thumb(Thumb::Partager), FieldErrors::new());
    assert!(wallet.contains(r#"<a href="/livret/partager" aria-current="page">"#));
    assert_eq!(wallet.matches("aria-current").count(), 1);
    let bright = page(|shell| shell.thumb(Thumb::Montrer).bright(), FieldErrors::new());
    assert!(bright.contains(r#"<html lang="fr" class="bright">"#));
    assert!(bright.contains(r#"<main id="contenu" class="show" data-awake>"#));
    assert!(!bright.contains("<header") && !bright.contains("<nav") && !bright.contains("<footer"));
}
