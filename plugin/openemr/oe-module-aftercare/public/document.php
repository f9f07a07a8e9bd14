<?php

/**
 * From the document tree to a readable page: who opened which document is logged first. The page is made here, with the style sheet
 * of OpenEMR's viewer: from 8.2 on the viewer itself is closed to whoever may not send documents to other providers.
 */

declare(strict_types=1);

require __DIR__ . '/begin.php';

try {
    $id = (int) ($_GET['id'] ?? 0);
    $row = $ehr->row('SELECT d.id, d.foreign_id, e.sensitivity FROM documents d LEFT JOIN form_encounter e ON e.encounter = d.encounter_id'
        . " WHERE d.id = ? AND d.deleted = 0 AND d.mimetype = 'text/xml'", [$id]);
    if ($row === null || !$ehr->may('patients', 'docs') || !\OpenEMR\Modules\Aftercare\Access::maySee($ehr, (string) $row['sensitivity'])) {
        http_response_code(403);
        exit;
    }
    $bytes = $ehr->documentBytes($id);
    if ($bytes === null) {
        http_response_code(403);
        exit;
    }
    $ehr->audit('view', 'Aftercare document ' . $id . ' opened', (int) $row['foreign_id']);
    $document = new DOMDocument();
    $style = new DOMDocument();
    if (!$document->loadXML($bytes, LIBXML_NONET) || !$style->load($ehr->cdaStyle(), LIBXML_NONET)) {
        throw new \RuntimeException('not XML');
    }
    $viewer = new XSLTProcessor();
    $viewer->setSecurityPrefs(XSL_SECPREF_READ_FILE | XSL_SECPREF_WRITE_FILE | XSL_SECPREF_CREATE_DIRECTORY | XSL_SECPREF_READ_NETWORK
        | XSL_SECPREF_WRITE_NETWORK);
    $viewer->importStylesheet($style);
    $page = $viewer->transformToXml($document);
    if (!is_string($page)) {
        throw new \RuntimeException('no page');
    }
    http_response_code(200);
    header('Content-Type: text/html; charset=utf-8');
    header('Cache-Control: no-store');
    header('X-Content-Type-Options: nosniff');
    header("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'");
    echo $page;
} catch (\Throwable $e) {
    $ehr->log(get_class($e) . ' at ' . basename($e->getFile()) . ':' . $e->getLine());
    http_response_code(500);
}
