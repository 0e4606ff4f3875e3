-- The verifier's house keeps nothing of its visitors: no badge, no address, no visit. Only how many verdicts of each
-- kind were given on a day, over how many ways in.
create table verifier_count (
    -- In UTC.
    day     date not null,
    -- How it came in: code, share, file, photo, link.
    way     text not null,
    -- Machine code of decisions §28.
    verdict text not null,
    count   bigint not null,
    primary key (day, way, verdict)
);

insert into store_retention (table_name, retention_class, reason) values
    ('verifier_count', 'technical', 'how many verdicts of each kind on a day; no personal data');
