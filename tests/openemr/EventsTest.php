<?php

declare(strict_types=1);

namespace Aftercare\Tests;

use OpenEMR\Modules\Aftercare\Module;
use Symfony\Component\EventDispatcher\EventDispatcher;

final class EventsTest extends ClinicTestCase
{
    public function testAPerformedProcedureMakesAPlan(): void
    {
        $encounter = $this->treated();
        $this->sync()->afterPage([$encounter]);
        $this->assertSame('created', $this->known($encounter)['outcome'], $this->known($encounter)['error']);
        $this->assertSame('active', $this->known($encounter)['plan_status']);
        $this->assertEquals(0, $this->known($encounter)['pending']);
    }
}
