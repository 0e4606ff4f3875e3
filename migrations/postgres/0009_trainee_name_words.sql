-- The words of a person's folded name, sorted: « DUVAL Inès » in a file asks about « Inès Duval » (decisions §2). Computed
-- by the program; null in rows of a program of before, which fills them when it next compares names.
alter table issuer_trainee add column name_words text;
create index issuer_trainee_words on issuer_trainee (organisation_id, name_words);
alter table issuer_import_row add column name_words text;
