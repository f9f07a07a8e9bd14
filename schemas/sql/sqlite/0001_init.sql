-- 0001: the first store. STRICT tables; ids of plans and documents are 16-byte UUIDs, digests 32 bytes; times are
-- milliseconds since 1970 (…_ms) or seconds (made_at, not_before, due). A list after IN has two members at most: a longer
-- one is built as a table for each row that is written.
CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
-- one counter that moves with every published protocol and every clinic configuration
CREATE TABLE generation (id INTEGER PRIMARY KEY CHECK (id = 1), n INTEGER NOT NULL) STRICT;
INSERT INTO generation (id, n) VALUES (1, 1);

-- content by its SHA-256 (inputs of plans, protocol sources); bytes in the blob format of core/blob.h
CREATE TABLE blob (sha256 BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT; -- with rowid: bodies are appended, only the key is spread
CREATE TABLE dictionary (n INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT; -- the newest (greatest n) encodes

CREATE TABLE protocol_version (
  version BLOB PRIMARY KEY, protocol TEXT NOT NULL, source BLOB NOT NULL REFERENCES blob (sha256),
  state TEXT NOT NULL CHECK (state IN ('draft', 'in-review', 'active', 'retired')),
  author TEXT NOT NULL, approver TEXT, created_ms INTEGER NOT NULL, published_ms INTEGER,
  CHECK (approver IS NULL OR approver <> author)
) STRICT, WITHOUT ROWID;
CREATE INDEX protocol_version_by_protocol ON protocol_version (protocol, created_ms);
CREATE TABLE protocol_active (protocol TEXT PRIMARY KEY, version BLOB NOT NULL REFERENCES protocol_version (version)) STRICT, WITHOUT ROWID;
CREATE TABLE clinic_version (version BLOB PRIMARY KEY REFERENCES blob (sha256), created_ms INTEGER NOT NULL, author TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE clinic_active (id INTEGER PRIMARY KEY CHECK (id = 1), version BLOB NOT NULL REFERENCES clinic_version (version)) STRICT;
-- a site whose EHR takes deliveries
CREATE TABLE channel (site TEXT PRIMARY KEY, since_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE encounter (
  site TEXT NOT NULL, id TEXT NOT NULL, patient TEXT NOT NULL, revision INTEGER NOT NULL,
  content_hash BLOB NOT NULL, snapshot BLOB NOT NULL REFERENCES blob (sha256), status TEXT NOT NULL,
  outcome TEXT NOT NULL, first_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, answers INTEGER NOT NULL DEFAULT 0,
  seq INTEGER NOT NULL, -- moves with every write to the encounter, its plans, answers and tasks: what a worker saw
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE answer (
  site TEXT NOT NULL, encounter TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, -- JSON array of strings
  actor TEXT NOT NULL, role TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (site, encounter, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
  id BLOB PRIMARY KEY, site TEXT NOT NULL, encounter TEXT NOT NULL, patient TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status = 'draft' OR status = 'active' OR status = 'on-hold' OR status = 'revoked' OR status = 'completed' OR status = 'entered-in-error'),
  stage TEXT NOT NULL CHECK (stage IN ('preliminary', 'final')),
  version INTEGER NOT NULL, document_version INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, issued_ms INTEGER, final_ms INTEGER,
  anchor INTEGER NOT NULL, -- seconds; for listing
  timer_ms INTEGER, -- when the timer must look at it; null: never
  issued_anchor INTEGER, -- seconds; the assumed anchor that the last sheet was printed with; null: recorded, or no sheet
  pending BLOB, -- content hash of what waits for the signature after final; null: nothing
  UNIQUE (site, encounter, patient)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_by_patient ON plan (site, patient);
CREATE INDEX plan_by_timer ON plan (timer_ms) WHERE timer_ms IS NOT NULL;
CREATE TABLE plan_version (
  plan BLOB NOT NULL REFERENCES plan (id), version INTEGER NOT NULL, made_at INTEGER NOT NULL,
  content_hash BLOB NOT NULL, manifest BLOB NOT NULL REFERENCES blob (sha256), changed TEXT NOT NULL,
  salt BLOB NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaf (idx), -- kind "plan", id, version, digest of the manifest (core/audit.h)
  PRIMARY KEY (plan, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE document (
  id BLOB PRIMARY KEY, plan BLOB NOT NULL REFERENCES plan (id), version INTEGER NOT NULL,
  plan_version INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('current', 'replaced')),
  sha256 BLOB NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL, salt BLOB NOT NULL, made_ms INTEGER NOT NULL,
  performed INTEGER NOT NULL, -- seconds; the anchor, for export --by performed
  manifest BLOB NOT NULL REFERENCES blob (sha256), -- its inputs: a plan version can become final later than it was made
  leaf INTEGER NOT NULL REFERENCES leaf (idx), -- kind "document", id, version, digest of the plain bytes
  UNIQUE (plan, version)
) STRICT;
CREATE INDEX document_by_made ON document (made_ms);
CREATE TABLE issue (
  plan BLOB NOT NULL REFERENCES plan (id), n INTEGER NOT NULL, plan_version INTEGER NOT NULL, language TEXT NOT NULL,
  at_ms INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, recipient TEXT NOT NULL,
  medium TEXT NOT NULL CHECK (medium IN ('paper', 'digital')),
  sha256 BLOB NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL, salt BLOB NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaf (idx), -- kind "handout", the plan's id, n as version, digest of the plain bytes
  PRIMARY KEY (plan, n)
) STRICT;
CREATE TABLE task (
  plan BLOB NOT NULL REFERENCES plan (id), name TEXT NOT NULL, -- protocol/task/occurrence
  plan_version INTEGER NOT NULL, site TEXT NOT NULL, encounter TEXT NOT NULL, patient TEXT NOT NULL,
  title TEXT NOT NULL, kind TEXT NOT NULL, role TEXT NOT NULL, urgent INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status = 'requested' OR status = 'accepted' OR status = 'in-progress' OR status = 'completed' OR status = 'cancelled'),
  not_before INTEGER NOT NULL, due INTEGER NOT NULL,
  outcome TEXT, actor TEXT, done_ms INTEGER, updated_ms INTEGER NOT NULL, seq INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (plan, name)
) STRICT; -- with rowid, as deliveries: an event brings ten of each, and rows at the end share pages, spread ones do not
CREATE INDEX task_open ON task (due) WHERE status NOT IN ('completed', 'cancelled');

CREATE TABLE delivery (
  name TEXT NOT NULL PRIMARY KEY, -- kind/object/version
  site TEXT NOT NULL, encounter TEXT NOT NULL, kind TEXT NOT NULL, object TEXT NOT NULL, version INTEGER NOT NULL,
  href TEXT NOT NULL, sha256 BLOB, status TEXT NOT NULL CHECK (status = 'pending' OR status = 'done' OR status = 'superseded' OR status = 'failed'),
  attempts INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL, ehr_id TEXT, seq INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_pending ON delivery (next_ms) WHERE status = 'pending';
CREATE INDEX delivery_by_encounter ON delivery (site, encounter, seq);

-- the log: leaves as the very bytes that were hashed; clear names beside them, purgeable
CREATE TABLE leaf (idx INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT; -- idx from 0 without gap
CREATE TABLE leaf_side (idx INTEGER PRIMARY KEY REFERENCES leaf (idx), actor TEXT, patient TEXT, object TEXT) STRICT;
-- frontier: roots of the perfect subtrees, largest first, 32 bytes each; at_ms: no later commit is earlier
CREATE TABLE log_head (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, frontier BLOB NOT NULL, at_ms INTEGER NOT NULL) STRICT;
INSERT INTO log_head (id, size, frontier, at_ms) VALUES (1, 0, x'', 0);
-- one signed note for each batch that added leaves
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;
