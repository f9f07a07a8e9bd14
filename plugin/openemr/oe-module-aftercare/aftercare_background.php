<?php

/** OpenEMR's background service calls this: every minute while somebody is signed in, or from cron. */

declare(strict_types=1);

function aftercare_reconcile(): void
{
    try {
        if (!class_exists(\OpenEMR\Modules\Aftercare\Module::class)) { /* started where OpenEMR loads no modules */
            spl_autoload_register(function (string $class): void {
                $file = __DIR__ . '/src/' . substr($class, strlen('OpenEMR\\Modules\\Aftercare\\')) . '.php';
                if (str_starts_with($class, 'OpenEMR\\Modules\\Aftercare\\') && is_file($file)) {
                    require_once $file;
                }
            });
        }
        (new \OpenEMR\Modules\Aftercare\Module(new \OpenEMR\Modules\Aftercare\OpenEmr()))->reconcile();
    } catch (\Throwable $e) {
        error_log('aftercare: ' . get_class($e) . ' at ' . basename($e->getFile()) . ':' . $e->getLine());
    }
}
