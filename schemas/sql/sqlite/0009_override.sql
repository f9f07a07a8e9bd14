-- 0009: what a clinician decided for one visit, beside the protocol. Rows are never changed: undoing is another row.
CREATE TABLE plan_override (
  plan INTEGER NOT NULL REFERENCES plan (first_leaf), n INTEGER NOT NULL,
  content TEXT NOT NULL, -- canonical JSON: what, on which line, why, who, when, what was confirmed (core/override.h)
  salt BLOB NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaf (idx), -- kind "override", the plan's id, n as version, digest of the content
  PRIMARY KEY (plan, n)
) STRICT, WITHOUT ROWID;
