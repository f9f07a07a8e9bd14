<?php

declare(strict_types=1);

namespace Aftercare\Tests;

/** The module's own pages over HTTP, and nginx with the shipped configuration asking who.php: what a browser gets, signed in or not. */
final class FrontTest extends ClinicTestCase
{
    private const PUBLIC = '/interface/modules/custom_modules/oe-module-aftercare/public/';
    /** @var list<resource> */
    private array $started = [];
    private string $ehrAt = '';
    private string $frontAt = '';

    protected function setUp(): void
    {
        parent::setUp();
        if (!is_executable('/usr/sbin/nginx')) {
            $this->markTestSkipped('no nginx');
        }
        $dir = $this->clinic->dir;
        if (!is_dir("$dir/web")) {
            mkdir("$dir/web/interface/modules/custom_modules", 0700, true);
            exec('cp -a ' . escapeshellarg(dirname(__DIR__, 2) . '/plugin/openemr/oe-module-aftercare') . ' ' . escapeshellarg("$dir/web/interface/modules/custom_modules/"));
            exec('cp -a ' . escapeshellarg(__DIR__ . '/fake') . ' ' . escapeshellarg("$dir/web/"));
            file_put_contents("$dir/web/interface/globals.php", "<?php\nrequire_once dirname(__DIR__) . '/fake/globals.php';\n");
        }
        putenv('AC_DIR=' . $dir);
        $this->ehrAt = self::address();
        $this->frontAt = self::address();
        $this->started[] = Clinic::start([PHP_BINARY, '-S', $this->ehrAt, '-t', "$dir/web"], "$dir/php.log");
        $conf = strtr(file_get_contents(dirname(__DIR__, 2) . '/plugin/nginx/aftercare.conf'), ['127.0.0.1:8300' => $this->ehrAt, '/run/aftercare/fcgi.sock' => $this->clinic->socket]);
        file_put_contents("$dir/front.conf", (posix_geteuid() === 0 ? "user root;\n" : '') . "daemon off; worker_processes 1; pid $dir/front.pid; error_log $dir/front.log;\n"
            . "events { worker_connections 64; }\nhttp { access_log off; client_body_temp_path $dir/b; fastcgi_temp_path $dir/f; proxy_temp_path $dir/p; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;\n"
            . "server { listen {$this->frontAt};\n$conf\nlocation / { proxy_pass http://{$this->ehrAt}; } } }\n");
        $this->started[] = Clinic::start(['/usr/sbin/nginx', '-c', "$dir/front.conf", '-p', $dir], "$dir/front.out");
        foreach ([$this->ehrAt, $this->frontAt] as $at) {
            Clinic::wait(fn(): bool => @stream_socket_client('tcp://' . $at) !== false, $at);
        }
    }

    protected function tearDown(): void
    {
        foreach ($this->started as $process) {
            Clinic::stop($process);
        }
        $this->started = [];
    }

    private static function address(): string
    {
        $server = stream_socket_server('tcp://127.0.0.1:0');
        $name = stream_socket_get_name($server, false);
        fclose($server);
        return $name;
    }

    /** @return array{int, string, string} status, headers, body */
    private function get(string $path, string $cookie = '', array $headers = [], ?array $post = null): array
    {
        $curl = curl_init('http://' . $this->frontAt . $path);
        curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_HEADER => true, CURLOPT_COOKIE => $cookie, CURLOPT_HTTPHEADER => $headers, CURLOPT_PROXY => '',
            CURLOPT_TIMEOUT => 20]);
        if ($post !== null) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, http_build_query($post));
        }
        $text = (string) curl_exec($curl);
        $size = curl_getinfo($curl, CURLINFO_HEADER_SIZE);
        return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), substr($text, 0, $size), substr($text, $size)];
    }

    private function open(): int
    {
        $this->deliver();
        $this->store->setState('sheets', '0');
        $encounter = $this->treated();
        $this->sign($encounter);
        $this->reconcile();
        return $encounter;
    }

    public function testAnonymousRequestsAreRefusedEverywhere(): void
    {
        $encounter = $this->open();
        foreach (
            ["/aftercare/panel/{$this->site}/$encounter", '/aftercare/worklist', self::PUBLIC . 'page.php?p=%2Faftercare%2Fworklist', self::PUBLIC . 'who.php', self::PUBLIC . 'test.php',
            self::PUBLIC . 'document.php?id=1', self::PUBLIC . 'sheet.php'] as $path
        ) {
            $this->assertSame(401, $this->get($path)[0], $path);
            $this->assertSame(401, $this->get($path, 'OpenEMR=nobody')[0], $path);
        }
        $this->assertSame(404, $this->get(self::PUBLIC . 'begin.php', 'OpenEMR=grace')[0]);
    }

    public function testHeadersOfAClientNameNobody(): void
    {
        $forged = ['X-Aftercare-User: grace', 'X-Aftercare-Role: admin', 'Aftercare-User: grace', 'X-Original-URI: /aftercare/health', 'Aftercare-Token: x'];
        $this->assertSame(401, $this->get('/aftercare/worklist', '', $forged)[0]);
        $this->assertSame(403, $this->get('/aftercare/reviews', 'OpenEMR=frank', $forged)[0]);
    }

    public function testTheWebServerAsksTheModuleWhoIsThere(): void
    {
        $encounter = $this->open();
        $cookie = "OpenEMR=grace; site={$this->site}; pid=1; encounter=$encounter";
        $this->assertSame(200, $this->get("/aftercare/panel/{$this->site}/$encounter", $cookie)[0]);
        $this->assertSame(200, $this->get('/aftercare/plans/' . $this->known($encounter)['plan'], $cookie)[0]);
        $this->assertSame(403, $this->get("/aftercare/panel/{$this->site}/$encounter", "OpenEMR=grace; site={$this->site}; pid=2")[0]);
        $this->assertSame(403, $this->get("/aftercare/v1/deliveries?site={$this->site}", $cookie)[0]);
    }

    public function testPagesComeThroughTheModuleToo(): void
    {
        $encounter = $this->open();
        $cookie = "OpenEMR=grace; site={$this->site}; pid=1; encounter=$encounter";
        [$status, $headers, $body] = $this->get(self::PUBLIC . 'page.php?p=' . rawurlencode("/aftercare/panel/{$this->site}/$encounter"), $cookie);
        $this->assertSame(200, $status, $body);
        $this->assertStringContainsStringIgnoringCase('content-security-policy: default-src', $headers);
        $this->assertStringContainsString('page.php?p=%2Faftercare%2Fassets', $body);
        $this->assertSame(403, $this->get(self::PUBLIC . 'page.php?p=%2Faftercare%2Fv1%2Fdeliveries', $cookie)[0]);
    }

    public function testOpeningADocumentIsLoggedAndShowsItByOpenEmrsStyleSheet(): void
    {
        $this->open();
        $id = $this->number("SELECT MIN(id) FROM documents WHERE mimetype = 'text/xml'");
        [$status, $headers, $body] = $this->get(self::PUBLIC . 'document.php?id=' . $id, 'OpenEMR=grace; pid=1');
        $this->assertSame(200, $status);
        $this->assertStringContainsStringIgnoringCase("content-security-policy: default-src 'none'", $headers);
        $this->assertMatchesRegularExpression('#<h1>Aftercare[^<]+</h1>#', $body);
        $this->assertStringContainsString("Aftercare document $id opened", (string) file_get_contents($this->clinic->dir . '/audit.log'));
        $this->assertSame(403, $this->get(self::PUBLIC . 'document.php?id=999999', 'OpenEMR=grace')[0]);
    }

    public function testADocumentThatOpenEmrDoesNotOpenIsNotShownHere(): void
    {
        $this->open();
        $id = $this->number("SELECT MIN(id) FROM documents WHERE mimetype = 'text/xml'");
        $this->assertSame(403, $this->get(self::PUBLIC . 'document.php?id=' . $id, 'OpenEMR=grace; pid=1; closed=1')[0]);
    }

    public function testTheTestPageAndTheBlankSheet(): void
    {
        $encounter = $this->open();
        [$status, , $body] = $this->get(self::PUBLIC . 'test.php', 'OpenEMR=grace');
        $this->assertSame(200, $status);
        $this->assertStringContainsString('The plugin answers', $body);
        $this->assertSame(403, $this->get(self::PUBLIC . 'test.php', 'OpenEMR=frank')[0]);
        $this->assertSame(403, $this->get(self::PUBLIC . 'test.php', 'OpenEMR=grace', [], ['since' => '2026-01-01'])[0], 'without its token');
        $this->assertStringContainsString('1 visits are on the list', $this->get(self::PUBLIC . 'test.php', 'OpenEMR=grace', [], ['since' => '2026-01-01', 'csrf_token_form' => 'good'])[2]);
        $sheet = $this->ehr->row('SELECT protocol, language FROM aftercare_sheet');
        $form = ['encounter' => $encounter, 'protocol' => $sheet['protocol'], 'language' => $sheet['language']];
        $this->assertSame(403, $this->get(self::PUBLIC . 'sheet.php', 'OpenEMR=frank', [], $form)[0], 'without its token');
        [$status, , $body] = $this->get(self::PUBLIC . 'sheet.php', 'OpenEMR=frank', [], $form + ['csrf_token_form' => 'good']);
        $this->assertSame([200, '%PDF-'], [$status, substr($body, 0, 5)]);
    }
}
