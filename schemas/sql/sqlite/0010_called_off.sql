-- 0010: an activation that was to come and was called off, or overtaken, never stands; its version can be published again.
ALTER TABLE protocol_activation ADD COLUMN off_ms INTEGER; -- when it was called off; before effective_ms
UPDATE protocol_activation SET off_ms = (SELECT min(y.at_ms) FROM protocol_activation y WHERE y.protocol = protocol_activation.protocol
    AND y.n > protocol_activation.n AND y.effective_ms <= protocol_activation.effective_ms)
  WHERE effective_ms > at_ms AND EXISTS (SELECT 1 FROM protocol_activation y WHERE y.protocol = protocol_activation.protocol
    AND y.n > protocol_activation.n AND y.effective_ms <= protocol_activation.effective_ms);
UPDATE protocol_version SET state = CASE WHEN approver IS NULL THEN 'draft' ELSE 'approved' END
  WHERE EXISTS (SELECT 1 FROM protocol_activation a WHERE a.version = protocol_version.version)
    AND NOT EXISTS (SELECT 1 FROM protocol_activation a WHERE a.version = protocol_version.version AND a.off_ms IS NULL);
-- a task that somebody escalated is open: it has no time at which it was done, and nobody who did it
UPDATE task SET done_ms = NULL, actor = NULL WHERE done_ms = 0;
