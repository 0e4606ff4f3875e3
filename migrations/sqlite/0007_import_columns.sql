-- Import as people do it: columns mapped by hand and remembered, a badge and a level on each line, lines mended in place.

-- A file whose columns a person still has to say: kept until they did, a day at most.
create table issuer_import_file (
    file_id         blob not null primary key,
    organisation_id blob not null references issuer_organisation (organisation_id),
    session_id      blob not null references issuer_training_session (session_id),
    -- Name of the file, for display only.
    file_name       text not null,
    -- The whole file, sealed with the master key: it may hold columns that nobody here should read.
    sealed_file     blob not null,
    dropped_by      blob not null references issuer_member (member_id),
    dropped_at      text not null,
    expires_at      text not null
) strict;
create index issuer_import_file_session on issuer_import_file (organisation_id, session_id, dropped_at);

-- What an organisation said of a set of column titles: said again by itself the next time.
create table issuer_import_columns (
    organisation_id blob not null references issuer_organisation (organisation_id),
    -- SHA-256 of the titles without case and accents, sorted.
    titles_hash     blob not null,
    -- JSON list of [title as compared, meaning]; columns that are not read are not here.
    meanings        text not null,
    kept_by         blob not null references issuer_member (member_id),
    kept_at         text not null,
    primary key (organisation_id, titles_hash)
) strict;

-- JSON list of [meaning, title as written]: which columns were read.
alter table issuer_import add column columns_read text;

-- The badge and level of the line itself; null: those chosen for the whole file.
alter table issuer_import_row add column badge_id text;
alter table issuer_import_row add column level text;
-- Where the fault stands (name, email, file_number, observed_on, badge), so that it can be mended there.
alter table issuer_import_row add column fault_field text;
-- JSON list of [field, fault, detail]: what comes after the first fault is mended.
alter table issuer_import_row add column more_faults text;

-- The result of an import names what became of each line.
create index issuer_lot_import on issuer_lot (import_id) where import_id is not null;

insert into store_retention (table_name, retention_class, reason) values
    ('issuer_import_file', 'passing', 'a file of trainees until its columns are said, a day at most'),
    ('issuer_import_columns', 'account', 'titles of columns and their meaning, no person; as long as the organisation');
