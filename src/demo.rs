//! The demonstration: a throw-away database, and people who do real things through the public doors.

use std::path::PathBuf;

use web::Site;

use crate::StartError;
use crate::browser::BrowserError;
use crate::config::Options;
use crate::people::{Learner, Mailbox, NewOrganisation, Observation, Officer, Trainer};
use crate::serve::Running;

/// What a visitor needs to walk: told on the first page.
#[derive(Debug, Clone)]
pub struct Walk {
    /// The trainer's name.
    pub trainer: String,
    /// With which she signs in.
    pub trainer_email: String,
    /// The learner's name.
    pub learner: String,
    /// Where her letters arrive.
    pub learner_email: String,
    /// The officer's address.
    pub officer_email: String,
    /// A livret that is shared.
    pub share: String,
}

impl Walk {
    /// For the terminal.
    pub fn sentence(&self) -> String {
        format!(
            "{} ({}) atteste, {} ({}) reçoit ; les courriers sont à /courrier.",
            self.trainer, self.trainer_email, self.learner, self.learner_email
        )
    }

    /// Sample values for the audit of the first page.
    pub fn sample(site: &Site) -> Self {
        Self { share: site.houses.verifier.join("/v/ABCDEFGHIJKLMNOPQRSTUVWXYZ"), ..Self::people() }
    }

    /// Who walks, before anything is prepared.
    pub(crate) fn people() -> Self {
        Self {
            trainer: "Claire Aubert".into(),
            trainer_email: "claire.aubert@noireau.example".into(),
            learner: "Inès Duval".into(),
            learner_email: "ines.duval@courriel.example".into(),
            officer_email: "ariane.lecoq@region.example".into(),
            share: String::new(),
        }
    }
}

/// A folder that lives as long as the program, and holds the demonstration's database.
#[derive(Debug)]
pub struct Throwaway(PathBuf);

impl Throwaway {
    /// The address of the database in it.
    pub fn database(&self) -> String {
        format!("sqlite:{}", self.0.join("demonstration.db").display())
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        let _already_gone = std::fs::remove_dir_all(&self.0);
    }
}

/// The folder, in a demonstration that names no database of its own.
pub(crate) fn throwaway(options: &Options) -> Result<Option<Throwaway>, StartError> {
    if !options.demo || options.database.is_some() {
        return Ok(None);
    }
    let folder = std::env::temp_dir().join(format!("livret-demonstration-{:016x}", rand::random::<u64>()));
    let made = std::os::unix::fs::DirBuilderExt::mode(&mut std::fs::DirBuilder::new(), 0o700).create(&folder);
    made.map_err(|source| StartError::File { what: "le dossier de la démonstration", source })?;
    Ok(Some(Throwaway(folder)))
}

/// Twelve people as French Excel writes them: `;`, accents, some without e-mail.
const GROUP: &str = "Prénom;Nom;Courriel;N° de dossier\r\n\
    Amina;Lefèvre;amina.lefevre@courriel.example;D-101\r\n\
    Bastien;Roussel;;D-102\r\n\
    Chloé;Marie;chloe.marie@courriel.example;D-103\r\n\
    Dylan;Lecomte;;D-104\r\n\
    Fatou;Diarra;fatou.diarra@courriel.example;D-105\r\n\
    Hugo;Vasseur;;D-106\r\n\
    Inès;Duval;ines.duval@courriel.example;D-107\r\n\
    Jordan;Hébert;jordan.hebert@courriel.example;D-108\r\n\
    Lina;Morel;;D-109\r\n\
    Mickaël;Lemoine;mickael.lemoine@courriel.example;D-110\r\n\
    Noémie;Carpentier;noemie.carpentier@courriel.example;D-111\r\n\
    Théo;Auvray;theo.auvray@courriel.example;D-112\r\n";

/// Prepares the demonstration on a house that is listening: the Région habilitates, a trainer attests, a learner
/// receives and shares.
pub(crate) async fn prepare(running: &Running) -> Result<Walk, StartError> {
    let mut walk = Walk::people();
    let (Some(issuer), Some(letters)) = (&running.issuer, &running.letters) else {
        return Ok(walk);
    };
    match issuer::bootstrap::officer(issuer, &walk.officer_email, "Ariane Lecoq").await {
        Ok(_) => {}
        // A demonstration on a database of its own that was prepared before.
        Err(issuer::bootstrap::Fault::MemberTaken) => return Ok(walk),
        Err(fault) => return Err(StartError::Refused(fault.to_string())),
    }
    walk.share = act(running, &Mailbox::Memory(letters.clone()), &walk).await?;
    Ok(walk)
}

async fn act(running: &Running, letters: &Mailbox, walk: &Walk) -> Result<String, BrowserError> {
    let origin = running.origin.as_str();
    let mut officer = Officer::enters(origin, letters, &walk.officer_email).await?;
    officer
        .adds(&NewOrganisation {
            name: "Les Ateliers du Noireau",
            short_name: "Ateliers du Noireau",
            town: "Flers",
            siret: "73282932000074",
            referent: &walk.trainer,
            email: &walk.trainer_email,
        })
        .await?;
    officer
        .adds(&NewOrganisation {
            name: "Estuaire Compétences",
            short_name: "Estuaire Compétences",
            town: "Le Havre",
            siret: "55208131766522",
            referent: "Samuel Picard",
            email: "samuel.picard@estuaire.example",
        })
        .await?;
    officer.0.post("/region/sortir", &[]).await?.ok()?;

    let mut trainer = Trainer::enters(origin, letters, &walk.trainer_email).await?;
    let session = trainer.opens_session("#Avenir, groupe du lundi", "Flers").await?;
    for observation in [
        Observation {
            badge: "bas-lire/pratique",
            sentence: "Lecture du planning de la semaine et de deux fiches de poste avant le travail en atelier.",
            evidence: "mise-en-situation",
        },
        Observation {
            badge: "num-demarches-en-ligne/decouvre",
            sentence: "Prise de rendez-vous en ligne, avec un guide imprimé, sur un poste de la salle informatique.",
            evidence: "mise-en-situation",
        },
        Observation {
            badge: "cpt-travail-en-equipe/pratique",
            sentence: "Service de midi sur le plateau technique cuisine : 40 couverts, équipe de cinq, poste tournant.",
            evidence: "mise-en-situation",
        },
    ] {
        let review = trainer.drops(&session, GROUP.as_bytes()).await?.ok()?;
        let lot = trainer.attests(&review, observation).await?.ok()?;
        trainer.waits_for(&lot).await?;
    }
    trainer.0.post("/atelier/sortir", &[]).await?.ok()?;

    let mut learner = Learner::new(origin)?;
    // Whoever walks finds every letter: that of the learner of the walk too.
    for to in GROUP.lines().filter_map(|line| line.split(';').nth(2)).filter(|to| to.contains('@')) {
        letters.link(to, "/r/").await?;
        let mut waited = 0;
        while letters.links(to, "/r/").len() < 3 && waited < 600 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            waited += 1;
        }
    }
    for link in letters.links("theo.auvray@courriel.example", "/r/") {
        learner.claims(&link).await?;
    }
    let share = learner.shares("Mécanique du Talou").await?;
    share.link("/v/")
}
