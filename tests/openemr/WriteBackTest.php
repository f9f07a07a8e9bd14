<?php

declare(strict_types=1);

namespace Aftercare\Tests;

use OpenEMR\Modules\Aftercare\Access;
use OpenEMR\Modules\Aftercare\Effects;
use OpenEMR\Modules\Aftercare\Tasks;

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

    /** @return list<array<string, mixed>> */
    private function notes(string $where = '1'): array
    {
        return $this->ehr->rows("SELECT * FROM pnotes WHERE $where ORDER BY id");
    }

    /** As when somebody picks it in the Message Center. */
    private function setToDone(int $note, string $user = 'nora'): void
    {
        $this->ehr->run('UPDATE pnotes SET message_status = ?, update_by = (SELECT id FROM users WHERE username = ?), update_date = NOW() WHERE id = ?', ['Done', $user, $note]);
    }

    /** @return array<string, mixed> of the tasks in the plugin, by their names, the row */
    private function tasks(): array
    {
        $list = json_decode($this->clinic->cli('task', 'list', '--json', '--site', $this->site), true)['tasks'];
        return array_column($list, null, 'name');
    }

    private function textsName(string $what): int
    {
        return $this->number('SELECT (SELECT COUNT(*) FROM pnotes WHERE body LIKE ?) + (SELECT COUNT(*) FROM dated_reminders WHERE dr_message_text LIKE ?)', ["%$what%", "%$what%"]);
    }

    public function testTasksAreMessagesThatNameNoProcedure(): void
    {
        $this->final();
        $notes = $this->notes();
        $this->assertNotSame([], $notes);
        foreach ($notes as $note) {
            $this->assertSame('grace', $note['assigned_to']);
            $this->assertMatchesRegularExpression('/Aftercare, [a-z -]+, due \d{4}-\d\d-\d\d \d\d:\d\d\. .*\[[0-9a-f]{12}-\d+\]$/', $note['body']);
        }
        $this->assertGreaterThan(0, $this->number('SELECT COUNT(*) FROM dated_reminders WHERE dr_message_due_date > CURDATE()'));
        $this->assertSame(0, $this->textsName('meso'));
        $this->assertSame(1, $this->textsName('sheet to give out'));
        $this->assertSame(1, $this->textsName('talk with the patient'));
    }

    public function testOnlyWhatIsDueWithinADayIsToldAtOnce(): void
    {
        $encounter = $this->final();
        $soon = array_filter($this->tasks(), fn(array $t): bool => !in_array($t['status'], ['completed', 'cancelled'], true) && strtotime($t['due']) <= time() + 86400);
        $this->assertCount(count($soon), $this->notes());
        $this->assertLessThan(5, count($soon));
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM (SELECT 1 FROM dated_reminders GROUP BY dr_message_due_date HAVING COUNT(*) > 1) x'), 'one reminder a day');
    }

    public function testWithoutRemindersATaskWaitsUntilItIsDue(): void
    {
        $this->ehr->settings['aftercare_reminders'] = '0';
        $this->final();
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM dated_reminders'));
        $before = count($this->notes());
        $this->assertLessThan(5, $before);
        $this->assertGreaterThan(2, $this->number('SELECT COUNT(*) FROM aftercare_effect WHERE state = ?', ['waits']));
        $this->reconcile();
        $this->assertCount($before, $this->notes());
    }

    public function testWhatWaitsIsAskedForAgainWhenItsDayHasCome(): void
    {
        $this->ehr->settings['aftercare_reminders'] = '0';
        $this->final();
        $waits = $this->number('SELECT COUNT(*) FROM aftercare_effect WHERE state = ?', ['waits']);
        $this->ehr->run('UPDATE aftercare_effect SET at = NOW() - INTERVAL 1 MINUTE WHERE state = ?', ['waits']);
        $this->reconcile();
        /* the plugin was asked, and said that it is later */
        $this->assertSame($waits, $this->number('SELECT COUNT(*) FROM aftercare_effect WHERE state = ? AND at > NOW()', ['waits']));
    }

    public function testWhatWaitedIsAMessageOnItsDay(): void
    {
        $this->ehr->settings['aftercare_reminders'] = '0';
        $encounter = $this->treated();
        $tasks = new Tasks($this->ehr, $this->settings, new Effects($this->ehr), $this->settings->client());
        $about = ['effect' => 'task/x/1', 'object' => '00000000-0000-8000-8000-000000000001', 'version' => 1, 'kind' => 'task', 'href' => '', 'pid' => 1, 'encounter' => $encounter];
        $task = fn(int $days): array => ['kind' => 'visit', 'role' => 'nurse', 'due' => date(DATE_ATOM, time() + $days * 86400 - 3600)];
        $this->assertSame(0, $tasks->tell($about, $task(3)));
        $this->assertSame([], $this->notes());
        $this->assertGreaterThan(0, $tasks->tell($about, $task(1)));
        $this->assertCount(1, $this->notes());
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM aftercare_effect WHERE state = ?', ['waits']));
    }

    public function testCallsOfOneDayAreOneMessageThatGoesWithTheLast(): void
    {
        $encounter = $this->treated();
        $tasks = new Tasks($this->ehr, $this->settings, new Effects($this->ehr), $this->settings->client());
        $about = fn(int $n): array => ['effect' => "task/$n/1", 'object' => "00000000-0000-8000-8000-00000000000$n", 'version' => 1, 'kind' => 'task', 'href' => '', 'pid' => 1, 'encounter' => $encounter];
        foreach ([1, 2, 3] as $n) {
            $tasks->tell($about($n), ['kind' => 'call', 'role' => 'nurse', 'needs_words' => true, 'due' => date(DATE_ATOM, time() + 60 * $n)]);
        }
        $this->assertCount(1, $this->notes());
        $tasks->withdraw($about(1));
        $tasks->withdraw($about(2));
        $this->assertSame('New', $this->notes()[0]['message_status']);
        $tasks->withdraw($about(3));
        $this->assertSame('Done', $this->notes()[0]['message_status']);
    }

    public function testDoneInOpenEmrFinishesTheTaskInThePersonsName(): void
    {
        $this->ehr->settings['aftercare_recipients'] = 'nurse=nora';
        $encounter = $this->final();
        $note = $this->notes("body LIKE '%Done here finishes it in Aftercare too%'")[0];
        $this->setToDone((int) $note['id']);
        $this->reconcile();
        $this->assertSame(['completed'], array_values(array_intersect(array_column($this->tasks(), 'status'), ['completed'])));
        $who = ['user' => 'grace', 'role' => 'clinician', 'site' => $this->site, 'patient' => '1', 'encounter' => (string) $encounter];
        $page = $this->settings->client()->call('GET', '/aftercare/plans/' . $this->known($encounter)['plan'], $who, limitMs: 5000)->body;
        $this->assertStringContainsString('set to Done in the Message Center', $page);
        $this->assertStringContainsString('nora', $page);
        $this->reconcile();
        $this->assertSame([], $this->offers());
    }

    public function testDoneInOpenEmrWhileThePluginIsDownIsToldAfterwards(): void
    {
        $encounter = $this->final();
        $note = $this->notes("body LIKE '%Done here finishes it in Aftercare too%'")[0];
        $this->setToDone((int) $note['id'], 'grace');
        $good = $this->ehr->settings['aftercare_address'];
        $this->ehr->settings['aftercare_address'] = 'unix:' . $this->clinic->dir . '/nobody.sock';
        $this->writeBack()->followUp(new Access($this->ehr, $this->settings, $this->store));
        $this->ehr->settings['aftercare_address'] = $good;
        $this->ehr->logged = [];
        $this->reconcile();
        $this->assertContains('completed', array_column($this->tasks(), 'status'));
    }

    public function testDoneByWhoHasNoRoleFinishesNothing(): void
    {
        $encounter = $this->final();
        $this->ehr->groups['nora'] = [];
        $note = $this->notes("body LIKE '%Done here finishes it in Aftercare too%'")[0];
        $this->setToDone((int) $note['id']);
        $this->reconcile();
        $this->assertNotContains('completed', array_column($this->tasks(), 'status'));
    }

    public function testATaskFinishedInAftercareSetsItsMessagesToDone(): void
    {
        $this->ehr->groups['frank'] = ['Clinicians'];
        $this->ehr->settings['aftercare_recipients'] = 'nurse=group:Clinicians';
        $this->final();
        $mine = $this->notes("assigned_to = 'nora' AND body LIKE '%Done here finishes it in Aftercare too%'")[0];
        $this->setToDone((int) $mine['id']);
        $this->reconcile();
        $mark = substr($mine['body'], -20);
        $this->assertSame(['Done', 'Done'], array_column($this->notes("body LIKE '%" . addslashes($mark) . "'"), 'message_status'));
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
