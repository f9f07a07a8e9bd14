<?php

/**
 * One request to the plugin: FastCGI over its unix socket, or HTTP(S) through a front server. Connecting, sending and reading
 * share one limit of time; whatever goes wrong is an answer with status 0, never an exception.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Client
{
    public const EVENT_MS = 300;
    public const PAGE_MS = 5000;
    private const BYTES_MAX = 32 * 1024 * 1024;

    public function __construct(private string $address, private ?Token $token)
    {
    }

    /**
     * @param array{user: string, role: string, site: string, patient?: string, encounter?: string}|null $who nobody: health and assets
     * @param array<string, string> $headers of the browser, for forms: Origin and the like
     */
    public function call(
        string $method,
        string $uri,
        ?array $who,
        string $body = '',
        string $type = 'application/json',
        int $limitMs = self::EVENT_MS,
        array $headers = []
    ): Answer {
        try {
            $token = $who !== null && $this->token !== null ? $this->token->sign($who) : '';
            $isSocket = str_starts_with($this->address, 'unix:');
            if (!$isSocket && $who !== null && $token === '') {
                return new Answer(0, [], '', 'without a key the plugin can only be asked through its socket');
            }
            return $isSocket
                ? $this->overSocket($method, $uri, $token === '' ? $who : null, $token, $body, $type, $limitMs, $headers)
                : $this->overHttp($method, $uri, $token, $body, $type, $limitMs, $headers);
        } catch (\Throwable $e) {
            return new Answer(0, [], '', $e instanceof Failure ? $e->getMessage() : get_class($e));
        }
    }

    private function overSocket(
        string $method,
        string $uri,
        ?array $who,
        string $token,
        string $body,
        string $type,
        int $limitMs,
        array $headers
    ): Answer {
        $params = ['REQUEST_METHOD' => $method, 'REQUEST_URI' => $uri, 'CONTENT_TYPE' => $body === '' ? '' : $type,
            'CONTENT_LENGTH' => $body === '' ? '' : (string) strlen($body), 'AFTERCARE_TOKEN' => $token];
        foreach ($who ?? [] as $name => $value) {
            $params['AFTERCARE_' . strtoupper($name)] = $value;
        }
        foreach ($headers as $name => $value) {
            $params['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        $text = '';
        foreach (array_filter($params, fn($v) => $v !== '') as $name => $value) {
            $text .= pack('NN', strlen($name) | 1 << 31, strlen($value) | 1 << 31) . $name . $value;
        }
        $out = self::record(1, pack('nCx5', 1, 0)) . self::stream(4, $text) . self::stream(5, $body);
        return self::parse($this->exchange($out, $limitMs));
    }

    /** Records of a stream, and the empty one that ends it. */
    private static function stream(int $type, string $bytes): string
    {
        $out = '';
        foreach ($bytes === '' ? [] : str_split($bytes, 65528) as $part) {
            $out .= self::record($type, $part);
        }
        return $out . self::record($type, '');
    }

    private static function record(int $type, string $bytes): string
    {
        return pack('CCnnCx', 1, $type, 1, strlen($bytes), 0) . $bytes;
    }

    private function exchange(string $out, int $limitMs): string
    {
        $end = hrtime(true) + $limitMs * 1_000_000;
        $left = fn(): int => max(0, intdiv($end - hrtime(true), 1000));
        $socket = @stream_socket_client('unix://' . substr($this->address, 5), $number, $text, $left() / 1_000_000);
        if ($socket === false) {
            throw new Failure('the plugin\'s socket does not open');
        }
        try {
            stream_set_blocking($socket, false);
            $in = '';
            $stdout = '';
            while (true) {
                $read = [$socket];
                $write = $out === '' ? [] : [$socket];
                $none = [];
                $us = $left();
                if ($us === 0 || stream_select($read, $write, $none, intdiv($us, 1_000_000), $us % 1_000_000) === 0) {
                    throw new Failure('no answer within ' . $limitMs . ' ms');
                }
                if ($write && $out !== '') {
                    $n = @fwrite($socket, substr($out, 0, 1 << 18));
                    if ($n === false) {
                        throw new Failure('the plugin hung up');
                    }
                    $out = substr($out, $n);
                }
                $part = $read ? fread($socket, 1 << 18) : '';
                $in .= $part;
                if (self::takeRecords($in, $stdout)) {
                    return $stdout;
                }
                if ($read && $part === '' && feof($socket)) {
                    throw new Failure('the plugin hung up');
                }
                if (strlen($in) + strlen($stdout) > self::BYTES_MAX) {
                    throw new Failure('the answer is too long');
                }
            }
        } finally {
            fclose($socket);
        }
    }

    /** Whole records leave $in; true at the end of the request. */
    private static function takeRecords(string &$in, string &$stdout): bool
    {
        $at = 0;
        $isEnd = false;
        while (!$isEnd && strlen($in) - $at >= 8) {
            $h = unpack('Cversion/Ctype/nid/nlength/Cpadding', $in, $at);
            if ($h['version'] !== 1 || $h['id'] !== 1 || !in_array($h['type'], [3, 6, 7], true)) {
                throw new Failure('what answers is not the plugin');
            }
            if (strlen($in) - $at < 8 + $h['length'] + $h['padding']) {
                break;
            }
            if ($h['type'] === 6) {
                $stdout .= substr($in, $at + 8, $h['length']);
            }
            $isEnd = $h['type'] === 3;
            $at += 8 + $h['length'] + $h['padding'];
        }
        $in = substr($in, $at);
        return $isEnd;
    }

    private static function parse(string $text): Answer
    {
        $parts = explode("\r\n\r\n", $text, 2);
        $headers = [];
        foreach (explode("\r\n", $parts[0]) as $line) {
            $pair = explode(':', $line, 2);
            if (count($pair) !== 2) {
                throw new Failure('what answers is not the plugin');
            }
            $headers[strtolower(trim($pair[0]))] = trim($pair[1]);
        }
        $status = (int) ($headers['status'] ?? 0);
        if (count($parts) !== 2 || $status < 200 || $status > 599) {
            throw new Failure('what answers is not the plugin');
        }
        return new Answer($status, $headers, $parts[1]);
    }

    private function overHttp(string $method, string $uri, string $token, string $body, string $type, int $limitMs, array $headers): Answer
    {
        if (!preg_match('#^(https://[^/\s]+|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?)/?$#', $this->address)) {
            throw new Failure('the address is neither unix:/path, https://host nor http://127.0.0.1:port');
        }
        $curl = curl_init(rtrim($this->address, '/') . $uri);
        $send = ['Expect:'];
        foreach (['Aftercare-Token' => $token, 'Content-Type' => $body === '' ? '' : $type] + $headers as $name => $value) {
            if ($value !== '') {
                $send[] = $name . ': ' . $value;
            }
        }
        $answer = [];
        $bytes = '';
        curl_setopt_array($curl, [CURLOPT_CUSTOMREQUEST => $method, CURLOPT_HTTPHEADER => $send, CURLOPT_NOSIGNAL => true,
            CURLOPT_CONNECTTIMEOUT_MS => $limitMs, CURLOPT_TIMEOUT_MS => $limitMs, CURLOPT_FOLLOWLOCATION => false, CURLOPT_PROXY => '',
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$answer): int {
                $pair = explode(':', $line, 2);
                if (count($pair) === 2) {
                    $answer[strtolower(trim($pair[0]))] = trim($pair[1]);
                }
                return strlen($line);
            },
            CURLOPT_WRITEFUNCTION => function ($curl, string $part) use (&$bytes): int {
                $bytes .= $part;
                return strlen($bytes) > self::BYTES_MAX ? 0 : strlen($part);
            }]);
        if ($body !== '' || $method !== 'GET') {
            curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
        }
        $ok = curl_exec($curl);
        $status = (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        $error = curl_strerror(curl_errno($curl));
        return $ok === false ? new Answer(0, [], '', (string) $error) : new Answer($status, $answer, $bytes);
    }
}
