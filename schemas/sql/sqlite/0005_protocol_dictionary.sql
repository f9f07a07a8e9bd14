-- 0005: which dictionary (core/dictionary.h) a protocol version's documents, sheets and inputs are compressed with. The order
-- of table dictionary means nothing any more.
CREATE TABLE protocol_dictionary (
  version BLOB NOT NULL REFERENCES protocol_version (version), likeness TEXT NOT NULL,
  dictionary BLOB NOT NULL REFERENCES dictionary (sha256),
  PRIMARY KEY (version, likeness)
) STRICT, WITHOUT ROWID;
