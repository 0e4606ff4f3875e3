//! One session: its people, and where each of their badges stands, one row per person and badge.

use std::collections::{HashMap, HashSet};

use axum::extract::{Path, Query, State};
use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;
use web::{Cache, Sample, Shell, Site, dates, words};

use super::pages::{badge_words, count, days, find, sample_session};
use super::paging::{PER_PAGE, Paging, page_starts};
use super::rows::{self, TrainingSession};
use crate::access::{Reader, trainer_shell};
use crate::delivery::follow::{self, Followed};
use crate::delivery::standing::{Standing, View};
use crate::delivery::{self, Acts, Back, remind};
use crate::trainees::{self, Trainee};
use crate::{HOUSE, Issuer, Result};

/// `?voir=a-faire&page=2&fait=lettre`
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    voir: String,
    #[serde(default)]
    page: Option<i64>,
    /// What was just done.
    #[serde(default)]
    fait: String,
    /// How many letters were sent again.
    #[serde(default)]
    combien: Option<u16>,
}

#[derive(askama::Template)]
#[template(path = "training_sessions/session.html")]
struct SessionPage {
    shell: Shell,
    id: Uuid,
    title: String,
    place: String,
    days: String,
    said: Option<String>,
    /// « Relancer 7 personnes »; empty when nobody waits with a letter.
    remind: String,
    /// Nobody is in the session.
    nobody: bool,
    people: Vec<Person>,
    total: String,
    views: Vec<ViewLink>,
    running: Vec<Uuid>,
    paging: Paging,
    /// This list without its page, for the next ones.
    next: String,
}

struct Person {
    name: String,
    email: String,
    number: String,
    badges: Vec<BadgeLine>,
}

struct BadgeLine {
    id: Uuid,
    name: String,
    day: String,
    vignette: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
    acts: Option<Acts>,
}

struct ViewLink {
    to: String,
    label: String,
    current: bool,
}

/// What the page is made of.
struct Follow {
    session: TrainingSession,
    people: Vec<Trainee>,
    badges: Vec<(Followed, Standing)>,
    running: Vec<Uuid>,
    now: OffsetDateTime,
}

pub(super) async fn page(
    State(issuer): State<Issuer>,
    Reader(trainer): Reader,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let (organisation_id, session_id) = (trainer.organisation_id, session.session_id);
    let follow = Follow {
        // The order of French names is in the rows; a session has some dozens of people, thousands at most.
        people: trainees::rows::of_session(&issuer.db, organisation_id, session_id).await?,
        badges: follow::of_session(&issuer, organisation_id, session_id).await?,
        running: rows::unfinished_lots(&issuer.db, organisation_id, session_id).await?,
        session,
        now: issuer.clock.now(),
    };
    web::render(Cache::Private, &SessionPage::new(&issuer.site, &trainer.organisation_name, follow, &asked))
}

impl SessionPage {
    fn new(site: &Site, organisation: &str, follow: Follow, asked: &Asked) -> Self {
        let Follow { session, people, badges, running, now } = follow;
        let view = View::parse(&asked.voir);
        let title = format!("{}\u{a0}: {}", session.title, answer(&session, &badges));
        let views = views(&badges);
        let waits = badges.iter().filter(|(badge, standing)| remind::may_remind(badge, *standing, now));
        let waiting = waits.map(|(badge, _)| badge.trainee_id).collect::<HashSet<_>>().len();
        let mut of_person: HashMap<Uuid, Vec<(Followed, Standing)>> = HashMap::new();
        for (badge, standing) in badges.into_iter().filter(|(_, standing)| view.shows(*standing)) {
            of_person.entry(badge.trainee_id).or_default().push((badge, standing));
        }
        // A row per person and badge; who has none yet has a row too, among all. A person stays on one page.
        let total = people.len();
        let lines: Vec<(&Trainee, Vec<(Followed, Standing)>)> = people
            .iter()
            .map(|person| (person, of_person.remove(&person.trainee_id).unwrap_or_default()))
            .filter(|(_, badges)| view == View::All || !badges.is_empty())
            .collect();
        let rows: Vec<usize> = lines.iter().map(|(_, badges)| badges.len().max(1)).collect();
        let starts = page_starts(&rows, count(PER_PAGE));
        let pages = i64::try_from(starts.len()).unwrap_or(i64::MAX);
        let paging = Paging::new(asked.page.unwrap_or(1), pages, 1);
        let back = Back::query(view, paging.page);
        let first = starts.get(count(paging.offset())).copied().unwrap_or_default();
        let next = starts.get(count(paging.page)).copied().unwrap_or(lines.len());
        let shown = lines.into_iter().take(next).skip(first).map(|(person, badges)| {
            let line = |(badge, standing): &(Followed, Standing)| BadgeLine::new(&person.name, badge, *standing, &back);
            Person { badges: badges.iter().map(line).collect(), ..Person::new(person) }
        });
        Self {
            shell: trainer_shell(site, organisation, &title).current("/atelier"),
            id: session.session_id,
            title,
            place: session.place.clone().unwrap_or_default(),
            days: days(&session),
            said: match (asked.fait.as_str(), asked.combien) {
                ("relance", Some(sent)) => Some(remind::said(usize::from(sent))),
                (done, _) => delivery::said(done).map(str::to_owned),
            },
            remind: match waiting {
                0 => String::new(),
                n => format!("Relancer {}", words::count(n, "personne", "personnes")),
            },
            people: shown.collect(),
            nobody: total == 0,
            total: words::count(total, "stagiaire", "stagiaires"),
            views: views
                .into_iter()
                .map(|(one, label)| ViewLink {
                    to: if one == View::All { "?".to_owned() } else { format!("?voir={}", one.word()) },
                    label,
                    current: one == view,
                })
                .collect(),
            running,
            paging,
            next: if view == View::All { "?".to_owned() } else { format!("?voir={}&", view.word()) },
        }
    }
}

/// « 9 badges remis sur 12, 7 récupérés »: what reached its person, and what is in a livret.
fn answer(session: &TrainingSession, badges: &[(Followed, Standing)]) -> String {
    if session.trainees == 0 {
        return "personne n’est encore inscrit".to_owned();
    }
    let how_many = |what: fn(Standing) -> bool| badges.iter().filter(|(_, standing)| what(*standing)).count();
    let all = how_many(|standing| !matches!(standing, Standing::Withdrawn(_)));
    let given = how_many(Standing::is_given);
    let claimed = how_many(|standing| matches!(standing, Standing::Claimed(_)));
    let claimed = words::count_or(claimed, "aucun récupéré", "récupéré", "récupérés");
    match given {
        _ if all == 0 => "aucun badge attesté".to_owned(),
        0 => format!("aucun badge remis sur {}", words::number(all)),
        _ if given == all => format!("{}, {claimed}", words::count(all, "badge remis", "badges remis")),
        _ => format!("{} sur {}, {claimed}", words::count(given, "badge remis", "badges remis"), words::number(all)),
    }
}

/// The views that show something, with their counts; nothing when there is nothing to choose.
fn views(badges: &[(Followed, Standing)]) -> Vec<(View, String)> {
    let of = |view: View| badges.iter().filter(|(_, standing)| view.shows(*standing)).count();
    let shown: Vec<(View, String)> = View::EVERY
        .into_iter()
        .filter(|(view, ..)| of(*view) > 0)
        .map(|(view, _, label)| (view, format!("{label} ({})", words::number(of(view)))))
        .collect();
    if shown.len() > 2 { shown } else { Vec::new() }
}

impl Person {
    fn new(person: &Trainee) -> Self {
        Self {
            name: person.name.clone(),
            email: person.email.clone().unwrap_or_default(),
            number: person.file_number.clone().unwrap_or_default(),
            badges: Vec::new(),
        }
    }
}

impl BadgeLine {
    fn new(person: &str, badge: &Followed, standing: Standing, back: &str) -> Self {
        let (name, vignette) = badge_words(&badge.badge_id, &badge.level);
        let (tone, icon, state) = standing.tag();
        let acts = Acts::of(badge, standing, format!("{person}, {name}"), back);
        Self { id: badge.award_id, day: dates::long(badge.awarded_on), name, vignette, tone, icon, state, acts }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/sessions/{id}";
    let at = time::macros::datetime!(2026-11-21 9:00 UTC);
    let person = |n: u128, name: &str, email: Option<&str>| Trainee {
        trainee_id: Uuid::from_u128(n),
        ..Trainee::new(name, email, None)
    };
    let address = Some("prenom.nom@exemple.fr");
    let badge = |n: u128, standing: Standing| {
        let email = if matches!(standing, Standing::ToHandOver | Standing::SlipEnded) { None } else { address };
        let handed_at = if let Standing::Handed(at) = standing { Some(at) } else { None };
        (Followed { trainee_id: Uuid::from_u128(n), handed_at, ..follow::sample(email) }, standing)
    };
    let page = |session: TrainingSession, people: Vec<Trainee>, badges, running, asked: Asked| {
        SessionPage::new(
            site,
            "Les Ateliers du Noireau",
            Follow { session, people, badges, running, now: at + time::Duration::DAY },
            &asked,
        )
    };
    let people = vec![
        person(1, "Amina Lefèvre", address),
        person(2, "Bastien Roussel", address),
        person(3, "Chloé Marie", address),
        person(4, "Dylan Lecomte", None),
        person(5, "Fatou Diarra", None),
    ];
    let badges = vec![
        badge(1, Standing::Claimed(at)),
        badge(1, Standing::Queued),
        badge(1, Standing::QueuedAgain),
        badge(2, Standing::Sent(at)),
        badge(2, Standing::LetterEnded),
        badge(3, Standing::Refused),
        badge(3, Standing::Handed(at)),
        badge(4, Standing::Withdrawn(at)),
        badge(4, Standing::ToHandOver),
        badge(4, Standing::SlipEnded),
    ];
    // Two hundred people: a page of them must stay light.
    let crowd: Vec<Trainee> = (0..200).map(|n| person(n, &format!("Stagiaire Numéro {n}"), address)).collect();
    let all_refused = (0..200).map(|n| badge(n, Standing::Refused)).chain([badge(0, Standing::Claimed(at))]).collect();
    let session = sample_session();
    let empty = TrainingSession { trainees: 0, badges: 0, claimed: 0, ..session.clone() };
    let todo = Asked { voir: "a-faire".into(), page: Some(2), fait: "lettre".into(), combien: None };
    vec![
        Sample::new(HOUSE, PATH, "session-vide", &page(empty, vec![], vec![], vec![], Asked::default())),
        Sample::new(
            HOUSE,
            PATH,
            "session",
            &page(session.clone(), people, badges, vec![Uuid::nil()], Asked::default()),
        ),
        Sample::new(HOUSE, PATH, "session-a-faire", &page(session, crowd, all_refused, vec![], todo)),
    ]
}

#[cfg(test)]
mod tests {
    use web::Origin;

    use super::*;

    #[test]
    fn a_page_of_two_hundred_people_is_light() {
        let site = Site::demo(Origin::parse("http://localhost:8080").unwrap());
        let samples = samples(&site);
        let crowd = samples.iter().find(|sample| sample.name == "session-a-faire").unwrap();
        assert_eq!(crowd.html.matches("<summary>Agir").count(), 25);
        assert!(crowd.html.len() < 60_000, "{} bytes", crowd.html.len());
    }

    #[test]
    fn a_person_stands_on_one_page() {
        let site = Site::demo(Origin::parse("http://localhost:8080").unwrap());
        let people: Vec<Trainee> = (0..10)
            .map(|n| Trainee { trainee_id: Uuid::from_u128(n), ..Trainee::new(&format!("Stagiaire {n}"), None, None) })
            .collect();
        let badge =
            |n: u128| (Followed { trainee_id: Uuid::from_u128(n), ..follow::sample(None) }, Standing::ToHandOver);
        let now = time::macros::datetime!(2026-11-22 9:00 UTC);
        let page = |page| {
            let badges = (0..10).flat_map(|n| (0..10).map(move |_| badge(n))).collect();
            let follow = Follow { session: sample_session(), people: people.clone(), badges, running: Vec::new(), now };
            SessionPage::new(&site, "OF", follow, &Asked { page: Some(page), ..Asked::default() })
        };
        let mut seen = Vec::new();
        for n in 1..=page(1).paging.last {
            for person in page(n).people {
                assert_eq!(person.badges.len(), 10, "{}", person.name);
                seen.push(person.name);
            }
        }
        assert_eq!((page(1).paging.last, seen.len()), (5, 10), "two whole people a page");
        seen.dedup();
        assert_eq!(seen.len(), 10);
    }

    #[test]
    fn the_title_counts_what_reached_somebody() {
        let at = time::macros::datetime!(2026-11-21 9:00 UTC);
        let of = |standings: &[Standing]| {
            let badges: Vec<_> = standings.iter().map(|standing| (follow::sample(None), *standing)).collect();
            answer(&sample_session(), &badges)
        };
        let withdrawn = Standing::Withdrawn(at);
        assert_eq!(of(&[]), "aucun badge attesté");
        assert_eq!(of(&[withdrawn]), "aucun badge attesté");
        assert_eq!(of(&[Standing::Sent(at), Standing::Claimed(at), withdrawn]), "2\u{a0}badges remis, 1\u{a0}récupéré");
        assert_eq!(of(&[Standing::Refused, Standing::Handed(at)]), "1\u{a0}badge remis sur 2, aucun récupéré");
        assert_eq!(of(&[Standing::Refused, Standing::Queued]), "aucun badge remis sur 2");
        assert_eq!(of(&[Standing::Queued, Standing::QueuedAgain]), "1\u{a0}badge remis sur 2, aucun récupéré");
    }
}
