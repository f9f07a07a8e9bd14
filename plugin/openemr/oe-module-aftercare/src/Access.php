<?php

/**
 * Who may see which page of the plugin: OpenEMR's session, groups and access rules decide, here and nowhere else. What no rule names
 * is refused. The identity that comes out is bound to the patient and the visit that the page is about: of the panel, which stands in
 * a chart, this must be the chart that is open; a plan has a page of its own, to which the worklist leads from any chart.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Access
{
    private const CARE = ['clinician', 'nurse', 'front-desk', 'auditor'];
    private const OF_OFFICE = ['clinician', 'admin', 'auditor'];

    public function __construct(private OpenEmr $ehr, private Settings $settings, private Store $store)
    {
    }

    public static function maySee(OpenEmr $ehr, string $sensitivity, string $username = ''): bool
    {
        return $sensitivity === '' || $ehr->may('sensitivities', $sensitivity, $username);
    }

    /** @return list<string> what whoever is signed in, or the user named, may be, by the clinic's table of groups */
    public function roles(string $username = ''): array
    {
        $name = $username ?: $this->ehr->session('authUser');
        $roles = array_values(array_intersect_key($this->settings->map('roles'), array_flip($name === '' ? [] : $this->ehr->groups($name))));
        if (
            in_array('admin', $roles, true) && !in_array('clinician', $roles, true)
            && (int) ($this->ehr->row('SELECT authorized FROM users WHERE username = ?', [$name])['authorized'] ?? 0) === 1
        ) {
            $roles[] = 'clinician'; /* an administrator who is a provider too */
        }
        return $roles;
    }

    /** @return array{user: string, role: string, site: string, patient?: string, encounter?: string} */
    public function identify(string $uri): array
    {
        $user = $this->ehr->session('authUser');
        if ($user === '' || $this->ehr->session('authUserID') === '') {
            throw new Refused(401, 'Sign in first.');
        }
        $path = rawurldecode((string) strtok($uri, '?'));
        if (!str_starts_with($path, '/aftercare/') || preg_match('#//|/\.\.?(/|$)|[\x00-\x1f\x7f\\\\]#', $path)) {
            throw new Refused(404, 'There is no such page.');
        }
        $who = ['user' => $user, 'role' => '', 'site' => $this->settings->site()];
        if (preg_match('#^/aftercare/panel/([^/]+)/([0-9]+)(/|$)#', $path, $m)) {
            return $this->ofVisit($who, $m[1], (int) $m[2], true);
        }
        if (preg_match('#^/aftercare/plans/([0-9a-f-]{36})(/|$)#', $path, $m)) {
            $plan = $this->ehr->row('SELECT encounter, pid FROM aftercare_plan WHERE plan = ?', [$m[1]]);
            if ($plan === null) { /* not one that was made of a snapshot of ours: the open chart's own, or none */
                return $this->ofVisit($who, $who['site'], (int) $this->ehr->session('encounter'), true);
            }
            return $this->ofVisit($who, $who['site'], (int) $plan['encounter'], false, (int) $plan['pid']);
        }
        if (preg_match('#^/aftercare/(assets/[^/]+|health)$#', $path)) {
            return ['role' => $this->oneOf(['clinician', 'nurse', 'front-desk', 'auditor', 'admin'])] + $who;
        }
        if (preg_match('#^/aftercare/(reviews(/.*)?|certificate)$#', $path)) {
            return ['role' => $this->oneOf(self::OF_OFFICE)] + $who;
        }
        if (preg_match('#^/aftercare/(worklist|confirmations|check)$#', $path)) {
            return ['role' => $this->oneOf(self::CARE)] + $who;
        }
        throw new Refused(403, 'This page is not open to anybody here.');
    }

    private function ofVisit(array $who, string $site, int $encounter, bool $isOpenChart, ?int $pid = null): array
    {
        if ($site !== $who['site'] || $encounter <= 0) {
            throw new Refused(403, 'Open the visit first.');
        }
        $visit = $this->ehr->row('SELECT pid, sensitivity FROM form_encounter WHERE encounter = ?', [$encounter]);
        $known = $visit ?? $this->ehr->row('SELECT pid, sensitivity FROM aftercare_encounter WHERE encounter = ?', [$encounter]);
        if ($known === null || !self::maySee($this->ehr, (string) $known['sensitivity'])) {
            throw new Refused(403, 'There is no such visit, or it is not open to you.');
        }
        if ($isOpenChart && (string) $known['pid'] !== $this->ehr->session('pid')) {
            throw new Refused(403, 'This visit belongs to another chart than the one that is open. Open its chart, then load the page again.');
        }
        return ['role' => $this->oneOf(self::CARE), 'patient' => (string) ($pid ?? $known['pid']), 'encounter' => (string) $encounter] + $who;
    }

    /** Of somebody who acted in OpenEMR, not of whoever is signed in. */
    public function roleOf(string $username): string
    {
        return $this->oneOf(self::CARE, $username !== '' ? $username : throw new Refused(403, 'Nobody.'));
    }

    /** The role and, in the same word, which sensitivities they may see: the plugin leaves all other visits out of what it shows. */
    private function oneOf(array $wanted, string $username = ''): string
    {
        foreach (array_intersect($wanted, $this->roles($username)) as $role) {
            $used = array_column($this->ehr->rows('SELECT DISTINCT sensitivity FROM aftercare_encounter'), 'sensitivity');
            $open = array_filter(
                array_unique([...$this->ehr->sensitivities(), ...$used]),
                fn(string $s): bool => preg_match('/^[^|;\x00-\x1f\x7f]+$/', $s) === 1 && self::maySee($this->ehr, $s, $username)
            );
            return $role . ';only=' . implode('|', $open);
        }
        throw new Refused(403, 'Your groups have no role in Aftercare. An administrator sets this in Config, Aftercare, Roles.');
    }
}
