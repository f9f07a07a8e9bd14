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
    public function answer(int $id, bool $wasGiven, string $at, Access $access, Client $client): int
    {
        $row = $this->ehr->row('SELECT b.*, e.sensitivity FROM aftercare_blank b JOIN form_encounter e ON e.encounter = b.encounter AND e.pid = b.pid'
            . ' WHERE b.id = ? AND b.told = 0', [$id]);
        if ($row === null || !Access::maySee($this->ehr, (string) $row['sensitivity'])) {
            return 0;
        }
        if ($wasGiven) {
            $this->record($row, $at, $access, $client);
            $this->file($row, $at);
        }
        $this->ehr->run('UPDATE aftercare_blank SET told = ?, bytes = ? WHERE id = ?', [$wasGiven ? 1 : 2, '', $id]);
        return (int) $row['encounter'];
    }

    /** In the plan, by its own form and in the name of whoever answers. */
    private function record(array $row, string $at, Access $access, Client $client): void
    {
        $plan = (string) ($this->store->encounter((int) $row['encounter'])['plan'] ?? '');
        if ($plan === '') {
            throw new Refused(409, 'The visit has no plan yet. Answer again when it was sent.');
        }
        $uri = '/aftercare/plans/' . $plan;
        $who = $access->identify($uri);
        $page = $client->call('GET', $uri, $who, limitMs: Client::PAGE_MS);
        if (preg_match('#<form\b[^>]*action="' . $uri . '/blank-sheets"[^>]*>(.*?)</form>#s', $page->body, $form) !== 1) {
            throw new Refused($page->isGood() ? 403 : 502, 'A nurse or a clinician says that a blank sheet was given, while the plan is active.');
        }
        preg_match_all('#<input\b[^>]*\btype="hidden"[^>]*\bname="([^"]*)"[^>]*\bvalue="([^"]*)"#', $form[1], $m);
        $fields = array_combine($m[1], array_map(fn(string $v): string => html_entity_decode($v, ENT_QUOTES | ENT_HTML5), $m[2]));
        $fields = ['given' => $at, 'language' => $row['language'], 'protocol' => $row['protocol']] + $fields;
        $answer = $client->call('POST', $uri . '/blank-sheets', $who, http_build_query($fields), 'application/x-www-form-urlencoded', Client::PAGE_MS);
        if ($answer->status !== 303) {
            throw new Refused(409, 'It was not recorded: was the time in the future, or before the day of the visit? ' . $answer->rule());
        }
    }

    /** The very bytes that the patient holds, in the chart. */
    private function file(array $row, string $at): void
    {
        $name = 'Aftercare blank sheet given ' . str_replace('T', ' ', $at) . ' ' . $row['id'] . '.pdf';
        $category = $this->ehr->categoryId(WriteBack::CATEGORY, WriteBack::CATEGORY_CODE);
        if ($this->ehr->row('SELECT id FROM documents WHERE foreign_id = ? AND name = ?', [$row['pid'], $name]) === null) {
            $owner = (int) ($this->ehr->session('authUserID') ?: 0);
            $this->ehr->addDocument((int) $row['pid'], (int) $row['encounter'], $category, $name, 'application/pdf', (string) $row['bytes'], $owner);
        }
    }
}
