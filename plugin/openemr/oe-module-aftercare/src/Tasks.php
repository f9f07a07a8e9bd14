<?php

/**
 * Follow-up tasks where OpenEMR shows work. What is due within a day, or urgent, is a message; what comes later is a dated reminder on
 * its day, or waits here until it is due. Calls and checks of one patient on one day are one message to each person, and what is due
 * later one reminder a day. Texts name neither procedure nor patient.
 *
 * Done     a message about one task that needs no words says so: done there, it is finished in Aftercare, in the name of whoever did it.
 *          What came of a call only a person can say: done there finishes nothing, and the message says where it is finished.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Tasks
{
    private const WORDS = ['check-in' => 'follow-up call', 'call' => 'follow-up call', 'visit' => 'follow-up visit', 'booking' => 'appointment to book',
        'session' => 'next session', 'education' => 'talk with the patient', 'review' => 'review', 'record' => 'something to record'];
    /** An option of OpenEMR's list of message types that table.sql adds: the Message Center shows the type, not the text. */
    private const MESSAGE_TYPE = 'Aftercare';
    private const ON_THE_LIST = ' Finish it on the aftercare worklist: Done here finishes nothing there.';
    private const DONE_HERE = ' Done here finishes it in Aftercare too.';
    /** For these an appointment is made. */
    private const VISITS = ['visit', 'session'];
    private const REMINDER_MAX = 160;
    private const SOON_S = 86400;

    public function __construct(private OpenEmr $ehr, private Settings $settings, private Effects $effects, private Client $client)
    {
    }

    /** @param array<string, mixed> $task as the plugin has it now */
    public function tell(array $about, array $task): int
    {
        $isUrgent = (bool) ($task['urgent'] ?? false);
        $due = strtotime((string) ($task['due'] ?? '')) ?: time();
        $isLater = !$isUrgent && $due > time() + self::SOON_S;
        $day = fn(int $time): \DateTimeImmutable => (new \DateTimeImmutable('@' . $time))->setTimezone(new \DateTimeZone($this->ehr->zone()));
        if (in_array($task['kind'] ?? '', self::VISITS, true)) {
            $about['visit'] = $task['kind'] . ' ' . $day(strtotime((string) ($task['not_before'] ?? '')) ?: $due)->format('Y-m-d') . ' ' . $day($due)->format('Y-m-d');
        }
        $before = $this->told($about);
        if ($isLater && !$this->settings->hasReminders()) {
            $this->effects->note($about, '#waits', 'waits', '', date('Y-m-d H:i:s', $due - self::SOON_S));
            $this->close(array_filter($before, fn(array $e): bool => (int) $e['version'] !== $about['version']));
            return 0;
        }
        $when = $day($due);
        $needsWords = (bool) ($task['needs_words'] ?? true);
        [$part, $text] = match (true) {
            $isLater => ['#reminder', 'Aftercare, follow-up of ' . $when->format('Y-m-d') . '. See the aftercare worklist.'],
            $needsWords && !$isUrgent => ['#calls', 'Aftercare, follow-up calls of ' . $when->format('Y-m-d') . '.' . self::ON_THE_LIST],
            default => ['#message', ($isUrgent ? 'URGENT: ' : '') . 'Aftercare, '
                . (($task['gives_sheet'] ?? false) ? 'sheet to give out' : self::WORDS[$task['kind'] ?? ''] ?? 'follow-up') . ', due '
                . $when->format('Y-m-d H:i') . '.' . ($needsWords ? self::ON_THE_LIST : self::DONE_HERE)],
        };
        $users = $this->recipients($about, (string) ($task['role'] ?? ''), (string) ($task['owner'] ?? ''));
        $id = 0;
        $stays = [];
        foreach ($isLater ? [$users] : array_map(fn($n, $i): array => [$n => $i], array_keys($users), $users) as $to) {
            $digest = hash('sha256', $part . $text . json_encode(array_keys($to)));
            $same = array_values(array_filter($before, fn(array $e): bool => $e['digest'] === $digest));
            $stays = [...$stays, $digest];
            /* all was told, and nothing that anybody would see has changed */
            $id = $same !== [] ? (int) $same[0]['ehr_id'] : $this->put($about, $part, $text, $digest, $to, $when->format('Y-m-d'));
        }
        $this->close(array_filter($before, fn(array $e): bool => !in_array($e['digest'], $stays, true)));
        return $id;
    }

    /** One message, or one reminder: an open one of this patient that says the same serves. @param array<string, int> $to */
    private function put(array $about, string $part, string $text, string $digest, array $to, string $day): int
    {
        $text .= ' [' . Effects::mark($about) . ']';
        $isReminder = $part === '#reminder';
        $find = fn(): int => (int) ($isReminder
            ? $this->ehr->row('SELECT dr_id AS id FROM dated_reminders WHERE pid = ? AND dr_message_text LIKE ? ORDER BY dr_id LIMIT 1', [$about['pid'],
                '%[' . Effects::mark($about) . ']'])
            : $this->ehr->row('SELECT id FROM pnotes WHERE pid = ? AND assigned_to = ? AND body LIKE ? ORDER BY id LIMIT 1', [$about['pid'], array_key_first($to),
                '%[' . Effects::mark($about) . ']']))['id'] ?? 0;
        $standing = fn(): int => $part === '#message' ? 0 : (int) ($this->ehr->row(
            'SELECT ehr_id FROM aftercare_effect WHERE kind = ? AND pid = ? AND digest = ? AND state = ? AND ehr_id > 0 LIMIT 1',
            [$about['kind'] . $part, $about['pid'], $digest, 'done']
        )['ehr_id'] ?? 0);
        return $this->effects->once($about, $part . ($isReminder ? '' : '/' . array_key_first($to)), $digest, $find, function () use (
            $about,
            $text,
            $to,
            $day,
            $isReminder,
            $find,
            $standing
        ): int {
            if (($id = $standing()) !== 0) {
                return $id;
            }
            if (!$isReminder) {
                return $this->ehr->addMessage($about['pid'], $text, self::MESSAGE_TYPE, (string) array_key_first($to), $this->settings->get('sender'));
            }
            $this->ehr->addReminder(array_values($to), $this->settings->senderId(), mb_substr($text, -self::REMINDER_MAX), $day, $about['pid'], 2);
            return $find() ?: throw new Failure('OpenEMR did not take the reminder');
        });
    }

    public function withdraw(array $about): int
    {
        $this->close($before = $this->told($about));
        return (int) ($before[0]['ehr_id'] ?? 0);
    }

    /** Of a task, of whatever version, what stands or waits. @return list<array<string, mixed>> */
    private function told(array $about): array
    {
        return $this->ehr->rows('SELECT * FROM aftercare_effect WHERE object = ? AND kind LIKE ? AND state IN (?, ?) ORDER BY version, effect', [$about['object'],
            'task#%', 'done', 'waits']);
    }

    /** What several tasks share goes with the last of them. */
    private function close(array $effects): void
    {
        foreach ($effects as $e) {
            $this->effects->close($e);
            $isReminder = $e['kind'] === 'task#reminder';
            $isShared = $this->ehr->row('SELECT 1 FROM aftercare_effect WHERE kind = ? AND ehr_id = ? AND state = ?', [$e['kind'], $e['ehr_id'], 'done']) !== null;
            if ($isShared || (int) $e['ehr_id'] === 0) {
                continue;
            }
            if ($isReminder) {
                $to = $this->ehr->row('SELECT to_id FROM dated_reminders_link WHERE dr_id = ? LIMIT 1', [$e['ehr_id']]);
                $this->ehr->closeReminder((int) $e['ehr_id'], (int) ($to['to_id'] ?? 0));
            } else {
                $this->ehr->closeMessage((int) $e['ehr_id']);
            }
        }
    }

    /** Deliveries whose time has come, as they were offered. @return list<array<string, mixed>> */
    public function due(): array
    {
        $rows = $this->ehr->rows(
            'SELECT effect, object, version, href, pid, encounter FROM aftercare_effect WHERE kind = ? AND state = ? AND at <= ? ORDER BY at LIMIT 50',
            ['task#waits', 'waits', date('Y-m-d H:i:s')]
        );
        return array_map(fn(array $e): array => ['effect' => substr($e['effect'], 0, -strlen('#waits')), 'kind' => 'task', 'sha256' => '',
            'version' => (int) $e['version'], 'pid' => (int) $e['pid'], 'encounter' => (int) $e['encounter']] + $e, $rows);
    }

    /** Messages that somebody set to Done: their tasks are finished, once, in the name of whoever it was. */
    public function finish(Access $access): void
    {
        $rows = $this->ehr->rows('SELECT e.effect, e.kind, e.href, n.update_date, u.username FROM aftercare_effect e JOIN pnotes n ON n.id = e.ehr_id'
            . ' LEFT JOIN users u ON u.id = n.update_by WHERE e.kind IN (?, ?) AND e.state = ? AND n.message_status = ? LIMIT 50', ['task#message', 'task#calls', 'done', 'Done']);
        foreach ($rows as $e) {
            if ($e['kind'] === 'task#message' && $e['href'] !== '' && !$this->finishOne($access, $e)) {
                return;
            }
            $this->effects->close($e);
        }
    }

    /** False: the plugin could not say; it is asked again. */
    private function finishOne(Access $access, array $e): bool
    {
        try {
            $name = (string) $e['username'];
            $who = ['user' => $name, 'role' => $access->roleOf($name), 'site' => $this->settings->site()];
        } catch (Refused) {
            return true; /* nobody who works with Aftercare: the task stays on the worklist */
        }
        $body = json_encode(['outcome' => 'set to Done in the Message Center, ' . $e['update_date']], JSON_THROW_ON_ERROR);
        $answer = $this->client->call('PUT', str_replace('/aftercare/plans/', '/aftercare/v1/plans/', $e['href']), $who, $body, limitMs: 3000);
        if (!$answer->isGood() && $answer->status !== 409) {
            $this->ehr->log('a task whose message is done: ' . $answer->why());
        }
        return $answer->status !== 0 && $answer->status < 500;
    }

    /** Who is told: the owner, else those named for the role, else the visit's provider; nobody who may not see such a visit. @return array<string, int> */
    private function recipients(array $about, string $role, string $owner): array
    {
        $visit = $this->ehr->row(
            'SELECT e.sensitivity, u.username FROM form_encounter e LEFT JOIN users u ON u.id = e.provider_id WHERE e.encounter = ?',
            [$about['encounter']]
        ) ?? [];
        $names = array_map('trim', explode(',', $this->settings->map('recipients')[$role] ?? 'provider'));
        $users = [];
        foreach ([$owner !== '' ? [$owner] : $names, [(string) ($visit['username'] ?? '')]] as $list) {
            $list = array_merge(...array_map(fn(string $n): array => str_starts_with($n, 'group:') ? $this->ehr->members(substr($n, 6)) : [$n], $list));
            foreach ($list as $name) {
                $name = $name === 'provider' ? (string) ($visit['username'] ?? '') : $name;
                $user = $name === '' ? null : $this->ehr->row('SELECT id FROM users WHERE username = ? AND active = 1', [$name]);
                if ($user !== null && Access::maySee($this->ehr, (string) ($visit['sensitivity'] ?? ''), $name)) {
                    $users[$name] = (int) $user['id'];
                }
            }
            if ($users !== []) {
                break;
            }
        }
        if ($users === []) {
            throw new Failure('nobody is named for role ' . $role . ', and the visit has no provider who signs in');
        }
        return $users;
    }
}
