<?php

$v_major = '1';
$v_minor = '1';
$v_patch = '0';
$v_tag = '';
$v_database = 2;
