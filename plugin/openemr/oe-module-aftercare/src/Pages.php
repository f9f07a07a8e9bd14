<?php

/**
 * The plugin's pages fetched by the module, where the web server cannot be changed: every link and form of the page leads back
 * through the module. The plugin's own headers (content security policy, no-store) are kept.
 */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Pages
{
    private const HEADERS = ['content-type', 'content-security-policy', 'x-content-type-options', 'referrer-policy', 'cache-control', 'content-disposition'];

    public function __construct(private Access $access, private Client $client, private string $self)
    {
    }

    /** @param array<string, string> $server $_SERVER */
    public function serve(array $server, string $body): Answer
    {
        $method = $server['REQUEST_METHOD'] ?? 'GET';
        [$path, $query] = self::wanted($server['QUERY_STRING'] ?? '');
        $uri = $path . ($query === '' ? '' : '?' . $query);
        try {
            if (!in_array($method, ['GET', 'POST'], true)) {
                throw new Refused(405, 'Pages are read or sent.');
            }
            $who = $this->access->identify($uri);
        } catch (Refused $e) {
            return self::page($e->status, $e->getMessage());
        }
        $headers = ['Host' => self::host($server), 'Origin' => $server['HTTP_ORIGIN'] ?? '', 'Sec-Fetch-Site' => $server['HTTP_SEC_FETCH_SITE'] ?? '',
            'Accept-Language' => $server['HTTP_ACCEPT_LANGUAGE'] ?? ''];
        $answer = $this->client->call($method, $uri, $who, $body, $server['CONTENT_TYPE'] ?? 'application/x-www-form-urlencoded', Client::PAGE_MS, $headers);
        if ($answer->status === 0) {
            return self::page(502, 'Aftercare does not answer just now. Nothing is lost: visits are sent when it is back. Blank sheets are on the visit\'s page.');
        }
        $keep = array_intersect_key($answer->headers, array_flip(self::HEADERS));
        if (isset($answer->headers['location'])) {
            $keep['location'] = $this->link($answer->headers['location']);
        }
        $type = $answer->headers['content-type'] ?? '';
        $isText = str_starts_with($type, 'text/html') || str_starts_with($type, 'text/css') || str_starts_with($type, 'image/svg');
        return new Answer($answer->status, $keep, $isText ? $this->rewrite($answer->body) : $answer->body);
    }

    /** By whose address the page was asked for. Some web servers pass the host without its port, which a browser's Origin has. */
    private static function host(array $server): string
    {
        $host = $server['HTTP_HOST'] ?? '';
        $full = $host . ':' . ($server['SERVER_PORT'] ?? '');
        return in_array($server['HTTP_ORIGIN'] ?? '', ['http://' . $full, 'https://' . $full], true) ? $full : $host;
    }

    /** p=/aftercare/... and the rest of the query, as it was written. @return array{string, string} */
    private static function wanted(string $query): array
    {
        $path = '';
        $rest = [];
        foreach ($query === '' ? [] : explode('&', $query) as $field) {
            if ($path === '' && str_starts_with($field, 'p=')) {
                $path = urldecode(substr($field, 2));
            } else {
                $rest[] = $field;
            }
        }
        [$path, $own] = explode('?', $path, 2) + [1 => ''];
        $path = implode('/', array_map(fn(string $s): string => rawurlencode(rawurldecode($s)), explode('/', $path)));
        return [$path, implode('&', array_filter([$own, ...$rest], fn($f) => $f !== ''))];
    }

    private function link(string $url): string
    {
        [$url, $place] = explode('#', $url, 2) + [1 => ''];
        return str_starts_with($url, '/aftercare/')
            ? $this->self . '?p=' . rawurlencode($url) . ($place === '' ? '' : '#' . $place) : $url;
    }

    private function rewrite(string $html): string
    {
        $link = fn(string $attr): string => htmlspecialchars($this->link(html_entity_decode($attr, ENT_QUOTES | ENT_HTML5, 'UTF-8')), ENT_QUOTES);
        /* a form that is read, not sent, would drop the query of its address */
        $html = (string) preg_replace_callback('#<form\b[^>]*>#', function (array $m): string {
            $isPost = preg_match('#\bmethod="post"#i', $m[0]) === 1;
            return $isPost || !preg_match('#\baction="(/aftercare/[^"]*)"#', $m[0], $a) ? $m[0]
                : $m[0] . '<input type="hidden" name="p" value="' . $a[1] . '">';
        }, $html);
        return (string) preg_replace_callback('#\b(href|src|action|formaction|xlink:href)="(/aftercare/[^"]*)"#', fn(array $m): string => $m[1] . '="' . $link($m[2]) . '"', $html);
    }

    public static function page(int $status, string $text): Answer
    {
        return new Answer(
            $status,
            ['content-type' => 'text/html; charset=utf-8', 'cache-control' => 'no-store',
            'content-security-policy' => "default-src 'none'; frame-ancestors 'self'"],
            '<!DOCTYPE html><html lang="en"><head><title>Aftercare</title></head><body><p>' . htmlspecialchars($text, ENT_QUOTES) . '</p></body></html>'
        );
    }
}
