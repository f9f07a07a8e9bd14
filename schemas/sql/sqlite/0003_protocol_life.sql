-- 0003: the life of a protocol: persons behind accounts, review, activations, suspensions, recalls. What 0001 knew stays.
CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_ms INTEGER NOT NULL, actor TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- an account (os:alice, ehr:default/3) is one person's at a time; ended rows stay: who it was when a version was reviewed counts
CREATE TABLE person_account (
  n INTEGER PRIMARY KEY, account TEXT NOT NULL, person TEXT NOT NULL REFERENCES person (id), since_ms INTEGER NOT NULL,
  actor TEXT NOT NULL, until_ms INTEGER, ended_by TEXT
) STRICT;
CREATE UNIQUE INDEX person_account_now ON person_account (account) WHERE until_ms IS NULL;
CREATE INDEX person_account_all ON person_account (account, person);

-- state is the review's; active, scheduled and retired follow from the activations and the time
CREATE TABLE protocol_version_2 (
  version BLOB PRIMARY KEY, protocol TEXT NOT NULL, source BLOB NOT NULL REFERENCES blob (sha256),
  state TEXT NOT NULL CHECK (state = 'draft' OR state = 'in-review' OR state = 'approved' OR state = 'published'),
  author TEXT NOT NULL, author_person TEXT NOT NULL, created_ms INTEGER NOT NULL,
  base_n INTEGER NOT NULL, -- the activation that stood when it was written; 0: none
  submitter TEXT, submitted_ms INTEGER,
  approver TEXT, approver_person TEXT, approved_ms INTEGER,
  approved_base INTEGER, -- the activation that it was compared with in the review
  solo INTEGER NOT NULL DEFAULT 0, -- a clinic of one doctor: approved by its author, after the waiting time
  CHECK (approver IS NULL OR (approver_person IS NOT NULL AND (solo = 1 OR (approver <> author AND approver_person <> author_person))))
) STRICT, WITHOUT ROWID;
INSERT INTO protocol_version_2 (version, protocol, source, state, author, author_person, created_ms, base_n, approver,
  approver_person, approved_ms, approved_base)
  SELECT version, protocol, source, CASE WHEN published_ms IS NULL THEN state ELSE 'published' END, author, 'os:' || author,
    created_ms, 0, approver, 'os:' || approver, published_ms, CASE WHEN approver IS NULL THEN NULL ELSE 0 END
  FROM protocol_version;

-- what stands at a time: the greatest n whose effective_ms has come; version null: retired
CREATE TABLE protocol_activation (
  protocol TEXT NOT NULL, n INTEGER NOT NULL, version BLOB REFERENCES protocol_version_2 (version),
  kind TEXT NOT NULL CHECK (kind = 'publish' OR kind = 'rollback' OR kind = 'break-glass' OR kind = 'retire'),
  effective_ms INTEGER NOT NULL, review_due_ms INTEGER, at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL, person TEXT NOT NULL, reason TEXT,
  PRIMARY KEY (protocol, n)
) STRICT, WITHOUT ROWID;
INSERT INTO protocol_activation (protocol, n, version, kind, effective_ms, at_ms, actor, person)
  SELECT v.protocol, row_number() OVER (PARTITION BY v.protocol ORDER BY v.published_ms, CASE WHEN a.version IS NULL THEN 0 ELSE 1 END),
    v.version, 'publish', v.published_ms, v.published_ms, coalesce(v.approver, v.author), 'os:' || coalesce(v.approver, v.author)
  FROM protocol_version v LEFT JOIN protocol_active a ON a.version = v.version WHERE v.published_ms IS NOT NULL;
-- what was written under 0001 counts as written on what stands now
UPDATE protocol_version_2 SET base_n = (SELECT coalesce(max(n), 0) FROM protocol_activation a WHERE a.protocol = protocol_version_2.protocol);
UPDATE protocol_version_2 SET approved_base = base_n WHERE approver IS NOT NULL;

-- everything that was done to a protocol, and why
CREATE TABLE protocol_act (
  n INTEGER PRIMARY KEY, protocol TEXT NOT NULL, version BLOB, activation INTEGER, action TEXT NOT NULL,
  at_ms INTEGER NOT NULL, actor TEXT NOT NULL, person TEXT NOT NULL, reason TEXT
) STRICT;
INSERT INTO protocol_act (protocol, version, action, at_ms, actor, person)
  SELECT protocol, version, 'import', created_ms, author, 'os:' || author FROM protocol_version;
INSERT INTO protocol_act (protocol, version, activation, action, at_ms, actor, person)
  SELECT protocol, version, n, 'publish', at_ms, actor, person FROM protocol_activation;
CREATE INDEX protocol_act_by_protocol ON protocol_act (protocol, at_ms, n);

DROP TABLE protocol_active;
DROP TABLE protocol_version;
ALTER TABLE protocol_version_2 RENAME TO protocol_version; -- the activations' reference follows
CREATE INDEX protocol_version_by_protocol ON protocol_version (protocol, created_ms);

-- a version of which nothing may be given out
CREATE TABLE protocol_suspension (
  n INTEGER PRIMARY KEY, protocol TEXT NOT NULL, version BLOB NOT NULL REFERENCES protocol_version (version),
  at_ms INTEGER NOT NULL, actor TEXT NOT NULL, person TEXT NOT NULL, reason TEXT NOT NULL,
  resumed_ms INTEGER, resumed_by TEXT, resume_reason TEXT
) STRICT;
CREATE UNIQUE INDEX protocol_suspension_now ON protocol_suspension (version) WHERE resumed_ms IS NULL;

CREATE TABLE recall (
  n INTEGER PRIMARY KEY, protocol TEXT NOT NULL, version BLOB NOT NULL REFERENCES protocol_version (version),
  line TEXT, -- only plans in which this line still runs; null: any line
  at_ms INTEGER NOT NULL, actor TEXT NOT NULL, person TEXT NOT NULL, reason TEXT NOT NULL,
  affected INTEGER NOT NULL -- plans found when it began
) STRICT;
CREATE TABLE recall_plan (
  recall INTEGER NOT NULL REFERENCES recall (n), plan BLOB NOT NULL REFERENCES plan (id), task TEXT NOT NULL,
  plan_version INTEGER NOT NULL, -- of which the patient must know now
  corrected INTEGER NOT NULL, -- 0: no version to go to; the review decides alone
  PRIMARY KEY (recall, plan)
) STRICT, WITHOUT ROWID;
