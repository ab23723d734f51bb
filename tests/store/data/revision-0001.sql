-- A data file as revision 0001 made it. Never changed: later steps are tested against it.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
	items TEXT NOT NULL, 
	CONSTRAINT pk_attempt PRIMARY KEY (id), 
	CONSTRAINT fk_attempt_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id), 
	CONSTRAINT fk_attempt_classroom_id FOREIGN KEY(classroom_id) REFERENCES classroom (id)
);
INSERT INTO "attempt" VALUES('01a0c450-6c04-7000-8000-000000000004','01a0c450-6c03-7000-8000-000000000003','01a0c450-6c01-7000-8000-000000000001','lien-lac',3,'practice',281474976710655,1,'vi','b1',1790000000005000,'{"allow_back":false,"practice":true,"tries":2}','[["chon-kenh-lien-lac",1],["dan-me-gio-uong-thuoc",2]]');
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
INSERT INTO "classroom" VALUES('01a0c450-6c01-7000-8000-000000000001','LOP000','Lớp thôn Đông',1790000000002000,NULL,'{}');
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
INSERT INTO "event" VALUES('01a0c450-6c04-7000-8000-000000000004','01a0c450-6c07-7000-8000-000000000007',1,'hinted','chon-kenh-lien-lac',1,1790000000008000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "event" VALUES('01a0c450-6c04-7000-8000-000000000004','01a0c450-6c09-7000-8000-000000000009',2,'answered','chon-kenh-lien-lac',1,1790000000010000,'{"choice":"gọi-điện"}',1,1,'right','key','none',NULL,5300,NULL);
INSERT INTO "event" VALUES('01a0c450-6c04-7000-8000-000000000004','01a0c450-6c0b-7000-8000-00000000000b',3,'finished',NULL,NULL,1790000000012000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"reason":"learner"}');
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
INSERT INTO "item_version" VALUES('chon-kenh-lien-lac',1,'single_choice','2.1',1,1,'d1','{"audiences":["adults"],"context":"home","options":["a","b"],"skills":["tin_nhan"]}');
INSERT INTO "item_version" VALUES('dan-me-gio-uong-thuoc',2,'single_choice','2.1',1,1,'d1','{"audiences":["adults"],"context":"home","options":["a","b"],"skills":["tin_nhan"]}');
CREATE TABLE learner (
	id VARCHAR(36) NOT NULL, 
	classroom_id VARCHAR(36) NOT NULL, 
	joined_at_us BIGINT NOT NULL, 
	lang VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_learner PRIMARY KEY (id), 
	CONSTRAINT fk_learner_classroom_id FOREIGN KEY(classroom_id) REFERENCES classroom (id)
);
INSERT INTO "learner" VALUES('01a0c450-6c03-7000-8000-000000000003','01a0c450-6c01-7000-8000-000000000001',1790000000006000,'vi');
CREATE TABLE meta (
	"key" VARCHAR(60) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
);
CREATE TABLE person (
	learner_id VARCHAR(36) NOT NULL, 
	nickname TEXT NOT NULL, 
	name_kind VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (learner_id), 
	CONSTRAINT fk_person_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id), 
	CONSTRAINT ck_person_name_kind CHECK (name_kind IN ('nickname', 'name'))
);
INSERT INTO "person" VALUES('01a0c450-6c03-7000-8000-000000000003','Bà Tư','nickname');
CREATE TABLE consent (
	learner_id VARCHAR(36) NOT NULL, 
	purpose VARCHAR(40) NOT NULL, 
	text_version VARCHAR(20) NOT NULL, 
	given_at_us BIGINT NOT NULL, 
	CONSTRAINT pk_consent PRIMARY KEY (learner_id, purpose, text_version), 
	CONSTRAINT fk_consent_learner_id FOREIGN KEY(learner_id) REFERENCES learner (id)
);
CREATE INDEX ix_learner_classroom_id ON learner (classroom_id);
CREATE INDEX ix_attempt_classroom_id ON attempt (classroom_id);
CREATE INDEX ix_attempt_learner_id_form_id ON attempt (learner_id, form_id);
COMMIT;
