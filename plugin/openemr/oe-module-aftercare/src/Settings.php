<?php

/**
 * What the clinic set in Administration > Config > Aftercare, read from OpenEMR's globals. Lists are written "name = value; name = value".
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Settings
{
    /** name => [label, type, default, description]; the type is one of OpenEMR's GlobalSetting, or the choices. */
    public const ALL = [
        'aftercare_address' => ['Address of the plugin', 'text', 'unix:/run/aftercare/fcgi.sock',
            'unix:/path of the plugin\'s FastCGI socket, or https://host (http:// on this machine only) of a front server that passes the token'],
        'aftercare_site' => ['Site', 'text', '', 'The name by which the plugin knows this OpenEMR; empty: OpenEMR\'s own site name'],
        'aftercare_installation' => ['Installation', 'text', '', 'For whom tokens are meant: the first line of "aftercare key list"'],
        'aftercare_key' => ['Key', 'encrypted', '', 'The line that "aftercare key rotate" wrote, first line of module.keys; may be empty with a socket'],
        'aftercare_views' => ['Pages come', ['module' => 'through this module', 'server' => 'from the web server (/aftercare/)'], 'module',
            'From the web server: only when it asks this module who is there (auth_request)'],
        'aftercare_signed' => ['A visit counts as signed when', 'text', 'encounter',
            'encounter (eSign of the whole encounter), form:NAME (eSign of that form, such as form:LBFmeso), or checkout (checked out on the flow board)'],
        'aftercare_roles' => ['Roles', 'text',
            'Physicians=clinician; Clinicians=nurse; Front Office=front-desk; Administrators=admin; Emergency Login=clinician',
            'Access control group = clinician, nurse, front-desk, admin or auditor'],
        'aftercare_recipients' => ['Tasks go to', 'text', 'clinician=provider',
            'Role = user names, by commas; "provider" is the visit\'s, "group:NAME" all of an access control group. A role without anybody: the provider'],
        'aftercare_sender' => ['Messages come from', 'text', 'oe-system', 'User name in whose name documents and messages are filed'],
        'aftercare_codes' => ['Codes of protocols', 'text', '', 'CPT4:17999 = LOCAL:MESO: a code of the fee sheet, and what the protocol calls it'],
        'aftercare_categories' => ['Visit categories', 'text', '', 'Name in OpenEMR = name in the protocol'],
        'aftercare_facts' => ['Form fields', 'text', '', 'Fact of the protocol = FORM.field of a layout based form; session:number for a number'],
        'aftercare_reminders' => ['Dated reminders', 'bool', '1', 'What is due in more than a day is a reminder on its day; without reminders it is a message when its day comes'],
    ];

    public function __construct(private OpenEmr $ehr)
    {
    }

    public function get(string $name): string
    {
        $value = $this->ehr->setting('aftercare_' . $name);
        return $value !== '' ? $value : (string) self::ALL['aftercare_' . $name][2];
    }

    /** @return array<string, string> */
    public function map(string $name): array
    {
        $map = [];
        foreach (explode(';', $this->get($name)) as $item) {
            [$key, $value] = array_map('trim', explode('=', $item, 2) + [1 => '']);
            if ($key !== '' && $value !== '') {
                $map[$key] = $value;
            }
        }
        return $map;
    }

    public function site(): string
    {
        return $this->get('site') ?: $this->ehr->siteName();
    }

    public function senderId(): int
    {
        return (int) ($this->ehr->row('SELECT id FROM users WHERE username = ?', [$this->get('sender')])['id'] ?? 0);
    }

    public function hasReminders(): bool
    {
        return !in_array($this->ehr->setting('aftercare_reminders'), ['0', 'false'], true);
    }

    public function token(): ?Token
    {
        $line = $this->ehr->secret('aftercare_key');
        $installation = preg_replace('/^audience\s+/', '', $this->get('installation'));
        return $line === '' ? null : Token::fromKeyLine($line, (string) $installation);
    }

    public function client(): Client
    {
        return new Client($this->get('address'), $this->token());
    }
}
