//! Mending a line in place: the value at fault is typed again, and read as the file's was.

use std::collections::BTreeMap;

use badge_schemas::referentiel::{Achievement, Level, referentiel};
use badge_schemas::text;
use store::Tx;
use time::Date;
use uuid::Uuid;
use web::form::Fields;

use super::reading::{self, Fault, Field, badges};
use super::rows::{self, ImportRow};
use crate::awards::observation::refused;

/// « Le badge choisi pour tout le fichier ».
pub(super) const DEFAULT_BADGE: &str = "choix";

/// The field of a badge typed instead of one of those offered.
pub(super) const OTHER_BADGE: &str = "autre";

/// What a typed value is read by.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    /// The last day that an observation can have.
    pub today: Date,
    /// [`rows::Import::names_stand_in_order`]
    pub names_in_order: bool,
}

/// Values mended by one form: a page shows 25 lines of at most six fields.
const AT_MOST: usize = 200;

/// Takes what the form says of lines at fault (`m-email-4`; `m-autre-4` names a badge that was not offered), and writes
/// it. A line with several faults is mended in one go.
pub(super) async fn mend_all(
    tx: &mut Tx,
    organisation_id: Uuid,
    import_id: Uuid,
    fields: &Fields,
    how: How,
) -> store::Result<()> {
    let asked = fields.iter().filter_map(|(name, said)| {
        let (field, line) = name.strip_prefix("m-")?.rsplit_once('-')?;
        // What is typed comes after what is chosen, and counts instead of it.
        let field = if field == OTHER_BADGE { Field::Badge } else { Field::from_code(field)? };
        Some((line.parse::<i64>().ok()?, field, said))
    });
    let mut lines: BTreeMap<i64, Vec<(Field, &str)>> = BTreeMap::new();
    for (line, field, said) in asked.take(AT_MOST) {
        let said_of = lines.entry(line).or_default();
        if field == Field::Badge && !said.trim().is_empty() {
            said_of.retain(|(other, _)| *other != Field::Badge);
        }
        said_of.push((field, said));
    }
    for (line, said_of) in lines {
        let Some(mut row) = rows::one(tx, organisation_id, import_id, line).await? else { continue };
        let before = row.clone();
        for (field, said) in said_of {
            mend(&mut row, field, said, how);
        }
        if row != before {
            rows::mended(tx, organisation_id, import_id, &row).await?;
        }
    }
    Ok(())
}

/// What stands in the input of a field at fault; `detail` is what was written there, when the fault keeps it.
pub(super) fn shown<'a>(row: &'a ImportRow, field: Field, detail: Option<&'a str>) -> &'a str {
    match field {
        Field::Name => &row.name,
        Field::Email => row.email.as_deref().unwrap_or_default(),
        Field::FileNumber => row.file_number.as_deref().unwrap_or_default(),
        Field::ObservedOn => detail.unwrap_or_default(),
        Field::Badge => "",
    }
}

/// One value typed again: right, and its fault is gone; wrong, and it says what is wrong now. What is not at fault, or
/// was left as it stood, does not change.
pub(super) fn mend(row: &mut ImportRow, field: Field, said: &str, how: How) {
    let mut faults = row.faults();
    let Some(place) = faults.iter().position(|(wrong, ..)| wrong == field.code()) else { return };
    if said.trim() == shown(row, field, faults[place].2.as_deref()) {
        return;
    }
    match take(row, field, said, how) {
        Ok(()) => {
            faults.remove(place);
        }
        Err(fault) => {
            match field {
                Field::Name => row.name = reading::shown(said, &fault),
                Field::Email => row.email = Some(reading::shown(said, &fault)),
                _ => {}
            }
            faults[place] = rows::kept(field, &fault);
        }
    }
    row.set_faults(faults);
}

/// Reads one value as the file's was, into the line.
fn take(row: &mut ImportRow, field: Field, said: &str, how: How) -> Result<(), Fault> {
    match field {
        Field::Name => {
            let read = if how.names_in_order { reading::name_as_written } else { reading::person_name };
            row.name = read(said)?;
            row.folded_name = text::fold_name(&row.name);
        }
        Field::Email => {
            row.email = reading::email(said)?.map(|email| email.0);
            row.email_key = row.email.as_deref().map(str::to_lowercase);
        }
        Field::FileNumber => row.file_number = reading::file_number(said)?,
        Field::ObservedOn => row.observed_on = reading::day(said, how.today)?,
        Field::Badge if said == DEFAULT_BADGE => (row.badge_id, row.level) = (None, None),
        Field::Badge => {
            let mut read = badges::read(said, "");
            // The file's own level goes with a badge that is named alone.
            if let (Some(Fault::LevelMissing(_)), Some(level)) = (&read.fault, &row.level) {
                read = badges::read(said, level);
            }
            match (read.fault, read.badge_id) {
                (Some(fault), badge) => {
                    // « Rigueur » alone: the badge is known now, its level is asked.
                    row.badge_id = badge;
                    return Err(fault);
                }
                // « néant »: nothing was said.
                (None, None) => return Err(Fault::BadgeUnknown(reading::shown(said, &Fault::NotAName))),
                (None, Some(badge)) => {
                    (row.badge_id, row.level) = (Some(badge), read.level.map(|level| level.code().to_owned()));
                }
            }
        }
    }
    Ok(())
}

/// The achievements offered to a line whose badge or level is at fault.
pub(super) fn offered(row: &ImportRow, families: Option<&[String]>) -> Vec<&'static Achievement> {
    let level = row.level.as_deref().and_then(Level::parse);
    let unknown = row.faults().into_iter().find(|(_, code, _)| code == "badge_unknown");
    let all: Vec<&'static Achievement> = match (&row.badge_id, unknown) {
        (Some(badge), _) => badges::of_badge(badge),
        (None, Some((.., said))) => {
            let near = badges::nearest(said.as_deref().unwrap_or_default(), level);
            near.into_iter()
                .take(4)
                .flat_map(|a| badges::of_badge(&a.badge_id))
                .filter(|a| level.is_none_or(|l| l == a.level))
                .collect()
        }
        _ => Vec::new(),
    };
    all.into_iter().filter(|a| refused(a, families).is_none()).collect()
}

/// Every achievement that this organisation may attest in a file, to be found by its name.
pub(super) fn every(families: Option<&[String]>) -> impl Iterator<Item = &'static Achievement> {
    referentiel().achievements().iter().filter(move |a| refused(a, families).is_none())
}

/// A fault as kept, in words.
pub(super) fn words(code: &str, detail: Option<&str>) -> String {
    Fault::from_code(code, detail).map(|fault| fault.words()).unwrap_or_default()
}

/// « Travail en équipe – Je pratique », of a line that says its own.
pub(super) fn badge_words(badge: Option<&str>, level: Option<&str>) -> String {
    let named = badge.map(|badge| referentiel().badge(badge).map_or(badge, |b| &b.name));
    let level = level.map(|level| Level::parse(level).map_or(level, |known| known.name()));
    [named, level].into_iter().flatten().collect::<Vec<_>>().join(" – ")
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::imports::rows::KeptFault;

    const TODAY: How = How { today: date!(2026 - 11 - 25), names_in_order: false };

    fn at_fault(field: Field, fault: &Fault, more: Vec<KeptFault>) -> ImportRow {
        let (field, code, detail) = rows::kept(field, fault);
        ImportRow {
            line: 4,
            name: "Dylan Lecomte".into(),
            folded_name: "dylan lecomte".into(),
            email: Some("d.lecomte@exemple".into()),
            email_key: None,
            file_number: None,
            observed_on: None,
            fault: Some(code),
            fault_detail: detail,
            same_as_line: None,
            trainee_id: None,
            question: None,
            answer: None,
            state: "fault".into(),
            badge_id: None,
            level: None,
            fault_field: Some(field),
            more_faults: (!more.is_empty()).then_some(sqlx::types::Json(more)),
        }
    }

    #[test]
    fn each_fault_is_mended_for_itself() {
        let later = rows::kept(Field::ObservedOn, &Fault::DateDoesNotExist("31/11/2026".into()));
        let mut row = at_fault(Field::Email, &Fault::AddressIncomplete, vec![later]);
        let codes = |row: &ImportRow| row.faults().into_iter().map(|(_, code, _)| code).collect::<Vec<_>>();
        mend(&mut row, Field::Email, "d.lecomte", TODAY);
        assert_eq!(codes(&row), ["address_without_at", "date_does_not_exist"]);
        assert_eq!(row.email.as_deref(), Some("d.lecomte"));
        // The second one first: the first still stands.
        assert_eq!(shown(&row, Field::ObservedOn, row.faults()[1].2.as_deref()), "31/11/2026");
        mend(&mut row, Field::ObservedOn, "31/11/2025", TODAY);
        assert_eq!(row.faults()[1].2.as_deref(), Some("31/11/2025"));
        mend(&mut row, Field::ObservedOn, "20 novembre 2026", TODAY);
        assert_eq!((codes(&row), row.observed_on), (vec!["address_without_at".into()], Some(date!(2026 - 11 - 20))));
        // Where the file says the order of names, a first name in capitals stays where it is typed.
        for (names_in_order, name) in [(false, "Martin MARIE"), (true, "MARIE Martin")] {
            let mut row = at_fault(Field::Name, &Fault::NameMissing, Vec::new());
            mend(&mut row, Field::Name, "MARIE Martin", How { names_in_order, ..TODAY });
            assert_eq!((row.name.as_str(), row.fault), (name, None));
        }
        // What is right is not overwritten, what was left alone neither.
        let before = row.clone();
        mend(&mut row, Field::Name, "Autre Nom", TODAY);
        mend(&mut row, Field::Email, " d.lecomte ", TODAY);
        assert_eq!(row, before);
        mend(&mut row, Field::Email, " D.Lecomte@Exemple.fr", TODAY);
        assert_eq!(
            (row.email.as_deref(), row.email_key.as_deref()),
            (Some("D.Lecomte@exemple.fr"), Some("d.lecomte@exemple.fr"))
        );
        assert_eq!((codes(&row), row.more_faults), (Vec::new(), None));
    }

    #[test]
    fn a_badge_is_chosen_among_the_nearest() {
        let families = ["comportementale", "base", "numerique"].map(str::to_owned);
        let mut row = at_fault(Field::Badge, &Fault::BadgeUnknown("Esprit d’équipe".into()), Vec::new());
        let offered = offered(&row, Some(&families));
        let codes: Vec<&str> = offered.iter().map(|a| a.human_code.as_str()).collect();
        assert!(codes.contains(&"cpt-travail-en-equipe/pratique"), "{codes:?}");
        assert!(!codes.contains(&"cpt-travail-en-equipe/maitrise"), "what is refused is not offered: {codes:?}");
        mend(&mut row, Field::Badge, "rien/rien", TODAY);
        assert_eq!(row.fault.as_deref(), Some("badge_unknown"));
        let mut other = row.clone();
        mend(&mut other, Field::Badge, DEFAULT_BADGE, TODAY);
        assert_eq!((other.fault, other.badge_id, other.level), (None, None, None));
        mend(&mut row, Field::Badge, "cpt-travail-en-equipe/pratique", TODAY);
        assert_eq!((row.fault.as_deref(), row.badge_id.as_deref()), (None, Some("cpt-travail-en-equipe")));
    }

    #[test]
    fn every_badge_can_be_named() {
        let families = ["comportementale", "base", "numerique"].map(str::to_owned);
        assert_eq!(every(Some(&families)).count(), 118);
        assert_eq!(every(Some(&families[..1])).count(), 16);
        assert_eq!(every(None).count(), 0);
        for achievement in every(Some(&families)) {
            let mut row = at_fault(Field::Badge, &Fault::BadgeUnknown("Esprit d’équipe".into()), Vec::new());
            mend(&mut row, Field::Badge, &achievement.name, TODAY);
            assert_eq!((row.fault.as_deref(), row.achievement("")), (None, achievement.human_code.clone()));
        }
        // The badge alone takes the level that the file said; without one, its levels are offered.
        let mut with_level = at_fault(Field::Badge, &Fault::BadgeUnknown("x".into()), Vec::new());
        with_level.level = Some("pratique".into());
        mend(&mut with_level, Field::Badge, "Travail en équipe", TODAY);
        assert_eq!(
            (with_level.fault.as_deref(), with_level.achievement("").as_str()),
            (None, "cpt-travail-en-equipe/pratique")
        );
        let mut row = at_fault(Field::Badge, &Fault::BadgeUnknown("x".into()), Vec::new());
        mend(&mut row, Field::Badge, "Travail en équipe", TODAY);
        assert_eq!(row.fault.as_deref(), Some("level_missing"));
        assert!(!offered(&row, Some(&families)).is_empty());
    }

    #[test]
    fn nothing_of_a_nir_stays() {
        let mut row = at_fault(Field::Name, &Fault::NameMissing, Vec::new());
        mend(&mut row, Field::Name, "Amina 2 99 02 76 000 000 12", TODAY);
        assert_eq!((row.name.as_str(), row.fault.as_deref()), ("", Some("looks_like_nir")));
    }
}
