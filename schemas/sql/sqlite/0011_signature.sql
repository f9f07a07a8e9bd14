-- 0011: documents signed by the clinic's key, and versions that wait for a clinician's confirmation.
-- a detached CMS without its certificate, and which certificate: a blob. Null: made before the clinic had a key
ALTER TABLE document ADD COLUMN signature BLOB;
ALTER TABLE document ADD COLUMN certificate BLOB REFERENCES blob (sha256);
-- since when the current document waits for a confirmation; null: it does not
ALTER TABLE plan ADD COLUMN confirm_ms INTEGER;
CREATE INDEX plan_to_confirm ON plan (confirm_ms) WHERE confirm_ms IS NOT NULL;
-- one click on exactly this version; the document version is the one that was looked at
CREATE TABLE confirmation (
  plan BLOB NOT NULL REFERENCES plan (id), document_version INTEGER NOT NULL, plan_version INTEGER NOT NULL,
  at_ms INTEGER NOT NULL, actor TEXT NOT NULL, signer INTEGER NOT NULL, -- 1: who signed the chart
  leaf INTEGER NOT NULL REFERENCES leaf (idx),
  PRIMARY KEY (plan, document_version)
) STRICT, WITHOUT ROWID;
