<?php

/** A MariaDB with OpenEMR's tables, an installation and its plugin: started once for all tests, ended by their process ids. */

declare(strict_types=1);

namespace Aftercare\Tests;

final class Clinic
{
    private static ?self $one = null;
    public \mysqli $db;
    public string $dir;
    public string $socket;
    /** @var resource|null */
    private $plugin;
    /** @var resource|null */
    private $mariadb;

    public static function get(): self
    {
        return self::$one ??= new self();
    }

    private function __construct()
    {
        $this->dir = sys_get_temp_dir() . '/aftercare-openemr-' . getmypid();
        mkdir($this->dir, 0700);
        $this->socket = $this->dir . '/fcgi.sock';
        register_shutdown_function(fn() => $this->end());
        $this->startMariadb();
        $this->makeInstallation();
    }

    private function startMariadb(): void
    {
        $user = posix_getpwuid(posix_geteuid())['name'];
        self::must(['mariadb-install-db', '--no-defaults', '--datadir=' . $this->dir . '/db', '--auth-root-authentication-method=normal', '--skip-test-db',
            '--user=' . $user]);
        $this->mariadb = self::start(['mariadbd', '--no-defaults', '--datadir=' . $this->dir . '/db', '--socket=' . $this->dir . '/db.sock', '--skip-networking',
            '--skip-grant-tables', '--skip-log-bin', '--user=' . $user, '--innodb-buffer-pool-size=32M', '--innodb-flush-log-at-trx-commit=0', '--innodb-flush-method=nosync', '--skip-innodb-doublewrite', '--skip-sync-frm',
            '--pid-file=' . $this->dir . '/db.pid'], $this->dir . '/db.log');
        mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
        self::wait(function (): bool {
            try {
                $this->db = new \mysqli('', 'root', '', '', 0, $this->dir . '/db.sock');
                return true;
            } catch (\mysqli_sql_exception) {
                return false;
            }
        }, 'MariaDB');
    }

    /** Fresh tables, and a plugin that runs. */
    public function fresh(): void
    {
        if ($this->plugin === null) {
            $this->startPlugin();
        }
        $this->db->query('DROP DATABASE IF EXISTS openemr');
        $this->db->query('CREATE DATABASE openemr CHARACTER SET utf8mb4');
        $this->db->select_db('openemr');
        $this->db->query("SET time_zone = '" . date('P') . "'");
        $top = dirname(__DIR__, 2);
        $sql = file_get_contents(__DIR__ . '/fixture.sql') . preg_replace('/^#.*$/m', '', file_get_contents($top . '/plugin/openemr/oe-module-aftercare/table.sql'));
        $this->db->multi_query($sql);
        while ($this->db->next_result()) {
        }
    }

    private function makeInstallation(): void
    {
        $top = dirname(__DIR__, 2);
        $conf = str_replace("[rules]\n", "[rules]\nalso-deliver = care-plan-rows handout\nlive-since = " . date(DATE_ATOM, time() - 30 * 86400) . "\n", file_get_contents($top . '/schemas/clinic/demo.conf'));
        file_put_contents($this->dir . '/clinic.conf', $conf);
        $this->cli('init', '--clinic', $this->dir . '/clinic.conf', '--actor', 'admin.demo');
        $this->cli('protocol', 'import', '--actor', 'author.demo', $top . '/schemas/protocols/demo/mesotherapy.xml');
        $this->cli('protocol', 'publish', '--actor', 'dr.demo', '--confirm=mesotherapy', 'mesotherapy');
        $this->cli('key', 'rotate', '--actor', 'admin.demo');
    }

    public function cli(string ...$arguments): string
    {
        $words = array_splice($arguments, 0, $arguments[0] === 'init' ? 1 : 2);
        return self::must([getenv('AC_CLI') ?: '', ...$words, '--state', $this->dir . '/state', ...$arguments]);
    }

    public function key(): string
    {
        return (string) strtok((string) file_get_contents($this->dir . '/state/keys/module.keys'), "\n");
    }

    public function installation(): string
    {
        return preg_match('#aftercare/[0-9a-f]{16}#', $this->cli('key', 'list'), $m) ? $m[0] : '';
    }

    public function startPlugin(): void
    {
        @unlink($this->socket);
        $this->plugin = self::start([getenv('AC_PLUGIN') ?: '', '--state', $this->dir . '/state', '--socket', $this->socket, '--threads', '4'], $this->dir . '/plugin.log');
        self::wait(fn(): bool => @stream_socket_client('unix://' . $this->socket) !== false, 'the plugin');
    }

    public function stopPlugin(): void
    {
        if ($this->plugin !== null) {
            self::stop($this->plugin);
        }
        $this->plugin = null;
        @unlink($this->socket);
    }

    private function end(): void
    {
        $this->stopPlugin();
        if ($this->mariadb !== null) {
            self::stop($this->mariadb);
        }
        self::must(['rm', '-rf', $this->dir]);
    }

    private static function must(array $command): string
    {
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes);
        $text = (string) stream_get_contents($pipes[1]);
        if (proc_close($process) !== 0) {
            throw new \RuntimeException(implode(' ', $command) . ":\n" . $text);
        }
        return $text;
    }

    /** @return resource */
    public static function start(array $command, string $log)
    {
        return proc_open($command, [['file', '/dev/null', 'r'], ['file', $log, 'a'], ['file', $log, 'a']], $pipes)
            ?: throw new \RuntimeException($command[0]);
    }

    /** @param resource $process */
    public static function stop($process): void
    {
        proc_terminate($process);
        proc_close($process);
    }

    public static function wait(callable $is, string $what): void
    {
        for ($i = 0; $i < 300; $i++) {
            if ($is()) {
                return;
            }
            usleep(50_000);
        }
        throw new \RuntimeException($what . ' did not come up');
    }
}
