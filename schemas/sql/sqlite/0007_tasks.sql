-- 0007: who took a task, whose turn it is, until when it waits, when the timer looks at it; what was done to it and to its
-- plan, and why.
ALTER TABLE task ADD COLUMN owner TEXT;      -- the account that has it; null: nobody
ALTER TABLE task ADD COLUMN called TEXT;     -- urgent: the account on call whose turn it is; null: nobody's
ALTER TABLE task ADD COLUMN called_ms INTEGER; -- since when it is that one's turn, or since when nobody was on duty
ALTER TABLE task ADD COLUMN given INTEGER NOT NULL DEFAULT 0; -- a person gave it to this role: no later version takes it back
ALTER TABLE task ADD COLUMN line TEXT;       -- key of the plan's line that it is about; null: the task is a line itself
ALTER TABLE task ADD COLUMN snoozed INTEGER; -- seconds; not shown as due before
ALTER TABLE task ADD COLUMN take_s INTEGER;  -- urgent and not taken so long: the next on call; null: nobody decided
ALTER TABLE task ADD COLUMN escalate_s INTEGER;  -- so long after due it goes to escalate_to; null: never by itself
ALTER TABLE task ADD COLUMN escalate_to TEXT;
ALTER TABLE task ADD COLUMN steps INTEGER NOT NULL DEFAULT 0; -- how often the timer moved it on
ALTER TABLE task ADD COLUMN timer_ms INTEGER; -- when the timer must look at it; null: never
CREATE INDEX task_by_timer ON task (timer_ms) WHERE timer_ms IS NOT NULL;
-- append-only; n is the task's seq after the act, so that nothing is recorded twice
CREATE TABLE task_act (
  plan INTEGER NOT NULL REFERENCES plan (first_leaf), name TEXT NOT NULL, n INTEGER NOT NULL,
  action TEXT NOT NULL, detail TEXT, reason TEXT, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL,
  PRIMARY KEY (plan, name, n)
) STRICT, WITHOUT ROWID;
-- append-only; n is the plan's version that came of it
CREATE TABLE plan_act (
  plan INTEGER NOT NULL REFERENCES plan (first_leaf), n INTEGER NOT NULL,
  action TEXT NOT NULL, was TEXT NOT NULL, becomes TEXT NOT NULL, reason TEXT, at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL, role TEXT NOT NULL,
  PRIMARY KEY (plan, n)
) STRICT, WITHOUT ROWID;
