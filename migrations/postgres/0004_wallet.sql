-- The learner's house. A livret belongs to one human; nothing here knows an organisation's trainee (decisions §1).
-- Codes and links are derived from the master key: only their keyed hash (`…_lookup`) stands here.

-- One human's livret. Nothing of the person is here: the name is read in the badges, addresses are rows.
create table wallet_livret (
    livret_id uuid not null primary key,
    opened_at timestamptz not null
);

-- An e-mail address of a livret: a way in and a way to write, never the livret's key. A family may share one.
create table wallet_address (
    address_id   uuid not null primary key,
    livret_id    uuid not null references wallet_livret (livret_id) on delete cascade,
    email_lookup bytea not null,
    email_sealed bytea not null,
    proven_at    timestamptz not null
);
create unique index an_address_stands_once_in_a_livret on wallet_address (livret_id, email_lookup);
create index wallet_address_by_email on wallet_address (email_lookup);

-- The printed card: one row per generation of its code. A new generation ends the former.
create table wallet_card (
    livret_id   uuid not null references wallet_livret (livret_id) on delete cascade,
    generation  bigint not null,
    code_lookup bytea not null,
    made_at     timestamptz not null,
    ended_at    timestamptz,
    primary key (livret_id, generation)
);
create unique index a_card_code_opens_one_livret on wallet_card (code_lookup);
create unique index one_card_in_force_per_livret on wallet_card (livret_id) where ended_at is null;

-- A browser that is let in.
create table wallet_login (
    login_id     uuid not null primary key,
    livret_id    uuid not null references wallet_livret (livret_id) on delete cascade,
    token_lookup bytea not null,
    -- A shared computer: the cookie goes with the browser, and this row after two hours.
    shared       boolean not null,
    opened_at    timestamptz not null,
    expires_at   timestamptz not null
);
create unique index a_login_token_is_one_browser on wallet_login (token_lookup);
create index wallet_login_by_livret on wallet_login (livret_id);

-- A link sent by letter, for one use: `enter` opens a livret, `address` proves an address that the person adds.
create table wallet_link (
    link_id      uuid not null primary key,
    livret_id    uuid not null references wallet_livret (livret_id) on delete cascade,
    purpose      text not null check (purpose in ('enter', 'address')),
    token_lookup bytea not null,
    email_lookup bytea not null,
    email_sealed bytea not null,
    sent_at      timestamptz not null,
    expires_at   timestamptz not null,
    used_at      timestamptz
);
create unique index a_link_token_is_one_link on wallet_link (token_lookup);
create index wallet_link_by_livret on wallet_link (livret_id);

-- One claim of one award, by its letter or slip. The id is the idempotency key told to the issuer: it is written before the issuer
-- is asked, so that a lost answer is asked again with the same key.
create table wallet_claim (
    claim_id         uuid not null primary key,
    -- Of what names the award at the issuer, so that its link and its code are one claim.
    award_lookup     bytea not null,
    -- The browser that pressed the button: if its answer was lost, it is let in again for an hour.
    presenter_lookup bytea,
    asked_at         timestamptz not null,
    -- Filled together, when the badge is kept.
    kept_at          timestamptz,
    livret_id        uuid references wallet_livret (livret_id) on delete cascade,
    -- No foreign key: a badge removed from a livret leaves its claim, which is over.
    badge_id         uuid
);
create unique index an_award_is_claimed_once on wallet_claim (award_lookup);
create index wallet_claim_by_livret on wallet_claim (livret_id);

-- A badge kept in a livret: the exact text as the issuer signed it, never rewritten.
-- The columns from `name` to `image_url` are read from that text once, so that lists need not parse it.
create table wallet_badge (
    badge_id        uuid not null primary key,
    livret_id       uuid not null references wallet_livret (livret_id) on delete cascade,
    credential_id   text not null,
    -- As written in the text: two versions of one award differ by it (decisions §5).
    valid_from      text not null,
    credential_text text not null,
    name            text not null,
    -- decouvre, pratique, maitrise, general; empty when the achievement is not of the référentiel.
    level_code      text not null,
    holder_name     text not null,
    -- Folded in Rust, to notice a badge in another name.
    holder_folded   text not null,
    organisation    text not null,
    -- ISO day.
    awarded_on      text not null,
    -- The achievement's own URL, under which its vignette stands.
    achievement_url text not null,
    image_url       text not null,
    received_at     timestamptz not null,
    -- The last judgement (a verdict code) and when it was made: remembered for seconds, never instead of judging.
    verdict         text not null,
    judged_at       timestamptz not null
);
create unique index a_badge_version_is_kept_once_in_a_livret on wallet_badge (livret_id, credential_id, valid_from);

-- « Montrer » : face to face, fifteen minutes.
create table wallet_showing (
    showing_id  uuid not null primary key,
    livret_id   uuid not null references wallet_livret (livret_id) on delete cascade,
    code_lookup bytea not null,
    made_at     timestamptz not null,
    until_at    timestamptz not null
);
create unique index a_showing_code_opens_one_showing on wallet_showing (code_lookup);
create index wallet_showing_by_livret on wallet_showing (livret_id);
create table wallet_showing_badge (
    showing_id uuid not null references wallet_showing (showing_id) on delete cascade,
    badge_id   uuid not null references wallet_badge (badge_id) on delete cascade,
    place      bigint not null,
    primary key (showing_id, badge_id)
);
create index wallet_showing_badge_by_badge on wallet_showing_badge (badge_id);

-- « Partager » : chosen badges, for someone, until a date.
create table wallet_share (
    share_id     uuid not null primary key,
    livret_id    uuid not null references wallet_livret (livret_id) on delete cascade,
    token_lookup bytea not null,
    code_lookup  bytea not null,
    -- For whom.
    audience     text not null check (audience in ('company', 'adviser', 'training', 'other')),
    -- A reminder for the learner alone; may be empty.
    label        text not null,
    made_at      timestamptz not null,
    until_at     timestamptz not null
);
create unique index a_share_link_opens_one_share on wallet_share (token_lookup);
create unique index a_share_code_opens_one_share on wallet_share (code_lookup);
create index wallet_share_by_livret on wallet_share (livret_id);
create table wallet_share_badge (
    share_id uuid not null references wallet_share (share_id) on delete cascade,
    badge_id uuid not null references wallet_badge (badge_id) on delete cascade,
    place    bigint not null,
    primary key (share_id, badge_id)
);
create index wallet_share_badge_by_badge on wallet_share_badge (badge_id);

-- The learner stopped a share.
create table wallet_share_end (
    share_id uuid not null primary key references wallet_share (share_id) on delete cascade,
    ended_at timestamptz not null
);

-- A share or a showing was opened. When, and nothing of who: a link does not say who opens it.
create table wallet_view (
    view_id    uuid not null primary key,
    livret_id  uuid not null references wallet_livret (livret_id) on delete cascade,
    share_id   uuid references wallet_share (share_id) on delete cascade,
    showing_id uuid references wallet_showing (showing_id) on delete cascade,
    seen_at    timestamptz not null
);
create index wallet_view_by_livret on wallet_view (livret_id, seen_at);
create index wallet_view_by_share on wallet_view (share_id);
create index wallet_view_by_showing on wallet_view (showing_id);

insert into store_retention (table_name, retention_class, reason) values
    ('wallet_livret', 'account', 'the livret itself'),
    ('wallet_address', 'account', 'ways into the livret'),
    ('wallet_card', 'account', 'the printed way into the livret'),
    ('wallet_login', 'passing', 'an open browser, until its end date'),
    ('wallet_link', 'passing', 'a one-time link of fifteen minutes'),
    ('wallet_claim', 'account', 'which link brought which badge; goes with the livret'),
    ('wallet_badge', 'account', 'the learner''s badges; the learner may remove them at any time'),
    ('wallet_showing', 'passing', 'fifteen minutes; kept as long as its views are shown to the learner'),
    ('wallet_showing_badge', 'passing', 'goes with the showing'),
    ('wallet_share', 'activity', 'shown to the learner among ended shares for 13 months'),
    ('wallet_share_badge', 'activity', 'goes with the share'),
    ('wallet_share_end', 'activity', 'goes with the share'),
    ('wallet_view', 'activity', 'when a share was opened, for the learner; never who');
