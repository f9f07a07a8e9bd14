<?php

/** What the module adds to OpenEMR's own pages: frames, a card, a menu item, settings, the way from the document tree to the viewer. */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Views
{
    /** A frame as high as its page, within reason: a short answer leaves no hole above the visit's own forms. */
    private const FIT = "try{this.style.height='4rem';this.style.height=Math.min(this.contentDocument.documentElement.scrollHeight+4,720)+'px'}"
        . "catch(e){this.style.height='26rem'}";

    public function __construct(private OpenEmr $ehr, private Settings $settings, private Store $store)
    {
    }

    /** Where a page of the plugin is to be had. */
    public function url(string $page): string
    {
        return $this->settings->get('views') === 'server' ? $page : $this->ehr->root() . Module::PATH . 'page.php?p=' . rawurlencode($page);
    }

    /** On the encounter page. */
    public function panel(int $encounter, int $pid): string
    {
        $visit = $encounter > 0 ? $this->ehr->row('SELECT sensitivity FROM form_encounter WHERE encounter = ? AND pid = ?', [$encounter, $pid]) : null;
        if ($visit === null || !Access::maySee($this->ehr, (string) $visit['sensitivity'])) {
            return '';
        }
        $page = '/aftercare/panel/' . rawurlencode($this->settings->site()) . '/' . $encounter;
        $isDown = (int) $this->store->state('down_until') > time();
        return '<section class="card mb-2" aria-label="' . $this->html('Aftercare') . '"><div class="card-body p-1">'
            . ($isDown ? '<p class="alert alert-warning m-1">' . $this->html('Aftercare did not answer a moment ago. Visits are sent when it is back.') . '</p>'
                . $this->blankSheets($encounter, $pid) : '')
            . '<iframe src="' . $this->text($this->url($page)) . '" title="' . $this->html('Aftercare') . '" loading="lazy"'
            . ' style="width:100%;height:26rem;border:0" onload="' . self::FIT . '"></iframe>' . ($isDown ? '' : $this->givenWhileDown($encounter))
            . $this->appointments($encounter, $pid) . '</div></section>';
    }

    /** Visits to come that the calendar does not have: OpenEMR's own form, filled in, for a person to save. */
    private function appointments(int $encounter, int $pid): string
    {
        $out = '';
        $visits = $this->ehr->may('patients', 'appt') ? $this->ehr->rows('SELECT DISTINCT a.visit, e.pc_catid FROM aftercare_effect a JOIN form_encounter e'
            . ' ON e.encounter = a.encounter WHERE a.encounter = ? AND a.pid = ? AND a.visit <> ? AND a.state IN (?, ?) ORDER BY a.visit DESC', [$encounter, $pid, '', 'done', 'waits']) : [];
        foreach ($visits as $v) {
            [$kind, $first, $last] = explode(' ', $v['visit']);
            $isBooked = $this->ehr->row(
                'SELECT 1 FROM openemr_postcalendar_events WHERE pc_pid = ? AND pc_eventDate BETWEEN ? AND ? AND pc_apptstatus NOT IN (?, ?, ?)',
                [(string) $pid, $first, $last, 'x', '%', '?']
            ) !== null;
            if (!$isBooked && $last >= date('Y-m-d')) {
                $url = $this->ehr->root() . '/interface/main/calendar/add_edit_event.php?patientid=' . $pid . '&catid=' . (int) $v['pc_catid'] . '&date=' . str_replace('-', '', max($first, date('Y-m-d')));
                $out .= '<a class="btn btn-secondary btn-sm m-1" target="_blank" href="' . $this->text($url) . '" onclick="dlgopen(this.getAttribute(\'href\'),\'_blank\',800,500);return false">'
                    . $this->html($kind === 'visit' ? 'Appointment for the follow-up visit' : 'Appointment for the next session') . ', ' . $this->text($first . ' – ' . $last) . '</a>';
            }
        }
        return $out;
    }

    /** While the plugin is down: the last sheets that it published, to be filled in by hand. */
    private function blankSheets(int $encounter, int $pid): string
    {
        $items = '';
        foreach ($this->ehr->rows('SELECT protocol, language, title FROM aftercare_sheet ORDER BY title, language') as $s) {
            $items .= '<form method="post" target="_blank" class="d-inline" action="' . $this->text($this->ehr->root() . Module::PATH . 'sheet.php') . '">'
                . $this->hidden(['csrf_token_form' => $this->ehr->csrf(), 'encounter' => (string) $encounter, 'pid' => (string) $pid,
                    'protocol' => $s['protocol'], 'language' => $s['language']])
                . '<button class="btn btn-secondary btn-sm m-1">' . $this->text($this->ehr->say('Blank sheet') . ': ' . ($s['title'] ?: $s['protocol'])
                    . ' (' . $s['language'] . ')') . '</button></form>';
        }
        return $items;
    }

    /** Afterwards: was it given? */
    private function givenWhileDown(int $encounter): string
    {
        $out = '';
        if (array_intersect((new Access($this->ehr, $this->settings, $this->store))->roles(), ['clinician', 'nurse']) === []) {
            return $out;
        }
        foreach ($this->ehr->rows('SELECT id, protocol, language, at, user FROM aftercare_blank WHERE encounter = ? AND told = 0 ORDER BY id', [$encounter]) as $b) {
            $out .= '<form method="post" class="alert alert-info m-1" action="' . $this->text($this->ehr->root() . Module::PATH . 'sheet.php') . '">'
                . $this->hidden(['csrf_token_form' => $this->ehr->csrf(), 'blank' => (string) $b['id']])
                . '<label>' . $this->html('Blank sheet given at') . ' <input type="datetime-local" name="given" value="'
                . $this->text(str_replace(' ', 'T', substr((string) $b['at'], 0, 16))) . '"></label> '
                . '<button class="btn btn-primary btn-sm" name="answer" value="yes">' . $this->html('Yes, record it') . '</button> '
                . '<button class="btn btn-secondary btn-sm" name="answer" value="no">' . $this->html('It was not given') . '</button></form>';
        }
        return $out;
    }

    /** On the patient's dashboard: the plans that are not over, and the last ones. */
    public function card(int $pid): string
    {
        $rows = $pid > 0 ? $this->ehr->rows('SELECT a.encounter, a.plan, a.plan_status, a.sensitivity, e.date FROM aftercare_encounter a'
            . ' JOIN form_encounter e ON e.encounter = a.encounter WHERE e.pid = ? AND a.plan <> ? ORDER BY e.date DESC LIMIT 6', [$pid, '']) : [];
        $items = '';
        foreach ($rows as $r) {
            if (Access::maySee($this->ehr, (string) $r['sensitivity'])) {
                $items .= '<li class="list-group-item py-1"><a href="' . $this->text($this->url('/aftercare/plans/' . $r['plan'])) . '" target="_blank" rel="noopener">'
                    . $this->text(substr((string) $r['date'], 0, 10)) . '</a> ' . $this->html(ucfirst((string) $r['plan_status']))
                    . $this->appointments((int) $r['encounter'], $pid) . '</li>';
            }
        }
        return $items === '' ? '' : '<section class="card mb-2"><div class="card-body p-2"><h6 class="card-title mb-1">' . $this->html('Aftercare')
            . '</h6><ul class="list-group list-group-flush">' . $items . '</ul></div></section>';
    }

    /** A click on one of our documents opens it in OpenEMR's own viewer of CDA, by way of a page that logs it. */
    public function documentLink(object $event): void
    {
        if (($event->getCategoryInfo()['name'] ?? '') !== WriteBack::CATEGORY) {
            return;
        }
        $id = (int) $event->getDocumentId();
        if (($this->ehr->row('SELECT mimetype FROM documents WHERE id = ?', [$id])['mimetype'] ?? '') === 'text/xml') {
            $event->getHtmlTreeNode()->events = ['onClick' => "javascript:newwindow=window.open('" . $this->ehr->root() . Module::PATH
                . 'document.php?id=' . $id . "','_blank');"];
        }
    }

    public function menu(object $event): void
    {
        $menu = $event->getMenu();
        foreach ($menu as $item) {
            if (($item->menu_id ?? '') === 'modimg') {
                $item->children[] = $this->item('aftercare0', 'Aftercare worklist', $this->url('/aftercare/worklist'), ['patients', 'demo']);
                $item->children[] = $this->item('aftercare1', 'Aftercare: test connection', $this->ehr->root() . Module::PATH . 'test.php', ['admin', 'super']);
            }
        }
        $event->setMenu($menu);
    }

    private function item(string $id, string $label, string $url, array $acl): object
    {
        return (object) ['requirement' => 0, 'target' => $id, 'menu_id' => $id, 'label' => $this->ehr->say($label), 'url' => $this->relative($url),
            'children' => [], 'acl_req' => $acl, 'global_req' => []];
    }

    /** OpenEMR puts its own root before what a menu item names. */
    private function relative(string $url): string
    {
        $root = $this->ehr->root();
        return $root !== '' && str_starts_with($url, $root . '/') ? substr($url, strlen($root)) : $url;
    }

    public function settings(object $event): void
    {
        $service = $event->getGlobalsService();
        $service->createSection('Aftercare', 'Portal');
        foreach (Settings::ALL as $name => [$label, $type, $default, $description]) {
            $service->appendToSection('Aftercare', $name, $this->ehr->globalSetting($this->ehr->say($label), $type, $default, $this->ehr->say($description)));
        }
    }

    private function hidden(array $fields): string
    {
        $out = '';
        foreach ($fields as $name => $value) {
            $out .= '<input type="hidden" name="' . $name . '" value="' . $this->text($value) . '">';
        }
        return $out;
    }

    private function text(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES);
    }

    private function html(string $english): string
    {
        return $this->text($this->ehr->say($english));
    }
}
