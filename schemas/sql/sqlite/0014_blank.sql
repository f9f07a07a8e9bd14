-- 0014_blank.sql - sheets that were written by hand on a blank one while nothing else could be made.
ALTER TABLE issue ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0 CHECK (by_hand = 0 OR by_hand = 1); -- medium is paper then
