<?php

declare(strict_types=1);

namespace Aftercare\Tests;

use OpenEMR\Modules\Aftercare\Module;
use OpenEMR\Modules\Aftercare\Snapshot;
use OpenEMR\Modules\Aftercare\Sync;
use Symfony\Component\EventDispatcher\EventDispatcher;

final class EventsTest extends ClinicTestCase
{
    private function saved(object $service, array $data): object
    {
        return new class ($service, $data) {
            public function __construct(private object $service, private array $data)
            {
            }

            public function getService(): object
            {
                return $this->service;
            }

            public function getSaveData(): array
            {
                return $this->data;
            }
        };
    }

    private function dispatch(string $name, object $event): Module
    {
        $events = new EventDispatcher();
        $module = new Module($this->ehr);
        $module->listen($events);
        $events->dispatch($event, $name);
        return $module;
    }

    public function testAPerformedProcedureMakesAPlan(): void
    {
        $encounter = $this->treated();
        $this->sync()->afterPage([$encounter]);
        $this->assertSame('created', $this->known($encounter)['outcome'], $this->known($encounter)['error']);
        $this->assertSame('active', $this->known($encounter)['plan_status']);
        $this->assertEquals(0, $this->known($encounter)['pending']);
    }

    public function testAnEncounterThatWasSavedIsSentAfterThePage(): void
    {
        $encounter = $this->treated();
        $module = $this->dispatch('service.save.post', $this->saved(new EncounterService(), ['eid' => $encounter, 'pid' => 1]));
        $this->assertSame([], $this->known($encounter), 'nothing is done while the page is made');
        $module->afterRequest([]);
        $this->assertSame('created', $this->known($encounter)['outcome']);
    }

    public function testWhatWritesWithoutAnEventIsFoundByTheSessionsVisit(): void
    {
        $encounter = $this->treated();
        $this->ehr->session['encounter'] = (string) $encounter;
        (new Module($this->ehr))->afterRequest([]);
        $this->assertSame('created', $this->known($encounter)['outcome']);
    }

    public function testARequestsOwnNumbersAreHintsOnly(): void
    {
        (new Module($this->ehr))->afterRequest(['encounterId' => '999999999999', 'encounter' => "1; DROP TABLE billing"]);
        $this->assertSame([], $this->ehr->logged);
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM aftercare_encounter'));
    }

    public function testAVisitThatIsDeletedIsReadAgainAtOnce(): void
    {
        $encounter = $this->treated();
        $this->sync()->afterPage([$encounter]);
        $this->ehr->run('DELETE FROM form_encounter WHERE encounter = ?', [$encounter]);
        (new Module($this->ehr))->afterRequest(['encounterid' => (string) $encounter]);
        $this->assertSame('revoked', $this->known($encounter)['plan_status']);
    }

    public function testTwoChartsThatAreMadeOnePutTheirVisitsOnTheList(): void
    {
        $encounter = $this->treated();
        $this->sync()->afterPage([$encounter]);
        (new Module($this->ehr))->afterRequest(['form_target_pid' => '1', 'form_source_pid' => '2']);
        $this->assertSame('1', (string) $this->known($encounter)['pending']);
    }

    public function testOpenEmrsOwnDeletionAndMergeAreListenedTo(): void
    {
        $writers = (new \ReflectionClassConstant(Module::class, 'WRITERS'))->getValue();
        foreach (['deleter.php', 'merge_patients.php', 'encounter/forms.php'] as $page) {
            $this->assertSame(1, preg_match($writers, '/openemr/interface/patient_file/' . $page), $page);
        }
        $this->assertSame(0, preg_match($writers, '/openemr/interface/patient_file/summary/demographics.php'));
    }

    public function testAListenerThatFailsStopsNothing(): void
    {
        $this->ehr->run('DROP TABLE aftercare_encounter');
        $module = $this->dispatch('service.save.post', $this->saved(new EncounterService(), ['eid' => 1, 'pid' => 1]));
        $module->afterRequest([]);
        $this->dispatch('forms.encounter.list.render.pre', new \stdClass());
        $this->assertNotSame([], $this->ehr->logged);
    }

    public function testASuggestionStandsForACategoryAlone(): void
    {
        $encounter = $this->visit();
        $this->ehr->run('UPDATE form_encounter SET pc_catid = 20 WHERE encounter = ?', [$encounter]);
        $this->sync()->afterPage([$encounter]);
        $this->assertSame('suggested', $this->known($encounter)['outcome']);
    }

    public function testADiagnosisIsNoProcedure(): void
    {
        $encounter = $this->visit();
        $this->bill($encounter, '17999', 'ICD10');
        $this->sync()->afterPage([$encounter]);
        $this->assertSame('no-protocol', $this->known($encounter)['outcome']);
    }

    public function testAnOrderCountsWhenItIsComplete(): void
    {
        $encounter = $this->visit();
        $this->ehr->settings['aftercare_codes'] = 'ORDER:MESO-1 = LOCAL:MESO';
        $this->ehr->run('INSERT INTO procedure_order (patient_id, encounter_id, order_status, provider_id) VALUES (1, ?, ?, 3)', [$encounter, 'pending']);
        $this->ehr->run('INSERT INTO procedure_order_code VALUES (LAST_INSERT_ID(), 1, ?, ?)', ['MESO-1', 'Mesotherapy']);
        $this->sync()->afterPage([$encounter]);
        $this->assertSame('', $this->known($encounter)['plan']);
        $this->ehr->run('UPDATE procedure_order SET order_status = ?', ['complete']);
        $this->sync()->afterPage([$encounter]);
        $this->assertSame('created', $this->known($encounter)['outcome']);
    }

    public function testTheSnapshotHoldsWhatOpenEmrKnows(): void
    {
        $encounter = $this->treated();
        $this->ehr->settings['aftercare_facts'] = 'area = LBFmeso.area; session:number = LBFmeso.session';
        $this->ehr->run('INSERT INTO forms (date, encounter, form_id, pid, formdir) VALUES (NOW(), ?, 77, 1, ?)', [$encounter, 'LBFmeso']);
        $this->ehr->run('INSERT INTO lbf_data VALUES (77, ?, ?), (77, ?, ?)', ['area', 'face|neck', 'session', '2']);
        $this->ehr->run('INSERT INTO lists (type, title, diagnosis, activity, pid) VALUES (?, ?, ?, 1, 1), (?, ?, ?, 0, 1)', ['allergy', 'lidocaine', 'RXCUI:6387', 'medication', 'old', '']);
        $this->ehr->run('INSERT INTO lists_touch VALUES (1, ?, NOW())', ['medication']);
        $this->ehr->run('INSERT INTO drugs VALUES (9, ?)', ['HA complex']);
        $this->ehr->run('INSERT INTO drug_inventory VALUES (8, 9, ?, ?)', ['L-2231', '2027-01-31']);
        $this->ehr->run('INSERT INTO drug_sales (drug_id, inventory_id, pid, encounter, quantity) VALUES (9, 8, 1, ?, 1)', [$encounter]);
        $this->ehr->run('INSERT INTO openemr_postcalendar_events (pc_catid, pc_pid, pc_eventDate, pc_startTime, pc_apptstatus) VALUES (20, 1, CURDATE() + INTERVAL 14 DAY, ?, ?)', ['10:00:00', 'x']);
        $this->sign($encounter);
        $s = json_decode(Snapshot::encode((new Snapshot($this->ehr, $this->settings))->read($encounter)), true);
        $this->assertSame('finished', $s['encounter']['status']);
        $this->assertSame('grace', $s['encounter']['signed_by']['id']);
        $this->assertSame('Europe/Berlin', $s['encounter']['zone']);
        $this->assertSame(['area' => ['face', 'neck'], 'session' => 2], $s['facts']);
        $this->assertSame([['kind' => 'allergy', 'system' => 'RXCUI', 'code' => '6387', 'text' => 'lidocaine', 'status' => 'active']], $s['conditions']['items']);
        $this->assertSame(['allergy' => false, 'medication' => true, 'problem' => false], $s['conditions']['reviewed']);
        $this->assertSame([['name' => 'HA complex', 'lot' => 'L-2231', 'expires' => '2027-01-31']], $s['procedures'][0]['products']);
        $this->assertSame('cancelled', $s['appointments'][0]['status']);
        $this->assertSame('urn:uuid:00112233-4455-6677-8899-aabbccddeeff', $s['patient']['identifiers'][0]['value']);
        $this->assertSame(['en', true], [$s['patient']['language'], $s['patient']['contact']['leave_message']]);
        $this->assertArrayNotHasKey('performed', $s['procedures'][0], 'when it was done, OpenEMR does not say');
        $this->sync()->afterPage([$encounter]);
        $this->assertSame('created', $this->known($encounter)['outcome'], $this->known($encounter)['error']);
        $again = (new Snapshot($this->ehr, $this->settings))->read($encounter);
        $answer = $this->settings->client()->call('PUT', '/aftercare/v1/encounters/' . $this->site . '/' . $encounter, Sync::asSystem($this->settings), Snapshot::encode($again));
        $this->assertStringNotContainsString('unknown', strtolower(json_encode($answer->json()['warnings'])), 'the plugin knows every member');
        $schema = dirname(__DIR__, 2) . '/schemas/encounter.schema.json';
        file_put_contents($this->clinic->dir . '/snapshot.json', Snapshot::encode($again));
        exec('python3 -c ' . escapeshellarg('import json,sys,jsonschema; jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))') . ' '
            . escapeshellarg($schema) . ' ' . escapeshellarg($this->clinic->dir . '/snapshot.json') . ' 2>&1', $out, $status);
        $this->assertSame(0, $status, implode("\n", $out));
    }

    public function testANewerOpenEmrAsksForTheInterpreterInAnotherColumn(): void
    {
        $this->ehr->run('ALTER TABLE patient_data CHANGE interpretter interpreter_needed VARCHAR(255)');
        try {
            $this->ehr->run('UPDATE patient_data SET interpreter_needed = ? WHERE pid = 1', ['yes']);
            $this->assertTrue((new Snapshot($this->ehr, $this->settings))->read($this->treated())['patient']['interpreter']);
        } finally {
            $this->ehr->run('ALTER TABLE patient_data CHANGE interpreter_needed interpretter VARCHAR(255)');
        }
    }

    public function testOddBytesOfAChartAreStillASnapshot(): void
    {
        $encounter = $this->treated();
        $this->ehr->run(
            'UPDATE form_encounter SET reason = ?, sensitivity = NULL, provider_id = 999, facility_id = 0 WHERE encounter = ?',
            [str_repeat("\u{1F600} line\0\x07\n", 1000), $encounter]
        );
        $this->ehr->run('UPDATE patient_data SET lname = ?, DOB = NULL WHERE pid = 1', ['']);
        $this->sync()->afterPage([$encounter]);
        $this->assertSame('created', $this->known($encounter)['outcome'], $this->known($encounter)['error']);
    }

    public function testOnlyASignedVisitHasADocumentByTheRuleOfTheWholeEncounter(): void
    {
        $encounter = $this->treated();
        $this->ehr->run('INSERT INTO esign_signatures (tid, `table`, uid, datetime) SELECT id, ?, 3, NOW() FROM forms WHERE encounter = ?', ['forms', $encounter]);
        $read = fn(): array => (new Snapshot($this->ehr, $this->settings))->read($encounter)['encounter'];
        $this->assertNull($read()['signed']);
        $this->ehr->settings['aftercare_signed'] = 'form:newpatient';
        $this->assertNotNull($read()['signed']);
        $this->ehr->settings['aftercare_signed'] = 'checkout';
        $this->assertSame([null, 'in-progress'], [$read()['signed'], $read()['status']]);
        $this->ehr->run('INSERT INTO patient_tracker (encounter) VALUES (?)', [$encounter]);
        $this->ehr->run('INSERT INTO patient_tracker_element VALUES (LAST_INSERT_ID(), ?, ?)', ['>', '1']);
        $this->assertSame('finished', $read()['status']);
    }
}

final class EncounterService
{
}
