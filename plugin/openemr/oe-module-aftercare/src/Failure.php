<?php

/** Something could not be done now; the message names no patient. */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Failure extends \RuntimeException
{
}
