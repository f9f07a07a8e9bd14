<?php

/** What the Module Manager's buttons do. Whatever was written into charts stays, whichever button is pressed. */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Setup
{
    private const SERVICE = 'Aftercare';
    private const FILE = '/interface/modules/custom_modules/oe-module-aftercare/aftercare_background.php';

    public function __construct(private OpenEmr $ehr)
    {
    }

    public function enable(): void
    {
        $store = new Store($this->ehr);
        if ($store->state('go_live') === '') {
            (new Sync($this->ehr, new Settings($this->ehr), $store))->startHere();
        }
        if ($this->ehr->row('SELECT 1 FROM background_services WHERE name = ?', [self::SERVICE]) === null) {
            $this->ehr->run('INSERT INTO background_services (name, title, active, running, next_run, execute_interval, `function`, require_once, sort_order)'
                . ' VALUES (?, ?, 1, 0, NOW(), 1, ?, ?, 100)', [self::SERVICE, 'Aftercare: visits and care plans', 'aftercare_reconcile', self::FILE]);
        }
        $this->ehr->run('UPDATE background_services SET active = 1, running = 0 WHERE name = ?', [self::SERVICE]);
        $this->ehr->categoryId(WriteBack::CATEGORY, WriteBack::CATEGORY_CODE);
    }

    public function disable(): void
    {
        $this->ehr->run('UPDATE background_services SET active = 0 WHERE name = ?', [self::SERVICE]);
    }

    /** The module's tables stay too: a later install goes on where this one ended, and writes nothing twice. */
    public function unregister(): void
    {
        $this->ehr->run('DELETE FROM background_services WHERE name = ?', [self::SERVICE]);
    }
}
