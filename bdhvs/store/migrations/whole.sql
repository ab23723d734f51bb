CREATE TABLE adaptive_version (
	digest VARCHAR(128) NOT NULL, 
	details TEXT NOT NULL, 
	CONSTRAINT pk_adaptive_version PRIMARY KEY (digest)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0009');
CREATE TABLE attempt (
	id VARCHAR(36) NOT NULL, 
	learner_id VARCHAR(36) NOT NULL, 
	classroom_id VARCHAR(36) NOT NULL, 
	form_id VARCHAR(60) NOT NULL, 
	form_version INTEGER NOT NULL, 
	mode VARCHAR(20) NOT NULL, 
	seed BIGINT NOT NULL, 
	shuffle_options BOOLEAN NOT NULL, 
	lang VARCHAR(10) NOT NULL, 
	bank_version VARCHAR(128) NOT NULL, 
	started_at_us BIGINT NOT NULL, 
	rules TEXT NOT NULL, 
	items TEXT NOT NULL, device VARCHAR(10), 
	CONSTRAINT pk_attempt PRIMARY KEY (id), 
	CONSTRAINT fk_attempt_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id), 
	CONSTRAINT fk_attempt_classroom_id FOREIGN KEY(classroom_id) REFERENCES classroom (id)
);
CREATE TABLE audit (
	id VARCHAR(36) NOT NULL, 
	at_us BIGINT NOT NULL, 
	action VARCHAR(20) NOT NULL, 
	actor VARCHAR(20) NOT NULL, 
	reference VARCHAR(20) NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
CREATE TABLE class_event (
	id VARCHAR(36) NOT NULL, 
	classroom_id VARCHAR(36) NOT NULL, 
	at_us BIGINT NOT NULL, 
	type VARCHAR(30) NOT NULL, 
	form_id VARCHAR(60), 
	item_id VARCHAR(60), 
	details TEXT NOT NULL, 
	CONSTRAINT pk_class_event PRIMARY KEY (id), 
	CONSTRAINT fk_class_event_classroom_id FOREIGN KEY(classroom_id) REFERENCES classroom (id)
);
CREATE TABLE classroom (
	id VARCHAR(36) NOT NULL, 
	code VARCHAR(20) NOT NULL, 
	name TEXT NOT NULL, 
	opened_at_us BIGINT NOT NULL, 
	closed_at_us BIGINT, 
	settings TEXT NOT NULL, 
	CONSTRAINT pk_classroom PRIMARY KEY (id), 
	CONSTRAINT uq_classroom_code UNIQUE (code)
);
CREATE TABLE consent (
	learner_id VARCHAR(36) NOT NULL, 
	purpose VARCHAR(40) NOT NULL, 
	text_version VARCHAR(20) NOT NULL, 
	given_at_us BIGINT NOT NULL, 
	CONSTRAINT pk_consent PRIMARY KEY (learner_id, purpose, text_version), 
	CONSTRAINT fk_consent_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id)
);
CREATE TABLE event (
	attempt_id VARCHAR(36) NOT NULL, 
	event_id VARCHAR(36) NOT NULL, 
	seq INTEGER NOT NULL, 
	type VARCHAR(20) NOT NULL, 
	item_id VARCHAR(60), 
	item_version INTEGER, 
	recorded_at_us BIGINT NOT NULL, 
	response TEXT, 
	points INTEGER, 
	maximum INTEGER, 
	verdict VARCHAR(10), 
	reason TEXT, 
	help VARCHAR(10), 
	confidence INTEGER, 
	elapsed_ms BIGINT, 
	details TEXT, 
	CONSTRAINT pk_event PRIMARY KEY (event_id, attempt_id), 
	CONSTRAINT uq_event_attempt_id_seq UNIQUE (attempt_id, seq), 
	CONSTRAINT fk_event_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
);
CREATE TABLE extra_time (
	id VARCHAR(36) NOT NULL, 
	learner_id VARCHAR(36) NOT NULL, 
	form_id VARCHAR(60) NOT NULL, 
	minutes INTEGER NOT NULL, 
	at_us BIGINT NOT NULL, 
	CONSTRAINT pk_extra_time PRIMARY KEY (id), 
	CONSTRAINT fk_extra_time_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id)
);
CREATE TABLE given_number (
	learner_id VARCHAR(36) NOT NULL, 
	classroom_id VARCHAR(36) NOT NULL, 
	number INTEGER NOT NULL, 
	CONSTRAINT pk_given_number PRIMARY KEY (learner_id), 
	CONSTRAINT uq_given_number_classroom_id_number UNIQUE (classroom_id, number), 
	CONSTRAINT fk_given_number_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id), 
	CONSTRAINT fk_given_number_classroom_id FOREIGN KEY(classroom_id) REFERENCES classroom (id)
);
CREATE TABLE helped (
	id VARCHAR(36) NOT NULL, 
	learner_id VARCHAR(36) NOT NULL, 
	skill VARCHAR(60) NOT NULL, 
	own_hands BOOLEAN NOT NULL, 
	day_us BIGINT NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_helped PRIMARY KEY (id), 
	CONSTRAINT fk_helped_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id), 
	CONSTRAINT uq_helped_learner_id_device UNIQUE (learner_id, device)
);
CREATE TABLE household_member (
	learner_id VARCHAR(36) NOT NULL, 
	household_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_household_member PRIMARY KEY (learner_id), 
	CONSTRAINT fk_household_member_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id)
);
CREATE TABLE item_version (
	id VARCHAR(60) NOT NULL, 
	version INTEGER NOT NULL, 
	kind VARCHAR(60) NOT NULL, 
	competence VARCHAR(10) NOT NULL, 
	level INTEGER NOT NULL, 
	maximum INTEGER NOT NULL, 
	digest VARCHAR(128) NOT NULL, 
	details TEXT NOT NULL, 
	CONSTRAINT pk_item_version PRIMARY KEY (id, version)
);
CREATE TABLE learner (
	id VARCHAR(36) NOT NULL, 
	classroom_id VARCHAR(36) NOT NULL, 
	joined_at_us BIGINT NOT NULL, 
	lang VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_learner PRIMARY KEY (id), 
	CONSTRAINT fk_learner_classroom_id FOREIGN KEY(classroom_id) REFERENCES classroom (id)
);
CREATE TABLE listed_name (
	classroom_id VARCHAR(36) NOT NULL, 
	place INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_listed_name PRIMARY KEY (classroom_id, place), 
	CONSTRAINT fk_listed_name_classroom_id FOREIGN KEY(classroom_id) REFERENCES classroom (id)
);
CREATE TABLE meta (
	"key" VARCHAR(60) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
);
CREATE TABLE own_phone (
	learner_id VARCHAR(36) NOT NULL, 
	device VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_own_phone PRIMARY KEY (learner_id, device), 
	CONSTRAINT fk_own_phone_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id)
);
CREATE TABLE person (
	learner_id VARCHAR(36) NOT NULL, 
	nickname TEXT NOT NULL, 
	name_kind VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (learner_id), 
	CONSTRAINT fk_person_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id), 
	CONSTRAINT ck_person_name_kind CHECK (name_kind IN ('nickname', 'name'))
);
CREATE TABLE picture_pin (
	learner_id VARCHAR(36) NOT NULL, 
	salt VARCHAR(64) NOT NULL, 
	digest VARCHAR(128) NOT NULL, 
	set_at_us BIGINT NOT NULL, 
	misses INTEGER NOT NULL, 
	missed_at_us BIGINT NOT NULL, 
	CONSTRAINT pk_picture_pin PRIMARY KEY (learner_id), 
	CONSTRAINT fk_picture_pin_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id)
);
CREATE TABLE score (
	id VARCHAR(36) NOT NULL, 
	learner_id VARCHAR(36) NOT NULL, 
	attempt_id VARCHAR(36) NOT NULL, 
	scored_at_us BIGINT NOT NULL, 
	version VARCHAR(128) NOT NULL, 
	evidence VARCHAR(128) NOT NULL, 
	reason VARCHAR(20) NOT NULL, 
	details TEXT NOT NULL, 
	CONSTRAINT pk_score PRIMARY KEY (id), 
	CONSTRAINT fk_score_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id), 
	CONSTRAINT fk_score_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id), 
	CONSTRAINT fk_score_version FOREIGN KEY(version) REFERENCES score_version (digest)
);
CREATE TABLE score_version (
	digest VARCHAR(128) NOT NULL, 
	calibration VARCHAR(20) NOT NULL, 
	cut_scores TEXT NOT NULL, 
	model VARCHAR(20) NOT NULL, 
	synthetic BOOLEAN NOT NULL, 
	details TEXT NOT NULL, 
	CONSTRAINT pk_score_version PRIMARY KEY (digest)
);
CREATE TABLE told (
	learner_id VARCHAR(36) NOT NULL, 
	audience VARCHAR(60), 
	age_band VARCHAR(10), 
	sex VARCHAR(10), 
	told_at_us BIGINT NOT NULL, 
	CONSTRAINT pk_told PRIMARY KEY (learner_id), 
	CONSTRAINT fk_told_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id)
);
CREATE INDEX ix_learner_classroom_id ON learner (classroom_id);
CREATE INDEX ix_attempt_classroom_id ON attempt (classroom_id);
CREATE INDEX ix_attempt_learner_id_form_id ON attempt (learner_id, form_id);
CREATE INDEX ix_class_event_classroom_id ON class_event (classroom_id);
CREATE INDEX ix_extra_time_learner_id ON extra_time (learner_id);
CREATE INDEX ix_score_learner_id ON score (learner_id);
CREATE INDEX ix_score_attempt_id ON score (attempt_id);
CREATE INDEX ix_household_member_household_id ON household_member (household_id);
