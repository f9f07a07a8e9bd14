<?php

/**
 * OpenEMR as the module sees it: every class, function and global of OpenEMR that is used stands here, and nowhere else, so that
 * tests can put something else in its place. Works with 7.0.3 and 8.x.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

use OpenEMR\Common\Acl\AclExtended;
use OpenEMR\Common\Acl\AclMain;
use OpenEMR\Common\Crypto\CryptoGen;
use OpenEMR\Common\Csrf\CsrfUtils;
use OpenEMR\Common\Database\QueryUtils;
use OpenEMR\Common\Logging\EventAuditLogger;
use OpenEMR\Services\Globals\GlobalSetting;

class OpenEmr
{
    /** @return list<array<string, mixed>> */
    public function rows(string $sql, array $bind = []): array
    {
        return QueryUtils::fetchRecords($sql, $bind, true);
    }

    public function run(string $sql, array $bind = []): void
    {
        QueryUtils::sqlStatementThrowException($sql, $bind, true);
    }

    /** @return array<string, mixed>|null */
    final public function row(string $sql, array $bind = []): ?array
    {
        return $this->rows($sql, $bind)[0] ?? null;
    }

    public function setting(string $name): string
    {
        $bag = 'OpenEMR\\Core\\OEGlobalsBag';
        return trim((string) ($GLOBALS[$name] ?? (class_exists($bag) ? $bag::getInstance()->get($name) : '')));
    }

    /** A setting that OpenEMR keeps encrypted; empty when it was never saved. */
    public function secret(string $name): string
    {
        $stored = $this->setting($name);
        return $stored === '' ? '' : trim((string) (new CryptoGen())->decryptStandard($stored));
    }

    public function session(string $name): string
    {
        $session = $this->sessionObject();
        return (string) (($session !== null ? $session->get($name) : $_SESSION[$name] ?? null) ?? '');
    }

    /** From 8.2 on the session is an object; before, null. */
    private function sessionObject(): ?object
    {
        $factory = 'OpenEMR\\Common\\Session\\SessionWrapperFactory';
        return class_exists($factory) ? $factory::getInstance()->getActiveSession() : null;
    }

    public function zone(): string
    {
        return $this->setting('gbl_time_zone') ?: date_default_timezone_get();
    }

    /** Of several sites in one OpenEMR: the one that this request, or this run of the background service, is for. */
    public function siteName(): string
    {
        return basename($this->setting('OE_SITE_DIR')) ?: ($this->session('site_id') ?: 'default');
    }

    public function root(): string
    {
        return $this->setting('webroot');
    }

    /** For the administrator: what failed, never whose. */
    public function log(string $text): void
    {
        error_log('aftercare: ' . $text);
    }

    /** OpenEMR's own audit log. */
    public function audit(string $event, string $comment, int $pid): void
    {
        $logger = method_exists(EventAuditLogger::class, 'getInstance') ? EventAuditLogger::getInstance() : EventAuditLogger::instance();
        $logger->newEvent($event, $this->session('authUser'), $this->session('authProvider'), 1, $comment, $pid);
    }

    /** Access control groups of a user: "Physicians", "Front Office". @return list<string> */
    public function groups(string $username): array
    {
        return array_values(AclExtended::aclGetGroupTitles($username) ?: []);
    }

    /** User names of an access control group. @return list<string> */
    public function members(string $group): array
    {
        return array_column($this->rows('SELECT a.value FROM gacl_aro a JOIN gacl_groups_aro_map m ON m.aro_id = a.id JOIN gacl_aro_groups g ON g.id = m.group_id'
            . ' WHERE a.section_value = ? AND g.name = ? ORDER BY a.value', ['users', $group]), 'value');
    }

    /** Whoever is signed in, or the user named. */
    public function may(string $section, string $value, string $username = ''): bool
    {
        return (bool) AclMain::aclCheckCore($section, $value, $username);
    }

    /** @return list<string> the sensitivities that this OpenEMR knows */
    public function sensitivities(): array
    {
        return array_values(array_map(fn($s) => (string) ($s[1] ?? ''), AclExtended::aclGetSensitivities() ?: []));
    }

    /** @param string|array<string, string> $type */
    public function globalSetting(string $label, string|array $type, string $default, string $description): object
    {
        return new GlobalSetting($label, $type, $default, $description);
    }

    public function csrf(): string
    {
        return (string) $this->csrfCall('collectCsrfToken', '');
    }

    public function csrfIsGood(string $token): bool
    {
        return $token !== '' && (bool) $this->csrfCall('verifyCsrfToken', $token);
    }

    /** Versions differ in whether these take the session, and where. */
    private function csrfCall(string $method, string $token): mixed
    {
        $arguments = [];
        foreach ((new \ReflectionMethod(CsrfUtils::class, $method))->getParameters() as $parameter) {
            if ($parameter->getName() === 'token') {
                $arguments['token'] = $token;
            } elseif ($parameter->getName() === 'session') {
                $arguments['session'] = $this->sessionObject();
            }
        }
        return CsrfUtils::$method(...$arguments);
    }

    /** In the user's language. */
    public function say(string $text): string
    {
        return function_exists('xl') ? (string) xl($text) : $text;
    }

    /** The page is delivered, the session is free for the next one: what follows costs the user nothing. False: this server cannot. */
    public function finishPage(): bool
    {
        if (session_status() === PHP_SESSION_ACTIVE) {
            session_write_close();
        }
        return function_exists('fastcgi_finish_request') && fastcgi_finish_request();
    }

    public function categoryId(string $name, string $code): int
    {
        $row = $this->row('SELECT id FROM categories WHERE name = ? ORDER BY id LIMIT 1', [$name]);
        if ($row === null) {
            $this->load('classes/CategoryTree.class.php');
            (new \CategoryTree(1))->add_node(1, $name, '', 'patients|docs', $code);
            $row = $this->row('SELECT id FROM categories WHERE name = ? ORDER BY id LIMIT 1', [$name]);
        }
        return (int) ($row['id'] ?? 0);
    }

    public function addDocument(int $pid, int $encounter, int $category, string $name, string $mime, string $bytes, int $owner): int
    {
        $this->load('classes/Document.class.php');
        $document = new \Document();
        $error = $document->createDocument((string) $pid, $category, $name, $mime, $bytes, '', 1, $owner);
        if ($error) {
            throw new Failure('OpenEMR did not take the document');
        }
        $document->set_encounter_id($encounter);
        $document->persist();
        return (int) $document->get_id();
    }

    /** A later version replaced it: the name says so. Withdrawn: it is in no list any more. */
    public function markDocument(int $id, string $name, bool $withdrawn): void
    {
        $this->load('classes/Document.class.php');
        $document = new \Document($id);
        $document->set_name($name);
        if ($withdrawn) {
            $document->set_encounter_id(0);
            $document->set_deleted(1);
        }
        $document->persist();
    }

    /** What is stored; null: whoever is signed in may not open it. */
    public function documentBytes(int $id): ?string
    {
        $this->load('classes/Document.class.php');
        $document = new \Document($id);
        return $document->can_access() && !$document->is_deleted() ? (string) $document->get_data() : null;
    }

    /** The style sheet of OpenEMR's viewer of CDA. */
    public function cdaStyle(): string
    {
        return $this->setting('fileroot') . '/interface/modules/zend_modules/public/xsl/cda.xsl';
    }

    public function addMessage(int $pid, string $text, string $title, string $to, string $from): int
    {
        $this->load('pnotes.inc.php');
        return (int) \addPnote($pid, $text, '1', '1', $title, $to, '', 'New', $from);
    }

    public function closeMessage(int $id): void
    {
        $this->load('pnotes.inc.php');
        if (PHP_SAPI === 'cli') {
            $_SESSION['authUserID'] ??= null; /* cron has nobody; 7.0.3 reads it all the same, and cron would mail the warning */
        }
        \updatePnoteMessageStatus($id, 'Done');
    }

    /** @param list<int> $to */
    public function addReminder(array $to, int $from, string $text, string $date, int $pid, int $priority): bool
    {
        $this->load('dated_reminder_functions.php');
        return (bool) \sendReminder($to, $from, $text, $date, $pid, $priority);
    }

    public function closeReminder(int $id, int $user): void
    {
        $this->load('dated_reminder_functions.php');
        \setReminderAsProcessed($id, $user);
    }

    public function addForm(int $encounter, string $name, int $formId, string $dir, int $pid, string $date, string $user): int
    {
        $this->load('forms.inc.php');
        return (int) \addForm($encounter, $name, $formId, $dir, $pid, 1, $date, $user, 'Default');
    }

    private function load(string $file): void
    {
        require_once $this->setting('srcdir') . '/' . $file;
    }
}
