<?php

/**
 * How each page of the module begins. OpenEMR answers 200 to who is not signed in; a web server that asks who.php would let that
 * pass. So the answer is 401 until OpenEMR's own session has been found good.
 */

declare(strict_types=1);

if (basename($_SERVER['SCRIPT_NAME'] ?? '') === 'begin.php') {
    http_response_code(404);
    exit;
}
http_response_code(401);
$ignoreAuth = false;
require_once __DIR__ . '/../../../../globals.php';

$ehr = new \OpenEMR\Modules\Aftercare\OpenEmr();
$settings = new \OpenEMR\Modules\Aftercare\Settings($ehr);
$store = new \OpenEMR\Modules\Aftercare\Store($ehr);
$access = new \OpenEMR\Modules\Aftercare\Access($ehr, $settings, $store);
if ($ehr->session('authUser') === '' || $ehr->session('authUserID') === '') {
    exit;
}
