<?php

/** OpenEMR's background service calls this: every minute while somebody is signed in, or from cron. */

declare(strict_types=1);

function aftercare_reconcile(): void
{
    try {
        (new \OpenEMR\Modules\Aftercare\Module(new \OpenEMR\Modules\Aftercare\OpenEmr()))->reconcile();
    } catch (\Throwable $e) {
        error_log('aftercare: ' . get_class($e) . ' at ' . basename($e->getFile()) . ':' . $e->getLine());
    }
}
