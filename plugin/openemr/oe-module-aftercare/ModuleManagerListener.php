<?php

/** Called by OpenEMR's Module Manager before and after each of its actions. It must stand outside of any namespace. */

declare(strict_types=1);

use OpenEMR\Core\AbstractModuleActionListener;
use OpenEMR\Modules\Aftercare\OpenEmr;
use OpenEMR\Modules\Aftercare\Setup;

class ModuleManagerListener extends AbstractModuleActionListener
{
    public function moduleManagerAction($methodName, $modId, string $currentActionStatus = 'Success'): string
    {
        try {
            $setup = new Setup(new OpenEmr());
            match ($methodName) {
                'enable' => $setup->enable(),
                'disable' => $setup->disable(),
                'unregister' => $setup->unregister(),
                default => null,
            };
        } catch (\Throwable $e) {
            error_log('aftercare: ' . $methodName . ': ' . get_class($e) . ' at ' . basename($e->getFile()) . ':' . $e->getLine());
            return 'Aftercare: "' . $methodName . '" did not end well; see the error log of PHP.';
        }
        return $currentActionStatus;
    }

    public static function getModuleNamespace(): string
    {
        return 'OpenEMR\\Modules\\Aftercare\\';
    }

    public static function initListenerSelf(): self
    {
        return new self();
    }
}
