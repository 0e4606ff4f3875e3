//! « Relancer »: one more letter to everybody of a session whose letter left and who has not claimed, after a page that
//! says to how many. Whoever was written to less than a day ago is left alone; the limits are those of one letter sent
//! again.

use axum::extract::{Path, State};
use axum::routing::get;
use store::limits;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use web::{Cache, Routes, Sample, Shell, Site, Who, words};

use super::acts::{BY_MEMBER, one_more};
use super::follow::{self, Followed};
use super::standing::Standing;
use crate::access::{Trainer, trainer_shell};
use crate::training_sessions::TrainingSession;
use crate::training_sessions::pages::{find, sample_session};
use crate::{HOUSE, Issuer, Result, trainees};

/// The pages of this slice.
pub(super) fn routes() -> Routes<Issuer> {
    Routes::new(HOUSE).page(Who::Trainer, "/atelier/sessions/{id}/relancer", get(page).post(act))
}

#[derive(askama::Template)]
#[template(path = "delivery/remind.html")]
struct RemindPage {
    shell: Shell,
    id: Uuid,
    session: String,
    /// How many letters leave; 0: there is nothing to press.
    letters: usize,
    lead: String,
    /// « Amina Lefèvre, Bastien Roussel et Chloé Marie ».
    who: String,
    /// What is left out, and why.
    left_out: Vec<String>,
    button: String,
}

/// Who would be written to now.
#[derive(Default)]
struct Plan {
    letters: Vec<Followed>,
    /// Badges whose letter left less than a day ago.
    fresh: usize,
    /// Badges beyond what one member may send in an hour.
    later: usize,
}

/// How long a letter has to be read before another one asks the same.
const REST: Duration = Duration::DAY;

/// Whether a badge has waited long enough for its person to read the letter that left.
pub(crate) fn may_remind(badge: &Followed, standing: Standing, now: OffsetDateTime) -> bool {
    badge.email.is_some()
        && match standing {
            Standing::Sent(at) => now - at >= REST,
            standing => standing == Standing::LetterEnded,
        }
}

/// What was done, in the words of the note on top of the session: `?fait=relance&combien=7`.
pub(crate) fn said(how_many: usize) -> String {
    match how_many {
        0 => "Aucun courriel n’est reparti\u{a0}: entre-temps, tout a été récupéré ou déjà relancé.".to_owned(),
        n => format!(
            "{} de nouveau. {} 30\u{a0}jours.",
            words::count(n, "courriel part", "courriels partent"),
            words::plural(n, "Le lien marche", "Les liens marchent")
        ),
    }
}

async fn page(State(issuer): State<Issuer>, trainer: Trainer, Path(id): Path<String>) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let plan = plan(&issuer, &trainer, session.session_id).await?;
    let people = trainees::rows::of_session(&issuer.db, trainer.organisation_id, session.session_id).await?;
    let names: Vec<String> = people
        .into_iter()
        .filter(|person| plan.letters.iter().any(|badge| badge.trainee_id == person.trainee_id))
        .map(|person| person.name)
        .collect();
    web::render(Cache::Private, &RemindPage::new(&issuer.site, &trainer.organisation_name, &session, &plan, &names))
}

async fn act(State(issuer): State<Issuer>, trainer: Trainer, Path(id): Path<String>) -> Result {
    let session = find(&issuer, &trainer, &id).await?;
    let now = issuer.clock.now();
    let mut sent = 0_usize;
    for badge in plan(&issuer, &trainer, session.session_id).await?.letters {
        // Another request may have counted, sent or claimed in the meantime: that is left out.
        if one_more(&issuer, &trainer, &badge, now).await? == Ok(true) {
            sent += 1;
        }
    }
    Ok(web::redirect(&format!("/atelier/sessions/{}?fait=relance&combien={sent}", session.session_id)))
}

async fn plan(issuer: &Issuer, trainer: &Trainer, session_id: Uuid) -> Result<Plan> {
    let now = issuer.clock.now();
    let badges = follow::of_session(issuer, trainer.organisation_id, session_id).await?;
    let member = trainer.member_id.to_string();
    let left = limits::left(&issuer.db, &issuer.vault, &BY_MEMBER, &member, now).await?;
    let left = usize::try_from(left).unwrap_or(usize::MAX);
    let mut plan = Plan::default();
    for (badge, standing) in badges {
        if !may_remind(&badge, standing, now) {
            plan.fresh += usize::from(badge.email.is_some() && matches!(standing, Standing::Sent(_)));
        } else if plan.letters.len() == left {
            plan.later += 1;
        } else {
            plan.letters.push(badge);
        }
    }
    Ok(plan)
}

impl RemindPage {
    fn new(site: &Site, organisation: &str, session: &TrainingSession, plan: &Plan, names: &[String]) -> Self {
        let letters = plan.letters.len();
        let people = words::count(names.len(), "personne", "personnes");
        let title =
            if letters == 0 { "Personne à relancer".to_owned() } else { format!("Relancer {people}\u{202f}?") };
        let lead = match letters {
            0 if plan.fresh + plan.later == 0 => {
                "Tous les badges annoncés par courriel sont récupérés, ou leur courriel n’est pas encore parti."
                    .to_owned()
            }
            0 => "Pour le moment, aucun courriel ne peut repartir.".to_owned(),
            n => format!(
                "{} de nouveau, un par badge qui n’est pas récupéré.",
                words::count(n, "courriel part", "courriels partent")
            ),
        };
        let badges = |n| words::count(n, "badge", "badges");
        let mut left_out = Vec::new();
        if plan.fresh > 0 {
            left_out.push(format!(
                "{}\u{a0}: le courriel est parti il y a moins d’un jour. Laissez le temps de le lire.",
                badges(plan.fresh)
            ));
        }
        if plan.later > 0 {
            let wait = words::plural(plan.later, "attend", "attendent");
            left_out.push(format!(
                "{} {wait} la prochaine heure\u{a0}: pas plus de {}\u{a0}courriels relancés par heure.",
                badges(plan.later),
                words::number(BY_MEMBER.max)
            ));
        }
        Self {
            shell: trainer_shell(site, organisation, &title).current("/atelier").narrow(),
            id: session.session_id,
            session: session.title.clone(),
            letters,
            lead,
            who: words::list(names),
            left_out,
            button: format!("Envoyer {}", words::count(letters, "courriel", "courriels")),
        }
    }
}

pub(super) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/sessions/{id}/relancer";
    let page = |letters: usize, fresh, later, names: &[&str]| {
        let letters = (0..letters).map(|_| follow::sample(Some("prenom@exemple.fr"))).collect();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let plan = Plan { letters, fresh, later };
        RemindPage::new(site, "Les Ateliers du Noireau", &sample_session(), &plan, &names)
    };
    let names = ["Amina Lefèvre", "Bastien Roussel", "Hugo Vasseur"];
    vec![
        Sample::new(HOUSE, PATH, "relancer", &page(4, 1, 60, &names)),
        Sample::new(HOUSE, PATH, "relancer-une", &page(1, 0, 0, &names[..1])),
        Sample::new(HOUSE, PATH, "relancer-personne", &page(0, 0, 0, &[])),
        Sample::new(HOUSE, PATH, "relancer-assez", &page(0, 3, 0, &[])),
    ]
}
