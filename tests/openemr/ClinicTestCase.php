<?php

declare(strict_types=1);

namespace Aftercare\Tests;

use OpenEMR\Modules\Aftercare\Client;
use OpenEMR\Modules\Aftercare\Module;
use OpenEMR\Modules\Aftercare\Settings;
use OpenEMR\Modules\Aftercare\Store;
use OpenEMR\Modules\Aftercare\Sync;
use OpenEMR\Modules\Aftercare\WriteBack;
use PHPUnit\Framework\TestCase;

abstract class ClinicTestCase extends TestCase
{
    private static int $last = 0;
    private static int $sites = 0;
    protected string $site = '';
    protected Clinic $clinic;
    protected Ehr $ehr;
    protected Settings $settings;
    protected Store $store;

    protected function setUp(): void
    {
        $this->clinic = Clinic::get();
        $this->clinic->fresh();
        $this->ehr = new Ehr($this->clinic->db);
        $this->ehr->settings['aftercare_address'] = 'unix:' . $this->clinic->socket;
        $this->site = $this->ehr->session['site_id'] = 's' . ++self::$sites; /* no other test has met it */
        $this->settings = new Settings($this->ehr);
        $this->store = new Store($this->ehr);
        $this->sync()->startHere();
        $this->store->setState('sheets', (string) time()); /* only those who want blank sheets wait for them */
    }

    protected function deliver(): void
    {
        $this->clinic->cli('site', 'deliver', '--actor', 'admin.demo', $this->site);
    }

    /** What is not done, whether its back-off is over or not. @return list<array<string, mixed>> */
    protected function offers(string ...$more): array
    {
        return json_decode($this->clinic->cli('delivery', 'list', '--json', '--site', $this->site, ...$more), true)['deliveries'];
    }

    protected function sync(): Sync
    {
        return new Sync($this->ehr, $this->settings, $this->store);
    }

    protected function writeBack(): WriteBack
    {
        return new WriteBack($this->ehr, $this->settings, $this->store, $this->settings->client());
    }

    protected function reconcile(): void
    {
        (new Module($this->ehr))->reconcile();
        $this->assertSame([], $this->ehr->logged);
    }

    /** A visit of an hour ago, by its number: no other test has it. */
    protected function visit(int $pid = 1, string $sensitivity = 'normal'): int
    {
        $encounter = self::$last = max(self::$last + 1, (int) (microtime(true) * 1000) % 1_000_000_000);
        $this->ehr->run(
            'INSERT INTO form_encounter (encounter, pid, date, reason, sensitivity, provider_id, facility_id) VALUES (?, ?, ?, ?, ?, 3, 1)',
            [$encounter, $pid, date('Y-m-d H:i:s', time() - 3600), 'session 2', $sensitivity]
        );
        $id = (int) $this->clinic->db->insert_id;
        $this->ehr->run('INSERT INTO forms (date, encounter, form_name, form_id, pid, formdir) VALUES (NOW(), ?, ?, ?, ?, ?)', [$encounter, 'New Patient Encounter', $id, $pid, 'newpatient']);
        return $encounter;
    }

    protected function bill(int $encounter, string $code = '17999', string $type = 'CPT4'): int
    {
        $this->ehr->run('INSERT INTO billing (date, code_type, code, pid, encounter, provider_id, code_text, activity)'
            . ' SELECT NOW(), ?, ?, pid, encounter, 3, ?, 1 FROM form_encounter WHERE encounter = ?', [$type, $code, 'Mesotherapy', $encounter]);
        return (int) $this->clinic->db->insert_id;
    }

    protected function sign(int $encounter): void
    {
        $this->ehr->run('INSERT INTO esign_signatures (tid, `table`, uid, datetime) VALUES (?, ?, 3, NOW())', [$encounter, 'form_encounter']);
    }

    protected function treated(int $pid = 1, string $sensitivity = 'normal'): int
    {
        $encounter = $this->visit($pid, $sensitivity);
        $this->bill($encounter);
        return $encounter;
    }

    protected function known(int $encounter): array
    {
        return $this->store->encounter($encounter) ?? [];
    }

    protected function number(string $sql, array $bind = []): int
    {
        return (int) array_values($this->ehr->row($sql, $bind) ?? [0])[0];
    }
}
