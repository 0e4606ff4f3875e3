//! A judgement in French: the only place where findings get words.

mod facts;
mod finding;
mod headline;
mod json;

use checks::{Outcome, Report, Standard, Verdict};
use uuid::Uuid;
use web::Origin;

pub(crate) use facts::{Facts, Record};
pub(crate) use json::answer;

/// A report ready to be shown.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    /// The `h1` of one badge, the `h2` among several.
    pub title: &'static str,
    /// What it means, in a sentence.
    pub sentence: String,
    /// `ok`, `bad` or `warn`.
    pub tone: &'static str,
    /// The shape, as inline SVG.
    pub icon: &'static str,
    /// One line per check that says something.
    pub lines: Vec<Line>,
    /// What to do next, when there is something to do.
    pub advice: Option<&'static str>,
    /// What the badge says; nothing when it may not be believed.
    pub facts: Option<Facts>,
    /// The public page of a withdrawn badge of our issuer, which says since when: a link to follow, for we ask the issuer
    /// nothing of a single badge.
    pub since: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// A record that gathers badges, not a badge.
    pub is_record: bool,
    /// Machine words, for the folded technical detail.
    pub codes: Vec<(String, String, &'static str)>,
}

/// One line of « Ce que nous avons vérifié ».
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// `ok`, `bad`, `warn` or `mute`.
    pub tone: &'static str,
    /// The shape, as inline SVG.
    pub icon: &'static str,
    /// « Vérifié. », « Problème. »…
    pub word: &'static str,
    /// The sentence.
    pub text: String,
}

impl Shown {
    /// The words of a report. `from_livret`: a livret shows it, so one thing more is known (decisions §26).
    pub(crate) fn new(report: &Report, from_livret: bool) -> Self {
        let mut lines: Vec<Line> = report.findings.iter().filter_map(|f| finding::line(f, report)).collect();
        if report.verdict == Verdict::Altered {
            lines.push(Line::mute("Sans objet.", "Le reste n’a pas été examiné."));
        } else if report.badge.is_some() {
            let known = if from_livret {
                "Ce badge vient du livret qui l’a reçu. Nous ne vérifions pas l’identité de la personne devant vous."
            } else {
                "Nous ne vérifions pas l’identité de la personne devant vous."
            };
            lines.push(Line::mute("À savoir.", known));
        }
        let (tone, icon) = headline::shape(report.verdict);
        let (title, sentence) = if is_record(report) {
            (headline::title_of_record(report.verdict), headline::sentence_of_record(report.verdict).to_owned())
        } else {
            (headline::title(report.verdict), headline::sentence(report))
        };
        Self {
            title,
            sentence,
            tone,
            icon,
            lines,
            advice: headline::advice(report).filter(|_| !is_record(report)),
            facts: report.badge.as_ref().map(|badge| Facts::new(badge, report.verdict)),
            since: None,
            verdict: report.verdict,
            is_record: is_record(report),
            codes: report.findings.iter().map(technical).collect(),
        }
    }

    /// With the address where a withdrawal is told with its day, when `issuer` gives such a page of this badge.
    pub(crate) fn of_house(mut self, issuer: &Origin) -> Self {
        let id = self.facts.as_ref().filter(|facts| facts.vouched && self.verdict == Verdict::Withdrawn);
        self.since = id.map(|facts| facts.id.clone()).filter(|id| {
            let number = id.strip_prefix(&issuer.join("/badges/"));
            number.is_some_and(|number| Uuid::parse_str(number).is_ok())
        });
        self
    }

    /// « Essayer de nouveau » helps only when something did not answer.
    pub(crate) fn may_retry(&self) -> bool {
        self.verdict == Verdict::CouldNotCheck
    }

    /// The picture stands beside the facts.
    pub(crate) fn has_portrait(&self) -> bool {
        self.facts.as_ref().is_some_and(|facts| facts.in_full && facts.picture.is_some())
    }

    pub(crate) fn is_authentic(&self) -> bool {
        self.verdict == Verdict::Authentic
    }
}

impl Line {
    fn new(outcome: Outcome, text: impl Into<String>) -> Self {
        let (tone, icon, word) = match outcome {
            Outcome::Passed => ("ok", web::icon!("circle-check"), "Vérifié."),
            Outcome::Failed => ("bad", web::icon!("circle-x"), "Problème."),
            Outcome::CouldNotCheck => ("warn", web::icon!("circle-help"), "Pas pu vérifier."),
            Outcome::NotExamined | Outcome::Noted => ("mute", web::icon!("info"), "À savoir."),
        };
        Self { tone, icon, word, text: text.into() }
    }

    fn mute(word: &'static str, text: &str) -> Self {
        Self { tone: "mute", icon: web::icon!("info"), word, text: text.to_owned() }
    }
}

/// Whether what came in gathers badges (CLR 2.0).
fn is_record(report: &Report) -> bool {
    report.form.is_some_and(|form| form.standard == Standard::Clr2)
}

fn technical(finding: &checks::Finding) -> (String, String, &'static str) {
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let code = |value| serde_json::to_value(value).map(word).unwrap_or_default();
    (code(finding.check), serde_json::to_value(finding.outcome).map(word).unwrap_or_default(), finding.code)
}

/// The title of several: the count first, and that they came in one record.
pub(crate) fn title_of_several(shown: &[Shown], in_a_record: bool) -> String {
    let title = count_of_several(shown);
    if in_a_record { format!("Relevé\u{a0}: {title}") } else { title }
}

fn count_of_several(shown: &[Shown]) -> String {
    let (records, badges): (Vec<&Shown>, Vec<&Shown>) = shown.iter().partition(|one| one.is_record);
    let records_hold = records.iter().all(|one| one.is_authentic());
    let all = badges.len();
    if all == 0 {
        // Records alone, whose badges are not unfolded.
        let all = records.len();
        return if records_hold {
            web::words::count(all, "relevé authentique", "relevés authentiques")
        } else {
            format!("{}\u{a0}: voyez chacun", web::words::count(all, "relevé", "relevés"))
        };
    }
    let good = badges.iter().filter(|one| one.is_authentic()).count();
    if !records_hold {
        // Good badges in a record that does not hold: the title must not speak for it.
        return format!("{}\u{a0}: voyez chacun", web::words::count(all, "badge", "badges"));
    }
    if let Some(verdict) = badges.first().map(|one| one.verdict)
        && badges.iter().all(|one| one.verdict == verdict)
    {
        return count_alike(all, verdict);
    }
    if good == 0 {
        // « Aucun n’est authentique » would read as false what may only be unanswered.
        return format!("{}\u{a0}: voyez chacun", web::words::count(all, "badge", "badges"));
    }
    format!("{} sur {all}", web::words::count(good, "badge authentique", "badges authentiques"))
}

/// So many badges of one verdict.
fn count_alike(all: usize, verdict: Verdict) -> String {
    let (one, several) = match verdict {
        Verdict::Authentic => ("badge authentique", "badges authentiques"),
        Verdict::Withdrawn => ("badge retiré", "badges retirés"),
        Verdict::Suspended => ("badge suspendu", "badges suspendus"),
        Verdict::Expired => ("badge expiré", "badges expirés"),
        Verdict::NotYetValid => ("badge pas encore valable", "badges pas encore valables"),
        Verdict::Altered => ("badge modifié", "badges modifiés"),
        Verdict::UnknownIssuer => ("badge d’émetteur inconnu", "badges d’émetteur inconnu"),
        Verdict::CouldNotCheck => ("badge n’a pas pu être vérifié", "badges n’ont pas pu être vérifiés"),
    };
    web::words::count(all, one, several)
}

#[cfg(test)]
mod tests;
