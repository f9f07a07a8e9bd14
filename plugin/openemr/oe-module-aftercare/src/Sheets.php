<?php

/**
 * Paper for when the plugin is down: its last blank sheets, one for each protocol and language, kept in the database. What was given
 * is filed afterwards as the very bytes that were printed.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Sheets
{
    private const LIST = '/aftercare/v1/blank-sheets';

    public function __construct(private OpenEmr $ehr, private Settings $settings, private Store $store)
    {
    }

    /** Those that changed are fetched, those that are no more are dropped. A list that cannot be read changes nothing. */
    public function refresh(Client $client): void
    {
        $who = Sync::asSystem($this->settings);
        $answer = $client->call('GET', self::LIST, $who, limitMs: Client::PAGE_MS);
        $list = $answer->json()['sheets'] ?? null;
        if (!$answer->isGood() || !is_array($list)) {
            return;
        }
        $keep = [];
        foreach ($list as $s) {
            $digest = (string) ($s['sha256'] ?? '');
            $key = [(string) ($s['protocol'] ?? ''), (string) ($s['language'] ?? '')];
            $have = $this->ehr->row('SELECT digest FROM aftercare_sheet WHERE protocol = ? AND language = ?', $key);
            $keep[] = implode(' ', $key);
            if (($have['digest'] ?? '') === $digest || !str_starts_with((string) ($s['href'] ?? ''), self::LIST . '/')) {
                continue;
            }
            $pdf = $client->call('GET', $s['href'], $who, limitMs: 10000);
            if ($pdf->isGood() && str_starts_with($pdf->body, '%PDF-')) {
                $this->ehr->run(
                    'REPLACE INTO aftercare_sheet (protocol, language, title, digest, at, bytes) VALUES (?, ?, ?, ?, NOW(), ?)',
                    [...$key, (string) ($s['title'] ?? ''), $digest, $pdf->body]
                );
            }
        }
        foreach ($this->ehr->rows('SELECT protocol, language FROM aftercare_sheet') as $s) {
            if (!in_array($s['protocol'] . ' ' . $s['language'], $keep, true)) {
                $this->ehr->run('DELETE FROM aftercare_sheet WHERE protocol = ? AND language = ?', [$s['protocol'], $s['language']]);
            }
        }
        $this->store->setState('sheets', (string) time());
    }

    /** Opened to be printed for a visit: noted, so that somebody is asked afterwards. */
    public function open(int $encounter, string $protocol, string $language): ?string
    {
        $visit = $this->ehr->row('SELECT pid, sensitivity FROM form_encounter WHERE encounter = ?', [$encounter]);
        $sheet = $this->ehr->row('SELECT bytes FROM aftercare_sheet WHERE protocol = ? AND language = ?', [$protocol, $language]);
        if ($visit === null || $sheet === null || !Access::maySee($this->ehr, (string) $visit['sensitivity'])) {
            return null;
        }
        $this->ehr->run(
            'INSERT INTO aftercare_blank (encounter, pid, protocol, language, digest, user, at, bytes) VALUES (?, ?, ?, ?, ?, ?, NOW(), ?)',
            [$encounter, $visit['pid'], $protocol, $language, hash('sha256', (string) $sheet['bytes']), $this->ehr->session('authUser'), $sheet['bytes']]
        );
        return (string) $sheet['bytes'];
    }

    /** Given at that time, or not given: the visit it belongs to, or 0 when there is nothing to answer. */
    public function answer(int $id, bool $wasGiven, string $at): int
    {
        $row = $this->ehr->row('SELECT b.*, e.sensitivity FROM aftercare_blank b JOIN form_encounter e ON e.encounter = b.encounter AND e.pid = b.pid'
            . ' WHERE b.id = ? AND b.told = 0', [$id]);
        if ($row === null || !Access::maySee($this->ehr, (string) $row['sensitivity'])) {
            return 0;
        }
        $time = date_create_immutable($at, new \DateTimeZone($this->ehr->zone()));
        if ($wasGiven && $time === false) {
            return 0;
        }
        if ($wasGiven) {
            $name = 'Aftercare blank sheet given ' . $time->format('Y-m-d H:i') . ' ' . $id . '.pdf';
            $owner = (int) ($this->ehr->session('authUserID') ?: 0);
            $category = $this->ehr->categoryId(WriteBack::CATEGORY, WriteBack::CATEGORY_CODE);
            if ($this->ehr->row('SELECT id FROM documents WHERE foreign_id = ? AND name = ?', [$row['pid'], $name]) === null) {
                $this->ehr->addDocument((int) $row['pid'], (int) $row['encounter'], $category, $name, 'application/pdf', (string) $row['bytes'], $owner);
            }
            $this->ehr->audit('other', 'Aftercare blank sheet ' . substr((string) $row['digest'], 0, 12) . ' given ' . $time->format('Y-m-d H:i'), (int) $row['pid']);
        }
        $this->ehr->run('UPDATE aftercare_blank SET told = ?, bytes = ? WHERE id = ?', [$wasGiven ? 1 : 2, '', $id]);
        return (int) $row['encounter'];
    }
}
