<?php

/** For the web server (auth_request): who may see the page that was asked for. 204 with X-Aftercare-*, or 401, 403. Nothing else. */

declare(strict_types=1);

require __DIR__ . '/begin.php';

try {
    $who = $access->identify((string) ($_SERVER['HTTP_X_ORIGINAL_URI'] ?? ''));
    foreach (['user', 'role', 'site', 'patient', 'encounter'] as $name) {
        $value = $who[$name] ?? '';
        if (preg_match('/[\r\n\x00-\x1f\x7f]/', $value) === 1) {
            throw new \OpenEMR\Modules\Aftercare\Refused(403, '');
        }
        header('X-Aftercare-' . ucfirst($name) . ': ' . $value);
    }
    http_response_code(204);
} catch (\OpenEMR\Modules\Aftercare\Refused $e) {
    header_remove('X-Aftercare-User');
    http_response_code($e->status === 401 ? 401 : 403);
} catch (\Throwable $e) {
    header_remove('X-Aftercare-User');
    http_response_code(403);
}
