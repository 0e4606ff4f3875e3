-- Machinery shared by every house. The rows of one house carry its name in `house`.

-- How long each table keeps its rows, and why: one row per table, filled by the migration that makes it.
create table store_retention (
    table_name      text not null primary key,
    retention_class text not null check (retention_class in
        ('permanent', 'evidence', 'account', 'activity', 'work', 'passing', 'technical')),
    reason          text not null
);

-- Proof that the master key in use is the one this database was made with. Never the key.
create table store_key_check (
    name      text not null primary key,
    key_check bytea not null,
    made_at   timestamptz not null
);

-- Follow-up work (letters): queued exactly once, done at least once.
create table store_outbox (
    -- Stable for ever: a letter sent twice carries the same Message-ID. Never an address.
    message_id  text not null primary key,
    house       text not null,
    kind        text not null,
    -- What « Annuler » takes back together.
    batch_id    uuid,
    -- Sealed (address, name, link); emptied as soon as the row is final.
    payload     bytea,
    state       text not null check (state in ('queued', 'sent', 'refused', 'cancelled')),
    -- Machine word only, for example smtp_550: never the server's sentence, which repeats the address.
    reason      text,
    attempts    bigint not null,
    queued_at   timestamptz not null,
    not_before  timestamptz not null,
    -- A worker holds the row until then. A dead worker's rows return to the queue by themselves.
    lease_until timestamptz,
    lease_id    uuid,
    finished_at timestamptz
);
create index store_outbox_waiting on store_outbox (house, not_before) where state = 'queued';
create index store_outbox_batch on store_outbox (batch_id) where batch_id is not null;

-- How often something was tried (codes, sign-in) in the current window.
create table store_limit (
    house       text not null,
    bucket      text not null,
    -- Keyed hash of the visitor or code: the database never holds an IP address.
    key_hash    bytea not null,
    window_ends timestamptz not null,
    hits        bigint not null,
    primary key (house, bucket, key_hash)
);
create index store_limit_ended on store_limit (window_ends);

insert into store_retention (table_name, retention_class, reason) values
    ('store_retention', 'technical', 'says how long each table keeps its rows; no personal data'),
    ('store_key_check', 'technical', 'tells a wrong master key; no personal data'),
    ('store_outbox', 'work', 'the sealed letter is emptied when final; the fact that it left is kept 13 months'),
    ('store_limit', 'passing', 'keyed hashes, removed when their window has ended');
