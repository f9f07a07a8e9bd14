#!/bin/bash
# install-deps.sh build|demo|test|bench - install with apt what is missing on Debian 12, and nothing else. Needs root only when
# something is missing. Services that come with a package are not started.
set -euo pipefail

build="gcc libc6-dev cmake ninja-build pkg-config libfcgi-dev libxml2-dev libxslt1-dev libssl-dev libjson-c-dev libsqlite3-dev
libzstd-dev libinih-dev libqrencode-dev libcurl4-openssl-dev libcairo2-dev libpango1.0-dev zlib1g-dev tzdata ca-certificates"
demo="$build nginx-light curl openssl fonts-noto-core fonts-noto-cjk fonts-symbola fonts-noto-color-emoji"
test="$demo libcriterion-dev clang libclang-rt-14-dev libxml2-utils xsltproc python3 python3-lxml python3-jsonschema python3-icalendar sqlite3 chromium poppler-utils
fonts-dejavu-core qpdf mandoc procps git zsh fish faketime
php-cli php-curl php-mysql php-xml php-mbstring phpunit php-symfony-event-dispatcher mariadb-server"
# the browser tests: any Node.js from 18 on with npm will do
command -v node >/dev/null && command -v npm >/dev/null || test="$test nodejs npm"

bench="$test wrk"

case "${1:-}" in
build) want=$build ;;
demo) want=$demo ;;
test) want=$test ;;
bench) want=$bench ;;
*) echo "usage: install-deps.sh build|demo|test|bench" >&2; exit 2 ;;
esac

missing=""
for p in $want; do
	# no pipe into grep -q: it hangs up on dpkg-query, and pipefail takes that for a missing package now and then
	[ "$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null)" = "install ok installed" ] || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
echo "installing:$missing"
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "run as root once: apt-get install$missing" >&2; exit 1; }
	exec sudo "$0" "$1"
fi

# no service may start by being installed (no web server on port 80): Debian asks policy-rc.d, 101 means "no"
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
	trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1 </dev/null ||
	{ tail -n 30 "$log" >&2; echo "apt-get failed; the whole log: $log" >&2; exit 1; }
rm -f "$log"
