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
    private Effects $effects;
    private Tasks $tasks;
    private bool $isDown = false;

    public function __construct(private OpenEmr $ehr, private Settings $settings, private Store $store, private Client $client)
    {
        $this->effects = new Effects($ehr);
        $this->tasks = new Tasks($ehr, $settings, $this->effects, $client);
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
            'task-withdraw' => $this->tasks->withdraw($about),
            default => throw new Failure('it is of a kind that this module does not know'),
        };
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

    private function document(array $about, bool $isWithdrawal): int
    {
        $bytes = $this->fetch($about, 'application/xml');
        $isOver = $this->ehr->row('SELECT 1 FROM aftercare_encounter WHERE plan = ? AND plan_status IN (?, ?)', [$about['object'], 'revoked', 'entered-in-error']) !== null;
        $id = 0;
        if (!$isWithdrawal && $this->isInItsChart($about)) {
            $id = $this->file($about, 'Aftercare plan ' . ($isOver ? 'withdrawn ' : '') . Effects::mark($about) . '.xml', 'text/xml', $bytes);
        }
        $this->closeDocuments($about, 'document', $isWithdrawal || $isOver ? 'WITHDRAWN' : 'REPLACED', $isWithdrawal);
        return $id;
    }

    private function handout(array $about): int
    {
        $bytes = $this->fetch($about, 'application/pdf');
        return $this->isInItsChart($about) ? $this->file($about, 'Aftercare handout ' . Effects::mark($about) . '.pdf', 'application/pdf', $bytes) : 0;
    }

    private function file(array $about, string $name, string $mime, string $bytes): int
    {
        $category = $this->ehr->categoryId(self::CATEGORY, self::CATEGORY_CODE);
        $find = fn(): int => (int) ($this->ehr->row(
            'SELECT id FROM documents WHERE foreign_id = ? AND name = ? ORDER BY id LIMIT 1',
            [$about['pid'], $name]
        )['id'] ?? 0);
        return $this->effects->once(
            $about,
            '',
            hash('sha256', $bytes),
            $find,
            fn(): int => $this->ehr->addDocument($about['pid'], $about['encounter'], $category, $name, $mime, $bytes, $this->settings->senderId())
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
            $this->effects->close($e);
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
        $mark = 'ac-' . Effects::mark($about);
        $rows = $this->isInItsChart($about) ? $plan['rows'] : [];
        $find = fn(): int => (int) ($this->ehr->row(
            'SELECT f.id FROM forms f JOIN form_care_plan c ON c.id = f.form_id WHERE f.formdir = ? AND c.external_id = ? LIMIT 1',
            ['care_plan', $mark]
        )['id'] ?? 0);
        $id = $rows === [] ? 0 : $this->effects->once($about, '', '', $find, fn(): int => $this->insertCarePlan($about, $mark, $rows));
        $standing = $this->ehr->rows(
            'SELECT * FROM aftercare_effect WHERE object = ? AND kind = ? AND state = ? AND version < ?',
            [$about['object'], 'care-plan-rows', 'done', $about['version']]
        );
        foreach ($standing as $before) {
            $isSigned = $this->ehr->row('SELECT 1 FROM esign_signatures WHERE `table` = ? AND tid = ?', ['forms', $before['ehr_id']]) !== null;
            if (!$isSigned) {
                $this->ehr->run('UPDATE forms SET deleted = 1 WHERE id = ? AND formdir = ?', [$before['ehr_id'], 'care_plan']);
                /* OpenEMR's FHIR reads neither deleted nor activity: a row that stays is an active CarePlan, or a Goal, for ever */
                $this->ehr->run('DELETE FROM form_care_plan WHERE external_id = ?', ['ac-' . Effects::mark($before)]);
            }
            $this->effects->close($before);
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
        return $isOpen ? $this->tasks->tell($about, $task) : $this->tasks->withdraw($about);
    }

    /** Tasks whose time has come, and those whose message somebody set to Done. */
    public function followUp(Access $access): void
    {
        $this->tasks->finish($access);
        foreach ($this->tasks->due() as $about) {
            try {
                $this->task($about);
            } catch (Failure $e) {
                $this->ehr->log('a task that is due: ' . $e->getMessage());
            }
            if ($this->isDown) {
                return;
            }
        }
    }

    private function local(mixed $time): ?string
    {
        $t = is_string($time) && $time !== '' ? date_create_immutable($time) : false;
        return $t === false ? null : $t->setTimezone(new \DateTimeZone($this->ehr->zone()))->format('Y-m-d H:i:s');
    }
}
