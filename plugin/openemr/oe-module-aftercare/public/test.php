<?php

/** "Test connection", for administrators. */

declare(strict_types=1);

require __DIR__ . '/begin.php';

if (!$ehr->may('admin', 'super')) {
    http_response_code(403);
    exit;
}
http_response_code(200);
header('Cache-Control: no-store');
$sent = '';
try {
    if ($_SERVER['REQUEST_METHOD'] === 'POST') {
        $day = (string) ($_POST['since'] ?? '');
        if (!$ehr->csrfIsGood((string) ($_POST['csrf_token_form'] ?? '')) || preg_match('/^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$/', $day) !== 1) {
            http_response_code(403);
            exit;
        }
        $sent = (new \OpenEMR\Modules\Aftercare\Sync($ehr, $settings, $store))->touchSince($day) . ' visits are on the list; the background service sends them.';
    }
    $checks = (new \OpenEMR\Modules\Aftercare\Checks($ehr, $settings, $store))->all();
} catch (\Throwable $e) {
    $ehr->log(get_class($e) . ' at ' . basename($e->getFile()) . ':' . $e->getLine());
    $checks = [[false, 'The test itself failed: ' . get_class($e) . '. Was the module installed through the Module Manager?']];
}
$text = fn(string $s): string => htmlspecialchars($ehr->say($s), ENT_QUOTES);
?>
<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Aftercare</title>
    <style>
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 1.5rem auto; padding: 0 1rem; color: #1b2a33; }
        li { margin: .5rem 0; }
        .no { color: #8a1f11; font-weight: 600; }
    </style>
</head>
<body>
    <h1><?php echo $text('Aftercare: test connection'); ?></h1>
    <ul>
        <?php foreach ($checks as [$good, $sentence]) { ?>
            <li<?php echo $good ? '' : ' class="no"'; ?>><?php echo ($good ? '&#10003; ' : '&#10007; ') . $text($sentence); ?></li>
        <?php } ?>
    </ul>
    <p><?php echo $text('Settings: Administration, Config, Aftercare.'); ?></p>
    <h2><?php echo $text('Visits of before'); ?></h2>
    <p><?php echo $text('Set live-since first: older visits are then recorded without a plan, and "aftercare event backfill" makes plans of those that are wanted.'); ?></p>
    <form method="post">
        <input type="hidden" name="csrf_token_form" value="<?php echo htmlspecialchars($ehr->csrf(), ENT_QUOTES); ?>">
        <label><?php echo $text('Send visits since'); ?> <input type="date" name="since" required></label>
        <button><?php echo $text('Send them'); ?></button>
    </form>
    <p role="status"><?php echo htmlspecialchars($sent, ENT_QUOTES); ?></p>
</body>
</html>
