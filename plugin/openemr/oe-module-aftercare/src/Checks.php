<?php

/** "Test connection": what is wrong, in plain words. Each check is [good, sentence]. */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Checks
{
    private const WORDS = [
        'AUTH-NOBODY' => 'The plugin knows nobody behind this request: the front server passes neither token nor identity.',
        'AUTH-TOKEN' => 'The plugin does not know the key. Paste the first line of its module.keys again.',
        'AUTH-TOKEN-TIME' => 'The clocks of this machine and of the plugin\'s differ by more than some seconds.',
        'AUTH-TOKEN-AUDIENCE' => 'The token is for another installation: compare "Installation" with the first line of "aftercare key list".',
        'AUTH-BOTH' => 'The front server passes a token and sets an identity as well: it must do one of the two.',
        'ENC-SOURCE' => 'The plugin knows this site from another system: choose another name in "Site".',
    ];

    public function __construct(private OpenEmr $ehr, private Settings $settings, private Store $store)
    {
    }

    /** @return list<array{bool, string}> */
    public function all(): array
    {
        return [...$this->tables(), ...$this->connection(), ...$this->rule(), ...$this->groups(), ...$this->work()];
    }

    private function tables(): array
    {
        return $this->ehr->row('SHOW COLUMNS FROM aftercare_effect LIKE \'href\'') !== null ? []
            : [[false, 'The module\'s tables are older than its files: press "Upgrade SQL" in Modules, Manage Modules.']];
    }

    private function connection(): array
    {
        try {
            $client = $this->settings->client();
        } catch (Failure $e) {
            return [[false, 'Key: ' . $e->getMessage() . '.']];
        }
        $address = $this->settings->get('address');
        $began = hrtime(true);
        $health = $client->call('GET', '/aftercare/health', null, limitMs: 2000);
        $ms = intdiv(hrtime(true) - $began, 1_000_000);
        if ($health->status === 0) {
            $path = str_starts_with($address, 'unix:') ? substr($address, 5) : '';
            $why = match (true) {
                $path !== '' && !file_exists($path) => 'There is no socket at ' . $path . ': is the plugin running, and is the path right?',
                $path !== '' && !is_writable($path) => 'PHP may not open the socket ' . $path . ': put its user into the group of the socket.',
                default => 'The plugin does not answer: ' . $health->error . '.',
            };
            return [[false, $why]];
        }
        $out = [[$health->isGood(), $health->isGood() ? 'The plugin answers, after ' . $ms . ' ms.' : 'The plugin answers, and says of itself that it is not well.']];
        if ($ms > Client::EVENT_MS) {
            $out[] = [false, 'It is slow: events are given ' . Client::EVENT_MS . ' ms, and wait for the background service after that.'];
        }
        if ($this->settings->token() !== null && $this->settings->get('installation') === '') {
            return [...$out, [false, 'There is a key, but "Installation" is empty: it is the first line of "aftercare key list".']];
        }
        $uri = '/aftercare/v1/deliveries?limit=1&site=' . rawurlencode($this->settings->site());
        $list = $client->call('GET', $uri, ['role' => 'auditor'] + Sync::asSystem($this->settings), limitMs: 2000);
        $isKnown = $list->status === 403 && $list->rule() === 'AUTH-ROLE'; /* it knew who asked, and did not let an auditor in */
        $out[] = [$isKnown, $isKnown ? 'The plugin takes this module\'s word for who asks, for site "' . $this->settings->site() . '".'
            : (self::WORDS[$list->rule()] ?? 'The plugin does not know this module: ' . $list->why() . '.')];
        return $out;
    }

    private function rule(): array
    {
        $rule = $this->settings->get('signed');
        return match (true) {
            $rule === 'checkout' => [[true, 'A visit is finished when it is checked out. The clinic\'s file of the plugin must say: finalise = status-finished.']],
            $rule === 'encounter' => [$this->isOn('esign_all') ? [true, 'A visit is final when the whole encounter is signed.']
                : [false, 'A visit is final when the whole encounter is signed, but OpenEMR has that switched off: Config, E-Sign, "Allows E-Sign on the entire encounter".']],
            str_starts_with($rule, 'form:') && strlen($rule) > 5 => [$this->isOn('esign_individual') ? [true, 'A visit is final when the form ' . substr($rule, 5) . ' is signed.']
                : [false, 'A visit is final when a form is signed, but OpenEMR has that switched off: Config, E-Sign, "Allows E-Signing Individual Forms".']],
            default => [[false, '"A visit counts as signed when" is neither encounter, form:NAME nor checkout.']],
        };
    }

    private function isOn(string $name): bool
    {
        return in_array($this->ehr->setting($name), ['1', 'true'], true);
    }

    private function groups(): array
    {
        $roles = array_unique(array_values($this->settings->map('roles')));
        $unknown = array_diff($roles, ['clinician', 'nurse', 'front-desk', 'admin', 'auditor']);
        $out = $unknown === [] ? [] : [[false, 'Roles: "' . implode('", "', $unknown) . '" is none of clinician, nurse, front-desk, admin, auditor.']];
        foreach ($this->settings->map('recipients') as $role => $names) {
            foreach (array_map('trim', explode(',', $names)) as $name) {
                if ($name !== 'provider' && !str_starts_with($name, 'group:') && $this->ehr->row('SELECT 1 FROM users WHERE username = ? AND active = 1', [$name]) === null) {
                    $out[] = [false, 'Tasks of ' . $role . ' go to "' . $name . '", who is no active user.'];
                }
            }
        }
        if ($this->ehr->row('SELECT 1 FROM users WHERE username = ?', [$this->settings->get('sender')]) === null) {
            $out[] = [false, 'Messages come from "' . $this->settings->get('sender') . '", who is no user.'];
        }
        foreach ($this->ehr->rows('SELECT username FROM users WHERE active = 1 AND username <> ? LIMIT 500', ['']) as $u) {
            $has = array_intersect_key($this->settings->map('roles'), array_flip($this->ehr->groups($u['username'])));
            if (in_array('front-desk', $has, true) && !Access::maySee($this->ehr, 'normal', $u['username'])) {
                $out[] = [false, 'The front desk has a role, but OpenEMR hides visits of sensitivity normal from ' . $u['username']
                    . ', and so does Aftercare. To open them: Admin, ACL, Sensitivities.'];
                break;
            }
        }
        return $out === [] ? [[true, 'Roles, recipients and sender are known.']] : $out;
    }

    private function work(): array
    {
        $waiting = $this->ehr->row('SELECT COUNT(*) AS n, SUM(error <> ?) AS bad FROM aftercare_encounter WHERE pending > 0', ['']) ?? [];
        $last = (int) $this->store->state('reconciled');
        $live = $this->store->state('go_live');
        $out = [[$live !== '', $live === '' ? 'The module was never enabled.' : 'Live since ' . $live . '. So that older procedures make no plan, the clinic\'s file of the plugin says'
            . ' in [rules]: live-since = ' . $live]];
        $out[] = [(int) ($waiting['bad'] ?? 0) === 0, (int) ($waiting['n'] ?? 0) . ' visits wait to be sent, ' . (int) ($waiting['bad'] ?? 0) . ' of them after a failure.'];
        foreach ($this->ehr->rows('SELECT encounter, error FROM aftercare_encounter WHERE pending > 0 AND error <> ? ORDER BY tries DESC LIMIT 5', ['']) as $r) {
            $out[] = [false, 'Visit ' . $r['encounter'] . ': ' . (self::WORDS[preg_replace('/^answer [0-9]+ /', '', $r['error'])] ?? $r['error']) ];
        }
        $out[] = [$last > time() - 600, $last === 0 ? 'The background service has never run: see docs/openemr for cron.'
            : 'The background service last ran through ' . max(0, intdiv(time() - $last, 60)) . ' minutes ago.'];
        return $out;
    }
}
