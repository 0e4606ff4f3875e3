//! Mending a line in place: the value at fault is typed again, and read as the file's was.

use badge_schemas::referentiel::{Achievement, Level, referentiel};
use badge_schemas::text;
use sqlx::types::Json;
use store::Tx;
use time::Date;
use uuid::Uuid;
use web::form::Fields;

use super::reading::{self, Fault, Field, badges};
use super::rows::{self, ImportRow};
use crate::awards::observation::refused;

/// « Le badge choisi pour tout le fichier ».
pub(super) const DEFAULT_BADGE: &str = "choix";

/// Lines mended by one form: a page shows 25.
const AT_MOST: usize = 100;

/// Takes what the form says of lines at fault (`m-email-4`), and writes it.
pub(super) async fn mend_all(
    tx: &mut Tx,
    organisation_id: Uuid,
    import_id: Uuid,
    fields: &Fields,
    today: Date,
) -> store::Result<()> {
    let asked = fields.iter().filter_map(|(name, said)| {
        let (field, line) = name.strip_prefix("m-")?.rsplit_once('-')?;
        Some((Field::from_code(field)?, line.parse::<i64>().ok()?, said))
    });
    for (field, line, said) in asked.take(AT_MOST) {
        let Some(mut row) = rows::one(tx, organisation_id, import_id, line).await? else { continue };
        if row.fault_field.as_deref() == Some(field.code()) && said.trim() != shown(&row, field) {
            mend(&mut row, field, said, today);
            rows::mended(tx, organisation_id, import_id, &row).await?;
        }
    }
    Ok(())
}

/// What stands in the input of a line at fault.
pub(super) fn shown(row: &ImportRow, field: Field) -> &str {
    let detail = || row.fault_detail.as_deref().unwrap_or_default();
    match field {
        Field::Name => &row.name,
        Field::Email => row.email.as_deref().unwrap_or_default(),
        Field::FileNumber => row.file_number.as_deref().unwrap_or_default(),
        Field::ObservedOn => detail(),
        Field::Badge => "",
    }
}

/// One value typed again: right, and the line's next fault shows; wrong, and this one stays with what is wrong now.
pub(super) fn mend(row: &mut ImportRow, field: Field, said: &str, today: Date) {
    let read = match field {
        Field::Name => reading::person_name(said).map(|name| {
            row.folded_name = text::fold_name(&name);
            row.name = name;
        }),
        Field::Email => reading::email(said).map(|email| {
            let email = email.map(|email| email.0);
            row.email_key = email.as_deref().map(str::to_lowercase);
            row.email = email;
        }),
        Field::FileNumber => reading::file_number(said).map(|number| row.file_number = number),
        Field::ObservedOn => reading::day(said, today).map(|day| row.observed_on = day),
        Field::Badge if said == DEFAULT_BADGE => {
            (row.badge_id, row.level) = (None, None);
            Ok(())
        }
        Field::Badge => {
            let read = badges::read(said, "");
            match (read.fault, read.badge_id) {
                (Some(fault), _) => Err(fault),
                (None, None) => return,
                (None, Some(badge)) => {
                    (row.badge_id, row.level) = (Some(badge), read.level.map(|level| level.code().to_owned()));
                    Ok(())
                }
            }
        }
    };
    let next = match read {
        Ok(()) => {
            let mut more = row.more_faults.take().map(|more| more.0).unwrap_or_default();
            let next = (!more.is_empty()).then(|| more.remove(0));
            row.more_faults = (!more.is_empty()).then_some(Json(more));
            next
        }
        Err(fault) => {
            match field {
                Field::Name => row.name = reading::shown(said, &fault),
                Field::Email => row.email = Some(reading::shown(said, &fault)),
                _ => {}
            }
            Some(rows::kept(field, &fault))
        }
    };
    let (field, code, detail): (Option<String>, Option<String>, Option<String>) = match next {
        Some((field, code, detail)) => (Some(field), Some(code), detail),
        None => (None, None, None),
    };
    (row.fault_field, row.fault, row.fault_detail) = (field, code, detail);
}

/// The achievements offered to a line whose badge or level is at fault.
pub(super) fn offered(row: &ImportRow, families: Option<&[String]>) -> Vec<&'static Achievement> {
    let level = row.level.as_deref().and_then(Level::parse);
    let all: Vec<&'static Achievement> = match (&row.badge_id, row.fault.as_deref()) {
        (Some(badge), _) => badges::of_badge(badge),
        (None, Some("badge_unknown")) => {
            let near = badges::nearest(row.fault_detail.as_deref().unwrap_or_default(), level);
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

    const TODAY: Date = date!(2026 - 11 - 25);

    fn row(field: Field, fault: &Fault, more: Vec<KeptFault>) -> ImportRow {
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
            more_faults: (!more.is_empty()).then_some(Json(more)),
        }
    }

    #[test]
    fn one_fault_after_the_other() {
        let later = rows::kept(Field::ObservedOn, &Fault::DateDoesNotExist("31/11/2026".into()));
        let mut row = row(Field::Email, &Fault::AddressIncomplete, vec![later]);
        mend(&mut row, Field::Email, "d.lecomte", TODAY);
        assert_eq!((row.fault.as_deref(), row.email.as_deref()), (Some("address_without_at"), Some("d.lecomte")));
        assert!(row.more_faults.is_some());
        mend(&mut row, Field::Email, " D.Lecomte@Exemple.fr", TODAY);
        assert_eq!(
            (row.email.as_deref(), row.email_key.as_deref()),
            (Some("D.Lecomte@exemple.fr"), Some("d.lecomte@exemple.fr"))
        );
        assert_eq!((row.fault_field.as_deref(), shown(&row, Field::ObservedOn)), (Some("observed_on"), "31/11/2026"));
        mend(&mut row, Field::ObservedOn, "31/11/2025", TODAY);
        assert_eq!(row.fault.as_deref(), Some("date_does_not_exist"));
        mend(&mut row, Field::ObservedOn, "20 novembre 2026", TODAY);
        assert_eq!((row.fault.as_deref(), row.observed_on), (None, Some(date!(2026 - 11 - 20))));
    }

    #[test]
    fn a_badge_is_chosen_among_the_nearest() {
        let families = ["comportementale", "base", "numerique"].map(str::to_owned);
        let mut row = row(Field::Badge, &Fault::BadgeUnknown("Esprit d’équipe".into()), Vec::new());
        let offered = offered(&row, Some(&families));
        let codes: Vec<&str> = offered.iter().map(|a| a.human_code.as_str()).collect();
        assert!(codes.contains(&"cpt-travail-en-equipe/pratique"), "{codes:?}");
        assert!(!codes.contains(&"cpt-travail-en-equipe/maitrise"), "what is refused is not offered: {codes:?}");
        mend(&mut row, Field::Badge, "rien/rien", TODAY);
        assert_eq!(row.fault.as_deref(), Some("badge_unknown"));
        mend(&mut row, Field::Badge, "cpt-travail-en-equipe/pratique", TODAY);
        assert_eq!((row.fault.as_deref(), row.badge_id.as_deref()), (None, Some("cpt-travail-en-equipe")));
        mend(&mut row, Field::Badge, DEFAULT_BADGE, TODAY);
        assert_eq!((row.badge_id, row.level), (None, None));
    }

    #[test]
    fn nothing_of_a_nir_stays() {
        let mut row = row(Field::Name, &Fault::NameMissing, Vec::new());
        mend(&mut row, Field::Name, "Amina 2 99 02 76 000 000 12", TODAY);
        assert_eq!((row.name.as_str(), row.fault.as_deref()), ("", Some("looks_like_nir")));
    }
}
