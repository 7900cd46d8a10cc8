-- Questionnaires of panels, and what was answered. src/forum/questionnaire.h says what for.

create table questionnaires (
	id bigint generated always as identity primary key,
	panel_id bigint not null references panels,
	version integer not null default 1,
	title text not null,
	-- The lines of questionnaire_text.h; kept as they are once somebody has answered.
	text text not null,
	opens_at timestamptz not null,
	closes_at timestamptz not null,
	-- When the panel was told of it.
	told_at timestamptz,
	made_by bigint references people,
	made_at timestamptz not null default now(),
	constraint questionnaires_title check (char_length(title) between 1 and 120),
	constraint questionnaires_text check (octet_length(text) between 1 and 8000),
	constraint questionnaires_times check (closes_at > opens_at)
);
create index questionnaires_of_panel on questionnaires (panel_id, id desc);
create index questionnaires_of_maker on questionnaires (made_by) where made_by is not null;
create index questionnaires_untold on questionnaires (opens_at) where told_at is null;

create table questionnaire_answers (
	id bigint generated always as identity primary key,
	questionnaire_id bigint not null references questionnaires,
	-- Null once the account is erased, or a year after the panel was closed.
	person_id bigint references people,
	answered_at timestamptz not null default now(),
	changed_at timestamptz,
	constraint questionnaire_answers_once unique (questionnaire_id, person_id)
);
create index questionnaire_answers_of_person on questionnaire_answers (person_id) where person_id is not null;

create table questionnaire_values (
	answer_id bigint not null references questionnaire_answers on delete cascade,
	question smallint not null,
	-- One of the three; of a scale, the one choice is the grade.
	choices smallint[],
	number bigint,
	words text,
	primary key (answer_id, question),
	constraint questionnaire_values_question check (question between 1 and 30),
	constraint questionnaire_values_one check (num_nonnulls(choices, number, words) = 1),
	constraint questionnaire_values_choices check (cardinality(choices) between 1 and 12),
	constraint questionnaire_values_words check (octet_length(words) between 1 and 4000)
);
create index questionnaire_values_words_of on questionnaire_values (answer_id) where words is not null;

alter table notifications drop constraint notifications_kind;
alter table notifications add constraint notifications_kind check (kind in
	('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status', 'held', 'released', 'case',
	'complaint', 'badge', 'expert', 'level', 'rank', 'article', 'desk_warning', 'desk_late',
	'desk_note', 'desk_handed', 'panel', 'private', 'private_reply', 'panel_questions'));
