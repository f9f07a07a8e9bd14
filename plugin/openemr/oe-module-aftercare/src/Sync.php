<?php

/**
 * What OpenEMR holds, told to the plugin. An event, a request that may have changed something, and every table whose mark moved put
 * encounters on a list in the database; whoever works the list reads the encounter again. So nothing is lost while the plugin is
 * down, and it does not matter who noticed first.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Sync
{
    public const DOWN_S = 30;
    private const OVERLAP_S = 120;
    private const OVERLAP_ROWS = 50;
    private const BACKOFF_MAX_S = 3600;
    private const RECENT_DAYS = 7;

    /**
     * table => [encounters of rows whose number is higher than ... (or whose time is not lower than ...), greatest number (and time)].
     * Times only where the database itself sets them: the others have no index, and every change of them makes a new row.
     */
    private const MARKS = [
        'form_encounter' => ['SELECT encounter FROM form_encounter WHERE id > ? OR last_update >= ?',
            'SELECT MAX(id) AS n, MAX(last_update) AS t FROM form_encounter'],
        'billing' => ['SELECT encounter FROM billing WHERE id > ?', 'SELECT MAX(id) AS n FROM billing'],
        'forms' => ['SELECT encounter FROM forms WHERE id > ?', 'SELECT MAX(id) AS n FROM forms'],
        'esign' => ['SELECT IF(s.`table` = \'forms\', f.encounter, s.tid) AS encounter FROM esign_signatures s'
            . ' LEFT JOIN forms f ON s.`table` = \'forms\' AND f.id = s.tid WHERE s.id > ?', 'SELECT MAX(id) AS n FROM esign_signatures'],
        'orders' => ['SELECT encounter_id AS encounter FROM procedure_order WHERE procedure_order_id > ?',
            'SELECT MAX(procedure_order_id) AS n FROM procedure_order'],
    ];
    /** The same, of patients. */
    private const PATIENT_MARKS = [
        'lists' => ['SELECT DISTINCT pid FROM lists WHERE id > ? OR modifydate >= ?', 'SELECT MAX(id) AS n, MAX(modifydate) AS t FROM lists'],
        'patients' => ['SELECT DISTINCT pid FROM patient_data WHERE id > ? OR last_updated >= ?',
            'SELECT MAX(id) AS n, MAX(last_updated) AS t FROM patient_data'],
    ];
    /** @var list<array<string, mixed>> deliveries that came with answers: offered, so that nobody else is offered them for a while */
    public array $deliveries = [];
    private int $broken = 0;

    public function __construct(private OpenEmr $ehr, private Settings $settings, private Store $store)
    {
    }

    /** @return array{user: string, role: string, site: string} */
    public static function asSystem(Settings $settings): array
    {
        return ['user' => 'openemr-module', 'role' => 'system', 'site' => $settings->site()];
    }

    /**
     * After a page was delivered: each encounter is on the list first, then sent if the plugin is not known to be down.
     * @param list<int> $encounters
     */
    public function afterPage(array $encounters): void
    {
        foreach ($encounters as $encounter) {
            $this->store->touch($encounter);
        }
        foreach ($encounters as $encounter) {
            if ($this->isDown() || !$this->send($encounter, Client::EVENT_MS)) {
                break;
            }
        }
    }

    public function isDown(): bool
    {
        return (int) $this->store->state('down_until') > time();
    }

    /** The background service: what moved, what is to be read again today, and the list. Sent encounters, or -1: the plugin is down. */
    public function reconcile(int $seconds = 40): int
    {
        $this->gather();
        $this->gatherDaily();
        $end = microtime(true) + $seconds;
        for ($n = 0; microtime(true) < $end && ($rows = $this->store->due()) !== [];) {
            foreach ($rows as $row) {
                if (!$this->send((int) $row['encounter'], 2000)) {
                    return -1;
                }
                $n++;
            }
        }
        $this->store->setState('reconciled', (string) time());
        return $n;
    }

    /** From now on: what was there before is not looked at. */
    public function startHere(): void
    {
        $now = (string) ($this->ehr->row('SELECT NOW() + INTERVAL ? SECOND AS t', [self::OVERLAP_S])['t'] ?? '');
        foreach (self::MARKS + self::PATIENT_MARKS as $name => [, $mark]) {
            $number = (int) ($this->ehr->row($mark)['n'] ?? 0);
            $this->store->setState('mark.' . $name, $number . ' ' . $now);
            $this->store->setState('from.' . $name, (string) $number);
        }
        $this->store->setState('go_live', gmdate('Y-m-d\TH:i:s\Z'));
    }

    /** Visits of a day and later, of before the module too: put on the list, whose length then is. */
    public function touchSince(string $day): int
    {
        $this->ehr->run('INSERT INTO aftercare_encounter (encounter, pending) SELECT DISTINCT encounter, 1 FROM form_encounter WHERE date >= ? AND encounter > 0'
            . ' ON DUPLICATE KEY UPDATE pending = pending + 1', [$day]);
        return (int) ($this->ehr->row('SELECT COUNT(*) AS n FROM aftercare_encounter WHERE pending > 0')['n'] ?? 0);
    }

    /** A mark is moved after what it led to is on the list; rows committed late are met by the overlap. */
    private function gather(): void
    {
        if ($this->store->state('go_live') === '') {
            $this->startHere();
        }
        foreach (self::MARKS as $name => [$query, $mark]) {
            $this->moved($name, $query, $mark, fn(array $since) => $this->ehr->run('INSERT INTO aftercare_encounter (encounter, pending) SELECT DISTINCT x.encounter, 1'
                . ' FROM (' . $query . ') x WHERE x.encounter > 0 ON DUPLICATE KEY UPDATE pending = pending + 1', $since));
        }
        foreach (self::PATIENT_MARKS as $name => [$query, $mark]) {
            $this->moved($name, $query, $mark, function (array $since) use ($query): void {
                foreach ($this->ehr->rows($query, $since) as $row) {
                    $this->store->touchPatient((int) $row['pid']);
                }
            });
        }
    }

    private function moved(string $name, string $query, string $mark, callable $take): void
    {
        $was = $this->store->state('mark.' . $name);
        [$number, $time] = explode(' ', $was, 2) + [1 => ''];
        $now = $this->ehr->row($mark) ?? [];
        $value = max((int) $number, (int) ($now['n'] ?? 0)) . ' ' . max($time, (string) ($now['t'] ?? ''));
        $same = (int) $this->store->state('mark_at.' . $name);
        if ($was === $value && $same !== 0 && time() - $same > self::OVERLAP_S) {
            return; /* nothing new, and the overlap is over */
        }
        $since = strtotime($time . ' UTC') ?: 0;
        $binds = [max((int) $this->store->state('from.' . $name), (int) $number - self::OVERLAP_ROWS), $since === 0 ? '9999-12-31 00:00:00' : gmdate('Y-m-d H:i:s', $since - self::OVERLAP_S)];
        $take(array_slice($binds, 0, substr_count($query, '?')));
        if ($was !== $value || $same === 0) {
            $this->store->setState('mark_at.' . $name, (string) time());
        }
        $this->store->setState('mark.' . $name, $value);
    }

    /** What is gone moves no mark: once a day each live plan's encounter is read again, and those of the last days. */
    private function gatherDaily(): void
    {
        $this->ehr->run('UPDATE aftercare_encounter SET pending = pending + 1 WHERE pending = 0 AND checked < NOW() - INTERVAL 1 DAY'
            . ' AND plan <> ? AND plan_status NOT IN (?, ?, ?)', ['', ...Store::OVER]);
        $this->ehr->run('UPDATE aftercare_encounter a JOIN form_encounter e ON e.encounter = a.encounter SET a.pending = a.pending + 1'
            . ' WHERE a.pending = 0 AND a.checked < NOW() - INTERVAL 1 DAY AND e.date > NOW() - INTERVAL ? DAY', [self::RECENT_DAYS]);
    }

    /** False: the plugin does not answer, so that there is no use in going on. */
    public function send(int $encounter, int $limitMs): bool
    {
        for ($try = 0; $try < 2; $try++) {
            $row = $this->store->encounter($encounter);
            $snapshot = (new Snapshot($this->ehr, $this->settings))->read($encounter);
            if ($snapshot === null) {
                $last = json_decode((string) ($row['snapshot'] ?? ''), true);
                if (!is_array($last)) {
                    $this->store->forget($encounter);
                    return true;
                }
                $snapshot = Snapshot::gone($last);
            }
            $uri = '/aftercare/v1/encounters/' . rawurlencode($this->settings->site()) . '/' . $encounter;
            $answer = $this->settings->client()->call('PUT', $uri, self::asSystem($this->settings), Snapshot::encode($snapshot), limitMs: $limitMs);
            if ($answer->rule() !== 'ENC-REVISION') {
                break;
            }
        }
        $json = $answer->json();
        if ($answer->isGood() && is_array($json) && is_string($json['outcome'] ?? null)) {
            $this->store->sent($encounter, (int) ($row['pending'] ?? 0), $snapshot, $json);
            $this->deliveries = array_merge($this->deliveries, array_filter($json['deliveries'] ?? [], 'is_array'));
            $this->store->setState('answered', (string) time());
            return true;
        }
        /* what the plugin says of this encounter keeps no other from being sent; three that it cannot serve are a sick plugin */
        $isAbout = $answer->status >= 400 && !in_array($answer->status, [401, 403, 408, 429], true);
        $this->broken = $answer->status >= 500 ? $this->broken + 1 : 0;
        $isDown = !$isAbout || $this->broken > 2;
        $this->store->failed($encounter, $answer->why(), $isAbout ? $this->backoff((int) ($row['tries'] ?? 0)) : 0);
        if ($isDown) {
            $this->store->setState('down_until', (string) (time() + self::DOWN_S));
            $this->store->setState('down_why', $answer->why());
        }
        return !$isDown;
    }

    private function backoff(int $tries): int
    {
        return min(self::BACKOFF_MAX_S, 60 * 2 ** min(10, $tries));
    }
}
