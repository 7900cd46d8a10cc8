-- Ranks and badges: what people get for what they do here. The rules are rows, so that
-- administrators change them; what follows from them is worked out by the worker.

-- A ladder is kept whole, as its lines (src/forum/rank.h), in versions; the newest is
-- in force. Append only.
create table rank_ladders (
	id bigint generated always as identity primary key,
	text text not null,
	editor_id bigint references people,
	reason text not null default '',
	created_at timestamptz not null default now(),
	constraint rank_ladders_text check (octet_length(text) between 1 and 8000),
	constraint rank_ladders_reason check (char_length(reason) <= 200)
);

-- Derived; the names stand here so that no page has to join for them.
alter table people add column rank_position smallint not null default 0;
alter table people add column rank_points bigint not null default 0;
alter table people add column rank_fr text not null default '';
alter table people add column rank_en text not null default '';
-- One switch: not in rankings, and no rank beside the name.
alter table people add column is_ranked boolean not null default true;

-- Points as in Salesforce's example, ages and weights as in Khoros's ladder.
insert into rank_ladders (text) values (
'points: questions 1, replies 2, articles 10, accepted 15, thanks 4, thanks_given 2, solved_questions 2
Nouvelle tête | Newcomer | 0
Voix active | Active voice | 100 | age_days >= 7, replies >= 5
Figure familière | Familiar face | 300 | age_days >= 30, replies >= 20, accepted >= 1
De bon conseil | Good advice | 700 | age_days >= 60, replies >= 50, accepted >= 5, thanks >= 15
Aide précieuse | Valued helper | 1500 | age_days >= 104, accepted >= 15, accepted_share >= 10, thanks >= 40
Aide de confiance | Trusted helper | 3000 | age_days >= 121, accepted >= 40, accepted_share >= 15, thanks >= 80
Aide respectée | Respected helper | 6000 | age_days >= 139, accepted >= 80, accepted_share >= 15, thanks >= 160
Aide estimée | Esteemed helper | 10000 | age_days >= 174, accepted >= 150, accepted_share >= 20, thanks >= 300
Aide d’honneur | Honoured helper | 20000 | age_days >= 208, accepted >= 300, accepted_share >= 20, thanks >= 600
Légende | Legend | 50000 | age_days >= 365, accepted >= 800, accepted_share >= 20, thanks >= 1500');

create table badges (
	id bigint generated always as identity primary key,
	slug text not null,
	level smallint not null,
	name_fr text not null,
	name_en text not null,
	description_fr text not null,
	description_en text not null,
	-- A name of src/forum/figure.c; null: given by hand only.
	figure text,
	threshold bigint not null default 1,
	-- Within so many days; 0: ever.
	window_days integer not null default 0,
	is_active boolean not null default true,
	constraint badges_slug_unique unique (slug),
	constraint badges_level check (level between 1 and 3),
	constraint badges_threshold check (threshold between 1 and 1000000),
	constraint badges_window check (window_days between 0 and 3650)
);

-- Once a person; one that was taken stays as a row, so that no rule awards it again.
create table badge_awards (
	id bigint generated always as identity primary key,
	badge_id bigint not null references badges,
	person_id bigint not null references people,
	awarded_at timestamptz not null default now(),
	given_by bigint references people,
	reason text not null default '',
	taken_at timestamptz,
	taken_by bigint references people,
	constraint badge_awards_once unique (badge_id, person_id),
	constraint badge_awards_reason check (char_length(reason) <= 500)
);
create index badge_awards_of_person on badge_awards (person_id) where taken_at is null;
create index badge_awards_of_badge on badge_awards (badge_id, id desc) where taken_at is null;

alter table notifications add column badge_id bigint references badges;
alter table notifications drop constraint notifications_kind;
alter table notifications add constraint notifications_kind check (kind in
	('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status', 'held', 'released', 'case',
	'complaint', 'badge'));
alter table notifications drop constraint notifications_about;
alter table notifications add constraint notifications_about check
	(topic_id is not null or case_id is not null or badge_id is not null);
drop index notifications_once;
create unique index notifications_once on notifications (person_id, kind, coalesce(topic_id, 0), coalesce(post_id, 0),
	coalesce(actor_id, 0), coalesce(case_id, 0), coalesce(badge_id, 0));

insert into badges (level, slug, name_fr, name_en, description_fr, description_en, figure, threshold, window_days) values
	(3, 'premiere-question', 'Première question', 'First question',
		'A posé une première question.', 'Asked a first question.', 'questions', 1, 0),
	(3, 'premiere-reponse', 'Première réponse', 'First answer',
		'A répondu à la question de quelqu’un d’autre.', 'Answered somebody else’s question.', 'topics_answered', 1, 0),
	(3, 'premier-merci', 'Savoir dire merci', 'Well-mannered',
		'A remercié pour une réponse.', 'Said thanks for an answer.', 'thanks_given', 1, 0),
	(3, 'premiere-solution', 'Première solution', 'First solution',
		'A donné une réponse qui a été acceptée.', 'Gave an answer that was accepted.', 'accepted', 1, 0),
	(2, 'dix-solutions', 'Dix solutions', 'Ten solutions',
		'A donné dix réponses acceptées.', 'Gave ten answers that were accepted.', 'accepted', 10, 0),
	(1, 'cinquante-solutions', 'Cinquante solutions', 'Fifty solutions',
		'A donné cinquante réponses acceptées.', 'Gave fifty answers that were accepted.', 'accepted', 50, 0),
	(1, 'cent-cinquante-solutions', 'Puits de science', 'Fount of knowledge',
		'A donné cent cinquante réponses acceptées.', 'Gave a hundred and fifty answers that were accepted.', 'accepted', 150, 0),
	(3, 'premier-merci-recu', 'Apprécié', 'Appreciated',
		'A reçu un premier merci.', 'Was thanked for the first time.', 'thanks', 1, 0),
	(2, 'vingt-cinq-mercis', 'Très apprécié', 'Much appreciated',
		'A reçu vingt-cinq mercis.', 'Was thanked twenty-five times.', 'thanks', 25, 0),
	(1, 'cent-mercis', 'Cent mercis', 'A hundred thanks',
		'A reçu cent mercis.', 'Was thanked a hundred times.', 'thanks', 100, 0),
	(2, 'aime-de-tous', 'Connu de tous', 'Known to all',
		'A été remercié par vingt personnes différentes.', 'Was thanked by twenty different people.', 'thanked_by', 20, 0),
	(2, 'bonne-reponse', 'Bonne réponse', 'Good answer',
		'Une même réponse a reçu dix mercis.', 'One answer was thanked for ten times.', 'best_answer_thanks', 10, 0),
	(1, 'grande-reponse', 'Grande réponse', 'Great answer',
		'Une même réponse a reçu vingt-cinq mercis.', 'One answer was thanked for twenty-five times.', 'best_answer_thanks', 25, 0),
	(3, 'eclair', 'Réponse éclair', 'Quick answer',
		'A répondu cinq fois en moins d’une heure.', 'Answered within the hour five times.', 'quick_answers', 5, 0),
	(2, 'pompier', 'Toujours là', 'Always there',
		'A répondu cinquante fois en moins d’une heure.', 'Answered within the hour fifty times.', 'quick_answers', 50, 0),
	(3, 'oiseau-de-nuit', 'Oiseau de nuit', 'Night owl',
		'A répondu dix fois entre minuit et six heures.', 'Answered ten times between midnight and six.', 'night_answers', 10, 0),
	(3, 'touche-a-tout', 'Touche-à-tout', 'All-rounder',
		'A répondu dans trois catégories.', 'Answered in three categories.', 'categories_answered', 3, 0),
	(2, 'cent-reponses', 'Cent réponses', 'A hundred answers',
		'A répondu à cent questions.', 'Answered a hundred questions.', 'topics_answered', 100, 0),
	(1, 'cinq-cents-reponses', 'Cinq cents réponses', 'Five hundred answers',
		'A répondu à cinq cents questions.', 'Answered five hundred questions.', 'topics_answered', 500, 0),
	(3, 'mois-actif', 'Un mois actif', 'A busy month',
		'A répondu à dix questions en trente jours.', 'Answered ten questions within thirty days.', 'topics_answered', 10, 30),
	(2, 'annee-d-entraide', 'Une année d’entraide', 'A year of help',
		'A répondu à trente questions en un an.', 'Answered thirty questions within a year.', 'topics_answered', 30, 365),
	(3, 'fidele', 'Fidèle', 'Faithful',
		'Est passé dix jours différents.', 'Came on ten different days.', 'days_visited', 10, 0),
	(2, 'habitue', 'Habitué', 'Part of the place',
		'Est passé cent jours différents.', 'Came on a hundred different days.', 'days_visited', 100, 0),
	(3, 'reconnaissant', 'Reconnaissant', 'Grateful',
		'A dit merci vingt-cinq fois.', 'Said thanks twenty-five times.', 'thanks_given', 25, 0),
	(3, 'boucle-bouclee', 'Boucle bouclée', 'Loop closed',
		'Cinq de ses questions sont résolues.', 'Five own questions are solved.', 'solved_questions', 5, 0),
	(3, 'relecture', 'Relecture', 'Second reader',
		'A amélioré dix messages d’autres personnes.', 'Improved ten posts of other people.', 'edits', 10, 0),
	(3, 'vigie', 'Vigie', 'Lookout',
		'Cinq de ses signalements étaient justes.', 'Five reports turned out to be right.', 'right_flags', 5, 0),
	(2, 'gardien', 'Gardien des lieux', 'Keeper of the place',
		'Cinquante de ses signalements étaient justes.', 'Fifty reports turned out to be right.', 'right_flags', 50, 0),
	(1, 'ambassadeur', 'Ambassade', 'Ambassador',
		'Représente la communauté. Donné par l’équipe.', 'Speaks for the community. Given by the team.', null, 1, 0),
	(3, 'coup-de-chapeau', 'Coup de chapeau', 'Hats off',
		'Pour un geste remarqué. Donné par l’équipe.', 'For a deed that was noticed. Given by the team.', null, 1, 0);

insert into jobs (kind, key) select 'standing_all', 'standing_all' where exists (select from posts)
on conflict (kind, key) where key is not null and state = 'queued' do nothing;
