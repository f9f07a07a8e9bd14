<?php

/** Who asks may not; the message is for them. */

declare(strict_types=1);

namespace OpenEMR\Modules\Aftercare;

final class Refused extends \RuntimeException
{
    public function __construct(public int $status, string $message)
    {
        parent::__construct($message);
    }
}
