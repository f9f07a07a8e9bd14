#!/bin/bash
# demo.sh [--port N] [--dir STATE] [--keep] - Aftercare on embedded defaults: builds, starts, serves a demo clinic.
#   --port N      127.0.0.1:N (default 8080)
#   --dir STATE   folder for store, keys and sockets (default: a fresh temporary one)
#   --keep        leave a temporary folder behind at the end
# Runs in the foreground; Ctrl-C or TERM stops exactly what it started. Users: clinician nurse frontdesk admin auditor
# module, password demo.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
port=8080 dir="" keep="" temporary=""

usage() { sed -n '2,7p' "${BASH_SOURCE[0]}" >&2; exit 2; }
while [ $# -gt 0 ]; do
	case "$1" in
	--port) [ $# -ge 2 ] || usage; port=$2; shift 2 ;;
	--dir) [ $# -ge 2 ] || usage; dir=$2; shift 2 ;;
	--keep) keep=1; shift ;;
	*) usage ;;
	esac
done
case "$port" in '' | *[!0-9]*) usage ;; esac
[ "$port" -ge 1 ] && [ "$port" -le 65535 ] || usage
say() { printf '%s\n' "$*" >&2; }

say "checking packages"
"$top/scripts/install-deps.sh" demo
build=$top/build/release
say "building (release)"
(cd "$top" && cmake --preset release >/dev/null && cmake --build --preset release >&2)
cli=$build/admin-cli/aftercare

if [ -z "$dir" ]; then
	dir=$(mktemp -d "${TMPDIR:-/tmp}/aftercare-demo.XXXXXX")
	temporary=1
fi
mkdir -p "$dir/run" "$dir/log" "$dir/chart"
dir=$(cd "$dir" && pwd)
chmod 700 "$dir/chart"

pids=""
stop() {
	trap - EXIT INT TERM
	for p in $pids; do kill -TERM "$p" 2>/dev/null || true; done
	for p in $pids; do wait "$p" 2>/dev/null || true; done
	[ -z "$temporary" ] || [ -n "$keep" ] || rm -rf "$dir"
	say "stopped"
}
trap 'stop; exit 0' INT TERM
trap 'stop' EXIT

if [ ! -e "$dir/state/aftercare.db" ]; then
	say "initialising the demo clinic in $dir"
	"$cli" init --state "$dir/state" --clinic "$top/schemas/clinic/demo.conf" --channel demo --actor admin.demo >&2
	for f in mesotherapy chemical-peel; do
		"$cli" protocol import --state "$dir/state" --actor author.demo "$top/schemas/protocols/demo/$f.xml" >&2
		"$cli" protocol publish --state "$dir/state" --actor dr.demo --confirm="$f" "$f" >&2
	done
	"$cli" person add --state "$dir/state" --actor admin.demo dr.demo "Dr. Demo" >&2
	for a in os:dr.demo ehr:demo/clinician ehr:demo/3; do "$cli" person map --state "$dir/state" --actor admin.demo dr.demo "$a" >&2; done
	"$cli" person add --state "$dir/state" --actor admin.demo author.demo "Protocol Author (demonstration)" >&2
	"$cli" person map --state "$dir/state" --actor admin.demo author.demo os:author.demo >&2
	date +%s >"$dir/chart/started"
fi
started=$(cat "$dir/chart/started")

hash=$(openssl passwd -apr1 demo)
for u in clinician nurse frontdesk admin auditor module; do printf '%s:%s\n' "$u" "$hash"; done >"$dir/users"
sed -e "s|@DIR@|$dir|g" -e "s|@PORT@|$port|g" "$top/plugin/demo/nginx.conf.in" >"$dir/nginx.conf"
# nginx's worker may run as another user: it must reach the sockets and the user file
[ "$(id -u)" != 0 ] || { sed -i '1i user root;' "$dir/nginx.conf"; }

rm -f "$dir/run/fcgi.sock" "$dir/run/chart.sock" "$dir/run/token.sock"
"$build/plugin/aftercare-plugin" --state "$dir/state" --socket "$dir/run/fcgi.sock" 2>>"$dir/log/plugin.log" &
pids="$!" plugin=$!
echo "$plugin" >"$dir/run/plugin.pid"
"$build/plugin/demo/aftercare-demo-chart" serve "$dir/run/chart.sock" "$dir/chart" "http://127.0.0.1:$port" "$started" \
	2>>"$dir/log/chart.log" &
pids="$pids $!"
PATH=$PATH:/usr/sbin nginx -c "$dir/nginx.conf" -p "$dir" 2>>"$dir/log/nginx.log" &
pids="$pids $!"

for i in $(seq 100); do
	curl -sf -u clinician:demo "http://127.0.0.1:$port/aftercare/health" >/dev/null 2>&1 && break
	for p in $pids; do
		kill -0 "$p" 2>/dev/null || { say "something did not start:"; tail -n 5 "$dir"/log/*.log >&2; exit 1; }
	done
	sleep 0.1
	[ "$i" != 100 ] || { say "nothing answers on port $port"; tail -n 5 "$dir"/log/*.log >&2; exit 1; }
done
"$build/plugin/demo/aftercare-demo-chart" send "$dir/run/chart.sock" "$dir/chart" "http://127.0.0.1:$port" "$started"

echo "ready http://127.0.0.1:$port/"
say "users: clinician nurse frontdesk admin auditor module; password: demo. Ctrl-C stops it."
wait -n $pids || true
say "one of the programs ended:"
tail -n 5 "$dir"/log/*.log >&2
exit 1
