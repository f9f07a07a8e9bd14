-- 0006: what one event writes lies side by side. A commit writes whole pages: rows under random keys (ids that are digests)
-- cost a page each, rows under keys that grow share one. plan.first_leaf, the leaf of a plan's first version, is its short
-- key that grows; deliveries stand under their encounter and their order in it.
PRAGMA defer_foreign_keys = ON;
ALTER TABLE plan ADD COLUMN first_leaf INTEGER NOT NULL DEFAULT -1;
UPDATE plan SET first_leaf = (SELECT v.leaf FROM plan_version v WHERE v.plan = plan.id AND v.version = 1);
CREATE UNIQUE INDEX plan_by_first_leaf ON plan (first_leaf);

CREATE TABLE plan_version_near (
  plan INTEGER NOT NULL REFERENCES plan (first_leaf), version INTEGER NOT NULL, made_at INTEGER NOT NULL,
  content_hash BLOB NOT NULL, manifest BLOB NOT NULL REFERENCES blob (sha256), changed TEXT NOT NULL,
  salt BLOB NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaf (idx), -- kind "plan", id, version, digest of the manifest (core/audit.h)
  PRIMARY KEY (plan, version)
) STRICT, WITHOUT ROWID;
INSERT INTO plan_version_near (plan, version, made_at, content_hash, manifest, changed, salt, leaf)
  SELECT p.first_leaf, v.version, v.made_at, v.content_hash, v.manifest, v.changed, v.salt, v.leaf
  FROM plan_version v JOIN plan p ON p.id = v.plan ORDER BY p.first_leaf, v.version;
DROP TABLE plan_version;
ALTER TABLE plan_version_near RENAME TO plan_version;

-- site, encounter and patient are the plan's
CREATE TABLE task_near (
  plan INTEGER NOT NULL REFERENCES plan (first_leaf), name TEXT NOT NULL, -- protocol/task/occurrence
  plan_version INTEGER NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, role TEXT NOT NULL, urgent INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status = 'requested' OR status = 'accepted' OR status = 'in-progress' OR status = 'completed' OR status = 'cancelled'),
  not_before INTEGER NOT NULL, due INTEGER NOT NULL,
  outcome TEXT, actor TEXT, done_ms INTEGER, updated_ms INTEGER NOT NULL, seq INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (plan, name)
) STRICT, WITHOUT ROWID;
INSERT INTO task_near (plan, name, plan_version, title, kind, role, urgent, status, not_before, due, outcome, actor,
    done_ms, updated_ms, seq)
  SELECT p.first_leaf, t.name, t.plan_version, t.title, t.kind, t.role, t.urgent, t.status, t.not_before, t.due, t.outcome,
    t.actor, t.done_ms, t.updated_ms, t.seq FROM task t JOIN plan p ON p.id = t.plan ORDER BY p.first_leaf, t.name;
DROP TABLE task;
ALTER TABLE task_near RENAME TO task;
CREATE INDEX task_open ON task (due) WHERE status NOT IN ('completed', 'cancelled');

-- the key for others, kind/object/version, is made of its columns; an object starts as the id of its plan, which leads to
-- the encounter
CREATE TABLE delivery_near (
  site TEXT NOT NULL, encounter TEXT NOT NULL, seq INTEGER NOT NULL,
  kind TEXT NOT NULL, object TEXT NOT NULL, version INTEGER NOT NULL,
  href TEXT NOT NULL, sha256 BLOB, status TEXT NOT NULL CHECK (status = 'pending' OR status = 'done' OR status = 'superseded' OR status = 'failed'),
  attempts INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL, ehr_id TEXT,
  PRIMARY KEY (site, encounter, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO delivery_near (site, encounter, seq, kind, object, version, href, sha256, status, attempts, next_ms,
    created_ms, ehr_id)
  SELECT site, encounter, seq, kind, object, version, href, sha256, status, attempts, next_ms, created_ms, ehr_id
  FROM delivery ORDER BY site, encounter, seq;
DROP TABLE delivery;
ALTER TABLE delivery_near RENAME TO delivery;
CREATE INDEX delivery_pending ON delivery (next_ms) WHERE status = 'pending';
CREATE INDEX delivery_failed ON delivery (created_ms) WHERE status = 'failed';
