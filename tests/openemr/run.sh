#!/bin/sh
# run.sh PHPUNIT-ARGUMENTS - the OpenEMR module's tests, against the plugin and the command line that AC_PLUGIN and AC_CLI name and a
# MariaDB of their own. 77: a program that they need is not installed (scripts/install-deps.sh test).
cd "$(dirname "$0")" || exit 1
PATH=$PATH:/usr/sbin
for p in php phpunit mariadbd mariadb-install-db; do
	command -v "$p" >/dev/null || { echo "$p is not installed" >&2; exit 77; }
done
exec phpunit --configuration phpunit.xml "$@"
