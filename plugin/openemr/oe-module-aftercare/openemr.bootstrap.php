<?php

/**
 * Included by OpenEMR in every request. Nothing in here may stop a page: whatever goes wrong is logged and forgotten.
 */

declare(strict_types=1);

try {
    if (isset($classLoader) && isset($eventDispatcher)) {
        $classLoader->registerNamespaceIfNotExists('OpenEMR\\Modules\\Aftercare\\', __DIR__ . DIRECTORY_SEPARATOR . 'src');
        (new \OpenEMR\Modules\Aftercare\Module(new \OpenEMR\Modules\Aftercare\OpenEmr()))->listen($eventDispatcher);
    }
} catch (\Throwable $e) {
    error_log('aftercare: the module could not start: ' . get_class($e) . ' at ' . basename($e->getFile()) . ':' . $e->getLine());
}
