//! The class changed, and its picture.

use checks::Unanswered;
use checks::Verdict::{Altered, CouldNotCheck};
use checks::codes::{
    CONTEXT_NOT_KEPT, OB2_CLASS_UNANSWERED, OB2_IDS_DIFFER, OB2_IMAGE_MISSING, OB2_IMAGE_NOT_PNG_OR_SVG,
    OB2_IMAGE_UNANSWERED, OB2_NOT_FETCHABLE, OB2_NOT_JSON, OB2_ORIGIN_NOT_ALLOWED,
};
use serde_json::{Value, json};

use super::{Mutant, around, hosted, put, without};
use crate::world::*;

pub(super) fn mutants() -> Vec<Mutant> {
    let mut all = members();
    all.extend(pictures());
    all.extend(places());
    all
}

fn members() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (member, number) in [
        ("id", ""),
        ("type", "wrong_type"),
        ("name", "not_text"),
        ("description", "not_text"),
        ("image", "not_link"),
        ("criteria", "not_link"),
        ("issuer", "not_link"),
    ] {
        let missing = format!("missing_member badge/{member}");
        all.push(hosted(format!("a class without {member}"), |w| w.class(without(member))).breaks(&missing));
        all.push(around(format!("signed, a class without {member}"), |w| w.class(without(member))).breaks(&missing));
        let null = hosted(format!("a class with null as {member}"), |w| w.class(|c| c[member] = Value::Null));
        all.push(null.breaks(&missing));
        if !number.is_empty() {
            let draft = hosted(format!("a class with a number as {member}"), |w| w.class(|c| c[member] = json!(3)));
            // Of a type, a number is neither the class nor any other.
            let more = if number == "wrong_type" { ", ob2_type_not_iri badge/type" } else { "" };
            all.push(draft.breaks(&format!("{number} badge/{member}{more}")));
        }
    }
    let to = |name: &str, pointer: &'static str, value: Value, rule: &str| {
        hosted(name, |w| w.class(put(pointer, value))).breaks(&format!("{rule} badge{pointer}"))
    };
    all.extend(
        [
            to("a class of the type of an issuer", "/type", json!("Issuer"), "wrong_type"),
            to("a class with two issuers", "/issuer", json!([ISSUER, "https://evil.example/issuer"]), "not_single"),
            to("a class with two names", "/name", json!(["Robots", "Doctor"]), "not_single"),
            to("a class with empty criteria", "/criteria", json!({}), "empty_criteria"),
            to("a class with blank criteria", "/criteria", json!({ "narrative": " " }), "empty_criteria"),
            to("a class with a number among its tags", "/tags", json!(["a", 3]), "not_text"),
            to("a class with a language that is none", "/@language", json!("fr_FR"), "not_language"),
            to("a class with a relative picture", "/image", json!("1.png"), "not_url"),
            to("a class with a picture as a page", "/image", json!("data:text/html,a"), "not_png_or_svg"),
            to("a class with a JPEG as data", "/image", json!("data:image/jpeg;base64,AA=="), "not_png_or_svg"),
            to("a class whose issuer is a word", "/issuer", json!("issuer"), "not_iri"),
        ]
        .into_iter()
        .map(|mutant| match mutant.name.as_str() {
            // Of many values, the one that is wrong is counted.
            "a class with a number among its tags" => {
                Mutant { rule: Some("ob2_not_text badge/tags/1".into()), ..mutant }
            }
            _ => mutant,
        }),
    );
    let one = json!({ "targetName": "A", "targetUrl": "https://example.org/a" });
    for (name, change, rule) in [
        ("without name", json!({ "targetName": null }), "missing_member badge/alignment/targetName"),
        ("without address", json!({ "targetUrl": null }), "missing_member badge/alignment/targetUrl"),
        ("with a relative address", json!({ "targetUrl": "a" }), "not_url badge/alignment/targetUrl"),
    ] {
        let mut alignment = one.clone();
        alignment.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let draft = hosted(format!("an alignment {name}"), |w| w.class(|c| c["alignment"] = alignment));
        all.push(draft.breaks(rule));
    }
    let geo = json!({ "@context": "https://w3id.org/openbadges/extensions/geoCoordinatesExtension/context.json", "type": ["Extension", "extensions:GeoCoordinates"], "description": "Here" });
    let draft = hosted("a known extension without what it must have", |w| {
        w.class(|c| c["extensions:GeoCoordinates"] = geo);
    });
    all.push(draft.breaks("extension_shape badge/extensions:GeoCoordinates"));
    all
}

fn pictures() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (name, bytes) in [
        ("a JPEG", &b"\xff\xd8\xff\xe0\0\x10JFIF"[..]),
        ("a GIF", b"GIF89a"),
        ("a WebP", b"RIFF\0\0\0\0WEBPVP8 "),
        ("a page", b"<!DOCTYPE html><title>Robots</title>"),
        ("a page that shows an SVG", b"<!DOCTYPE html><body><svg xmlns='http://www.w3.org/2000/svg'/></body>"),
        ("nothing", b""),
        ("its own JSON", b"{}"),
    ] {
        let draft = hosted(format!("a picture that is {name}"), |w| w.bytes(IMAGE, bytes));
        all.push(draft.is(CouldNotCheck, [OB2_IMAGE_NOT_PNG_OR_SVG]));
    }
    all.push(hosted("a picture that is gone", |w| w.gone(IMAGE, b"")).is(CouldNotCheck, [OB2_IMAGE_MISSING]));
    for (why, code) in [
        (Unanswered::NotFound, OB2_IMAGE_MISSING),
        (Unanswered::TimedOut, OB2_IMAGE_UNANSWERED),
        (Unanswered::Forbidden, OB2_IMAGE_UNANSWERED),
        (Unanswered::TooLarge, OB2_IMAGE_UNANSWERED),
    ] {
        let draft = hosted(format!("a picture that did not come: {}", why.code()), |w| w.fails(IMAGE, why));
        all.push(draft.is(CouldNotCheck, [code]));
    }
    all
}

fn places() -> Vec<Mutant> {
    let mut all = Vec::new();
    for why in [Unanswered::NotFound, Unanswered::TimedOut, Unanswered::ServerError, Unanswered::Forbidden] {
        let draft = hosted(format!("a class that did not come: {}", why.code()), |w| w.fails(CLASS, why));
        all.push(draft.is(CouldNotCheck, [OB2_CLASS_UNANSWERED]));
    }
    all.push(hosted("a class that is gone", |w| w.gone(CLASS, b"")).is(CouldNotCheck, [OB2_CLASS_UNANSWERED]));
    for (name, body) in [("a page", &b"<html></html>"[..]), ("a picture", b"\x89PNG\r\n\x1a\n"), ("a list", b"[1]")] {
        let draft = hosted(format!("a class that is {name}"), |w| w.bytes(CLASS, body));
        all.push(draft.is(CouldNotCheck, [OB2_NOT_JSON]));
    }
    let elsewhere = "https://evil.example/classes/1";
    let draft = hosted("a class that says it is elsewhere, where nothing is", |w| {
        w.class(|c| c["id"] = json!(elsewhere));
    });
    all.push(draft.is(CouldNotCheck, [OB2_CLASS_UNANSWERED]));
    let draft = hosted("two classes that send to each other", |w| {
        w.class(|c| c["id"] = json!(elsewhere));
        w.says(elsewhere, &class());
    });
    all.push(draft.is(CouldNotCheck, [OB2_IDS_DIFFER]));
    let draft = hosted("a class that says it is elsewhere, where its issuer is another", |w| {
        w.class(|c| c["id"] = json!(elsewhere));
        let (mut other, mut profile) = (class(), issuer());
        other["id"] = json!(elsewhere);
        other["issuer"] = json!("https://evil.example/issuer");
        profile["id"] = json!("https://evil.example/issuer");
        w.says(elsewhere, &other);
        w.says("https://evil.example/issuer", &profile);
    });
    all.push(draft.is(Altered, [OB2_ORIGIN_NOT_ALLOWED]));
    let draft = hosted("a class with an issuer nobody can fetch", |w| {
        w.class(|c| c["issuer"] = json!("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418"));
    });
    all.push(draft.is(CouldNotCheck, [OB2_NOT_FETCHABLE]));
    let draft = hosted("a class with a context that is not kept", |w| {
        w.class(|c| c["@context"] = json!([CONTEXT, "https://evil.example/context.json"]));
    });
    all.push(draft.is(CouldNotCheck, [CONTEXT_NOT_KEPT]));
    all
}
