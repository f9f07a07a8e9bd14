<?php

declare(strict_types=1);

namespace Aftercare\Tests;

final class WriteBackTest extends ClinicTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        $this->deliver();
    }

    private function final(int $pid = 1, string $sensitivity = 'normal'): int
    {
        $encounter = $this->treated($pid, $sensitivity);
        $this->sign($encounter);
        $this->reconcile();
        return $encounter;
    }

    private function documents(string $where = '1'): array
    {
        return $this->ehr->rows("SELECT id, name, mimetype, foreign_id, encounter_id, deleted, bytes FROM documents WHERE $where ORDER BY id");
    }

    public function testAFinalPlanIsADocumentTiedToItsVisit(): void
    {
        $encounter = $this->final();
        $documents = $this->documents();
        $this->assertCount(1, $documents);
        $this->assertSame(['text/xml', 1, $encounter], [$documents[0]['mimetype'], (int) $documents[0]['foreign_id'], (int) $documents[0]['encounter_id']]);
        $this->assertStringContainsString('<ClinicalDocument', $documents[0]['bytes']);
        $this->assertSame('Care Plan', $this->ehr->row('SELECT name FROM categories')['name']);
    }

    public function testTasksAreMessagesThatNameNoProcedure(): void
    {
        $this->final();
        $notes = $this->ehr->rows('SELECT * FROM pnotes');
        $this->assertNotSame([], $notes);
        foreach ($notes as $note) {
            $this->assertSame('grace', $note['assigned_to']);
            $this->assertMatchesRegularExpression('/Aftercare, [a-z -]+, due \d{4}-\d\d-\d\d \d\d:\d\d\. .*\[[0-9a-f]{12}-\d+\]$/', $note['body']);
            $this->assertStringNotContainsStringIgnoringCase('meso', $note['body']);
        }
        $this->assertGreaterThan(0, $this->number('SELECT COUNT(*) FROM dated_reminders WHERE dr_message_due_date > CURDATE()'));
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM dated_reminders WHERE dr_message_text LIKE ?', ['%meso%']));
        $tasks = count(array_filter($this->offers('--all'), fn(array $d): bool => $d['kind'] === 'task'));
        $this->assertSame($tasks, count($notes) + $this->number('SELECT COUNT(*) FROM dated_reminders'), 'each task stands in one place');
    }

    public function testWithoutRemindersEachTaskIsAMessage(): void
    {
        $this->ehr->settings['aftercare_reminders'] = '0';
        $this->final();
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM dated_reminders'));
        $this->assertGreaterThan(4, $this->number('SELECT COUNT(*) FROM pnotes'));
    }

    public function testAGroupIsToldOneByOne(): void
    {
        $this->ehr->groups['frank'] = ['Clinicians'];
        $this->ehr->settings['aftercare_recipients'] = 'nurse=group:Clinicians';
        $this->final();
        $told = $this->ehr->rows('SELECT assigned_to, COUNT(*) AS n FROM pnotes GROUP BY assigned_to ORDER BY 1');
        $this->assertContains('frank', array_column($told, 'assigned_to'));
        $this->assertSame(array_column($told, 'n', 'assigned_to')['frank'], array_column($told, 'n', 'assigned_to')['nora']);
    }

    public function testAPluginThatHangsWhileItIsServedCostsOneWait(): void
    {
        $encounter = $this->treated();
        $this->sign($encounter);
        $this->sync()->reconcile();
        $offers = $this->offers();
        $path = $this->clinic->dir . '/hung3.sock';
        $server = stream_socket_server('unix://' . $path);
        $this->ehr->settings['aftercare_address'] = 'unix:' . $path;
        $began = hrtime(true);
        $this->writeBack()->carryOut($offers);
        $this->assertLessThan(14000, (hrtime(true) - $began) / 1e6);
        fclose($server);
        unlink($path);
        $this->assertSame(0, $this->ehr->added);
    }

    public function testThePlanStandsInOpenEmrsOwnTable(): void
    {
        $encounter = $this->final();
        $types = array_column($this->ehr->rows('SELECT DISTINCT care_plan_type FROM form_care_plan WHERE encounter = ? AND activity = 1', [(string) $encounter]), 'care_plan_type');
        $this->assertContains('plan_of_care', $types);
        $this->assertContains('instructions', $types);
        $this->assertSame(1, $this->number('SELECT COUNT(*) FROM forms WHERE formdir = ? AND encounter = ? AND deleted = 0', ['care_plan', $encounter]));
    }

    public function testNothingIsDoneTwice(): void
    {
        $this->final();
        $added = $this->ehr->added;
        $this->assertGreaterThan(2, $added);
        /* all is offered once more, as after answers that were lost */
        $offered = $this->offers('--all');
        $this->assertGreaterThan(2, count($offered));
        $this->writeBack()->carryOut($offered);
        $this->assertSame($added, $this->ehr->added);
    }

    public function testACrashBetweenEffectAndNoteIsFoundAgain(): void
    {
        $encounter = $this->treated();
        $this->sign($encounter);
        $this->sync()->reconcile();
        $left = 0;
        $this->ehr->afterAdd = function () use (&$left): void {
            if ($left++ % 2 === 0) {
                throw new \RuntimeException('the machine stops');
            }
        };
        for ($i = 0; $i < 12; $i++) {
            $this->writeBack()->carryOut($this->offers());
        }
        $this->ehr->afterAdd = null;
        $this->writeBack()->carryOut($this->offers());
        $this->assertSame(1, $this->number('SELECT COUNT(*) FROM documents WHERE mimetype = ?', ['text/xml']));
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM (SELECT body FROM pnotes GROUP BY body HAVING COUNT(*) > 1) x'));
        $this->assertSame([], $this->ehr->rows('SELECT * FROM aftercare_effect WHERE state = ?', ['begun']));
        $this->assertSame(1, $this->number('SELECT COUNT(DISTINCT id) FROM form_care_plan'));
    }

    public function testWhatIsSignedAgainReplacesTheDocument(): void
    {
        $encounter = $this->final();
        $this->ehr->run('UPDATE patient_data SET lname = ? WHERE pid = 1', ['Sample']);
        $this->ehr->run('UPDATE esign_signatures SET datetime = NOW() + INTERVAL 2 SECOND');
        $this->store->touch($encounter);
        $this->reconcile();
        $documents = $this->documents("mimetype = 'text/xml'");
        $this->assertCount(2, $documents);
        $this->assertStringStartsWith('REPLACED ', $documents[0]['name']);
        $this->assertStringContainsString('Sample', $documents[1]['bytes']);
        $this->assertSame(1, $this->number('SELECT COUNT(*) FROM forms WHERE formdir = ? AND encounter = ? AND deleted = 0', ['care_plan', $encounter]));
        $this->assertSame(1, $this->number('SELECT COUNT(DISTINCT id) FROM form_care_plan'));
    }

    public function testARevokedPlansDocumentIsWithdrawnAndItsMessagesAreDone(): void
    {
        $encounter = $this->final();
        $this->ehr->run('UPDATE billing SET activity = 0 WHERE encounter = ?', [$encounter]);
        $this->ehr->run('UPDATE esign_signatures SET datetime = NOW() + INTERVAL 2 SECOND');
        $this->store->touch($encounter);
        $this->reconcile();
        $documents = $this->documents("mimetype = 'text/xml'");
        $this->assertSame('revoked', $this->known($encounter)['plan_status']);
        $this->assertStringStartsWith('WITHDRAWN ', $documents[0]['name']);
        $this->assertStringContainsString('withdrawn', $documents[1]['bytes']);
        $this->assertStringContainsString('withdrawn', $documents[1]['name']);
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM pnotes WHERE message_status = ?', ['New']));
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM forms WHERE formdir = ? AND deleted = 0', ['care_plan']));
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM form_care_plan'));
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM dated_reminders WHERE message_processed = 0'));
    }

    public function testTheDocumentLeavesTheWrongChart(): void
    {
        $encounter = $this->final(1);
        foreach (['form_encounter', 'billing', 'forms'] as $table) {
            $this->ehr->run("UPDATE $table SET pid = 2 WHERE encounter = ?", [$encounter]);
        }
        $this->reconcile();
        $this->reconcile();
        $this->assertSame([], $this->documents('foreign_id = 1 AND deleted = 0'));
        $this->assertCount(1, $this->documents("foreign_id = 2 AND deleted = 0 AND mimetype = 'text/xml'"));
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM form_care_plan WHERE pid = 1'));
    }

    public function testASignedCarePlanFormIsNeverAltered(): void
    {
        $encounter = $this->final();
        $form = $this->number('SELECT id FROM forms WHERE formdir = ?', ['care_plan']);
        $this->ehr->run('INSERT INTO esign_signatures (tid, `table`, uid, datetime) VALUES (?, ?, 3, NOW())', [$form, 'forms']);
        $this->ehr->run('UPDATE billing SET activity = 0 WHERE encounter = ?', [$encounter]);
        $this->store->touch($encounter);
        $this->ehr->run('UPDATE esign_signatures SET datetime = NOW() + INTERVAL 2 SECOND WHERE `table` = ?', ['form_encounter']);
        $this->reconcile();
        $this->assertSame(0, $this->number('SELECT deleted FROM forms WHERE id = ?', [$form]));
        $this->assertGreaterThan(0, $this->number('SELECT COUNT(*) FROM form_care_plan WHERE activity = 1'));
    }

    public function testWhoMayNotSeeAVisitIsToldNothingOfIt(): void
    {
        $this->ehr->settings['aftercare_recipients'] = 'nurse=nora; clinician=nora; front-desk=nora';
        $this->ehr->denied = ['nora high'];
        $this->final(1, 'high');
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM pnotes WHERE assigned_to = ?', ['nora']));
        $this->assertGreaterThan(0, $this->number('SELECT COUNT(*) FROM pnotes WHERE assigned_to = ?', ['grace']));
    }

    public function testADeliveryThatFailsIsOfferedAgainAndHoldsNoOther(): void
    {
        $this->ehr->beforeAdd = fn() => throw new \RuntimeException('disk full');
        $encounter = $this->treated();
        $this->sign($encounter);
        $this->sync()->reconcile();
        $this->writeBack()->carryOut($this->offers());
        $this->assertNotSame([], $this->ehr->logged);
        $this->ehr->beforeAdd = null;
        $this->writeBack()->carryOut($this->offers());
        $this->assertCount(1, $this->documents("mimetype = 'text/xml'"));
    }
}
