-- 0012: the PDF of an issued sheet, as it was given out: made when somebody asks for it, never made again.
CREATE TABLE issue_pdf (
  plan BLOB NOT NULL, n INTEGER NOT NULL, large INTEGER NOT NULL CHECK (large IN (0, 1)), -- large: in large print
  at_ms INTEGER NOT NULL, sha256 BLOB NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL, salt BLOB NOT NULL,
  leaf INTEGER NOT NULL REFERENCES leaf (idx), -- kind "handout-pdf" or "handout-pdf-large", the plan's id, n as version, digest of the plain bytes
  PRIMARY KEY (plan, n, large),
  FOREIGN KEY (plan, n) REFERENCES issue (plan, n)
) STRICT;
