<?php

/** OpenEMR for tests: its tables are real, its services are these. */

declare(strict_types=1);

namespace Aftercare\Tests;

use OpenEMR\Modules\Aftercare\OpenEmr;

final class Ehr extends OpenEmr
{
    /** @var array<string, string> */
    public array $settings = [];
    public array $session = ['authUser' => 'grace', 'authUserID' => '3', 'site_id' => 'default'];
    public array $groups = ['grace' => ['Physicians'], 'nora' => ['Clinicians'], 'frank' => ['Front Office']];
    /** @var list<string> "user sensitivity" who may not see */
    public array $denied = [];
    public array $logged = [];
    public array $audited = [];
    public int $added = 0;
    public ?\Closure $beforeAdd = null;
    public ?\Closure $afterAdd = null;

    public function __construct(private \mysqli $db)
    {
    }

    public function rows(string $sql, array $bind = []): array
    {
        $result = $this->execute($sql, $bind);
        return $result instanceof \mysqli_result ? $result->fetch_all(MYSQLI_ASSOC) : [];
    }

    public function run(string $sql, array $bind = []): void
    {
        $this->execute($sql, $bind);
    }

    private function execute(string $sql, array $bind): \mysqli_result|bool
    {
        if ($bind === []) {
            return $this->db->query($sql);
        }
        $statement = $this->db->prepare($sql);
        $statement->execute(array_values($bind));
        return $statement->get_result();
    }

    public function setting(string $name): string
    {
        return $this->settings[$name] ?? '';
    }

    public function secret(string $name): string
    {
        return $this->settings[$name] ?? '';
    }

    public function session(string $name): string
    {
        return (string) ($this->session[$name] ?? '');
    }

    public function siteName(): string
    {
        return $this->session('site_id');
    }

    public function zone(): string
    {
        return 'Europe/Berlin';
    }

    public function log(string $text): void
    {
        $this->logged[] = $text;
    }

    public function audit(string $event, string $comment, int $pid): void
    {
        $this->audited[] = [$event, $comment, $pid];
    }

    public function groups(string $username): array
    {
        return $this->groups[$username] ?? [];
    }

    public function members(string $group): array
    {
        return array_keys(array_filter($this->groups, fn(array $g): bool => in_array($group, $g, true)));
    }

    public function may(string $section, string $value, string $username = ''): bool
    {
        return !in_array(($username ?: $this->session('authUser')) . ' ' . $value, $this->denied, true);
    }

    public function sensitivities(): array
    {
        return ['normal', 'high'];
    }

    public function csrf(): string
    {
        return 'good';
    }

    public function csrfIsGood(string $token): bool
    {
        return $token === 'good';
    }

    public function say(string $text): string
    {
        return $text;
    }

    public function finishPage(): bool
    {
        return true;
    }

    public function categoryId(string $name, string $code): int
    {
        $row = $this->row('SELECT id FROM categories WHERE name = ?', [$name]);
        return $row !== null ? (int) $row['id'] : $this->insert('INSERT INTO categories (name) VALUES (?)', [$name]);
    }

    private function insert(string $sql, array $bind): int
    {
        if ($this->beforeAdd !== null) {
            ($this->beforeAdd)();
        }
        $this->added++;
        $this->run($sql, $bind);
        $id = (int) $this->db->insert_id;
        if ($this->afterAdd !== null) {
            ($this->afterAdd)();
        }
        return $id;
    }

    public function addDocument(int $pid, int $encounter, int $category, string $name, string $mime, string $bytes, int $owner): int
    {
        return $this->insert(
            'INSERT INTO documents (foreign_id, encounter_id, category, name, mimetype, bytes, owner) VALUES (?, ?, ?, ?, ?, ?, ?)',
            [$pid, $encounter, $category, $name, $mime, $bytes, $owner]
        );
    }

    public function markDocument(int $id, string $name, bool $withdrawn): void
    {
        $this->run('UPDATE documents SET name = ?, deleted = ? WHERE id = ?', [$name, (int) $withdrawn, $id]);
    }

    public function addMessage(int $pid, string $text, string $title, string $to, string $from): int
    {
        return $this->insert(
            'INSERT INTO pnotes (pid, body, title, assigned_to, user, message_status) VALUES (?, ?, ?, ?, ?, ?)',
            [$pid, date('Y-m-d H:i') . ' (' . $from . ' to ' . $to . ') ' . $text, $title, $to, $from, 'New']
        );
    }

    public function closeMessage(int $id): void
    {
        $this->run('UPDATE pnotes SET message_status = ? WHERE id = ?', ['Done', $id]);
    }

    public function addReminder(array $to, int $from, string $text, string $date, int $pid, int $priority): bool
    {
        $id = $this->insert('INSERT INTO dated_reminders (dr_message_text, dr_message_due_date, pid) VALUES (?, ?, ?)', [$text, $date, $pid]);
        foreach ($to as $user) {
            $this->run('INSERT INTO dated_reminders_link (dr_id, to_id) VALUES (?, ?)', [$id, $user]);
        }
        return true;
    }

    public function closeReminder(int $id, int $user): void
    {
        $this->run('UPDATE dated_reminders SET message_processed = 1 WHERE dr_id = ?', [$id]);
    }

    public function addForm(int $encounter, string $name, int $formId, string $dir, int $pid, string $date, string $user): int
    {
        return $this->insert(
            'INSERT INTO forms (encounter, form_name, form_id, formdir, pid, date, user) VALUES (?, ?, ?, ?, ?, ?, ?)',
            [$encounter, $name, $formId, $dir, $pid, $date, $user]
        );
    }
}
