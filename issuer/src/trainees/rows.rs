//! The SQL of trainees.

use std::collections::HashMap;

use badge_schemas::text;
use sqlx::types::Json;
use store::{Db, Engine, Tx, bulk, execute, on};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Book, Keys, words_of};

/// One person of one organisation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Trainee {
    /// Its id, inside the house only.
    pub trainee_id: Uuid,
    /// The name as written.
    pub name: String,
    /// The name as compared.
    pub folded_name: String,
    /// The name as sorted.
    pub sort_key: String,
    /// Where letters go.
    pub email: Option<String>,
    /// The address as compared.
    pub email_key: Option<String>,
    /// The organisation's own number.
    pub file_number: Option<String>,
}

impl Trainee {
    /// Somebody new, from values already read by `imports::reading`.
    pub fn new(name: &str, email: Option<&str>, file_number: Option<&str>) -> Self {
        Self {
            trainee_id: Uuid::new_v4(),
            folded_name: text::fold_name(name),
            sort_key: text::sort_key(name),
            name: name.to_owned(),
            email_key: email.map(str::to_lowercase),
            email: email.map(str::to_owned),
            file_number: file_number.map(str::to_owned),
        }
    }

    /// What identifies them.
    pub fn keys(&self) -> Keys {
        Keys::new(&self.name, &self.folded_name, self.email_key.as_deref(), self.file_number.as_deref())
    }
}

/// Everybody of the organisation who could be one of these people, those of the session first. An exact name is found even
/// where a program of before, still running beside this one, has just written it without its words. [`note_words`] comes
/// first, outside the transaction.
pub async fn perhaps_one_of(
    tx: &mut Tx,
    organisation_id: Uuid,
    session_id: Uuid,
    people: impl Iterator<Item = Keys>,
) -> store::Result<(Book<Uuid>, Vec<Trainee>)> {
    let (mut words, mut names, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for keys in people {
        words.push(words_of(&keys.folded_name));
        names.push(keys.folded_name);
        numbers.extend(keys.file_number);
    }
    for texts in [&mut words, &mut names, &mut numbers] {
        texts.sort_unstable();
        texts.dedup();
    }
    // Each set is one value, so that the statement is the same for any number of people.
    let among = match tx {
        Tx::Sqlite(_) => |place: u8| format!("in (select value from json_each(${place}))"),
        Tx::Postgres(_) => |place: u8| format!("= any (${place})"),
    };
    let (in_words, in_names, in_numbers) = (among(3), among(4), among(5));
    // Only our own words and placeholders: every value is bound. Three looks at three indexes: one look for all would
    // read everybody.
    let sql = sqlx::AssertSqlSafe(format!(
        "select t.trainee_id, t.name, t.folded_name, t.sort_key, t.email, t.email_key, t.file_number
         from issuer_trainee t
         left join issuer_session_trainee s on s.session_id = $2 and s.trainee_id = t.trainee_id
         where t.trainee_id in (
             select trainee_id from issuer_trainee where organisation_id = $1 and name_words {in_words}
             union select trainee_id from issuer_trainee where organisation_id = $1 and folded_name {in_names}
             union select trainee_id from issuer_trainee where organisation_id = $1 and file_number {in_numbers})
         order by case when s.session_id is null then 1 else 0 end, t.added_at desc, t.trainee_id"
    ));
    let known: Vec<Trainee> = match tx.executor() {
        Engine::Sqlite(c) => {
            let query = sqlx::query_as(sql).bind(organisation_id).bind(session_id);
            query.bind(Json(words)).bind(Json(names)).bind(Json(numbers)).fetch_all(c).await?
        }
        // Planned each time, for the values and the size of the table as they are: a plan made while the house was empty
        // would walk through everybody for each of thousands of names.
        Engine::Postgres(c) => {
            let query = sqlx::query_as(sql).persistent(false).bind(organisation_id).bind(session_id);
            query.bind(words).bind(names).bind(numbers).fetch_all(c).await?
        }
    };
    Ok((book(&known), known))
}

/// Everybody of the organisation with this name or number, those of the session first. [`note_words`] comes first,
/// outside the transaction.
pub async fn perhaps(
    tx: &mut Tx,
    organisation_id: Uuid,
    session_id: Uuid,
    keys: &Keys,
) -> store::Result<(Book<Uuid>, Vec<Trainee>)> {
    let known: Vec<Trainee> = on!(tx, c => sqlx::query_as(
        "select t.trainee_id, t.name, t.folded_name, t.sort_key, t.email, t.email_key, t.file_number
         from issuer_trainee t
         left join issuer_session_trainee s on s.session_id = $2 and s.trainee_id = t.trainee_id
         where t.organisation_id = $1 and (t.name_words = $3 or t.file_number = $4)
         order by case when s.session_id is null then 1 else 0 end, t.added_at desc, t.trainee_id")
        .bind(organisation_id).bind(session_id).bind(words_of(&keys.folded_name)).bind(&keys.file_number).fetch_all(c).await)?;
    Ok((book(&known), known))
}

/// Writes the words of the names that a program of before wrote without them (`migrations/0009`). Each part in a
/// transaction of its own, so that it is done once whatever becomes of the caller's: call it before that one begins.
pub async fn note_words(db: &Db, organisation_id: Uuid) -> store::Result<()> {
    loop {
        let without: Vec<(Uuid, String)> = on!(db, c => sqlx::query_as(
            "select trainee_id, folded_name from issuer_trainee
             where organisation_id = $1 and name_words is null order by trainee_id limit $2")
            .bind(organisation_id).bind(i64::try_from(bulk::ROWS).unwrap_or(i64::MAX)).fetch_all(c).await)?;
        if without.is_empty() {
            return Ok(());
        }
        let mut tx = db.begin().await?;
        // Only our own words and placeholders: every value is bound.
        let sql = sqlx::AssertSqlSafe(format!(
            "update issuer_trainee set name_words = told.column2 from (values {}) as told
             where organisation_id = ${} and trainee_id = told.column1 and name_words is null",
            bulk::values(&tx, without.len(), 2),
            without.len() * 2 + 1
        ));
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(without.len()));
            for (trainee_id, folded_name) in &without {
                query = query.bind(*trainee_id).bind(words_of(folded_name));
            }
            query.bind(organisation_id)
        })?;
        tx.commit().await?;
        if without.len() < bulk::ROWS {
            return Ok(());
        }
    }
}

fn book(known: &[Trainee]) -> Book<Uuid> {
    let mut book = Book::new();
    for trainee in known {
        book.add(trainee.trainee_id, &trainee.keys());
    }
    book
}

/// Adds people, in an order that two instances adding the same ones share. Somebody added by another instance in the
/// meantime breaks a unique rule, which the caller answers by settling again.
pub async fn add(tx: &mut Tx, organisation_id: Uuid, people: &mut [Trainee], at: OffsetDateTime) -> store::Result<()> {
    people.sort_by(|a, b| {
        (&a.file_number, &a.email_key, &a.folded_name).cmp(&(&b.file_number, &b.email_key, &b.folded_name))
    });
    for some in people.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            tx,
            "issuer_trainee (trainee_id, organisation_id, name, folded_name, sort_key, email, email_key, file_number, added_at, name_words)",
            some.len(),
            10,
            "",
        );
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for t in some {
                query = query
                    .bind(t.trainee_id)
                    .bind(organisation_id)
                    .bind(&t.name)
                    .bind(&t.folded_name)
                    .bind(&t.sort_key)
                    .bind(&t.email)
                    .bind(&t.email_key)
                    .bind(&t.file_number)
                    .bind(at)
                    .bind(words_of(&t.folded_name));
            }
            query
        })?;
    }
    Ok(())
}

/// Fills in what was not known of somebody: an address, a file number. What is known is never overwritten.
pub async fn complete(
    tx: &mut Tx,
    organisation_id: Uuid,
    trainee_id: Uuid,
    email: Option<&str>,
    file_number: Option<&str>,
) -> store::Result<()> {
    execute!(
        tx,
        sqlx::query(
            "update issuer_trainee set email = coalesce(email, $3), email_key = coalesce(email_key, $4),
             file_number = coalesce(file_number, $5)
         where organisation_id = $1 and trainee_id = $2"
        )
        .bind(organisation_id)
        .bind(trainee_id)
        .bind(email)
        .bind(email.map(str::to_lowercase))
        .bind(file_number)
    )?;
    Ok(())
}

/// Of these people, those whose address or file number is not known: whether the one, whether the other is missing.
pub async fn without_some_detail(
    tx: &mut Tx,
    organisation_id: Uuid,
    mut people: Vec<Uuid>,
) -> store::Result<HashMap<Uuid, (bool, bool)>> {
    people.sort_unstable();
    people.dedup();
    let mut found = HashMap::new();
    for some in people.chunks(bulk::ROWS) {
        // Only our own words and placeholders: every value is bound.
        let sql = sqlx::AssertSqlSafe(format!(
            "select trainee_id, email is null, file_number is null from issuer_trainee
             where trainee_id in (values {}) and organisation_id = ${} and (email is null or file_number is null)",
            bulk::values(tx, some.len(), 1),
            some.len() + 1
        ));
        let rows: Vec<(Uuid, bool, bool)> = on!(tx, c => {
            let mut query = sqlx::query_as(sql).persistent(false);
            for trainee in some {
                query = query.bind(*trainee);
            }
            query.bind(organisation_id).fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|(id, email, number)| (id, (email, number))));
    }
    Ok(found)
}

/// Puts people into a session; those already there stay.
pub async fn join_session(
    tx: &mut Tx,
    organisation_id: Uuid,
    session_id: Uuid,
    trainees: &[Uuid],
    at: OffsetDateTime,
) -> store::Result<()> {
    for some in trainees.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            tx,
            "issuer_session_trainee (session_id, trainee_id, organisation_id, added_at)",
            some.len(),
            4,
            " on conflict (session_id, trainee_id) do nothing",
        );
        execute!(tx, {
            let mut query = sqlx::query(sql).persistent(bulk::stays(some.len()));
            for trainee in some {
                query = query.bind(session_id).bind(*trainee).bind(organisation_id).bind(at);
            }
            query
        })?;
    }
    Ok(())
}

/// Everybody in a session, in the order of French names.
pub async fn of_session(db: &Db, organisation_id: Uuid, session_id: Uuid) -> store::Result<Vec<Trainee>> {
    Ok(on!(db, c => sqlx::query_as(
        "select t.trainee_id, t.name, t.folded_name, t.sort_key, t.email, t.email_key, t.file_number
         from issuer_session_trainee s join issuer_trainee t on t.trainee_id = s.trainee_id
         where s.organisation_id = $1 and s.session_id = $2 order by t.sort_key, t.trainee_id")
        .bind(organisation_id).bind(session_id).fetch_all(c).await)?)
}
