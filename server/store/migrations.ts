/**
 * The database's shape, as the steps that lead to it. Invariants:
 * - a step that was released never changes; a change is a new step with the next id;
 * - steps only go forward, so each must leave a database that the release before could still be upgraded from;
 * - whatever belongs to one dialogue leads with its id in the key, so that it can be partitioned by it;
 * - head, update_log, snapshot, archive and client_owner are the log's own: no foreign key is checked on the hot
 *   path.
 *
 * Times that order a list are kept in whole milliseconds, so that a cursor made from a Date finds its row again.
 */
export const migrations: readonly { id: number; sql: string }[] = [
	{
		id: 1,
		sql: `
create table app_user (
	id int generated always as identity primary key,
	email text not null unique check (char_length(email) <= 254),
	name text not null check (char_length(name) between 1 and 80),
	password_hash text,
	owner boolean not null default false,
	locale text not null default 'en' check (locale in ('en', 'zh')),
	disabled_at timestamptz(3),
	created_at timestamptz(3) not null default now()
);

create table session (
	id text primary key,
	user_id int not null references app_user on delete cascade,
	expires_at timestamptz(3) not null
);
create index session_of_user on session (user_id);
create index session_expiry on session (expires_at);

create table api_token (
	hash text primary key,
	id int generated always as identity unique,
	user_id int not null references app_user on delete cascade,
	name text not null check (char_length(name) between 1 and 80),
	created_at timestamptz(3) not null default now(),
	last_used_at timestamptz(3),
	revoked_at timestamptz(3)
);
create index api_token_user on api_token (user_id, id);

create table project (
	id int generated always as identity primary key,
	name text not null check (char_length(name) between 1 and 120),
	guidelines text not null default '',
	together boolean not null default true,
	created_at timestamptz(3) not null default now()
);

create table rubric (
	project int not null references project on delete cascade,
	version int not null check (version > 0),
	body jsonb not null,
	primary key (project, version)
);

create table member (
	project int not null references project on delete cascade,
	user_id int not null references app_user on delete cascade,
	role text not null check (role in ('annotator', 'reviewer', 'lead')),
	primary key (project, user_id)
);
create index member_user on member (user_id);

create table entry_link (
	hash text primary key,
	id int generated always as identity unique,
	kind text not null check (kind in ('owner', 'invite', 'sign-in')),
	project int references project on delete cascade,
	role text check (role in ('annotator', 'reviewer', 'lead')),
	email text,
	user_id int references app_user on delete cascade,
	created_by int references app_user on delete set null,
	created_at timestamptz(3) not null default now(),
	expires_at timestamptz(3) not null,
	used_at timestamptz(3),
	used_by int references app_user on delete set null,
	check (kind <> 'invite' or (project is not null and role is not null)),
	check (kind <> 'sign-in' or user_id is not null)
);
create index entry_link_open on entry_link (project, id) where used_at is null;

create table topic (
	id int generated always as identity primary key,
	project int not null references project on delete cascade,
	title text not null check (char_length(title) between 1 and 300),
	brief text not null default '' check (char_length(brief) <= 20000),
	language text not null check (char_length(language) between 2 and 35),
	target int not null default 1 check (target > 0),
	position int not null
);
create index topic_order on topic (project, position, id);

create table bot (
	id int generated always as identity primary key,
	project int not null references project on delete cascade,
	name text not null check (char_length(name) between 1 and 80),
	kind text not null check (kind in ('practice', 'openai')),
	base_url text not null default '' check (char_length(base_url) <= 2000),
	model text not null default '' check (char_length(model) <= 200),
	key_sealed bytea,
	system_prompt text not null default '',
	temperature double precision check (temperature between 0 and 2),
	timeout_seconds int not null default 60 check (timeout_seconds between 1 and 3600),
	enabled boolean not null default true,
	created_at timestamptz(3) not null default now(),
	check (kind <> 'openai' or (base_url <> '' and model <> ''))
);
create index bot_project on bot (project, id);

create table dialogue (
	id bigint generated always as identity primary key,
	project int not null references project,
	topic int not null references topic,
	bot int not null references bot,
	rubric_version int not null,
	state text not null default 'draft' check (state in
		('draft', 'in_progress', 'submitted', 'in_review', 'returned', 'accepted', 'skipped', 'discarded')),
	together boolean not null,
	annotator int not null references app_user,
	reviewer int references app_user,
	turns int not null default 0 check (turns >= 0),
	created_at timestamptz(3) not null default now(),
	updated_at timestamptz(3) not null default now(),
	submitted_at timestamptz(3),
	decided_at timestamptz(3),
	return_reasons text[] not null default '{}',
	return_note text,
	foreign key (project, rubric_version) references rubric (project, version),
	check (state <> 'in_review' or reviewer is not null),
	check (state <> 'submitted' or submitted_at is not null)
);
create index dialogue_project on dialogue (project, updated_at desc, id desc);
create index dialogue_waiting on dialogue (project, submitted_at, id) where state = 'submitted';
create index dialogue_export on dialogue (project, state, id);
create index dialogue_annotator on dialogue (annotator, project);
create index dialogue_reviewer on dialogue (reviewer, project) where reviewer is not null;
create index dialogue_topic on dialogue (topic, state);

create table dialogue_event (
	dialogue bigint not null references dialogue on delete cascade,
	seq int not null,
	at timestamptz(3) not null default now(),
	user_id int not null references app_user,
	kind text not null check (char_length(kind) between 1 and 40),
	details jsonb not null default '{}',
	primary key (dialogue, seq)
);

create table head (
	dialogue bigint primary key,
	head bigint not null default 0
) with (fillfactor = 50);

create table update_log (
	dialogue bigint not null,
	seq bigint not null,
	author int not null,
	at timestamptz(3) not null default now(),
	body bytea not null,
	primary key (dialogue, seq)
);
alter table update_log alter column body set storage external;

create table snapshot (
	dialogue bigint primary key,
	seq bigint not null,
	state bytea not null,
	vector bytea,
	at timestamptz(3) not null default now()
);
alter table snapshot alter column state set storage external;

create table client_owner (
	dialogue bigint not null,
	client bigint not null check (client between 0 and 4294967295),
	user_id int not null,
	primary key (dialogue, client)
);
`,
	},
	{
		id: 2,
		// Snapshots now tell enough to let people in without the document. The old ones are made anew from the log.
		sql: `
delete from snapshot;
alter table snapshot
	alter column vector set not null,
	add column deletes int not null,
	add column summary jsonb not null;
`,
	},
	{
		id: 3,
		sql: `
create table archive (
	dialogue bigint not null,
	from_seq bigint not null,
	to_seq bigint not null,
	rows int not null,
	from_at timestamptz(3) not null,
	to_at timestamptz(3) not null,
	body bytea not null,
	primary key (dialogue, to_seq),
	check (from_seq > 0 and rows > 0 and rows = to_seq - from_seq + 1)
);
alter table archive alter column body set storage external;

alter table snapshot add column folded bigint not null default 0;
create index snapshot_unfolded on snapshot ((seq - folded)) where seq > folded;
create index snapshot_leftover on snapshot (at) where seq > folded;
`,
	},
	{
		id: 4,
		// Each rater of a blind dialogue has a document, which stands in the log's own tables under a number below 0
		// where a dialogue's stands under its id: so those tables stay as they are.
		sql: `
alter table project add column blind boolean not null default false;
alter table dialogue add column blind boolean not null default false;

create table rating_document (
	dialogue bigint not null references dialogue on delete cascade,
	rater int not null references app_user,
	document bigint not null generated always as identity (increment by -1),
	primary key (dialogue, rater)
);
`,
	},
	{
		id: 5,
		// Which bot gives an answer that stands beside others: its dialogue says so only once people have chosen.
		sql: `
alter table project add column responses int not null default 1 check (responses between 1 and 4);

create table candidate_bot (
	dialogue bigint not null references dialogue on delete cascade,
	candidate text not null,
	bot int not null references bot,
	name text not null,
	primary key (dialogue, candidate)
);
`,
	},
	{
		id: 6,
		sql: `
create table last_look (
	dialogue bigint not null references dialogue on delete cascade,
	user_id int not null references app_user on delete cascade,
	seq bigint not null,
	unseen jsonb not null default '{}',
	at timestamptz(3) not null default now(),
	primary key (dialogue, user_id)
);
`,
	},
	{
		id: 7,
		sql: `
alter table dialogue add column disputed_at timestamptz(3);
create index dialogue_disputed on dialogue (project, updated_at desc, id desc) where disputed_at is not null;
`,
	},
];
