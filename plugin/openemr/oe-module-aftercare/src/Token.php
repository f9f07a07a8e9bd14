<?php

/**
 * The short-lived token that says for whom the module asks: ac1.KEYID.PAYLOAD.MAC, HMAC-SHA-256 under the key that the plugin's
 * administrator made. It reads for its minute and writes once.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Token
{
    private const LIFE_S = 60;

    public function __construct(private string $keyId, private string $secret, private string $installation)
    {
    }

    /** A line of module.keys: KEYID, 64 hexadecimal digits, and when it was made. */
    public static function fromKeyLine(string $line, string $installation): self
    {
        if (!preg_match('/^([0-9a-f]{8})\s+([0-9a-f]{64})(\s+[0-9]+)?$/', trim($line), $m)) {
            throw new Failure('the key is not a line of module.keys');
        }
        return new self($m[1], (string) hex2bin($m[2]), $installation);
    }

    /** @param array{user: string, role: string, site: string, patient?: string, encounter?: string} $who */
    public function sign(array $who, ?int $now = null): string
    {
        $now ??= time();
        $claims = ['aud' => $this->installation] + array_filter($who, fn($v) => $v !== '')
            + ['iat' => $now, 'exp' => $now + self::LIFE_S, 'nonce' => bin2hex(random_bytes(16))];
        $text = 'ac1.' . $this->keyId . '.' . self::base64url((string) json_encode($claims, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR));
        return $text . '.' . self::base64url(hash_hmac('sha256', $text, $this->secret, true));
    }

    private static function base64url(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }
}
