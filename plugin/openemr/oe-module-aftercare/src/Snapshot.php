<?php

/**
 * An encounter as OpenEMR holds it now, in the words of schemas/encounter.schema.json. What OpenEMR does not know is left out.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Snapshot
{
    private const ITEMS_MAX = 256;
    private const NEVER_BILLED_AS_DONE = ['COPAY', 'TAX', 'PROD'];
    private \DateTimeZone $zone;

    public function __construct(private OpenEmr $ehr, private Settings $settings)
    {
        $this->zone = new \DateTimeZone($ehr->zone());
    }

    /** Microseconds since 1970: taken before the read, so that a later read never has a lower one. */
    public static function revision(): int
    {
        return (int) (microtime(true) * 1_000_000);
    }

    /** All of it from one state of the database. @return array<string, mixed>|null null: there is no such encounter */
    public function read(int $encounter): ?array
    {
        $revision = self::revision();
        $this->ehr->run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
        try {
            return $this->assemble($encounter, $revision);
        } finally {
            $this->ehr->run('COMMIT');
        }
    }

    /** What was sent of an encounter that is there no more, as never having been. */
    public static function gone(array $last): array
    {
        $last['encounter']['status'] = 'entered-in-error';
        $last['encounter']['revision'] = self::revision();
        return $last;
    }

    public static function encode(array $snapshot): string
    {
        return json_encode(self::tidy($snapshot), JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
    }

    private function assemble(int $encounter, int $revision): ?array
    {
        $e = $this->ehr->row(
            'SELECT e.encounter, e.pid, e.date, e.date_end, e.reason, e.sensitivity, e.provider_id, e.facility_id, e.parent_encounter_id,'
            . ' c.pc_catname, c.pc_constant_id FROM form_encounter e'
            . ' LEFT JOIN openemr_postcalendar_categories c ON c.pc_catid = e.pc_catid'
            . ' WHERE e.encounter = ?'
            . ' AND NOT EXISTS (SELECT 1 FROM forms f WHERE f.encounter = e.encounter AND f.formdir = ? AND f.form_id = e.id AND f.deleted = 1)'
            . ' ORDER BY e.id LIMIT 1',
            [$encounter, 'newpatient']
        );
        $p = $e === null ? null : $this->ehr->row('SELECT p.*, l.notes AS language_code FROM patient_data p'
            . ' LEFT JOIN list_options l ON l.list_id = ? AND l.option_id = p.language WHERE p.pid = ?', ['language', $e['pid']]);
        if ($e === null || $p === null) {
            return null;
        }
        $signature = $this->signature($encounter);
        $start = $this->time($e['date']) ?? date(DATE_ATOM, intdiv($revision, 1_000_000));
        $status = $this->status($e, $signature !== null, $start, $revision);
        $categories = $this->settings->map('categories');
        $category = (string) $e['pc_catname'];
        return [
            'schema' => 'aftercare/encounter/1',
            'source' => ['system' => 'openemr', 'site' => $this->settings->site()],
            'encounter' => [
                'id' => (string) $encounter, 'revision' => $revision, 'status' => $status, 'start' => $start,
                'end' => $this->time($e['date_end']), 'zone' => $this->zone->getName(), 'category' => $categories[$category] ?? $category,
                'reason' => $e['reason'], 'sensitivity' => $e['sensitivity'],
                'follow_up_of' => (int) $e['parent_encounter_id'] > 0 ? (string) $e['parent_encounter_id'] : null,
                'signed' => $signature['at'] ?? null, 'signed_by' => $signature['by'] ?? null,
            ],
            'patient' => $this->patient($p),
            'provider' => $this->person((int) $e['provider_id']),
            'clinic' => $this->clinic((int) $e['facility_id']),
            'procedures' => $this->procedures($encounter, (int) $e['pid'], $status === 'planned'),
            'conditions' => $this->conditions((int) $e['pid']),
            'appointments' => $this->appointments((int) $e['pid'], substr((string) $e['date'], 0, 10)),
            'facts' => $this->facts($encounter),
        ];
    }

    /** The latest signature that counts by the clinic's rule. @return array{at: ?string, by: ?array}|null */
    private function signature(int $encounter): ?array
    {
        $rule = $this->settings->get('signed');
        if (str_starts_with($rule, 'form:')) {
            $row = $this->ehr->row(
                'SELECT s.uid, s.datetime FROM esign_signatures s JOIN forms f ON f.id = s.tid'
                . ' WHERE s.`table` = ? AND f.encounter = ? AND f.formdir = ? AND f.deleted = 0 ORDER BY s.id DESC LIMIT 1',
                ['forms', $encounter, substr($rule, 5)]
            );
        } elseif ($rule === 'checkout') {
            return null;
        } else {
            $row = $this->ehr->row(
                'SELECT uid, datetime FROM esign_signatures WHERE `table` = ? AND tid = ? ORDER BY id DESC LIMIT 1',
                ['form_encounter', $encounter]
            );
        }
        return $row === null ? null : ['at' => $this->time($row['datetime']), 'by' => $this->person((int) $row['uid'])];
    }

    private function status(array $e, bool $isSigned, string $start, int $revision): string
    {
        $flow = $this->ehr->row('SELECT x.status FROM patient_tracker t JOIN patient_tracker_element x ON x.pt_tracker_id = t.id'
            . ' WHERE t.encounter = ? ORDER BY x.seq DESC LIMIT 1', [$e['encounter']])['status'] ?? '';
        return match (true) {
            $e['pc_constant_id'] === 'no_show', $flow === '?' => 'no-show',
            in_array($flow, ['x', '%', '!'], true) => 'cancelled',
            $isSigned, in_array($flow, ['>', '$'], true) => 'finished',
            strtotime($start) > intdiv($revision, 1_000_000) => 'planned',
            $this->settings->get('signed') !== 'checkout' && $this->time($e['date_end']) !== null => 'finished',
            in_array($flow, ['@', '~'], true) => 'arrived',
            default => 'in-progress',
        };
    }

    private function patient(array $p): array
    {
        $says = fn(string $name): ?bool => ['YES' => true, 'NO' => false][strtoupper((string) ($p[$name] ?? ''))] ?? null;
        $ids = [];
        if (strlen((string) $p['uuid']) === 16) {
            $hex = bin2hex($p['uuid']);
            $ids[] = ['system' => 'urn:ietf:rfc:3986', 'value' => 'urn:uuid:' . implode('-', [substr($hex, 0, 8), substr($hex, 8, 4),
                substr($hex, 12, 4), substr($hex, 16, 4), substr($hex, 20)])];
        }
        return [
            'id' => (string) $p['pid'], 'identifiers' => $ids,
            'given' => array_values(array_filter([trim((string) $p['fname']), trim((string) $p['mname'])])), 'family' => trim((string) $p['lname']) ?: '-',
            'birth_date' => $this->date($p['DOB']), 'sex' => strtolower((string) $p['sex']), 'deceased' => $this->date($p['deceased_date']),
            'language' => $p['language_code'] ?: null, 'interpreter' => self::isYes($p['interpretter'] ?? $p['interpreter_needed'] ?? ''), /* 8.x spells it anew */
            'phone' => $p['phone_cell'] ?: ($p['phone_home'] ?: $p['phone_contact']), 'email' => $p['email'],
            /* "Allow Voice Message"; whether they may be called at all, OpenEMR does not ask */
            'contact' => ['leave_message' => $says('hipaa_voice'), 'sms' => $says('hipaa_allowsms'),
                'email' => $says('hipaa_allowemail')],
            'address' => ['line' => array_values(array_filter([trim((string) $p['street']), trim((string) ($p['street_line_2'] ?? ''))])),
                'city' => $p['city'], 'state' => $p['state'], 'postal_code' => $p['postal_code'], 'country' => $p['country_code']],
            'guardian' => trim((string) $p['guardiansname']) === '' ? null : ['name' => $p['guardiansname'],
                'relation' => $p['guardianrelationship'], 'phone' => $p['guardianphone']],
        ];
    }

    /** Of whoever can sign in, the id is the user name: the one by which the module names who asks. */
    private function person(int $id): ?array
    {
        $u = $id > 0 ? $this->ehr->row('SELECT id, username, npi, fname, mname, lname, phonew1 FROM users WHERE id = ?', [$id]) : null;
        return $u === null ? null : ['id' => (string) ($u['username'] ?: $u['id']), 'npi' => $u['npi'],
            'given' => array_values(array_filter([trim((string) $u['fname']), trim((string) $u['mname'])])),
            'family' => $u['lname'], 'phone' => $u['phonew1']];
    }

    private function clinic(int $id): ?array
    {
        $f = $id > 0 ? $this->ehr->row('SELECT id, name, phone, street, city, state, postal_code, country_code FROM facility WHERE id = ?', [$id]) : null;
        return $f === null ? null : ['id' => (string) $f['id'], 'name' => $f['name'], 'phone' => $f['phone'], 'country' => $f['country_code'],
            'address' => ['line' => array_values(array_filter([trim((string) $f['street'])])), 'city' => $f['city'], 'state' => $f['state'],
                'postal_code' => $f['postal_code']]];
    }

    /** Active codes and completed orders are done; when, OpenEMR does not record. */
    private function procedures(int $encounter, int $pid, bool $isAhead): array
    {
        $all = [];
        $codes = $this->settings->map('codes');
        $lines = $this->ehr->rows('SELECT b.id, b.code_type, b.code, b.code_text, b.provider_id FROM billing b'
            . ' LEFT JOIN code_types t ON t.ct_key = b.code_type'
            . ' WHERE b.encounter = ? AND b.pid = ? AND b.activity = 1 AND COALESCE(t.ct_diag, 0) = 0 ORDER BY b.id', [$encounter, $pid]);
        foreach ($lines as $b) {
            if (!in_array($b['code_type'], self::NEVER_BILLED_AS_DONE, true)) {
                $all[] = self::coded($codes, (string) $b['code_type'], (string) $b['code']) + ['id' => 'b' . $b['id'],
                    'text' => $b['code_text'], 'status' => $isAhead ? 'planned' : 'performed', 'performer' => $this->person((int) $b['provider_id'])];
            }
        }
        $orders = $this->ehr->rows('SELECT o.procedure_order_id, o.order_status, c.procedure_order_seq, c.procedure_code, c.procedure_name, o.provider_id'
            . ' FROM procedure_order o JOIN procedure_order_code c ON c.procedure_order_id = o.procedure_order_id'
            . ' WHERE o.encounter_id = ? AND o.patient_id = ? AND o.activity = 1 ORDER BY 1, 3', [$encounter, $pid]);
        foreach ($orders as $o) {
            $all[] = self::coded($codes, 'ORDER', (string) $o['procedure_code']) + ['id' => 'o' . $o['procedure_order_id'] . '.' . $o['procedure_order_seq'],
                'text' => $o['procedure_name'], 'performer' => $this->person((int) $o['provider_id']),
                'status' => ['complete' => 'performed', 'canceled' => 'cancelled'][$o['order_status']] ?? 'planned'];
        }
        $products = $this->ehr->rows(
            'SELECT d.name, i.lot_number, i.expiration FROM drug_sales s JOIN drugs d ON d.drug_id = s.drug_id'
            . ' LEFT JOIN drug_inventory i ON i.inventory_id = s.inventory_id WHERE s.encounter = ? AND s.pid = ? AND s.quantity > 0 ORDER BY s.sale_id',
            [$encounter, $pid]
        );
        if ($all !== [] && $products !== []) {
            $all[0]['products'] = array_map(fn($d) => ['name' => $d['name'], 'lot' => $d['lot_number'], 'expires' => $this->date($d['expiration'])], $products);
        }
        return $all;
    }

    private static function coded(array $codes, string $system, string $code): array
    {
        $pair = explode(':', $codes[$system . ':' . $code] ?? $system . ':' . $code, 2);
        return ['system' => $pair[0], 'code' => $pair[1] ?? ''];
    }

    /** A list was gone through when OpenEMR notes that somebody touched it, "none" too. */
    private function conditions(int $pid): array
    {
        $kinds = ['allergy' => 'allergy', 'medication' => 'medication', 'medical_problem' => 'problem'];
        $reviewed = ['allergy' => false, 'medication' => false, 'problem' => false];
        foreach ($this->ehr->rows('SELECT type FROM lists_touch WHERE pid = ?', [$pid]) as $t) {
            if (isset($kinds[$t['type']])) {
                $reviewed[$kinds[$t['type']]] = true;
            }
        }
        $items = [];
        $rows = $this->ehr->rows('SELECT type, title, diagnosis FROM lists WHERE pid = ? AND type IN (?, ?, ?) AND activity = 1'
            . ' AND (enddate IS NULL OR enddate > NOW()) ORDER BY id', [$pid, ...array_keys($kinds)]);
        foreach ($rows as $l) {
            $code = explode(':', explode(';', (string) $l['diagnosis'])[0], 2);
            $items[] = ['kind' => $kinds[$l['type']], 'system' => isset($code[1]) ? $code[0] : null, 'code' => $code[1] ?? null,
                'text' => $l['title'], 'status' => 'active'];
        }
        return ['reviewed' => $reviewed, 'items' => $items];
    }

    private function appointments(int $pid, string $from): array
    {
        $rows = $this->ehr->rows('SELECT e.pc_eid, e.pc_eventDate, e.pc_startTime, e.pc_apptstatus, c.pc_catname FROM openemr_postcalendar_events e'
            . ' LEFT JOIN openemr_postcalendar_categories c ON c.pc_catid = e.pc_catid WHERE e.pc_pid = ? AND e.pc_eventDate > ?'
            . ' ORDER BY e.pc_eventDate, e.pc_startTime LIMIT 20', [(string) $pid, $from]);
        return array_map(fn($a) => ['id' => (string) $a['pc_eid'], 'start' => $this->time($a['pc_eventDate'] . ' ' . $a['pc_startTime']),
            'category' => $a['pc_catname'], 'status' => match ($a['pc_apptstatus']) {
                'x', '%' => 'cancelled', '?' => 'no-show', default => 'booked'
            }], $rows);
    }

    /** Fields of layout based forms that the clinic named as facts. */
    private function facts(int $encounter): array
    {
        $facts = [];
        foreach ($this->settings->map('facts') as $fact => $field) {
            [$name, $type] = explode(':', $fact, 2) + [1 => ''];
            [$form, $id] = explode('.', $field, 2) + [1 => ''];
            $value = trim((string) ($this->ehr->row(
                'SELECT d.field_value FROM forms f JOIN lbf_data d ON d.form_id = f.form_id'
                . ' WHERE f.encounter = ? AND f.formdir = ? AND f.deleted = 0 AND d.field_id = ? ORDER BY f.id DESC LIMIT 1',
                [$encounter, $form, $id]
            )['field_value'] ?? ''));
            if ($value === '') {
                continue;
            }
            $facts[$name] = match (true) {
                $type === 'number' => is_numeric($value) ? $value + 0 : $value,
                $type === 'bool' => self::isYes($value),
                str_contains($value, '|') => array_values(array_filter(explode('|', $value), fn($v) => $v !== '')),
                $type === 'list' => [$value],
                default => $value,
            };
        }
        return $facts;
    }

    private static function isYes(mixed $value): ?bool
    {
        return match (strtolower(trim((string) $value))) {
            '' => null,
            'yes', 'y', '1', 'true', 'on' => true,
            default => false,
        };
    }

    private function time(mixed $value): ?string
    {
        $text = (string) $value;
        if (strlen($text) < 10 || str_starts_with($text, '0000')) {
            return null;
        }
        $time = date_create_immutable($text, $this->zone);
        return $time === false ? null : $time->format(DATE_ATOM);
    }

    private function date(mixed $value): ?string
    {
        $text = substr((string) $value, 0, 10);
        return preg_match('/^[1-9][0-9]{3}-[01][0-9]-[0-3][0-9]$/', $text) ? $text : null;
    }

    /** Nothing empty, nothing longer than the schema takes, no bytes that are no text. */
    private static function tidy(array $values, string $name = ''): array
    {
        $limit = in_array($name, ['identifiers', 'procedures', 'items', 'appointments', 'products'], true) ? self::ITEMS_MAX : PHP_INT_MAX;
        $out = [];
        foreach (array_slice($values, 0, min($limit, count($values)), true) as $key => $value) {
            if (is_array($value)) {
                $value = self::tidy($value, is_int($key) ? '' : $key);
            } elseif (is_string($value)) {
                $text = preg_replace('/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/', ' ', mb_scrub($value, 'UTF-8'));
                $isId = in_array($key, ['id', 'code', 'npi', 'value', 'follow_up_of'], true);
                $value = mb_strcut($isId ? trim((string) preg_replace('/\s+/', ' ', $text)) : trim($text), 0, $isId ? 128 : 4096, 'UTF-8');
            }
            if ($value === null || $value === '' || ($value === [] && $key !== 'items')) {
                continue;
            }
            $out[$key] = $value;
        }
        return array_is_list($values) ? array_values($out) : $out;
    }
}
