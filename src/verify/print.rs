//! The report as a person reads it at a terminal, and as a program does.

use std::fmt::Write;

use checks::{BadgeFacts, Outcome, Report};
use clap::ValueEnum;
use time::OffsetDateTime;
use web::dates;

use super::{VerifyArgs, asked_in_vain, said};

/// The language of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// French.
    Fr,
    /// English.
    En,
}

/// The longest text of a badge that is shown, in characters.
const LONGEST: usize = 300;

/// The verdict first, then what the badge says, then every check with its sign and its sentence.
/// `refused`: origins that were not gone to.
pub(super) fn words(report: &Report, args: &VerifyArgs, refused: &[String]) -> String {
    let language = args.lang;
    let french = language == Language::Fr;
    let mut text = String::new();
    line(&mut text, said::verdict(report, language));
    if asked_in_vain(report, args) {
        line(
            &mut text,
            if french {
                "--challenge et --domain demandent une présentation, et ce n’en est pas une."
            } else {
                "--challenge and --domain ask for a presentation, and this is none."
            },
        );
    }
    facts(&mut text, report, language);
    text.push('\n');
    for finding in &report.findings {
        let sign = match finding.outcome {
            Outcome::Passed => '✓',
            Outcome::Failed => '✗',
            Outcome::CouldNotCheck => '?',
            Outcome::NotExamined => '–',
            Outcome::Noted => 'i',
        };
        let (check, words) = (said::check(finding.check, language), said::finding(finding, report, language));
        let mut sentence = format!("{sign} {check}{} {words}", colon(language));
        if let Some(detail) = &finding.detail {
            let _infallible = write!(sentence, " ({})", shown(detail));
        }
        line(&mut text, sentence);
    }
    inside(&mut text, report, language);
    text.push('\n');
    for origin in refused {
        line(&mut text, not_gone_to(&to_allow(origin), language));
    }
    if args.register.is_none() {
        line(
            &mut text,
            if french {
                "Qui est l’émetteur n’a pas été cherché\u{a0}: --register ADRESSE le demande à un registre de confiance."
            } else {
                "Who the issuer is was not looked up: --register ADDRESS asks a register of trust."
            },
        );
    }
    if args.at.is_some() {
        line(
            &mut text,
            if french {
                "Jugé au moment donné ; un retrait ou une suspension sont ceux d’aujourd’hui."
            } else {
                "Judged at the given moment; a withdrawal or a suspension is today’s."
            },
        );
    }
    text
}

/// The origin as `--allow-origin` wants it. A `did:web` always reads as https, and what runs on this very machine rarely is.
fn to_allow(origin: &str) -> String {
    let host = origin.strip_prefix("https://").map(|rest| rest.rsplit_once(':').map_or(rest, |(host, _)| host));
    let here = host.is_some_and(|host| host == "localhost" || host.starts_with("127.") || host == "[::1]");
    if here { origin.replacen("https://", "http://", 1) } else { origin.to_owned() }
}

fn not_gone_to(origin: &str, language: Language) -> String {
    let origin = shown(origin);
    match language {
        Language::Fr => format!(
            "Rien n’a été demandé à {origin}\u{a0}: cette commande ne va que sur le web public, en https. Vous connaissez \
             cette origine\u{a0}? Ajoutez\u{a0}: --allow-origin {origin}"
        ),
        Language::En => format!(
            "Nothing was asked of {origin}: this command only goes to the public web, over https. Do you know this \
             origin? Add: --allow-origin {origin}"
        ),
    }
}

/// The report with its stable codes. What a terminal would obey stands as `\u` escapes: the same JSON, harmless.
pub(super) fn json(report: &Report) -> String {
    let plain = serde_json::to_string_pretty(report).unwrap_or_else(|error| unreachable!("a report is JSON: {error}"));
    let mut text = String::with_capacity(plain.len() + 1);
    for sign in plain.chars() {
        if sign != '\n' && is_hidden(sign) {
            for unit in sign.encode_utf16(&mut [0; 2]) {
                let _infallible = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(sign);
        }
    }
    text.push('\n');
    text
}

/// The badges inside and what others say of this one: where each stands, its own verdict, and what speaks against it.
fn inside(text: &mut String, report: &Report, language: Language) {
    for part in &report.parts {
        text.push('\n');
        let place = shown(&part.place);
        line(
            text,
            format!(
                "{} {place}{} {}",
                said::part(part.kind, language),
                colon(language),
                said::verdict(&part.report, language)
            ),
        );
        facts(text, &part.report, language);
        for finding in &part.report.findings {
            if let Some(sign) = against(finding.outcome) {
                line(text, format!("  {sign} {}", said::finding(finding, &part.report, language)));
            }
        }
        inside(text, &part.report, language);
    }
}

const fn against(outcome: Outcome) -> Option<char> {
    match outcome {
        Outcome::Failed => Some('✗'),
        Outcome::CouldNotCheck => Some('?'),
        Outcome::Passed | Outcome::NotExamined | Outcome::Noted => None,
    }
}

fn facts(text: &mut String, report: &Report, language: Language) {
    let Some(badge) = &report.badge else { return };
    let french = language == Language::Fr;
    let issuer = shown(&badge.issuer.name);
    // A name that nobody vouches for is the badge's own word.
    let issuer = if badge.issuer.vouched { issuer } else { format!("« {issuer} »") };
    let name = badge.recipient.name.as_deref().map(shown);
    for (label, value) in [
        ("Badge", Some(shown(&badge.achievement.name))),
        (if french { "Attesté par" } else { "Attested by" }, Some(issuer)),
        (if french { "À" } else { "To" }, name),
    ] {
        if let Some(value) = value {
            line(text, format!("  {label}{} {value}", colon(language)));
        }
    }
    for day in days(badge, language) {
        line(text, format!("  {day}"));
    }
}

/// The day observed and the day attested, each after its own word.
fn days(badge: &BadgeFacts, language: Language) -> Vec<String> {
    let (observed, attested) = (badge.awarded.map(OffsetDateTime::date), dates::day_in_paris(badge.valid_from));
    match language {
        Language::Fr => {
            let said = dates::observed_and_attested(observed, attested);
            said.into_iter().map(|(word, day)| format!("{word} {day}")).collect()
        }
        Language::En => {
            let observed = observed.map(|day| format!("Observed on {}", dates::iso(day)));
            observed.into_iter().chain([format!("Attested on {}", dates::iso(attested))]).collect()
        }
    }
}

const fn colon(language: Language) -> &'static str {
    match language {
        Language::Fr => "\u{a0}:",
        Language::En => ":",
    }
}

fn line(text: &mut String, words: impl AsRef<str>) {
    text.push_str(words.as_ref());
    text.push('\n');
}

/// A stranger's text as it may be shown at a terminal: on one line, without what a terminal obeys or the eye misses.
fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .map(|sign| if sign.is_whitespace() { ' ' } else { sign })
        .filter(|sign| !is_hidden(*sign))
        .take(LONGEST + 1)
        .collect();
    if let Some((end, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// Control characters (escapes of a terminal among them) and those that change direction or show nothing.
fn is_hidden(sign: char) -> bool {
    sign.is_control()
        || matches!(sign,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_said_as_it_must_be_allowed() {
        for (refused, allow) in [
            ("https://localhost:8080", "http://localhost:8080"),
            ("https://127.0.0.1", "http://127.0.0.1"),
            ("http://badges.example", "http://badges.example"),
            ("https://badges.intranet", "https://badges.intranet"),
        ] {
            assert_eq!(to_allow(refused), allow);
        }
    }

    #[test]
    fn a_terminal_obeys_nothing_of_a_badge() {
        assert_eq!(shown("a\u{1b}[31mb\u{9b}1mc\r\nd\u{202e}e\u{2066}f\u{7}"), "a[31mb1mc  def");
        assert_eq!(shown(&"é".repeat(400)).chars().count(), LONGEST + 1);
        assert_eq!(shown("Inès « Duval »"), "Inès « Duval »");
    }
}
