<?php

/** The module's own tables: what waits to be sent, whose each plan is, marks. */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Store
{
    public const OVER = ['completed', 'revoked', 'entered-in-error'];

    public function __construct(private OpenEmr $ehr)
    {
    }

    public function state(string $name): string
    {
        return (string) ($this->ehr->row('SELECT value FROM aftercare_state WHERE name = ?', [$name])['value'] ?? '');
    }

    public function setState(string $name, string $value): void
    {
        $this->ehr->run(
            'INSERT INTO aftercare_state (name, value) VALUES (?, ?) ON DUPLICATE KEY UPDATE value = VALUES(value)',
            [$name, mb_substr($value, 0, 255)]
        );
    }

    /** An encounter changed, or may have: it waits until it was sent. */
    public function touch(int $encounter): void
    {
        $this->ehr->run('INSERT INTO aftercare_encounter (encounter, pending) VALUES (?, 1)'
            . ' ON DUPLICATE KEY UPDATE pending = pending + 1, next_try = ?', [$encounter, '1970-01-01 00:00:00']);
    }

    /** Of a patient whose own data changed: the encounters with a plan that is not over. */
    public function touchPatient(int $pid): void
    {
        $this->ehr->run(
            'UPDATE aftercare_encounter SET pending = pending + 1, next_try = ? WHERE pid = ? AND plan <> ? AND plan_status NOT IN (?, ?, ?)',
            ['1970-01-01 00:00:00', $pid, '', ...self::OVER]
        );
    }

    /** @return list<array<string, mixed>> */
    public function due(): array
    {
        return $this->ehr->rows('SELECT encounter FROM aftercare_encounter WHERE pending > 0 AND next_try <= NOW()'
            . ' ORDER BY next_try, encounter LIMIT 50');
    }

    /** @return array<string, mixed>|null */
    public function encounter(int $encounter): ?array
    {
        return $this->ehr->row('SELECT * FROM aftercare_encounter WHERE encounter = ?', [$encounter]);
    }

    /** What the plugin answered; what changed while it was being sent goes on waiting. */
    public function sent(int $encounter, int $pending, array $snapshot, array $answer): void
    {
        $plan = is_array($answer['plan'] ?? null) ? $answer['plan'] : [];
        $pid = (int) $snapshot['patient']['id'];
        $this->ehr->run(
            'UPDATE aftercare_encounter SET pid = ?, pending = IF(pending = ?, 0, pending), next_try = ?, tries = 0, error = ?, outcome = ?,'
            . ' plan = ?, plan_status = ?, sensitivity = ?, checked = NOW(), snapshot = ? WHERE encounter = ?',
            [$pid, $pending, '1970-01-01 00:00:00', '', (string) ($answer['outcome'] ?? ''), (string) ($plan['id'] ?? ''), (string) ($plan['status'] ?? ''),
            (string) ($snapshot['encounter']['sensitivity'] ?? ''),
            Snapshot::encode($snapshot),
            $encounter]
        );
        if (($plan['id'] ?? '') !== '') {
            $this->ehr->run(
                'INSERT INTO aftercare_plan (plan, encounter, pid) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE encounter = VALUES(encounter)',
                [$plan['id'], $encounter, $pid]
            );
        }
    }

    public function failed(int $encounter, string $why, int $seconds): void
    {
        $this->ehr->run(
            'UPDATE aftercare_encounter SET tries = tries + 1, error = ?, next_try = NOW() + INTERVAL ? SECOND, checked = NOW() WHERE encounter = ?',
            [mb_substr($why, 0, 255), $seconds, $encounter]
        );
    }

    /** There is nothing to say of it, and nothing was ever said. */
    public function forget(int $encounter): void
    {
        $this->ehr->run('DELETE FROM aftercare_encounter WHERE encounter = ? AND snapshot IS NULL', [$encounter]);
    }

    /** One at a time for the whole database, without waiting. */
    public function lock(string $name): bool
    {
        return (int) ($this->ehr->row('SELECT GET_LOCK(CONCAT(DATABASE(), ?), 0) AS got', ['.aftercare.' . $name])['got'] ?? 0) === 1;
    }

    public function unlock(string $name): void
    {
        $this->ehr->rows('SELECT RELEASE_LOCK(CONCAT(DATABASE(), ?)) AS gone', ['.aftercare.' . $name]);
    }
}
