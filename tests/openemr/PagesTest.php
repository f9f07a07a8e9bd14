<?php

declare(strict_types=1);

namespace Aftercare\Tests;

use OpenEMR\Modules\Aftercare\Access;
use OpenEMR\Modules\Aftercare\Answer;
use OpenEMR\Modules\Aftercare\Checks;
use OpenEMR\Modules\Aftercare\Pages;
use OpenEMR\Modules\Aftercare\Refused;
use OpenEMR\Modules\Aftercare\Setup;
use OpenEMR\Modules\Aftercare\Sheets;
use OpenEMR\Modules\Aftercare\Views;

/** Who may see what, and the pages as the module hands them on. */
final class PagesTest extends ClinicTestCase
{
    private const SELF = '/oe/interface/modules/custom_modules/oe-module-aftercare/public/page.php';

    private function access(): Access
    {
        return new Access($this->ehr, $this->settings, $this->store);
    }

    private function refused(int $status, string $uri): void
    {
        try {
            $this->access()->identify($uri);
            $this->fail($uri . ' is open');
        } catch (Refused $e) {
            $this->assertSame($status, $e->status, $uri);
        }
    }

    private function page(string $query, string $method = 'GET', string $body = ''): Answer
    {
        return (new Pages($this->access(), $this->settings->client(), self::SELF))->serve(['REQUEST_METHOD' => $method, 'QUERY_STRING' => $query,
            'CONTENT_TYPE' => 'application/x-www-form-urlencoded', 'HTTP_HOST' => 'ehr.example', 'HTTP_ORIGIN' => $method === 'POST' ? 'https://ehr.example' : '',
            'HTTP_SEC_FETCH_SITE' => 'same-origin'], $body);
    }

    private function open(int $pid = 1): int
    {
        $encounter = $this->treated($pid);
        $this->reconcile();
        $this->ehr->session += ['pid' => (string) $pid, 'encounter' => (string) $encounter];
        return $encounter;
    }

    public function testWhoIsNotSignedInSeesNothing(): void
    {
        $encounter = $this->open();
        $plan = $this->known($encounter)['plan'];
        $this->ehr->session = ['site_id' => $this->site];
        foreach (["/aftercare/panel/{$this->site}/$encounter", "/aftercare/plans/$plan", '/aftercare/worklist', '/aftercare/assets/aftercare.css', '/aftercare/health', '', '/x'] as $uri) {
            $this->refused(401, $uri);
        }
    }

    public function testWhatNoRuleNamesIsRefused(): void
    {
        foreach (
            ['/aftercare/v1/deliveries?site=default' => 403, '/aftercare/v1/encounters/default/5' => 403, '/aftercare/plans/nonsense' => 403, '/aftercare/' => 403,
            '/aftercare/panel/default/../../v1/deliveries' => 404, '/aftercare/panel/default/5%2F..%2F..' => 404, '/aftercare//worklist' => 404, '/other' => 404] as $uri => $status
        ) {
            $this->refused($status, $uri);
        }
    }

    public function testTheIdentityIsBoundToPatientAndVisit(): void
    {
        $encounter = $this->open();
        $want = ['role' => 'clinician;only=normal|high', 'patient' => '1', 'encounter' => (string) $encounter, 'user' => 'grace', 'site' => $this->site];
        $this->assertEquals($want, $this->access()->identify("/aftercare/panel/{$this->site}/$encounter?x=1"));
        $this->assertEquals($want, $this->access()->identify('/aftercare/plans/' . $this->known($encounter)['plan'] . '/handout'));
    }

    public function testAnotherChartsPanelIsRefusedWhenItIsNotTheOpenOne(): void
    {
        $encounter = $this->open();
        $this->ehr->session['pid'] = '2';
        $this->refused(403, "/aftercare/panel/{$this->site}/$encounter");
        $this->refused(403, "/aftercare/panel/other/$encounter");
        $this->refused(403, '/aftercare/panel/' . $this->site . '/999999');
    }

    public function testAPlanThatIsNotKnownHereIsTheOpenVisitsOrNobodys(): void
    {
        $encounter = $this->open();
        $uri = '/aftercare/plans/00000000-0000-4000-8000-000000000000';
        $this->assertSame((string) $encounter, $this->access()->identify($uri)['encounter']);
        $this->assertSame(403, $this->page('p=' . rawurlencode($uri))->status);
        unset($this->ehr->session['encounter']);
        $this->refused(403, $uri);
    }

    public function testASensitiveVisitIsClosedToWhoHasNoRight(): void
    {
        $encounter = $this->treated(1, 'high');
        $this->reconcile();
        $this->ehr->session += ['pid' => '1', 'encounter' => (string) $encounter];
        $views = new Views($this->ehr, $this->settings, $this->store);
        $this->assertStringContainsString('<iframe', $views->panel($encounter, 1));
        $this->assertStringContainsString($this->known($encounter)['plan'], $views->card(1));
        $this->ehr->denied = ['grace high'];
        $this->refused(403, "/aftercare/panel/{$this->site}/$encounter");
        $this->refused(403, '/aftercare/plans/' . $this->known($encounter)['plan']);
        $this->assertSame('', $views->panel($encounter, 1));
        $this->assertSame('', $views->card(1));
    }

    public function testTheListLeavesOutWhatIsNotOpenAndSaysNothingOfIt(): void
    {
        $secret = $this->treated(1, 'high');
        $other = $this->treated(2);
        $this->reconcile();
        [$secretPlan, $otherPlan] = [$this->known($secret)['plan'], $this->known($other)['plan']];
        $list = 'p=' . rawurlencode('/aftercare/worklist?role=all');
        $this->assertStringContainsString($secretPlan, $this->page($list)->body);
        $this->ehr->denied = ['grace high'];
        $answer = $this->page($list);
        $this->assertSame(200, $answer->status, $answer->body);
        $this->assertStringContainsString($otherPlan, $answer->body);
        $this->assertStringNotContainsString($secretPlan, $answer->body);
        $this->assertStringNotContainsString('not shown', $answer->body);
        $this->ehr->run('UPDATE form_encounter SET sensitivity = ? WHERE encounter = ?', ['normal', $secret]);
        $this->sync()->afterPage([$secret]);
        $this->assertStringContainsString($secretPlan, $this->page($list)->body, 'as the chart has it now');
    }

    public function testAPlanIsReachedFromTheListWhicheverChartIsOpen(): void
    {
        $encounter = $this->open(2);
        $this->ehr->session['pid'] = '1';
        $this->refused(403, "/aftercare/panel/{$this->site}/$encounter");
        $who = $this->access()->identify('/aftercare/plans/' . $this->known($encounter)['plan']);
        $this->assertSame(['2', (string) $encounter], [$who['patient'], $who['encounter']], 'and is bound to its own patient, not to the open chart');
        $list = $this->access()->identify('/aftercare/worklist');
        $this->assertArrayNotHasKey('patient', $list);
        $this->assertArrayNotHasKey('encounter', $list);
        $this->assertSame(200, $this->page('p=' . rawurlencode('/aftercare/plans/' . $this->known($encounter)['plan']))->status);
    }

    public function testRolesComeFromGroups(): void
    {
        $encounter = $this->open();
        foreach (['nora' => 'nurse', 'frank' => 'front-desk'] as $user => $role) {
            $this->ehr->session['authUser'] = $user;
            $this->assertSame($role . ';only=normal|high', $this->access()->identify("/aftercare/panel/{$this->site}/$encounter")['role']);
        }
        $this->refused(403, '/aftercare/reviews');
        $this->ehr->groups['frank'] = ['Accounting'];
        $this->refused(403, '/aftercare/worklist');
        $this->ehr->groups['frank'] = ['Administrators'];
        $this->assertSame('admin;only=normal|high', $this->access()->identify('/aftercare/reviews')['role']);
        $this->refused(403, '/aftercare/worklist');
    }

    public function testThePanelComesThroughTheModuleWithItsLinks(): void
    {
        $encounter = $this->open();
        $answer = $this->page('p=' . rawurlencode("/aftercare/panel/{$this->site}/$encounter"));
        $this->assertSame(200, $answer->status, $answer->body);
        $this->assertStringContainsString("frame-ancestors 'self'", $answer->headers['content-security-policy']);
        $this->assertStringNotContainsString('="/aftercare/', $answer->body);
        $this->assertStringContainsString('href="' . self::SELF . '?p=%2Faftercare%2Fassets%2Faftercare.css"', $answer->body);
        preg_match_all('#(?:href|src)="' . preg_quote(self::SELF, '#') . '\?([^"\#]*)#', $answer->body, $m);
        $this->assertNotSame([], $m[1]);
        foreach (array_unique($m[1]) as $query) {
            $this->assertSame(200, $this->page(html_entity_decode($query))->status, $query);
        }
    }

    public function testAFormOfThePanelComesBackThroughTheModule(): void
    {
        $encounter = $this->open();
        $html = $this->page('p=' . rawurlencode("/aftercare/panel/{$this->site}/$encounter"))->body;
        $this->assertSame(1, preg_match('#<form\b[^>]*action="([^"]*answers[^"]*)"[^>]*>(.*?)</form>#s', $html, $form));
        preg_match_all('#<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"#', $form[2], $m);
        $fields = array_combine($m[1], array_map('html_entity_decode', $m[2])) + ['fact.area' => 'face'];
        $query = (string) parse_url(html_entity_decode($form[1]), PHP_URL_QUERY);
        $answer = $this->page($query, 'POST', http_build_query($fields));
        $this->assertSame(303, $answer->status, $answer->body);
        $this->assertStringStartsWith(self::SELF . '?p=%2Faftercare%2Fpanel%2F' . $this->site . '%2F' . $encounter, $answer->headers['location']);
        $forged = $this->page($query, 'POST', http_build_query(['token' => 'x'] + $fields));
        $this->assertSame(403, $forged->status);
    }

    public function testASheetGivenOutOnThePanelIsAPdfInTheChartOnce(): void
    {
        $this->deliver();
        $encounter = $this->open();
        $plan = '/aftercare/plans/' . $this->known($encounter)['plan'];
        $panel = "/aftercare/panel/{$this->site}/$encounter";
        $send = function (string $form, string $action, array $more): Answer {
            preg_match_all('#<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"#', $form, $m);
            return $this->page('p=' . rawurlencode($action), 'POST', http_build_query($more + array_combine($m[1], array_map('html_entity_decode', $m[2]))));
        };
        $formOf = fn(string $path): string => preg_match('#<form\b[^>]*action="[^"]*' . preg_quote(rawurlencode($path), '#') . '"[^>]*>.*?</form>#s', $this->page('p=' . rawurlencode($panel))->body, $m) ? $m[0] : '';
        $this->assertSame(303, $send($formOf($plan . '/issue'), $plan . '/issue', ['language' => 'en', 'recipient' => 'patient', 'medium' => 'paper'])->status);
        $this->reconcile();
        $pdfs = $this->ehr->rows('SELECT name, encounter_id, bytes FROM documents WHERE mimetype = ? AND deleted = 0', ['application/pdf']);
        $this->assertCount(1, $pdfs);
        $this->assertSame($encounter, (int) $pdfs[0]['encounter_id']);
        $this->assertStringStartsWith('%PDF-', $pdfs[0]['bytes']);
        $this->assertSame([], $this->offers());
    }

    public function testAListKeepsItsFilterThroughTheModule(): void
    {
        $this->open();
        $answer = $this->page('p=' . rawurlencode('/aftercare/worklist?role=nurse&view=all'));
        $this->assertSame(200, $answer->status, $answer->body);
        $this->assertSame(200, $this->page('p=%2Faftercare%2Fworklist&role=nurse')->status);
    }

    public function testADeadPluginIsAPlainSentence(): void
    {
        $encounter = $this->open();
        $this->clinic->stopPlugin();
        $answer = $this->page('p=' . rawurlencode("/aftercare/panel/{$this->site}/$encounter"));
        $this->assertSame(502, $answer->status);
        $this->assertStringContainsString('does not answer', $answer->body);
    }

    public function testTheDeskHasPaperWhileThePluginIsDownAndIsAskedAfterwards(): void
    {
        $this->store->setState('sheets', '0');
        $encounter = $this->open();
        $this->assertGreaterThan(0, $this->number('SELECT COUNT(*) FROM aftercare_sheet WHERE bytes LIKE ?', ['%PDF-%']));
        $views = new Views($this->ehr, $this->settings, $this->store);
        $this->assertStringNotContainsString('Blank sheet:', $views->panel($encounter, 1));
        $this->clinic->stopPlugin();
        $this->sync()->afterPage([$encounter]);
        $this->assertStringContainsString('Blank sheet: ', $views->panel($encounter, 1));
        $sheet = $this->ehr->row('SELECT protocol, language FROM aftercare_sheet');
        $sheets = new Sheets($this->ehr, $this->settings, $this->store);
        $this->assertStringStartsWith('%PDF-', (string) $sheets->open($encounter, $sheet['protocol'], $sheet['language']));
        $this->assertNull($sheets->open($encounter, 'nothing', 'en'));
        $this->clinic->startPlugin();
        $this->store->setState('down_until', '0');
        $this->assertStringContainsString('Blank sheet given at', $views->panel($encounter, 1));
        $id = $this->number('SELECT id FROM aftercare_blank');
        $answer = fn(string $at): int => $sheets->answer($id, true, $at, $this->access(), $this->settings->client());
        try {
            $answer(date('Y-m-d\TH:i', time() + 86400));
            $this->fail('it was given tomorrow');
        } catch (Refused $e) {
            $this->assertSame(409, $e->status);
        }
        $now = date('Y-m-d\TH:i');
        $this->assertSame($encounter, $answer($now));
        $this->assertSame(0, $answer($now), 'it is asked once');
        $this->assertSame(1, $this->number('SELECT COUNT(*) FROM documents WHERE name LIKE ? AND bytes LIKE ?', ['Aftercare blank sheet given ' . str_replace('T', ' ', $now) . '%', '%PDF-%']));
        $this->store->touch($encounter);
        $this->sync()->reconcile();
        $issued = json_decode($this->settings->client()->call('PUT', '/aftercare/v1/encounters/' . $this->site . '/' . $encounter, \OpenEMR\Modules\Aftercare\Sync::asSystem($this->settings),
            \OpenEMR\Modules\Aftercare\Snapshot::encode((new \OpenEMR\Modules\Aftercare\Snapshot($this->ehr, $this->settings))->read($encounter)))->body, true)['plan']['issued_at'];
        $this->assertNotNull($issued, 'the plan counts as issued');
        $this->assertStringNotContainsString('Blank sheet given at', $views->panel($encounter, 1));
        $this->ehr->session['authUser'] = 'frank';
        $this->ehr->run('UPDATE aftercare_blank SET told = 0');
        $this->assertStringNotContainsString('Blank sheet given at', $views->panel($encounter, 1), 'the front desk does not say so');
    }

    public function testAVisitToComeIsOneClickFromOpenEmrsCalendarFormUntilItIsBooked(): void
    {
        $this->deliver();
        $encounter = $this->treated();
        $this->sign($encounter);
        $this->reconcile();
        $views = new Views($this->ehr, $this->settings, $this->store);
        $this->assertSame(1, preg_match('#href="(/interface/main/calendar/add_edit_event\.php\?patientid=1&amp;catid=5&amp;date=(\d{4})(\d\d)(\d\d))"[^>]*>Appointment for the follow-up visit#', $views->panel($encounter, 1), $m));
        $this->assertStringContainsString($m[1], $views->card(1));
        $this->ehr->run('INSERT INTO openemr_postcalendar_events (pc_pid, pc_eventDate, pc_startTime) VALUES (?, ?, ?)', ['1', "$m[2]-$m[3]-$m[4]", '10:00:00']);
        $this->assertStringNotContainsString('Appointment for the follow-up visit', $views->panel($encounter, 1));
        $this->ehr->run('UPDATE openemr_postcalendar_events SET pc_apptstatus = ?', ['x']);
        $this->assertStringContainsString('Appointment for the follow-up visit', $views->panel($encounter, 1), 'a cancelled one is none');
        $this->ehr->denied = ['grace appt'];
        $this->assertStringNotContainsString('Appointment for', $views->panel($encounter, 1));
    }

    public function testTheConnectionTestSaysWhatIsWrongInPlainWords(): void
    {
        $this->reconcile();
        $said = fn(): string => implode("\n", array_map(fn($c) => ($c[0] ? '+ ' : '- ') . $c[1], (new Checks($this->ehr, $this->settings, $this->store))->all()));
        $this->assertStringContainsString('+ The plugin answers', $said());
        $this->assertStringContainsString('+ The plugin takes this module\'s word', $said());
        $this->assertStringContainsString('- A visit is final when the whole encounter is signed, but OpenEMR has that switched off', $said());
        $this->ehr->settings['esign_all'] = '1';
        $this->assertStringContainsString('+ A visit is final', $said());
        $this->ehr->settings['aftercare_key'] = $this->clinic->key();
        $this->assertStringContainsString('- There is a key, but "Installation" is empty', $said());
        $this->ehr->settings['aftercare_installation'] = 'aftercare/0000000000000000';
        $this->assertStringContainsString('- The token is for another installation', $said());
        $this->ehr->settings['aftercare_installation'] = $this->clinic->installation();
        $this->assertStringContainsString('+ The plugin takes this module\'s word', $said());
        $this->ehr->settings['aftercare_key'] = substr($this->clinic->key(), 0, 9) . str_repeat('0', 64);
        $this->assertStringContainsString('- The plugin does not know the key', $said());
        $this->ehr->settings['aftercare_key'] = 'nonsense';
        $this->assertStringContainsString('- Key: the key is not a line of module.keys', $said());
        $this->ehr->settings['aftercare_key'] = '';
        $this->ehr->settings['aftercare_recipients'] = 'nurse=nobody';
        $this->assertStringContainsString('- Tasks of nurse go to "nobody"', $said());
        $this->clinic->stopPlugin();
        $this->assertStringContainsString('- There is no socket at', $said());
    }

    public function testAnOlderModulesTablesAreBroughtUpByUpgradeSqlAndTheTestPageAsksForIt(): void
    {
        $said = fn(): string => implode("\n", array_column((new Checks($this->ehr, $this->settings, $this->store))->all(), 1));
        $module = dirname(__DIR__, 2) . '/plugin/openemr/oe-module-aftercare/';
        require $module . 'version.php';
        $files = glob($module . '*_upgrade.sql');
        $this->assertStringEndsWith("-to-{$v_major}_{$v_minor}_{$v_patch}_upgrade.sql", end($files));
        $now = $this->ehr->row('SHOW CREATE TABLE aftercare_effect');
        $this->ehr->run('ALTER TABLE aftercare_effect DROP COLUMN href, DROP COLUMN visit, DROP KEY kind, DROP KEY encounter');
        $this->assertStringContainsString('Upgrade SQL', $said());
        $this->ehr->run(preg_replace('/^(#|--).*$/m', '', file_get_contents($files[0])));
        $this->assertSame($now, $this->ehr->row('SHOW CREATE TABLE aftercare_effect'));
        $this->assertStringNotContainsString('Upgrade SQL', $said());
    }

    public function testTheModuleManagersButtonsKeepWhatIsInCharts(): void
    {
        $encounter = $this->open();
        $setup = new Setup($this->ehr);
        $setup->enable();
        $setup->enable();
        $this->assertSame(1, $this->number('SELECT COUNT(*) FROM background_services WHERE active = 1'));
        $before = $this->known($encounter);
        $setup->disable();
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM background_services WHERE active = 1'));
        $setup->unregister();
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM background_services'));
        $setup->enable();
        $this->assertSame($before, $this->known($encounter));
    }
}
