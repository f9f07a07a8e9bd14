<?php

/** What came back. Status 0: nothing that could be understood, in time. */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Answer
{
    /** @param array<string, string> $headers by name in small letters */
    public function __construct(public int $status, public array $headers, public string $body, public string $error = '')
    {
    }

    public function isGood(): bool
    {
        return $this->status >= 200 && $this->status < 300;
    }

    /** @return array<string, mixed>|null */
    public function json(): ?array
    {
        $value = json_decode($this->body, true, 32);
        return is_array($value) ? $value : null;
    }

    /** The plugin's own word for what it refused: never a patient's data. */
    public function rule(): string
    {
        $rule = $this->isGood() || $this->status === 0 ? '' : ($this->json()['rule'] ?? '');
        return is_string($rule) && preg_match('/^[A-Z0-9-]{1,40}$/', $rule) ? $rule : '';
    }

    public function why(): string
    {
        return $this->status === 0 ? ($this->error ?: 'no answer') : trim('answer ' . $this->status . ' ' . $this->rule());
    }
}
