//! A database as one file, and back, on both engines and from one to the other.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sqlx::types::Json;
use store::archive::{self, ArchiveError, Contents};
use store::outbox::{self, Message};
use store::testing::{self, TestDb};
use store::{Db, StoreError, Vault, execute, limits, on};
use time::macros::date;
use uuid::Uuid;

const ORGANISATION: Uuid = Uuid::from_u128(0x1f0c_2c1e_7d0b_4b83_9a1f_2f6a_1c0e_9d47);

/// Rows of every type: text with quotes and accents, bytes, JSON, booleans, days, instants, nothing.
async fn fill(test: &TestDb) {
    let (db, now) = (&test.db, test.clock.now());
    test.vault.check(db, now).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_organisation
                (organisation_id, opaque, is_region, name, short_name, town, siret, sort_key, added_at, added_by)
             values ($1, 'abcdefgh', $2, $3, 'É', 'Flers', null, 'e', $4, null)"
        )
        .bind(ORGANISATION)
        .bind(true)
        .bind("L’« Estuaire » \"C:\\\\\"\n\t[1]")
        .bind(now)
    )
    .unwrap();
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_habilitation
                (habilitation_id, organisation_id, from_at, families, habilitated_at)
             values ($1, $2, $3, $4, $3)"
        )
        .bind(Uuid::new_v4())
        .bind(ORGANISATION)
        .bind(now)
        .bind(Json(["base", "cle"]))
    )
    .unwrap();
    execute!(
        tx,
        sqlx::query("insert into verifier_count (day, way, verdict, count) values ($1, 'code', 'authentic', $2)")
            .bind(date!(2026 - 11 - 20))
            .bind(i64::MAX)
    )
    .unwrap();
    let message = Message {
        house: "issuer",
        kind: "badge",
        message_id: "award-1@issuer.example",
        batch_id: Some(ORGANISATION),
        not_before: now,
        payload: &"ines@example.org",
    };
    outbox::queue(&mut tx, &test.vault, &message, now).await.unwrap();
    // More than are read or written at once.
    for n in 0..1_203_i64 {
        execute!(
            tx,
            sqlx::query(
                "insert into store_limit (house, bucket, key_hash, window_ends, hits) values ('issuer', $3, $1, $2, 1)"
            )
            .bind(n.to_be_bytes().to_vec())
            .bind(now)
            .bind("long ".repeat(usize::try_from(n).unwrap()))
        )
        .unwrap();
    }
    tx.commit().await.unwrap();
}

async fn written(test: &TestDb) -> (Vec<u8>, Contents) {
    let mut bytes = Vec::new();
    let origin = Some("https://livret.example".to_owned());
    let contents = archive::write(&test.db, "0.1.0", origin, test.clock.now(), &mut bytes).await.unwrap();
    assert_eq!(archive::read(&bytes[..]).unwrap(), contents, "what was written is what is read");
    (bytes, contents)
}

/// The rows as text, whatever order and spaces an engine gives them.
fn rows(archive: &[u8]) -> Vec<String> {
    let mut text = String::new();
    GzDecoder::new(archive).read_to_string(&mut text).unwrap();
    let mut lines: Vec<String> = text.lines().filter(|line| line.starts_with('[')).map(ToOwned::to_owned).collect();
    for line in &mut lines {
        let mut row: Vec<serde_json::Value> = serde_json::from_str(line).unwrap();
        for value in &mut row {
            if let Some(json) = value.as_str().filter(|text| text.starts_with("[\"")) {
                *value = serde_json::from_str(json).unwrap();
            }
        }
        *line = serde_json::to_string(&row).unwrap();
    }
    lines.sort();
    lines
}

#[tokio::test]
async fn a_database_goes_from_either_engine_to_either() {
    for source in testing::databases().await {
        fill(&source).await;
        let (archive, contents) = written(&source).await;
        assert_eq!(contents.rows["store_limit"], 1_203);
        assert_eq!(contents.header.engine, source.engine());
        assert!(source.vault.made(contents.key_check.as_deref().unwrap()));
        assert!(!Vault::from_bytes([8; 32]).made(contents.key_check.as_deref().unwrap()));
        for target in testing::databases().await {
            archive::load(&target.db, &contents, &archive[..]).await.unwrap();
            let (again, loaded) = written(&target).await;
            let way = format!("{} to {}", source.engine(), target.engine());
            assert_eq!(loaded.rows, contents.rows, "{way}");
            assert!(rows(&again) == rows(&archive), "{way}: every row is the same");
            // As the program reads them.
            let (name, is_region): (String, bool) =
                on!(target.db, c => sqlx::query_as("select name, is_region from issuer_organisation where organisation_id = $1")
                    .bind(ORGANISATION).fetch_one(c).await).unwrap();
            assert_eq!((name.as_str(), is_region), ("L’« Estuaire » \"C:\\\\\"\n\t[1]", true), "{way}");
            let families: Json<Vec<String>> =
                on!(target.db, c => sqlx::query_scalar("select families from issuer_habilitation").fetch_one(c).await)
                    .unwrap();
            assert_eq!(families.0, ["base", "cle"], "{way}");
            let due = outbox::health(&target.db, target.clock.now(), target.clock.now()).await.unwrap();
            assert_eq!(due, outbox::Health { queued: 1, late: 0, failed: 0 }, "{way}");
            assert_eq!(source.vault.matches(&target.db).await.unwrap(), Some(true), "{way}");
        }
    }
}

#[tokio::test]
async fn an_archive_is_one_instant_while_others_write() {
    for test in testing::databases().await {
        fill(&test).await;
        let (db, now) = (test.db.clone(), test.clock.now());
        let limit =
            limits::Limit { house: "issuer", bucket: "writing", max: 1, window: std::time::Duration::from_secs(60) };
        let vault = test.vault.clone();
        let writing = tokio::spawn(async move {
            // Each transaction leaves as many rows of one kind as of the other.
            for n in 0..60_u32 {
                let mut tx = db.begin().await.unwrap();
                for day in [1, 2] {
                    execute!(
                        tx,
                        sqlx::query("insert into verifier_count (day, way, verdict, count) values ($1, $2, 'x', 1)")
                            .bind(date!(2026 - 11 - 20) + time::Duration::days(day))
                            .bind(n.to_string())
                    )
                    .unwrap();
                    tokio::task::yield_now().await;
                }
                tx.commit().await.unwrap();
                let _count = limits::hit(&db, &vault, &limit, &n.to_string(), now).await.unwrap();
            }
        });
        while !writing.is_finished() {
            let (_, contents) = written(&test).await;
            assert_eq!(contents.rows["verifier_count"] % 2, 1, "{}: half of a transaction", test.engine());
        }
        writing.await.unwrap();
        let (_, contents) = written(&test).await;
        assert_eq!(contents.rows["verifier_count"], 121);
    }
}

#[tokio::test]
async fn a_database_with_rows_is_left_alone() {
    let source = testing::sqlite().await;
    fill(&source).await;
    let (archive, contents) = written(&source).await;
    for target in testing::databases().await {
        target.vault.check(&target.db, target.clock.now()).await.unwrap();
        let refused = archive::load(&target.db, &contents, &archive[..]).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Archive(ArchiveError::NotEmpty(table)) if table == "store_key_check"));
        // What fails on the way leaves nothing, and may be tried again.
        let mut tx = target.db.begin().await.unwrap();
        execute!(tx, sqlx::query("delete from store_key_check")).unwrap();
        tx.commit().await.unwrap();
        let mut wrong = contents.clone();
        wrong.rows.insert("store_limit".into(), 7);
        let refused = archive::load(&target.db, &wrong, &archive[..]).await.unwrap_err();
        assert!(
            matches!(&refused, StoreError::Archive(ArchiveError::Rows(table)) if table == "store_limit"),
            "{refused}"
        );
        archive::load(&target.db, &contents, &archive[..]).await.unwrap();
    }
}

#[tokio::test]
async fn a_fresh_database_gets_its_tables_first() {
    let source = testing::sqlite().await;
    fill(&source).await;
    let (archive, contents) = written(&source).await;
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("fresh.db").display());
    for url in [sqlite, testing::empty_postgres().await] {
        let db = Db::open(&url).await.unwrap();
        archive::load(&db, &contents, &archive[..]).await.unwrap();
        assert_eq!(source.vault.matches(&db).await.unwrap(), Some(true));
        db.close().await;
    }
}

#[tokio::test]
async fn a_file_that_is_cut_or_altered_is_refused() {
    let test = testing::sqlite().await;
    fill(&test).await;
    let (archive, contents) = written(&test).await;
    let mut text = String::new();
    GzDecoder::new(&archive[..]).read_to_string(&mut text).unwrap();
    let packed = |text: &str| {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    };
    assert_eq!(archive::read(&packed(&text)[..]).unwrap(), contents);
    let said = |bytes: &[u8]| archive::read(bytes).unwrap_err().to_string();

    let cut = ArchiveError::Cut.to_string();
    assert_eq!(said(&archive[..archive.len() / 2]), cut);
    let end = text.trim_end().rfind('\n').unwrap();
    assert_eq!(said(&packed(&text[..=end])), cut);
    assert_eq!(said(&packed(text.trim_end())), cut);
    assert_eq!(said(&packed(&text.replacen("Flers", "Rouen", 1))), ArchiveError::Altered.to_string());
    let mut flipped = archive.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0xff;
    assert!(archive::read(&flipped[..]).is_err());
    let nothing = ArchiveError::NotAnArchive.to_string();
    for stranger in [&b""[..], b"PK\x03\x04", b"bonjour\n", &packed("[1]\n"), &packed("{\"a\":1}\n"), &packed("")] {
        assert_eq!(said(stranger), nothing, "{stranger:?}");
    }
    assert_eq!(
        said(&packed(&text.replacen("\"livret_archive\":1", "\"livret_archive\":2", 1))),
        "the archive has format 2, unknown to this program"
    );
    // A whole line more, or a table twice.
    assert!(archive::read(&packed(&format!("{text}[]\n"))[..]).is_err());

    let mut newer = contents;
    newer.header.migration = 9_999;
    let target = testing::sqlite().await;
    let refused = archive::load(&target.db, &newer, &archive[..]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Archive(ArchiveError::Newer { archive: 9_999, .. })), "{refused}");
}

#[tokio::test]
async fn a_damaged_file_of_sqlite_is_not_archived_as_if_whole() {
    let test = testing::sqlite().await;
    fill(&test).await;
    let Db::Sqlite { path, .. } = &test.db else { unreachable!("a SQLite database") };
    let path = path.clone();
    test.db.close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    let page = 4096;
    assert!(bytes.len() > 60 * page);
    // The last pages hold rows of the long table and its index.
    let from = bytes.len() - 20 * page;
    bytes[from..from + 3 * page].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let db = Db::open(&format!("sqlite:{}", path.display())).await.unwrap();
    assert!(db.damage().await.unwrap().is_some());
    let refused = archive::write(&db, "0.1.0", None, test.clock.now(), Vec::new()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Archive(ArchiveError::Damaged(_)) | StoreError::Sql(_)), "{refused}");
}
