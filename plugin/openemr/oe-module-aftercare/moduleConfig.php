<?php

/** The Module Manager's gear: the test of the connection, which names where the settings are. */

declare(strict_types=1);

require_once __DIR__ . '/../../../globals.php';

header('Location: ' . ($GLOBALS['webroot'] ?? '') . '/interface/modules/custom_modules/oe-module-aftercare/public/test.php');
