<?php

/**
 * Where the module is hooked into OpenEMR. A listener may neither break nor slow a page: each catches whatever is thrown, and what
 * speaks with the plugin runs after the page was delivered.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Module
{
    public const PATH = '/interface/modules/custom_modules/oe-module-aftercare/public/';
    /** Scripts that write without an event: fee sheet, eSign, forms, orders, the flow board. */
    private const WRITERS = '#/interface/(forms/|esign/|patient_file/(encounter/|deleter|merge_patients)|patient_tracker/|main/calendar/|orders/)#';
    private const SHEETS_S = 3600;
    private Settings $settings;
    private Store $store;
    /** @var array<int, true> */
    private array $changed = [];
    /** @var array<int, true> */
    private array $patients = [];
    private bool $isRegistered = false;

    public function __construct(private OpenEmr $ehr)
    {
        $this->settings = new Settings($ehr);
        $this->store = new Store($ehr);
    }

    /** @param \Symfony\Component\EventDispatcher\EventDispatcherInterface $events */
    public function listen($events): void
    {
        $views = new Views($this->ehr, $this->settings, $this->store);
        foreach (
            [
            'service.save.post' => fn($e) => $this->onSaved($e),
            'patient.updated' => fn($e) => $this->onPatient($e),
            'forms.encounter.list.render.pre' => fn($e) => print $views->panel((int) $e->getEncounter(), (int) $e->getPid()),
            'patientDemographics.render.section.after' => fn($e) => print $views->card((int) $e->getPid()),
            'patient.document.tree.view.filter' => fn($e) => $views->documentLink($e),
            'menu.update' => fn($e) => $views->menu($e),
            'globals.initialized' => fn($e) => $views->settings($e),
            ] as $name => $listener
        ) {
            $events->addListener($name, fn($e) => $this->safely($listener, $e));
        }
        if (($_SERVER['REQUEST_METHOD'] ?? '') === 'POST' && preg_match(self::WRITERS, $_SERVER['SCRIPT_NAME'] ?? '') === 1) {
            $this->atEnd();
        }
    }

    /** What is thrown ends here. */
    private function safely(callable $listener, object $event): object
    {
        try {
            $listener($event);
        } catch (\Throwable $e) {
            $this->ehr->log(get_class($e) . ' at ' . basename($e->getFile()) . ':' . $e->getLine());
        }
        return $event;
    }

    private function onSaved(object $event): void
    {
        $data = $event->getSaveData();
        if (is_array($data) && str_ends_with(get_class($event->getService()), 'EncounterService') && (int) ($data['eid'] ?? 0) > 0) {
            $this->changed[(int) $data['eid']] = true;
        } elseif (is_array($data) && (int) ($data['pid'] ?? 0) > 0) {
            $this->patients[(int) $data['pid']] = true;
        }
        $this->atEnd();
    }

    private function onPatient(object $event): void
    {
        $row = method_exists($event, 'getNewPatientData') ? $event->getNewPatientData() : [];
        if ((int) ($row['pid'] ?? 0) > 0) {
            $this->patients[(int) $row['pid']] = true;
            $this->atEnd();
        }
    }

    private function atEnd(): void
    {
        if (!$this->isRegistered) {
            $this->isRegistered = true;
            /* behind whatever else waits for the end of the request */
            register_shutdown_function(fn() => register_shutdown_function(fn() => $this->afterRequest($_POST + $_GET)));
        }
    }

    /** What a request said is a hint only: the encounter is read from the database. */
    public function afterRequest(array $said): void
    {
        $this->safely(function () use ($said): void {
            foreach ([$this->ehr->session('encounter'), $said['encounterId'] ?? 0, $said['encounter'] ?? 0, $said['encounterid'] ?? 0] as $hint) {
                if (is_numeric($hint) && (int) $hint > 0) {
                    $this->changed[(int) $hint] = true;
                }
            }
            foreach ([$said['form_target_pid'] ?? 0, $said['form_source_pid'] ?? 0] as $hint) {
                if (is_numeric($hint) && (int) $hint > 0) {
                    $this->patients[(int) $hint] = true; /* two charts were made one */
                }
            }
            $isDelivered = $this->ehr->finishPage();
            foreach (array_keys($this->patients) as $pid) {
                $this->store->touchPatient($pid);
            }
            $sync = new Sync($this->ehr, $this->settings, $this->store);
            $sync->afterPage(array_keys($this->changed));
            $this->changed = $this->patients = [];
            if ($isDelivered && $sync->deliveries !== []) {
                $this->writeBack()->carryOut($sync->deliveries);
            }
        }, $this);
    }

    private function writeBack(): WriteBack
    {
        return new WriteBack($this->ehr, $this->settings, $this->store, $this->settings->client());
    }

    /** The background service. */
    public function reconcile(): void
    {
        $this->safely(function (): void {
            if (!$this->store->lock('reconcile')) {
                return;
            }
            try {
                $sync = new Sync($this->ehr, $this->settings, $this->store);
                $sent = $sync->reconcile();
                $this->writeBack()->carryOut($sync->deliveries);
                if ($sent >= 0) {
                    $this->writeBack()->followUp(new Access($this->ehr, $this->settings, $this->store));
                    $this->writeBack()->run();
                    if ((int) $this->store->state('sheets') < time() - self::SHEETS_S) {
                        (new Sheets($this->ehr, $this->settings, $this->store))->refresh($this->settings->client());
                    }
                }
            } finally {
                $this->store->unlock('reconcile');
            }
        }, $this);
    }
}
