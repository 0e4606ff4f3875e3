-- The other forms of an award (docs/decisions/2026-11-25): keys that sign in the words of JOSE, and the exact texts they
-- signed.

-- RSA and P-256 keys of an organisation, drawn when a form first asks for one. Retired keys stay, as those of issuer_key.
create table issuer_jose_key (
    key_id               uuid not null primary key,
    organisation_id      uuid not null references issuer_organisation (organisation_id),
    algorithm            text not null constraint jose_algorithm_known check (algorithm in ('RS256', 'ES256')),
    -- Last part of its address, /o/{org}/keys/{key_name}, which signed texts name; the fragment of its DID URL.
    key_name             text not null,
    public_key_multibase text not null,
    -- The public JWK, its required members alone (RFC 7638).
    public_jwk           text not null,
    -- PKCS #8, sealed with the master key.
    sealed_key           bytea not null,
    created_at           timestamptz not null,
    -- From when on what it signs counts: a form made today repeats the instant of its award, which is earlier than the key.
    vouched_from         timestamptz not null,
    retired_at           timestamptz
);
create unique index one_jose_key_in_use_per_organisation_and_algorithm on issuer_jose_key (organisation_id, algorithm)
    where retired_at is null;
create unique index one_jose_key_per_name on issuer_jose_key (key_name);

-- A signed version of an award in another form: the exact text, made once and served for ever.
create table issuer_form (
    award_id        uuid not null references issuer_award (award_id),
    version_number  bigint not null,
    form            text not null constraint form_known check (form in ('ob3-jwt', 'ob3-es256-jwt', 'ob2-jws')),
    organisation_id uuid not null references issuer_organisation (organisation_id),
    signed_text     text not null,
    -- Address of the key it was signed with.
    kid             text not null,
    made_at         timestamptz not null,
    primary key (award_id, version_number, form)
);
create index issuer_form_of on issuer_form (organisation_id, form);

insert into store_retention (table_name, retention_class, reason) values
    ('issuer_jose_key', 'permanent', 'signed badges need the key for ever'),
    ('issuer_form', 'evidence', 'the signed text of a badge in another form, as long as the award');
