-- 0002: the log's reserve, sites and their source systems, used tokens.
-- How many entries of a filling of the reserve are leaves already: its file is emptied after the commit, and a crash may
-- come between the two.
CREATE TABLE log_reserve (epoch BLOB PRIMARY KEY, taken INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- a site belongs to one source system: the first that was seen, or the one that a person named
CREATE TABLE site_source (site TEXT PRIMARY KEY, system TEXT NOT NULL, since_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- a token of the EHR's module writes once; kept until it would be refused for its age
CREATE TABLE token_used (nonce BLOB PRIMARY KEY, until_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX token_used_by_until ON token_used (until_ms);
