<?php

/** A blank sheet while the plugin is down, and afterwards whether it was given. Sent forms only. */

declare(strict_types=1);

require __DIR__ . '/begin.php';

try {
    if (
        $_SERVER['REQUEST_METHOD'] !== 'POST' || !$ehr->csrfIsGood((string) ($_POST['csrf_token_form'] ?? ''))
        || array_intersect(['clinician', 'nurse', 'front-desk'], $access->roles()) === []
    ) {
        http_response_code(403);
        exit;
    }
    $sheets = new \OpenEMR\Modules\Aftercare\Sheets($ehr, $settings, $store);
    if (isset($_POST['blank'])) {
        $encounter = $sheets->answer((int) $_POST['blank'], ($_POST['answer'] ?? '') === 'yes', (string) ($_POST['given'] ?? ''), $access, $settings->client());
        http_response_code($encounter > 0 ? 303 : 409);
        header('Location: ' . $ehr->root() . '/interface/patient_file/encounter/encounter_top.php');
        exit;
    }
    $pdf = $sheets->open((int) ($_POST['encounter'] ?? 0), (string) ($_POST['protocol'] ?? ''), (string) ($_POST['language'] ?? ''));
    http_response_code($pdf === null ? 404 : 200);
    if ($pdf !== null) {
        header('Content-Type: application/pdf');
        header('Cache-Control: no-store');
        header('Content-Disposition: inline; filename="blank-sheet.pdf"');
        echo $pdf;
    }
} catch (\OpenEMR\Modules\Aftercare\Refused $e) {
    $page = \OpenEMR\Modules\Aftercare\Pages::page($e->status, $e->getMessage());
    http_response_code($page->status);
    header('Content-Type: text/html; charset=utf-8');
    echo $page->body;
} catch (\Throwable $e) {
    $ehr->log(get_class($e) . ' at ' . basename($e->getFile()) . ':' . $e->getLine());
    http_response_code(500);
}
