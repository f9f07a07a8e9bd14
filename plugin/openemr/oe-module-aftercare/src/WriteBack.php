<?php

/**
 * What the plugin made, put where clinicians look. Each effect has a key and happens once: begun, done with OpenEMR's id, and found
 * again by its mark when a crash came between. Texts name no procedure. Nobody's own form or signed page is ever changed.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class WriteBack
{
    public const CATEGORY = 'Care Plan';
    public const CATEGORY_CODE = 'LOINC:52521-2';
    private const TASKS = ['check-in' => 'follow-up call', 'call' => 'follow-up call', 'visit' => 'follow-up visit', 'booking' => 'appointment to book',
        'session' => 'next session', 'education' => 'talk with the patient', 'review' => 'review', 'record' => 'something to record'];
    /** An option of OpenEMR's list of message types that table.sql adds: the Message Center shows the type, not the text. */
    private const MESSAGE_TYPE = 'Aftercare';
    private const REMINDER_MAX = 160;
    private const SOON_S = 2 * 86400;
    private bool $isDown = false;

    public function __construct(private OpenEmr $ehr, private Settings $settings, private Store $store, private Client $client)
    {
    }

    /** All that is offered, for so many seconds. Carried out, or -1: the plugin does not answer. */
    public function run(int $seconds = 40): int
    {
        $end = microtime(true) + $seconds;
        $uri = '/aftercare/v1/deliveries?limit=50&site=' . rawurlencode($this->settings->site());
        for ($n = 0; microtime(true) < $end;) {
            $answer = $this->client->call('GET', $uri, Sync::asSystem($this->settings), limitMs: 3000);
            $list = $answer->json()['deliveries'] ?? null;
            if (!$answer->isGood() || !is_array($list)) {
                $this->store->setState('down_why', $answer->why());
                return -1;
            }
            if ($list === []) {
                break;
            }
            $n += $this->carryOut($list);
        }
        return $n;
    }

    /** @param list<array<string, mixed>> $deliveries as offered */
    public function carryOut(array $deliveries): int
    {
        if ($deliveries === [] || !$this->store->lock('deliver')) {
            return 0;
        }
        $n = 0;
        try {
            foreach ($deliveries as $d) {
                $n += $this->one($d) ? 1 : 0;
                if ($this->isDown) { /* no use in waiting for each of them */
                    break;
                }
            }
        } finally {
            $this->store->unlock('deliver');
        }
        return $n;
    }

    private function one(array $d): bool
    {
        $key = is_string($d['key'] ?? null) ? $d['key'] : '';
        if (!preg_match('#^[a-z-]+/[0-9a-f-]{36}/[0-9]+$#', $key)) {
            return false;
        }
        try {
            $did = ['status' => 'done', 'ehr_id' => (string) $this->effect($d)];
        } catch (\Throwable $e) {
            $this->ehr->log('delivery ' . explode('/', $key)[0] . ': ' . ($e instanceof Failure ? $e->getMessage() : get_class($e) . ' at '
                . basename($e->getFile()) . ':' . $e->getLine()));
            $did = ['status' => 'failed'];
        }
        if ($this->isDown) {
            return false;
        }
        $answer = $this->client->call('PUT', '/aftercare/v1/deliveries/' . $key, Sync::asSystem($this->settings), json_encode($did, JSON_THROW_ON_ERROR), limitMs: 3000);
        $this->isDown = $answer->status === 0;
        return $answer->isGood() && $did['status'] === 'done';
    }

    private function effect(array $d): int
    {
        $about = ['effect' => $d['key'], 'object' => (string) $d['object'], 'version' => (int) $d['version'], 'kind' => (string) $d['kind'],
            'href' => (string) $d['href'], 'sha256' => (string) ($d['sha256'] ?? ''), 'encounter' => (int) $d['encounter']];
        if (!preg_match('#^/aftercare/(v1/)?plans/([0-9a-f-]{36})(/|$)#', $about['href'], $m)) {
            throw new Failure('it points nowhere');
        }
        $plan = $this->ehr->row('SELECT pid FROM aftercare_plan WHERE plan = ?', [$m[2]]);
        if ($plan === null) {
            throw new Failure('its plan is not known here');
        }
        $about['pid'] = (int) $plan['pid'];
        return match ($about['kind']) {
            'document' => $this->document($about, false),
            'withdraw' => $this->document($about, true),
            'handout' => $this->handout($about),
            'handout-withdraw' => $this->closeDocuments($about, 'handout', 'WITHDRAWN', true),
            'care-plan-rows' => $this->carePlan($about),
            'task' => $this->task($about),
            'task-withdraw' => $this->closeTask($about),
            default => throw new Failure('it is of a kind that this module does not know'),
        };
    }

    /** @param callable(): int $find @param callable(): int $do */
    private function once(array $about, string $part, string $mark, string $digest, callable $find, callable $do): int
    {
        $effect = $about['effect'] . $part;
        $row = $this->ehr->row('SELECT ehr_id, state FROM aftercare_effect WHERE effect = ?', [$effect]);
        if ($row !== null && $row['state'] !== 'begun') {
            return (int) $row['ehr_id'];
        }
        if ($row === null) {
            $this->ehr->run(
                'INSERT INTO aftercare_effect (effect, object, version, kind, pid, encounter, mark, digest, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NOW())',
                [$effect, $about['object'], $about['version'], $about['kind'] . explode('/', $part)[0], $about['pid'], $about['encounter'], $mark, $digest]
            );
        }
        $id = ($row === null ? 0 : $find()) ?: $do();
        $this->ehr->run('UPDATE aftercare_effect SET ehr_id = ?, state = ? WHERE effect = ?', [$id, 'done', $effect]);
        return $id;
    }

    private function close(array $effect): void
    {
        $this->ehr->run('UPDATE aftercare_effect SET state = ? WHERE effect = ?', ['closed', $effect['effect']]);
    }

    private function fetch(array $about, string $type): string
    {
        $answer = $this->client->call('GET', $about['href'], Sync::asSystem($this->settings), limitMs: 10000);
        $this->isDown = $answer->status === 0;
        if (!$answer->isGood() || $answer->body === '' || !str_starts_with($answer->headers['content-type'] ?? '', $type)) {
            throw new Failure('it could not be fetched: ' . $answer->why());
        }
        if ($about['sha256'] !== '' && !hash_equals($about['sha256'], hash('sha256', $answer->body))) {
            throw new Failure('its bytes are not those that were announced');
        }
        return $answer->body;
    }

    /** Merged, moved or deleted since: nothing new is filed in a chart to which the visit does not belong. */
    private function isInItsChart(array $about): bool
    {
        return $this->ehr->row('SELECT 1 FROM form_encounter WHERE encounter = ? AND pid = ?', [$about['encounter'], $about['pid']]) !== null;
    }

    private function mark(array $about): string
    {
        return substr($about['object'], -12) . '-' . $about['version'];
    }

    private function document(array $about, bool $isWithdrawal): int
    {
        $bytes = $this->fetch($about, 'application/xml');
        $isOver = $this->ehr->row('SELECT 1 FROM aftercare_encounter WHERE plan = ? AND plan_status IN (?, ?)', [$about['object'], 'revoked', 'entered-in-error']) !== null;
        $id = 0;
        if (!$isWithdrawal && $this->isInItsChart($about)) {
            $id = $this->file($about, 'Aftercare plan ' . ($isOver ? 'withdrawn ' : '') . $this->mark($about) . '.xml', 'text/xml', $bytes);
        }
        $this->closeDocuments($about, 'document', $isWithdrawal || $isOver ? 'WITHDRAWN' : 'REPLACED', $isWithdrawal);
        return $id;
    }

    private function handout(array $about): int
    {
        $bytes = $this->fetch($about, 'application/pdf');
        return $this->isInItsChart($about) ? $this->file($about, 'Aftercare handout ' . $this->mark($about) . '.pdf', 'application/pdf', $bytes) : 0;
    }

    private function file(array $about, string $name, string $mime, string $bytes): int
    {
        $category = $this->ehr->categoryId(self::CATEGORY, self::CATEGORY_CODE);
        $find = fn(): int => (int) ($this->ehr->row(
            'SELECT id FROM documents WHERE foreign_id = ? AND name = ? ORDER BY id LIMIT 1',
            [$about['pid'], $name]
        )['id'] ?? 0);
        return $this->once(
            $about,
            '',
            $this->mark($about),
            hash('sha256', $bytes),
            $find,
            fn(): int => $this->ehr->addDocument($about['pid'], $about['encounter'], $category, $name, $mime, $bytes, $this->senderId())
        );
    }

    private function closeDocuments(array $about, string $kind, string $word, bool $isWithdrawal): int
    {
        $before = $this->ehr->rows(
            'SELECT e.effect, e.ehr_id, d.name FROM aftercare_effect e JOIN documents d ON d.id = e.ehr_id'
            . ' WHERE e.object = ? AND e.kind = ? AND e.state IN (?, ?) AND e.ehr_id > 0 AND (e.version < ? OR (? AND e.effect <> ?))',
            [$about['object'], $kind, 'done', $isWithdrawal ? 'closed' : 'done', $about['version'], (int) $isWithdrawal, $about['effect']]
        );
        foreach ($before as $e) {
            $name = preg_replace('/^(REPLACED|WITHDRAWN) /', '', (string) $e['name']);
            $this->ehr->markDocument((int) $e['ehr_id'], $word . ' ' . $name, $isWithdrawal);
            $this->close($e);
        }
        return (int) ($before[0]['ehr_id'] ?? 0);
    }

    /** The plan in OpenEMR's own table, so that its exports and FHIR know it: a form of the module's own, replaced as a whole. */
    private function carePlan(array $about): int
    {
        $plan = json_decode($this->fetch($about, 'application/json'), true);
        if (!is_array($plan['rows'] ?? null)) {
            throw new Failure('its rows cannot be read');
        }
        $mark = 'ac-' . $this->mark($about);
        $rows = $this->isInItsChart($about) ? $plan['rows'] : [];
        $find = fn(): int => (int) ($this->ehr->row(
            'SELECT f.id FROM forms f JOIN form_care_plan c ON c.id = f.form_id WHERE f.formdir = ? AND c.external_id = ? LIMIT 1',
            ['care_plan', $mark]
        )['id'] ?? 0);
        $id = $rows === [] ? 0 : $this->once($about, '', $mark, '', $find, fn(): int => $this->insertCarePlan($about, $mark, $rows));
        $standing = $this->ehr->rows(
            'SELECT * FROM aftercare_effect WHERE object = ? AND kind = ? AND state = ? AND version < ?',
            [$about['object'], 'care-plan-rows', 'done', $about['version']]
        );
        foreach ($standing as $before) {
            $isSigned = $this->ehr->row('SELECT 1 FROM esign_signatures WHERE `table` = ? AND tid = ?', ['forms', $before['ehr_id']]) !== null;
            if (!$isSigned) {
                $this->ehr->run('UPDATE forms SET deleted = 1 WHERE id = ? AND formdir = ?', [$before['ehr_id'], 'care_plan']);
                /* OpenEMR's FHIR reads neither deleted nor activity: a row that stays is an active CarePlan, or a Goal, for ever */
                $this->ehr->run('DELETE FROM form_care_plan WHERE external_id = ?', [$before['mark']]);
            }
            $this->close($before);
        }
        return $id;
    }

    private function insertCarePlan(array $about, string $mark, array $rows): int
    {
        $sender = $this->settings->get('sender');
        $this->ehr->run('DELETE FROM form_care_plan WHERE external_id = ?', [$mark]); /* what a crash left */
        $this->ehr->run('START TRANSACTION');
        try {
            $formId = (int) ($this->ehr->row('SELECT COALESCE(MAX(id), 0) + 1 AS id FROM form_care_plan FOR UPDATE')['id'] ?? 1);
            foreach ($rows as $r) {
                $this->ehr->run(
                    'INSERT INTO form_care_plan (id, pid, encounter, user, groupname, authorized, activity, code, codetext, description, date, date_end,'
                    . ' external_id, care_plan_type) VALUES (?, ?, ?, ?, ?, 1, 1, ?, ?, ?, ?, ?, ?, ?)',
                    [$formId, $about['pid'], (string) $about['encounter'], $sender, 'Default', '', '', (string) ($r['text'] ?? ''), $this->local($r['start'] ?? null),
                    $this->local($r['end'] ?? null),
                    $mark,
                    (string) ($r['type'] ?? 'plan_of_care')]
                );
            }
            $this->ehr->run('COMMIT');
        } catch (\Throwable $e) {
            $this->ehr->run('ROLLBACK');
            throw $e;
        }
        return $this->ehr->addForm($about['encounter'], 'Care Plan Form', $formId, 'care_plan', $about['pid'], date('Y-m-d H:i:s'), $sender);
    }

    private function task(array $about): int
    {
        $task = json_decode($this->fetch($about, 'application/json'), true);
        $isOpen = is_array($task) && $this->isInItsChart($about) && !in_array($task['status'] ?? '', ['on-hold', 'completed', 'cancelled'], true);
        if (!$isOpen) {
            return $this->closeTask($about);
        }
        $due = (string) $this->local($task['due'] ?? null);
        $word = self::TASKS[$task['kind'] ?? ''] ?? 'follow-up';
        $text = (($task['urgent'] ?? false) ? 'URGENT: ' : '') . 'Aftercare, ' . $word . ', due ' . substr($due, 0, 16) . '. See the aftercare worklist.';
        $users = $this->recipients($about, (string) ($task['role'] ?? ''), (string) ($task['owner'] ?? ''));
        $digest = hash('sha256', $text . json_encode(array_keys($users)));
        /* what is soon is a message; what comes later is a reminder on its day, so that nobody is told of a dozen things at once */
        $isLater = $this->settings->hasReminders() && !($task['urgent'] ?? false) && strtotime((string) ($task['due'] ?? '')) > time() + self::SOON_S;
        $before = $this->told($about);
        $same = array_filter($before, fn(array $e): bool => $e['digest'] === $digest);
        if (count($same) >= ($isLater ? 1 : count($users))) { /* all was told, and nothing that anybody would see has changed */
            $this->closeTold(array_filter($before, fn(array $e): bool => $e['digest'] !== $digest));
            return (int) reset($same)['ehr_id'];
        }
        $text .= ' [' . $this->mark($about) . ']';
        $id = $isLater ? $this->remind($about, $text, $digest, $users, substr($due, 0, 10)) : $this->message($about, $text, $digest, array_keys($users));
        $this->closeTold(array_filter($before, fn(array $e): bool => (int) $e['version'] !== $about['version']));
        return $id;
    }

    /** @param list<string> $users */
    private function message(array $about, string $text, string $digest, array $users): int
    {
        $id = 0;
        foreach ($users as $user) {
            $find = fn(): int => (int) ($this->ehr->row(
                'SELECT id FROM pnotes WHERE pid = ? AND assigned_to = ? AND body LIKE ? ORDER BY id LIMIT 1',
                [$about['pid'], $user, '%[' . $this->mark($about) . ']']
            )['id'] ?? 0);
            $id = $this->once(
                $about,
                '#message/' . $user,
                $this->mark($about),
                $digest,
                $find,
                fn(): int => $this->ehr->addMessage($about['pid'], $text, self::MESSAGE_TYPE, $user, $this->settings->get('sender'))
            );
        }
        return $id;
    }

    /** @param array<string, int> $users */
    private function remind(array $about, string $text, string $digest, array $users, string $day): int
    {
        $find = fn(): int => (int) ($this->ehr->row(
            'SELECT dr_id FROM dated_reminders WHERE pid = ? AND dr_message_text LIKE ? ORDER BY dr_id LIMIT 1',
            [$about['pid'], '%[' . $this->mark($about) . ']']
        )['dr_id'] ?? 0);
        return $this->once($about, '#reminder', $this->mark($about), $digest, $find, function () use ($about, $text, $day, $users, $find): int {
            $this->ehr->addReminder(array_values($users), $this->senderId(), mb_substr($text, -self::REMINDER_MAX), $day, $about['pid'], 2);
            return $find() ?: throw new Failure('OpenEMR did not take the reminder');
        });
    }

    private function closeTask(array $about): int
    {
        $this->closeTold($before = $this->told($about));
        return (int) ($before[0]['ehr_id'] ?? 0);
    }

    /** Messages and reminders of a task, of whatever version, that stand. @return list<array<string, mixed>> */
    private function told(array $about): array
    {
        return $this->ehr->rows(
            'SELECT * FROM aftercare_effect WHERE object = ? AND kind IN (?, ?) AND state = ? ORDER BY version, effect',
            [$about['object'], 'task#message', 'task#reminder', 'done']
        );
    }

    private function closeTold(array $effects): void
    {
        foreach ($effects as $e) {
            if (str_contains($e['kind'], '#reminder')) {
                $to = $this->ehr->row('SELECT to_id FROM dated_reminders_link WHERE dr_id = ? LIMIT 1', [$e['ehr_id']]);
                $this->ehr->closeReminder((int) $e['ehr_id'], (int) ($to['to_id'] ?? 0));
            } else {
                $this->ehr->closeMessage((int) $e['ehr_id']);
            }
            $this->close($e);
        }
    }

    /** Who is told: the owner, else those named for the role, else the visit's provider; nobody who may not see such a visit. @return array<string, int> */
    private function recipients(array $about, string $role, string $owner): array
    {
        $visit = $this->ehr->row(
            'SELECT e.sensitivity, u.username FROM form_encounter e LEFT JOIN users u ON u.id = e.provider_id WHERE e.encounter = ?',
            [$about['encounter']]
        ) ?? [];
        $names = array_map('trim', explode(',', $this->settings->map('recipients')[$role] ?? 'provider'));
        $users = [];
        foreach ([$owner !== '' ? [$owner] : $names, [(string) ($visit['username'] ?? '')]] as $list) {
            $list = array_merge(...array_map(fn(string $n): array => str_starts_with($n, 'group:') ? $this->ehr->members(substr($n, 6)) : [$n], $list));
            foreach ($list as $name) {
                $name = $name === 'provider' ? (string) ($visit['username'] ?? '') : $name;
                $user = $name === '' ? null : $this->ehr->row('SELECT id FROM users WHERE username = ? AND active = 1', [$name]);
                if ($user !== null && Access::maySee($this->ehr, (string) ($visit['sensitivity'] ?? ''), $name)) {
                    $users[$name] = (int) $user['id'];
                }
            }
            if ($users !== []) {
                break;
            }
        }
        if ($users === []) {
            throw new Failure('nobody is named for role ' . $role . ', and the visit has no provider who signs in');
        }
        return $users;
    }

    private function senderId(): int
    {
        return (int) ($this->ehr->row('SELECT id FROM users WHERE username = ?', [$this->settings->get('sender')])['id'] ?? 0);
    }

    private function local(mixed $time): ?string
    {
        $t = is_string($time) && $time !== '' ? date_create_immutable($time) : false;
        return $t === false ? null : $t->setTimezone(new \DateTimeZone($this->ehr->zone()))->format('Y-m-d H:i:s');
    }
}
