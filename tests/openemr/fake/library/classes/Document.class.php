<?php

/* the class stands in globals.php */
