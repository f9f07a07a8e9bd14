-- 0015: documents made before there was a "to confirm" list are in it too. 0: nobody looked yet whether the document names a signer; it
-- counts as waiting until then (core/confirm.c looks, plan by plan, and writes since when it waits, or that it does not).
UPDATE plan SET confirm_ms = 0 WHERE confirm_ms IS NULL AND status = 'active' AND document_version > 0
  AND NOT EXISTS (SELECT 1 FROM confirmation c WHERE c.plan = plan.id AND c.document_version = plan.document_version);
