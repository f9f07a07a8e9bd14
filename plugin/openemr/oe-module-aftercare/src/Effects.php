<?php

/** What was written into OpenEMR, each once: begun before, done with OpenEMR's id after, found again by its mark when a crash came between. */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Effects
{
    public function __construct(private OpenEmr $ehr)
    {
    }

    /** @param callable(): int $find @param callable(): int $do */
    public function once(array $about, string $part, string $digest, callable $find, callable $do): int
    {
        $effect = $about['effect'] . $part;
        $row = $this->ehr->row('SELECT ehr_id, state FROM aftercare_effect WHERE effect = ?', [$effect]);
        if ($row !== null && $row['state'] !== 'begun') {
            return (int) $row['ehr_id'];
        }
        if ($row === null) {
            $this->note($about, $part, 'begun', $digest, date('Y-m-d H:i:s'));
        }
        $id = ($row === null ? 0 : $find()) ?: $do();
        $this->ehr->run('UPDATE aftercare_effect SET ehr_id = ?, state = ? WHERE effect = ?', [$id, 'done', $effect]);
        return $id;
    }

    public function note(array $about, string $part, string $state, string $digest, string $at): void
    {
        $this->ehr->run(
            'INSERT INTO aftercare_effect (effect, object, version, kind, pid, encounter, mark, digest, href, visit, state, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
            . ' ON DUPLICATE KEY UPDATE state = VALUES(state), at = VALUES(at)',
            [$about['effect'] . $part, $about['object'], $about['version'], $about['kind'] . explode('/', $part)[0], $about['pid'], $about['encounter'],
            self::mark($about), $digest, $about['href'], $about['visit'] ?? '', $state, $at]
        );
    }

    public function close(array $effect): void
    {
        $this->ehr->run('UPDATE aftercare_effect SET state = ? WHERE effect = ?', ['closed', $effect['effect']]);
    }

    public static function mark(array $about): string
    {
        return substr($about['object'], -12) . '-' . $about['version'];
    }
}
