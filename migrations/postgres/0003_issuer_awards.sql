-- From a file of trainees to a badge that was claimed: sessions, trainees, imports, lots, awards, their signed versions,
-- claim codes, claims and withdrawals. There is no person across organisations (docs/decisions): a trainee belongs to one.

-- A group in training: what an award is unique in.
create table issuer_training_session (
    session_id      uuid not null primary key,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    title           text not null,
    place           text,
    starts_on       date not null,
    -- Null: entries and exits all year long.
    ends_on         date,
    opened_by       uuid not null references issuer_member (member_id),
    opened_at       timestamptz not null,
    -- Raised by every lot: its row lock makes lots of one session follow one another on every engine.
    lots            bigint not null
);
create index issuer_training_session_recent on issuer_training_session (organisation_id, starts_on);

-- Somebody in training at one organisation.
create table issuer_trainee (
    trainee_id      uuid not null primary key,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    name            text not null,
    -- NFC, without case, spaces tidied: with the address it tells two people apart.
    folded_name     text not null,
    -- Computed in Rust: engines collate French differently.
    sort_key        text not null,
    -- As typed; a letter goes there.
    email           text,
    -- Without case: as it is compared.
    email_key       text,
    -- The organisation's own number, upper case.
    file_number     text,
    added_at        timestamptz not null
);
create unique index one_trainee_per_file_number on issuer_trainee (organisation_id, file_number) where file_number is not null;
create unique index one_trainee_per_address_and_name on issuer_trainee (organisation_id, email_key, folded_name)
    where email_key is not null and file_number is null;
create index issuer_trainee_name on issuer_trainee (organisation_id, folded_name);

-- Who is in a session.
create table issuer_session_trainee (
    session_id      uuid not null references issuer_training_session (session_id),
    trainee_id      uuid not null references issuer_trainee (trainee_id),
    organisation_id uuid not null references issuer_organisation (organisation_id),
    added_at        timestamptz not null,
    primary key (session_id, trainee_id)
);
create index issuer_session_trainee_sessions on issuer_session_trainee (trainee_id);

-- A file that was dropped. The raw file is not kept, nor the columns that are not used.
create table issuer_import (
    import_id       uuid not null primary key,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    session_id      uuid not null references issuer_training_session (session_id),
    -- Name of the file, for display only.
    file_name       text not null,
    row_count       bigint not null,
    -- reading: rows are being written, the file is not whole yet; ready: to review; attested: a lot was made of it.
    state           text not null check (state in ('reading', 'ready', 'attested')),
    dropped_by      uuid not null references issuer_member (member_id),
    dropped_at      timestamptz not null,
    -- The answers of the review so far, as the form has them (badge, level, day, kind of evidence, points, sentence).
    answers         jsonb not null,
    lot_id          uuid
);
create index issuer_import_session on issuer_import (organisation_id, session_id, dropped_at);

-- One line of that file: who, and what stands in the way.
create table issuer_import_row (
    import_id       uuid not null references issuer_import (import_id),
    line            bigint not null,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    name            text not null,
    folded_name     text not null,
    email           text,
    email_key       text,
    file_number     text,
    observed_on     date,
    -- Machine word of what is to be mended; null when the line is right.
    fault           text,
    fault_detail    text,
    -- The first line of the same person in this file.
    same_as_line    bigint,
    -- The trainee this line is, when known; the one that is asked about, while `question` is not answered.
    trainee_id      uuid,
    -- « Est-ce la même personne ? »: null when there is nothing to ask.
    question        text check (question in ('trainee', 'line')),
    answer          text check (answer in ('same', 'other')),
    -- Before looking at what was attested already; settled again whenever answers or trainees may have changed.
    state           text not null check (state in ('ready', 'fault', 'question', 'duplicate')),
    primary key (import_id, line)
);

-- One act of attesting: the same badge, points and sentence for all its people.
create table issuer_lot (
    lot_id          uuid not null primary key,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    session_id      uuid not null references issuer_training_session (session_id),
    import_id       uuid references issuer_import (import_id),
    badge_id        text not null,
    level           text not null,
    -- Version of the référentiel.
    version         text not null,
    observed_on     date not null,
    evidence_type   text not null,
    -- JSON list of the points observed, by their order in the référentiel.
    observed        jsonb not null,
    sentence        text not null,
    attested_by     uuid not null references issuer_member (member_id),
    -- When « Attester » was pressed: the instant that badges of the lot are valid from.
    attested_at     timestamptz not null,
    total           bigint not null,
    done            bigint not null,
    finished_at     timestamptz,
    -- One worker holds the lot until then; a dead one lets go by itself.
    lease_until     timestamptz,
    lease_id        uuid,
    undone_at       timestamptz,
    undone_by       uuid references issuer_member (member_id)
);
create index issuer_lot_unfinished on issuer_lot (attested_at) where finished_at is null;
create index issuer_lot_session on issuer_lot (organisation_id, session_id, attested_at);

-- One person of a lot, and what became of it.
create table issuer_lot_row (
    lot_id          uuid not null references issuer_lot (lot_id),
    row_number      bigint not null,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    trainee_id      uuid not null references issuer_trainee (trainee_id),
    -- The file's own line; null when the person was ticked.
    line            bigint,
    -- The file's own day; else the lot's.
    observed_on     date,
    -- Null until done. refused: our own check did not accept the badge, which was not kept.
    outcome         text check (outcome in ('attested', 'already', 'withdrawn', 'refused')),
    award_id        uuid,
    primary key (lot_id, row_number)
);
create index issuer_lot_row_left on issuer_lot_row (lot_id, row_number) where outcome is null;

-- A badge of a person. Its id is public, inside signed text, for ever.
create table issuer_award (
    award_id        uuid not null primary key,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    session_id      uuid not null references issuer_training_session (session_id),
    trainee_id      uuid not null references issuer_trainee (trainee_id),
    lot_id          uuid not null references issuer_lot (lot_id),
    badge_id        text not null,
    level           text not null,
    version         text not null,
    awarded_on      date not null,
    attested_at     timestamptz not null,
    attested_by     uuid not null references issuer_member (member_id),
    -- urn:uuid of the credential's subject: random, of this award only.
    subject_id      uuid not null,
    -- As signed.
    recipient_name  text not null,
    sort_key        text not null,
    -- Where the letter goes.
    email           text,
    -- Said by issuer_withdrawal with who and why; here so that the rule below can look away.
    withdrawn_at    timestamptz
);
create unique index one_award_per_person_achievement_and_session
    on issuer_award (session_id, trainee_id, badge_id, level) where withdrawn_at is null;
create index issuer_award_again on issuer_award (session_id, badge_id, level, trainee_id);
create index issuer_award_session on issuer_award (organisation_id, session_id, sort_key);
create index issuer_award_lot on issuer_award (lot_id);
create index issuer_award_trainee on issuer_award (trainee_id);

-- One signed version of an award: the exact text, for ever (a correction would be version 2).
create table issuer_credential (
    award_id            uuid not null references issuer_award (award_id),
    version_number      bigint not null,
    organisation_id     uuid not null references issuer_organisation (organisation_id),
    signed_text         text not null,
    -- SHA-256 of the canonical quads, without the proof.
    document_hash       bytea not null,
    verification_method text not null,
    status_list         bigint not null,
    status_index        bigint not null,
    signed_at           timestamptz not null,
    primary key (award_id, version_number)
);
create unique index one_credential_per_status_entry on issuer_credential (organisation_id, status_list, status_index);

-- What opens a badge before it is claimed: the link of a letter, the code of a slip. Derived from the award's id and
-- the generation, so that it can be printed again; here stands only a keyed hash.
create table issuer_claim_code (
    award_id        uuid not null references issuer_award (award_id),
    kind            text not null check (kind in ('letter', 'slip')),
    generation      bigint not null,
    organisation_id uuid not null references issuer_organisation (organisation_id),
    lookup_hash     bytea not null,
    expires_at      timestamptz not null,
    primary key (award_id, kind, generation)
);
create unique index one_claim_code_per_hash on issuer_claim_code (lookup_hash);

-- A badge went into a livret. Which one, this house does not know.
create table issuer_claim (
    award_id        uuid not null primary key references issuer_award (award_id),
    organisation_id uuid not null references issuer_organisation (organisation_id),
    -- The wallet's own: the same key gets the same answer, another comes too late.
    idempotency_key uuid not null,
    kind            text not null check (kind in ('letter', 'slip')),
    claimed_at      timestamptz not null
);

-- A badge was taken back: who, when, why. « undone » is the whole lot within ten minutes, unseen.
create table issuer_withdrawal (
    award_id        uuid not null primary key references issuer_award (award_id),
    organisation_id uuid not null references issuer_organisation (organisation_id),
    kind            text not null check (kind in ('undone', 'withdrawn')),
    -- One of the list of awards/withdrawals; null when undone.
    reason          text,
    withdrawn_by    uuid not null references issuer_member (member_id),
    -- The second person, after seven days.
    confirmed_by    uuid references issuer_member (member_id),
    withdrawn_at    timestamptz not null
);

-- Somebody asks to take a badge back after seven days: another member confirms or refuses.
create table issuer_withdrawal_request (
    request_id      uuid not null primary key,
    award_id        uuid not null references issuer_award (award_id),
    organisation_id uuid not null references issuer_organisation (organisation_id),
    reason          text not null,
    asked_by        uuid not null references issuer_member (member_id),
    asked_at        timestamptz not null,
    answer          text check (answer in ('confirmed', 'refused')),
    answered_by     uuid references issuer_member (member_id),
    answered_at     timestamptz
);
create unique index one_open_withdrawal_request_per_award on issuer_withdrawal_request (award_id) where answer is null;

insert into store_retention (table_name, retention_class, reason) values
    ('issuer_training_session', 'evidence', 'the context of an award, as long as the award'),
    ('issuer_trainee', 'evidence', 'to whom a badge was awarded; pseudonymised after 10 years'),
    ('issuer_session_trainee', 'evidence', 'who was in a session, as long as its awards'),
    ('issuer_import', 'work', 'until attested or given up'),
    ('issuer_import_row', 'work', 'lines of a dropped file, until attested or given up'),
    ('issuer_lot', 'evidence', 'who attested what, when, on what observation'),
    ('issuer_lot_row', 'work', 'the outcome of each line, for the follow-up'),
    ('issuer_award', 'evidence', 'a badge stays verifiable for ten years, then its row is pseudonymised'),
    ('issuer_credential', 'evidence', 'the signed text of a badge, as long as the award'),
    ('issuer_claim_code', 'passing', 'keyed hashes of links and slips, until their end'),
    ('issuer_claim', 'evidence', 'that a badge was claimed, as long as the award'),
    ('issuer_withdrawal', 'evidence', 'who took a badge back, when and why'),
    ('issuer_withdrawal_request', 'evidence', 'who asked and who answered, as long as the award');
