-- 0004: lists that are read by key, the timer's next try, the signature that covers what stands.
-- tries of the timer that failed since the plan was written last; timer_ms is then the next one
ALTER TABLE plan ADD COLUMN timer_tries INTEGER NOT NULL DEFAULT 0;
-- seconds; the chart's signature with which the standing content came; null: none
ALTER TABLE plan ADD COLUMN signed_s INTEGER;
-- plans newest first; of one patient, at one site or at all
CREATE INDEX plan_by_created ON plan (created_ms);
DROP INDEX plan_by_patient;
CREATE INDEX plan_by_patient ON plan (patient, site);
-- what the EHR refused: few
CREATE INDEX delivery_failed ON delivery (created_ms) WHERE status = 'failed';
