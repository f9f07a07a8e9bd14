<?php

/** From the document tree to OpenEMR's viewer of CDA: who opened which document is logged first. */

declare(strict_types=1);

require __DIR__ . '/begin.php';

try {
    $id = (int) ($_GET['id'] ?? 0);
    $row = $ehr->row('SELECT d.id, d.foreign_id, e.sensitivity FROM documents d LEFT JOIN form_encounter e ON e.encounter = d.encounter_id'
        . ' WHERE d.id = ? AND d.deleted = 0', [$id]);
    if ($row === null || !$ehr->may('patients', 'docs') || !\OpenEMR\Modules\Aftercare\Access::maySee($ehr, (string) $row['sensitivity'])) {
        http_response_code(403);
        exit;
    }
    $ehr->audit('view', 'Aftercare document ' . $id . ' opened', (int) $row['foreign_id']);
    http_response_code(303);
    header('Location: ' . $ehr->root() . '/interface/modules/zend_modules/public/encountermanager/previewDocument?docId=' . $id);
} catch (\Throwable $e) {
    $ehr->log(get_class($e) . ' at ' . basename($e->getFile()) . ':' . $e->getLine());
    http_response_code(500);
}
