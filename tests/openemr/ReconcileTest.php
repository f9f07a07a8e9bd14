<?php

declare(strict_types=1);

namespace Aftercare\Tests;

final class ReconcileTest extends ClinicTestCase
{
    private function leaves(int $encounter): array
    {
        return json_decode($this->known($encounter)['snapshot'], true);
    }

    public function testWhatNoRequestToldIsFoundByItsMarks(): void
    {
        $encounters = [$this->treated(), $this->treated(2), $this->visit()];
        $this->reconcile();
        $this->assertSame(['created', 'created', 'no-protocol'], array_map(fn($e) => $this->known($e)['outcome'], $encounters));
    }

    public function testEachSilentWriteMovesAMark(): void
    {
        $encounter = $this->visit();
        $this->reconcile();
        $this->assertSame('no-protocol', $this->known($encounter)['outcome']);
        $this->settle();
        $this->bill($encounter);
        $this->reconcile();
        $this->assertSame('created', $this->known($encounter)['outcome']);
        $this->settle();
        $this->sign($encounter);
        $this->reconcile();
        $this->assertNotEmpty($this->leaves($encounter)['encounter']['signed']);
        $this->settle();
        $this->ehr->run('INSERT INTO lists (type, title, activity, pid) VALUES (?, ?, 1, 1)', ['allergy', 'lidocaine']);
        $this->reconcile();
        $this->assertSame('lidocaine', $this->leaves($encounter)['conditions']['items'][0]['text']);
    }

    /** As if the overlap of the marks were over, so that only what is new is found. */
    private function settle(): void
    {
        $this->ehr->run("UPDATE aftercare_state SET value = '1' WHERE name LIKE 'mark_at.%'");
        foreach (['form_encounter' => 'last_update', 'billing' => 'date', 'forms' => 'date', 'esign_signatures' => 'datetime', 'lists' => 'modifydate', 'patient_data' => 'last_updated'] as $table => $column) {
            $this->ehr->run("UPDATE $table SET $column = $column - INTERVAL 1 HOUR");
        }
        $this->sync()->reconcile();
        $this->ehr->run("UPDATE aftercare_state SET value = '1' WHERE name LIKE 'mark_at.%'");
        $this->ehr->run("UPDATE aftercare_state SET value = CONCAT(SUBSTRING_INDEX(value, ' ', 1), ' ', NOW() - INTERVAL 30 MINUTE) WHERE name LIKE 'mark.%'");
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM aftercare_encounter WHERE pending > 0'));
    }

    public function testNothingNewSendsNothing(): void
    {
        $encounter = $this->treated();
        $this->reconcile();
        $this->settle();
        $before = $this->leaves($encounter)['encounter']['revision'];
        $this->reconcile();
        $this->assertSame($before, $this->leaves($encounter)['encounter']['revision']);
    }

    public function testWhatWasThereBeforeTheModuleIsLeftAlone(): void
    {
        $encounter = $this->treated();
        foreach (['form_encounter' => 'last_update', 'billing' => 'date', 'forms' => 'date'] as $table => $column) {
            $this->ehr->run("UPDATE $table SET $column = $column - INTERVAL 1 DAY");
        }
        $this->sync()->startHere();
        $this->reconcile();
        $this->assertSame([], $this->known($encounter));
    }

    public function testOlderVisitsAreSentWhenSomebodyAsks(): void
    {
        $old = $this->treated();
        $this->ehr->run('UPDATE form_encounter SET date = NOW() - INTERVAL 40 DAY, last_update = NOW() - INTERVAL 40 DAY');
        $this->ehr->run('UPDATE billing SET date = NOW() - INTERVAL 40 DAY');
        $this->ehr->run('UPDATE forms SET date = NOW() - INTERVAL 40 DAY');
        $this->sync()->startHere();
        $this->reconcile();
        $this->assertSame([], $this->known($old));
        $this->assertSame(0, $this->sync()->touchSince(date('Y-m-d')));
        $this->assertSame(1, $this->sync()->touchSince(date('Y-m-d', time() - 50 * 86400)));
        $this->reconcile();
        $this->assertSame('before-go-live', $this->known($old)['outcome']);
        $this->assertSame('', $this->known($old)['plan']);
    }

    public function testALineSetInactiveRevokesThePlanWithinADay(): void
    {
        $encounter = $this->treated();
        $this->reconcile();
        $this->settle();
        $this->ehr->run('UPDATE billing SET activity = 0 WHERE encounter = ?', [$encounter]);
        $this->reconcile();
        $this->assertSame('active', $this->known($encounter)['plan_status'], 'no mark moved');
        $this->ehr->run('UPDATE aftercare_encounter SET checked = checked - INTERVAL 25 HOUR');
        $this->reconcile();
        $this->assertSame('revoked', $this->known($encounter)['plan_status']);
    }

    public function testADeletedEncounterIsEnteredInError(): void
    {
        foreach (['DELETE FROM form_encounter WHERE encounter = ?', 'UPDATE forms SET deleted = 1 WHERE formdir = \'newpatient\' AND encounter = ?'] as $how) {
            $encounter = $this->treated();
            $this->reconcile();
            $this->ehr->run($how, [$encounter]);
            $this->ehr->run('UPDATE aftercare_encounter SET checked = checked - INTERVAL 25 HOUR');
            $this->reconcile();
            $this->assertContains($this->known($encounter)['plan_status'], ['revoked', 'entered-in-error']);
            $this->assertSame('entered-in-error', $this->leaves($encounter)['encounter']['status']);
        }
    }

    public function testAMovedEncounterHasANewPlanUnderTheRightPatient(): void
    {
        $encounter = $this->treated(1);
        $this->reconcile();
        $old = $this->known($encounter)['plan'];
        foreach (['form_encounter', 'billing', 'forms'] as $table) {
            $this->ehr->run("UPDATE $table SET pid = 2 WHERE encounter = ?", [$encounter]);
        }
        $this->reconcile();
        $this->assertNotSame($old, $this->known($encounter)['plan']);
        $this->assertSame([1, 2], array_map('intval', array_column($this->ehr->rows('SELECT pid FROM aftercare_plan WHERE encounter = ? ORDER BY pid', [$encounter]), 'pid')));
        $this->assertStringContainsString('revoked', $this->clinic->cli('plan', 'show', $old));
    }

    public function testADeceasedPatientsPlansAreSentAgain(): void
    {
        $encounter = $this->treated();
        $this->reconcile();
        $this->settle();
        $this->ehr->run('UPDATE patient_data SET deceased_date = NOW() WHERE pid = 1');
        $this->reconcile();
        $this->assertSame(date('Y-m-d'), $this->leaves($encounter)['patient']['deceased']);
    }

    public function testThePluginBeingDownLosesNothing(): void
    {
        $this->clinic->stopPlugin();
        try {
            $encounters = [];
            for ($i = 0; $i < 5; $i++) {
                $encounters[] = $this->treated();
                $began = hrtime(true);
                $this->sync()->afterPage([end($encounters)]);
                $this->assertLessThan(1500, (hrtime(true) - $began) / 1e6);
            }
            $this->assertSame(-1, $this->sync()->reconcile());
            $this->assertNotSame('', $this->store->state('down_why'));
        } finally {
            $this->clinic->startPlugin();
        }
        $this->reconcile();
        foreach ($encounters as $encounter) {
            $this->assertSame('created', $this->known($encounter)['outcome']);
        }
    }

    public function testAVisitThatThePluginRefusesKeepsNoOtherFromBeingSent(): void
    {
        $bad = $this->treated();
        $this->ehr->run('UPDATE form_encounter SET date = ? WHERE encounter = ?', ['2026-03-28 00:00:00', $bad]);
        $this->ehr->settings['aftercare_categories'] = '';
        $good = $this->treated();
        $this->store->touch($bad);
        $this->reconcile();
        $this->assertSame('created', $this->known($good)['outcome']);
    }

    public function testAChangeDuringTheSendingGoesOnWaiting(): void
    {
        $encounter = $this->treated();
        $this->store->touch($encounter);
        $row = $this->known($encounter);
        $this->store->touch($encounter);
        $this->store->sent($encounter, (int) $row['pending'], ['patient' => ['id' => '1'], 'encounter' => []], ['outcome' => 'created']);
        $this->assertGreaterThan(0, $this->known($encounter)['pending']);
    }
}
