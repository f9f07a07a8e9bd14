<?php

/** A page of the plugin, fetched by the module: page.php?p=/aftercare/... */

declare(strict_types=1);

require __DIR__ . '/begin.php';

try {
    $body = (string) file_get_contents('php://input', false, null, 0, 2 * 1024 * 1024);
    $pages = new \OpenEMR\Modules\Aftercare\Pages($access, $settings->client(), $ehr->root() . \OpenEMR\Modules\Aftercare\Module::PATH . 'page.php');
    $answer = $pages->serve($_SERVER, $body);
} catch (\Throwable $e) {
    $ehr->log(get_class($e) . ' at ' . basename($e->getFile()) . ':' . $e->getLine());
    $answer = \OpenEMR\Modules\Aftercare\Pages::page(500, 'The page could not be made.');
}
header_remove();
http_response_code($answer->status);
foreach ($answer->headers as $name => $value) {
    header($name . ': ' . $value);
}
echo $answer->body;
