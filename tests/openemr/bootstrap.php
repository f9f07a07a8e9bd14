<?php

/** Loads the module as OpenEMR does, and ends what the tests started. */

declare(strict_types=1);

foreach (['/usr/share/php/Symfony/Component/EventDispatcher/autoload.php'] as $file) {
    if (is_file($file)) {
        require_once $file;
    }
}
spl_autoload_register(function (string $class): void {
    foreach (['OpenEMR\\Modules\\Aftercare\\' => dirname(__DIR__, 2) . '/plugin/openemr/oe-module-aftercare/src/', 'Aftercare\\Tests\\' => __DIR__ . '/'] as $space => $dir) {
        $file = $dir . strtr(substr($class, strlen($space)), '\\', '/') . '.php';
        if (str_starts_with($class, $space) && is_file($file)) {
            require_once $file;
        }
    }
});
date_default_timezone_set('Europe/Berlin');
