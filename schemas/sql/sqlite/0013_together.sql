-- 0013: checks of one patient that were answered in one conversation. Each is a call of its own plan; all but the first name the first, as
-- "plan/n". It says what belongs together on a page; no plan is made of it.
ALTER TABLE patient_call ADD COLUMN spoken_with TEXT;
CREATE INDEX patient_call_with ON patient_call (spoken_with) WHERE spoken_with IS NOT NULL;
