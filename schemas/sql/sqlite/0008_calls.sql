-- 0008: talks with the patient (core/call.h). Rows are added, never changed: where a call stands follows from its entries.
CREATE TABLE patient_call (
  plan INTEGER NOT NULL REFERENCES plan (first_leaf), n INTEGER NOT NULL, -- from 1 within the plan
  kind TEXT NOT NULL CHECK (kind = 'check-in' OR kind = 'call-in' OR kind = 'visit'),
  task TEXT, -- the task that it answers; null: none
  PRIMARY KEY (plan, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE patient_call_entry (
  plan INTEGER NOT NULL, of_call INTEGER NOT NULL, n INTEGER NOT NULL, -- from 1 within the call
  kind TEXT NOT NULL CHECK (kind = 'answer' OR kind = 'flag' OR kind = 'note' OR kind = 'level' OR kind = 'outcome'),
  name TEXT, value TEXT, words TEXT, actor TEXT NOT NULL, role TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (plan, of_call, n), FOREIGN KEY (plan, of_call) REFERENCES patient_call (plan, n)
) STRICT, WITHOUT ROWID;
