-- The issuer's house: organisations, who works there, their keys, status lists, habilitations and the register.
-- Every row carries organisation_id (docs/decisions): no query is written without it.

-- An organisation. Number one is the Région. Its name may change, its opaque id never does: it is inside signed ids.
create table issuer_organisation (
    organisation_id uuid not null primary key,
    -- 8 signs, in did:web:{host}:o:{opaque}. Drawn at random: never the SIRET, never the name.
    opaque          text not null,
    is_region       boolean not null,
    name            text not null,
    -- For the rim of the badge picture; the full name when it is short enough.
    short_name      text not null,
    town            text not null,
    -- 14 digits; null for the Région.
    siret           text,
    -- Computed in Rust: engines collate French differently.
    sort_key        text not null,
    added_at        timestamptz not null,
    -- The officer's membership; null when the program itself did it (first start, command line).
    added_by        uuid
);
create unique index one_organisation_per_opaque_id on issuer_organisation (opaque);
create unique index one_region on issuer_organisation (is_region) where is_region;
create unique index one_organisation_per_siret on issuer_organisation (siret) where siret is not null;

-- The Région lets an organisation attest, from an instant, until an instant.
create table issuer_habilitation (
    habilitation_id uuid not null primary key,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    from_at         timestamptz not null,
    -- Null while nobody has ended it; may lie in the future.
    until_at        timestamptz,
    -- JSON list of the families it may attest: comportementale, base, numerique, cle.
    families        jsonb not null,
    habilitated_at  timestamptz not null,
    habilitated_by  uuid,
    ended_at        timestamptz,
    ended_by        uuid,
    -- Written by an officer, read by the organisation.
    ended_reason    text
);
create unique index one_open_habilitation_per_organisation on issuer_habilitation (organisation_id) where ended_at is null;
create index issuer_habilitation_of on issuer_habilitation (organisation_id, from_at);

-- Somebody who works for an organisation (trainer) or for the Région (officer).
create table issuer_member (
    member_id       uuid not null primary key,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    role            text not null check (role in ('trainer', 'officer')),
    -- As typed, trimmed, lower case.
    email           text not null,
    name            text not null,
    sort_key        text not null,
    -- May add and end members of the same organisation.
    is_referent     boolean not null,
    added_at        timestamptz not null,
    added_by        uuid,
    ended_at        timestamptz,
    ended_by        uuid
);
create unique index one_membership_per_person_and_organisation on issuer_member (organisation_id, role, email) where ended_at is null;
create index issuer_member_email on issuer_member (email);

-- A one-time link in a letter. The link itself is derived from the row's id; here stands only its keyed hash.
create table issuer_sign_in (
    sign_in_id      uuid not null primary key,
    -- Of the membership that was found first: the person may choose another at the door.
    organisation_id uuid not null references issuer_organisation (organisation_id),
    member_id       uuid not null references issuer_member (member_id),
    role            text not null check (role in ('trainer', 'officer')),
    token_hash      bytea not null,
    -- A page of ours to open afterwards.
    return_to       text,
    asked_at        timestamptz not null,
    expires_at      timestamptz not null,
    used_at         timestamptz
);
create unique index one_sign_in_per_token on issuer_sign_in (token_hash);
create index issuer_sign_in_expires on issuer_sign_in (expires_at);

-- Somebody is signed in on a device.
create table issuer_login (
    login_id        uuid not null primary key,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    member_id       uuid not null references issuer_member (member_id),
    role            text not null check (role in ('trainer', 'officer')),
    token_hash      bytea not null,
    -- « Firefox, Windows »: enough to recognise one's own device.
    device          text not null,
    signed_in_at    timestamptz not null,
    expires_at      timestamptz not null,
    signed_out_at   timestamptz
);
create unique index one_login_per_token on issuer_login (token_hash);
create index issuer_login_member on issuer_login (organisation_id, member_id);
create index issuer_login_expires on issuer_login (expires_at);

-- The signing keys of an organisation. Retired keys stay: badges signed with them stay verifiable.
create table issuer_key (
    key_id               uuid not null primary key,
    organisation_id      uuid not null references issuer_organisation (organisation_id),
    -- The fragment of the key's id.
    public_key_multibase text not null,
    -- 32 bytes, sealed with the master key.
    sealed_seed          bytea not null,
    created_at           timestamptz not null,
    retired_at           timestamptz
);
create unique index one_key_in_use_per_organisation on issuer_key (organisation_id) where retired_at is null;
create unique index one_key_per_public_key on issuer_key (public_key_multibase);

-- How many status entries an organisation has taken, over all its lists: list n holds positions (n-1)·65536 to n·65536-1.
create table issuer_status_counter (
    organisation_id uuid not null primary key references issuer_organisation (organisation_id),
    next_position   bigint not null
);

-- One status list and its signed text. `version` counts changes, `signed_version` says which the text tells.
create table issuer_status_list (
    organisation_id uuid not null references issuer_organisation (organisation_id),
    list_number     bigint not null,
    opened_at       timestamptz not null,
    version         bigint not null,
    signed_version  bigint,
    signed_at       timestamptz,
    signed_text     text,
    primary key (organisation_id, list_number)
);

-- A bit that is set: a badge that was withdrawn. Never unset.
create table issuer_status_set (
    organisation_id uuid not null references issuer_organisation (organisation_id),
    list_number     bigint not null,
    status_index    bigint not null,
    set_at          timestamptz not null,
    primary key (organisation_id, list_number, status_index)
);

-- The register of trust, signed by the Région, whose organisation_id this row carries.
create table issuer_register (
    organisation_id uuid not null primary key references issuer_organisation (organisation_id),
    version         bigint not null,
    signed_version  bigint,
    signed_at       timestamptz,
    signed_text     text
);

insert into store_retention (table_name, retention_class, reason) values
    ('issuer_organisation', 'permanent', 'who attested: signed badges point to it for ever'),
    ('issuer_habilitation', 'permanent', 'who was allowed to attest, and when: the register of trust'),
    ('issuer_member', 'account', 'who works for an organisation, as long as they do, then 5 years'),
    ('issuer_sign_in', 'passing', 'one-time links, removed a day after their end'),
    ('issuer_login', 'passing', 'who is signed in where, removed a day after its end'),
    ('issuer_key', 'permanent', 'signed badges need the key for ever'),
    ('issuer_status_counter', 'permanent', 'an index is never given twice; no personal data'),
    ('issuer_status_list', 'permanent', 'signed badges point to their list for ever; no personal data'),
    ('issuer_status_set', 'permanent', 'a withdrawal is for ever; no personal data'),
    ('issuer_register', 'permanent', 'the signed register of trust');
