<?php

/**
 * Stands where OpenEMR's interface/globals.php stands: for who is not signed in it answers as OpenEMR does, with a page and status 200
 * unless somebody set another; else it loads the module. The cookie names the user.
 */

declare(strict_types=1);

namespace OpenEMR\Common\Database {
    final class QueryUtils
    {
        public static ?\mysqli $db = null;

        public static function fetchRecords($sql, $binds = [], $noLog = false): array
        {
            $result = self::sqlStatementThrowException($sql, $binds);
            return $result instanceof \mysqli_result ? $result->fetch_all(MYSQLI_ASSOC) : [];
        }

        public static function sqlStatementThrowException($sql, $binds, $noLog = false)
        {
            if ($binds === []) {
                return self::$db->query($sql);
            }
            $statement = self::$db->prepare($sql);
            $statement->execute(array_values($binds));
            return $statement->get_result();
        }
    }
}

namespace OpenEMR\Common\Acl {
    final class AclMain
    {
        public static function aclCheckCore($section, $value, $user = '', $return_value = ''): bool
        {
            return $section !== 'admin' || $_SESSION['authUser'] === 'grace';
        }
    }

    final class AclExtended
    {
        public static function aclGetSensitivities(): array
        {
            return ['normal' => ['sensitivities', 'normal', 10, 'Normal', 0], 'high' => ['sensitivities', 'high', 20, 'High', 0]];
        }

        public static function aclGetGroupTitles($user_name): array
        {
            return ['grace' => ['Physicians'], 'frank' => ['Front Office']][$user_name] ?? [];
        }
    }
}

namespace OpenEMR\Common\Csrf {
    final class CsrfUtils
    {
        public static function collectCsrfToken(object $session, string $subject = 'default'): string
        {
            return 'good';
        }

        public static function verifyCsrfToken($token, object $session, string $subject = 'default'): bool
        {
            return $token === 'good';
        }
    }
}

namespace OpenEMR\Common\Session {
    /** As in 8.2. */
    final class SessionWrapperFactory
    {
        public static function getInstance(): self
        {
            return new self();
        }

        public function getActiveSession(): object
        {
            return new class {
                public function get(string $name): mixed
                {
                    return $_SESSION[$name] ?? null;
                }
            };
        }
    }
}

namespace OpenEMR\Common\Crypto {
    final class CryptoGen
    {
        public function decryptStandard($value): string
        {
            return (string) $value;
        }
    }
}

namespace OpenEMR\Common\Logging {
    final class EventAuditLogger
    {
        public static function getInstance(): self
        {
            return new self();
        }

        public function newEvent(mixed ...$arguments): void
        {
            file_put_contents(getenv('AC_DIR') . '/audit.log', json_encode($arguments) . "\n", FILE_APPEND);
        }
    }
}

namespace {
    /* OpenEMR loads this from its library folder */
    final class Document
    {
        private array $row;

        public function __construct(int $id)
        {
            $this->row = \OpenEMR\Common\Database\QueryUtils::fetchRecords('SELECT bytes, deleted FROM documents WHERE id = ?', [$id])[0];
        }

        public function can_access(): bool
        {
            return !isset($_COOKIE['closed']);
        }

        public function is_deleted(): bool
        {
            return $this->row['deleted'] != 0;
        }

        public function get_data(): string
        {
            return $this->row['bytes'];
        }
    }

    $ids = ['grace' => '3', 'frank' => '5'];
    $user = $_COOKIE['OpenEMR'] ?? '';
    if (!isset($ids[$user])) {
        echo 'Site ID is missing from session data!';
        exit;
    }
    $_SESSION = ['authUser' => $user, 'authUserID' => $ids[$user], 'site_id' => $_COOKIE['site'] ?? 'default', 'authProvider' => 'Default', 'pid' => $_COOKIE['pid'] ?? '', 'encounter' => $_COOKIE['encounter'] ?? ''];
    $GLOBALS['webroot'] = '';
    $GLOBALS['fileroot'] = __DIR__;
    $GLOBALS['srcdir'] = __DIR__ . '/library';
    $GLOBALS['gbl_time_zone'] = 'Europe/Berlin';
    $GLOBALS['aftercare_address'] = 'unix:' . getenv('AC_DIR') . '/fcgi.sock';
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    \OpenEMR\Common\Database\QueryUtils::$db = new \mysqli('', 'root', '', 'openemr', 0, getenv('AC_DIR') . '/db.sock');
    spl_autoload_register(function (string $class): void {
        $file = dirname(__DIR__) . '/interface/modules/custom_modules/oe-module-aftercare/src/' . strtr(substr($class, strlen('OpenEMR\\Modules\\Aftercare\\')), '\\', '/') . '.php';
        if (str_starts_with($class, 'OpenEMR\\Modules\\Aftercare\\') && is_file($file)) {
            require_once $file;
        }
    });
}
