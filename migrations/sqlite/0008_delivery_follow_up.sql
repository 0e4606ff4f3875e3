-- Following badges up until they are claimed: letters sent again or to another address, slips handed over.

-- A letter of a badge after the one its lot queued. Only the newest is sent; what a claim by letter proves is its address.
create table issuer_letter (
    award_id        blob not null references issuer_award (award_id),
    -- From 2 on: the last part of its Message-ID, so that one press queues one letter.
    letter_number   integer not null,
    organisation_id blob not null references issuer_organisation (organisation_id),
    -- Where it goes. The address inside the signed text stays the first one (issuer_award).
    email           text not null,
    asked_by        blob not null references issuer_member (member_id),
    asked_at        text not null,
    primary key (award_id, letter_number)
) strict;

-- A slip given in hand. Another code is another slip: it waits to be handed over again.
create table issuer_slip_handed (
    award_id        blob not null references issuer_award (award_id),
    -- Of the code that was on it.
    generation      integer not null,
    organisation_id blob not null references issuer_organisation (organisation_id),
    handed_by       blob not null references issuer_member (member_id),
    handed_at       text not null,
    primary key (award_id, generation)
) strict;

insert into store_retention (table_name, retention_class, reason) values
    ('issuer_letter', 'work', 'addresses of letters sent again, until the badge is claimed'),
    ('issuer_slip_handed', 'work', 'which slips were handed over, until the badge is claimed');
