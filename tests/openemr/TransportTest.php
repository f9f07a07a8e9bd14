<?php

declare(strict_types=1);

namespace Aftercare\Tests;

use OpenEMR\Modules\Aftercare\Answer;
use OpenEMR\Modules\Aftercare\Client;
use OpenEMR\Modules\Aftercare\Sync;
use OpenEMR\Modules\Aftercare\Token;

/** Time-outs and tokens: a plugin that is dead, hung, slow or not the plugin; and who is believed. */
final class TransportTest extends ClinicTestCase
{
    /** @var list<resource> */
    private array $started = [];

    protected function tearDown(): void
    {
        foreach ($this->started as $process) {
            Clinic::stop($process);
        }
        $this->started = [];
    }

    /** The limit is 300 ms; the rest is for a machine that has other things to do. */
    private function within(int $ms, callable $do): mixed
    {
        $began = hrtime(true);
        $value = $do();
        $this->assertLessThan($ms, (hrtime(true) - $began) / 1e6);
        return $value;
    }

    private function ask(string $address, ?Token $token = null, ?array $who = null): Answer
    {
        return (new Client($address, $token))->call('GET', '/aftercare/v1/deliveries?site=' . $this->site, $who ?? Sync::asSystem($this->settings));
    }

    /** Something else that listens: each connection gets these bytes, with pauses between them, and stays open. */
    private function liar(string $bytes, int $pauseMs = 0): string
    {
        $path = $this->clinic->dir . '/liar-' . count($this->started) . '-' . bin2hex(random_bytes(4));
        $code = '$s = stream_socket_server("unix://' . $path . '"); while (true) { $c = stream_socket_accept($s, -1); $kept[] = $c;'
            . ' foreach (str_split(base64_decode("' . base64_encode($bytes) . '"), ' . ($pauseMs > 0 ? 1 : 1 << 20) . ') as $b) { if (@fwrite($c, $b) === false) { break; } usleep('
            . $pauseMs * 1000 . '); } }';
        $this->started[] = Clinic::start([PHP_BINARY, '-r', $code], $this->clinic->dir . '/liar.log');
        Clinic::wait(fn(): bool => file_exists($path), 'the liar');
        return 'unix:' . $path;
    }

    public function testADeadPluginIsNoticedAtOnce(): void
    {
        $this->assertSame(0, $this->within(1000, fn() => $this->ask('unix:' . $this->clinic->dir . '/nothing.sock'))->status);
        $this->assertSame(0, $this->within(1500, fn() => $this->ask('http://127.0.0.1:1', new Token('00000000', 'x', 'y')))->status);
    }

    public function testAHungPluginIsLeftAfterItsTime(): void
    {
        $path = $this->clinic->dir . '/hung.sock';
        $server = stream_socket_server('unix://' . $path);
        $answer = $this->within(1500, fn() => $this->ask('unix:' . $path));
        $this->assertSame('no answer within 300 ms', $answer->error);
        fclose($server);
        unlink($path);
        $server = stream_socket_server('tcp://127.0.0.1:0');
        $address = 'http://' . stream_socket_get_name($server, false);
        $this->assertSame(0, $this->within(1500, fn() => $this->ask($address, new Token('00000000', 'x', 'y')))->status);
        fclose($server);
    }

    public function testAPluginThatTakesNothingIsLeftToo(): void
    {
        $path = $this->clinic->dir . '/full.sock';
        $server = stream_socket_server('unix://' . $path);
        $body = str_repeat('x', 4 << 20);
        $answer = $this->within(1500, fn() => (new Client('unix:' . $path, null))->call('PUT', '/aftercare/v1/encounters/' . $this->site . '/1', Sync::asSystem($this->settings), $body));
        $this->assertSame(0, $answer->status);
        fclose($server);
        unlink($path);
    }

    public function testGarbageIsNoAnswer(): void
    {
        $record = fn(int $type, string $s): string => pack('CCnnCx', 1, $type, 1, strlen($s), 0) . $s;
        $end = $record(3, str_repeat("\0", 8));
        foreach (
            ["HTTP/1.1 200 OK\r\n\r\nhello, this is a web server", random_bytes(64), $record(6, "Status: 200\r\n") . $end, $record(6, 'nothing') . $end, $end,
            $record(6, "Status: 999\r\n\r\n{}") . $end, $record(6, "Status: 200\r\n\r\nno end")] as $bytes
        ) {
            $answer = $this->within(2000, fn() => $this->ask($this->liar($bytes)));
            $this->assertSame(0, $answer->status, $answer->body);
        }
        $this->assertSame(0, $this->within(2500, fn() => $this->ask($this->liar($record(6, str_repeat("A: b\r\n", 200)) . $end, 5)))->status);
    }

    public function testALyingAnswerIsNotBelieved(): void
    {
        $record = fn(int $type, string $s): string => pack('CCnnCx', 1, $type, 1, strlen($s), 0) . $s;
        foreach (['not json', '[]', '{"outcome": 7}', '"created"'] as $body) {
            $this->ehr->settings['aftercare_address'] = $this->liar($record(6, "Status: 200\r\nContent-Type: application/json\r\n\r\n" . $body) . $record(3, str_repeat("\0", 8)));
            $encounter = $this->treated();
            $this->store->setState('down_until', '0');
            $this->sync()->afterPage([$encounter]);
            $this->assertGreaterThan(0, $this->known($encounter)['pending'], $body);
        }
        $this->ehr->settings['aftercare_address'] = 'unix:' . $this->clinic->socket;
        $this->reconcile();
        $this->assertSame(0, $this->number('SELECT COUNT(*) FROM aftercare_encounter WHERE pending > 0'));
    }

    public function testAHungPluginIsAskedOncePerPauseByAllRequestsTogether(): void
    {
        $path = $this->clinic->dir . '/hung2.sock';
        $server = stream_socket_server('unix://' . $path);
        $this->ehr->settings['aftercare_address'] = 'unix:' . $path;
        $encounters = array_map(fn() => $this->treated(), range(1, 10));
        $this->within(2000, function () use ($encounters): void {
            foreach ($encounters as $encounter) {
                $this->sync()->afterPage([$encounter]);
            }
        });
        fclose($server);
        unlink($path);
        $this->assertSame(10, $this->number('SELECT COUNT(*) FROM aftercare_encounter WHERE pending > 0'));
    }

    private function token(?string $installation = null): Token
    {
        return Token::fromKeyLine($this->clinic->key(), $installation ?? $this->clinic->installation());
    }

    public function testATokenIsBelieved(): void
    {
        $this->ehr->settings['aftercare_key'] = $this->clinic->key();
        $this->ehr->settings['aftercare_installation'] = $this->clinic->installation();
        $encounter = $this->treated();
        $this->sync()->afterPage([$encounter]);
        $this->assertSame('created', $this->known($encounter)['outcome'], $this->known($encounter)['error']);
        $this->assertSame(200, $this->ask('unix:' . $this->clinic->socket, $this->token())->status);
    }

    private function askWith(string $token, string $method = 'GET', string $uri = '', string $body = ''): Answer
    {
        $client = new \ReflectionMethod(Client::class, 'overSocket');
        return $client->invoke(new Client('unix:' . $this->clinic->socket, null), $method, $uri ?: '/aftercare/v1/deliveries?site=' . $this->site, null, $token, $body, 'application/json', 2000, []);
    }

    public function testAnExpiredTokenIsRefused(): void
    {
        $this->assertSame('AUTH-TOKEN-TIME', $this->askWith($this->token()->sign(Sync::asSystem($this->settings), time() - 61))->rule());
        $this->assertSame('AUTH-TOKEN-TIME', $this->askWith($this->token()->sign(Sync::asSystem($this->settings), time() + 30))->rule());
    }

    public function testAForgedTokenIsRefused(): void
    {
        $good = $this->token()->sign(['role' => 'nurse'] + Sync::asSystem($this->settings));
        [$v, $id, $payload, $mac] = explode('.', $good);
        $claims = str_replace('nurse', 'system', base64_decode(strtr($payload, '-_', '+/')));
        $forged = implode('.', [$v, $id, rtrim(strtr(base64_encode($claims), '+/', '-_'), '='), $mac]);
        $this->assertSame('AUTH-TOKEN', $this->askWith($forged)->rule());
        $this->assertSame('AUTH-TOKEN', $this->askWith((new Token($id, str_repeat('k', 32), $this->clinic->installation()))->sign(Sync::asSystem($this->settings)))->rule());
        $this->assertSame('AUTH-ROLE', $this->askWith($good)->rule());
    }

    public function testATokenForAnotherInstallationIsRefused(): void
    {
        $this->assertSame('AUTH-TOKEN-AUDIENCE', $this->ask('unix:' . $this->clinic->socket, $this->token('aftercare/0000000000000000'))->rule());
    }

    public function testATokenOfAForeignSiteWritesNothingThere(): void
    {
        $encounter = $this->treated();
        $snapshot = \OpenEMR\Modules\Aftercare\Snapshot::encode((new \OpenEMR\Modules\Aftercare\Snapshot($this->ehr, $this->settings))->read($encounter));
        $answer = $this->askWith($this->token()->sign(['site' => 'elsewhere'] + Sync::asSystem($this->settings)), 'PUT', '/aftercare/v1/encounters/' . $this->site . '/' . $encounter, $snapshot);
        $this->assertSame(403, $answer->status);
    }

    public function testATokenWritesOnce(): void
    {
        $encounter = $this->treated();
        $snapshot = \OpenEMR\Modules\Aftercare\Snapshot::encode((new \OpenEMR\Modules\Aftercare\Snapshot($this->ehr, $this->settings))->read($encounter));
        $token = $this->token()->sign(Sync::asSystem($this->settings));
        $put = fn(): Answer => $this->askWith($token, 'PUT', '/aftercare/v1/encounters/' . $this->site . '/' . $encounter, $snapshot);
        $this->assertSame(201, $put()->status);
        $this->assertSame('AUTH-TOKEN-USED', $put()->rule());
    }

    public function testOverHttpNobodyIsAskedWithoutAKey(): void
    {
        $this->assertStringContainsString('without a key', $this->ask('http://127.0.0.1:1')->error);
    }

    public function testATokenGoesToNoOtherMachineInTheClear(): void
    {
        foreach (['http://example.org', 'http://127.0.0.1.example.org', 'ftp://127.0.0.1', 'https://example.org/path', 'http://127.0.0.1:80@example.org'] as $address) {
            $this->assertStringContainsString('the address is neither', $this->ask($address, $this->token())->error, $address);
        }
    }

    public function testThroughAFrontServerTheTokenIsPassed(): void
    {
        if (!is_executable('/usr/sbin/nginx')) {
            $this->markTestSkipped('no nginx');
        }
        $server = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($server, false);
        fclose($server);
        $dir = $this->clinic->dir;
        $conf = file_get_contents(dirname(__DIR__, 2) . '/plugin/nginx/aftercare-token.conf');
        $conf = strtr($conf, ['127.0.0.1:8310' => $address, '/run/aftercare/fcgi.sock' => $this->clinic->socket]);
        file_put_contents("$dir/nginx.conf", (posix_geteuid() === 0 ? "user root;\n" : '') . "daemon off; worker_processes 1; pid $dir/nginx.pid; error_log $dir/nginx.log;\n"
            . "events { worker_connections 64; }\nhttp { client_body_temp_path $dir/b; fastcgi_temp_path $dir/f; proxy_temp_path $dir/p; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;\n$conf\n}\n");
        $this->started[] = Clinic::start(['/usr/sbin/nginx', '-c', "$dir/nginx.conf", '-p', $dir], "$dir/nginx.out");
        Clinic::wait(fn(): bool => @stream_socket_client('tcp://' . $address) !== false, 'nginx');
        $this->ehr->settings['aftercare_address'] = 'http://' . $address;
        $this->ehr->settings['aftercare_key'] = $this->clinic->key();
        $this->ehr->settings['aftercare_installation'] = $this->clinic->installation();
        $encounter = $this->treated();
        $this->sync()->afterPage([$encounter]);
        $this->assertSame('created', $this->known($encounter)['outcome'], $this->known($encounter)['error']);
        $this->assertSame('AUTH-NOBODY', (new Client('http://' . $address, null))->call('GET', '/aftercare/v1/deliveries?site=' . $this->site, null)->rule());
    }
}
