#!/bin/bash
# run.sh [SECONDS] - every benchmark of DESIGN's table that exists, floors beside them in the same run; prints ratios.
# Figures drift from machine to machine: compare ratios only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-8}
scripts/install-deps.sh bench
cmake --preset release -DAC_TESTS=ON >/dev/null && cmake --build --preset release >/dev/null
build=$PWD/build/release
work=$(mktemp -d "${TMPDIR:-/tmp}/aftercare-bench.XXXXXX")
pids=""
stop() { for p in $pids; do kill -TERM "$p" 2>/dev/null || true; done; for p in $pids; do wait "$p" 2>/dev/null || true; done; pids=""; }
trap 'stop; rm -rf "$work"' EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p "$work/run" "$work/log"
# md5-crypt costs more than an event: the load is checked against a plain entry instead
printf 'module:{PLAIN}demo\n' >"$work/users"
sed -e "s|@DIR@|$work|g" -e "s|@PORT@|$port|g" plugin/demo/nginx.conf.in >"$work/nginx.conf"
[ "$(id -u)" != 0 ] || sed -i '1i user root;' "$work/nginx.conf"

new_store() { # NAME
	"$build/admin-cli/aftercare" init --state "$work/$1" --clinic schemas/clinic/demo.conf --channel demo --actor admin.demo 2>/dev/null
	"$build/admin-cli/aftercare" protocol import --state "$work/$1" --actor author.demo schemas/protocols/demo/mesotherapy.xml >/dev/null
	"$build/admin-cli/aftercare" protocol publish --state "$work/$1" --actor dr.demo --confirm=mesotherapy mesotherapy >/dev/null
}
serve() { # NAME OPTIONS... ; sets start_ms and rss_kb
	local name=$1 t0; shift
	rm -f "$work/run/fcgi.sock"
	t0=$(date +%s%N)
	"$build/plugin/aftercare-plugin" --state "$work/$name" --socket "$work/run/fcgi.sock" "$@" 2>>"$work/log/plugin.log" &
	plugin=$! pids=$!
	until [ -S "$work/run/fcgi.sock" ]; do sleep 0.001; done
	start_ms=$((($(date +%s%N) - t0) / 1000000))
	PATH=$PATH:/usr/sbin nginx -c "$work/nginx.conf" -p "$work" 2>>"$work/log/nginx.log" &
	pids="$pids $!"
	until curl -sf -u module:demo "http://127.0.0.1:$port/aftercare/health" >/dev/null 2>&1; do sleep 0.05; done
}
load() { # NAME [SIGNED] ; prints "rate p99 errors"
	AC_BENCH_RUN=$1 ${2:+env AC_BENCH_SIGNED=1} wrk -t2 -c32 -d"${seconds}s" -s tests/bench/put.lua "http://127.0.0.1:$port" | awk '/^RESULT/ { print $2, $3, $4 }'
}
measure() { # NAME SIGNED OPTIONS...
	local name=$1 signed=$2; shift 2
	new_store "$name"
	serve "$name" "$@"
	read -r rate p99 errors <<<"$(load "$name" $signed)"
	rss_kb=$(awk '/VmHWM/ { print $2 }' "/proc/$plugin/status")
	stop
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b > 0 ? a / b : 0 }'; }

printf '%-58s %10s %8s %6s\n' "durable events through nginx, 32 clients" "events/s" "p99 ms" "errors"
for signed in "" signed; do
	what=${signed:+with document}; what=${what:-unsigned}
	measure "full$signed" "$signed"; full=$rate
	printf '%-58s %10s %8s %6s\n' "  $what, synchronous=FULL" "$rate" "$p99" "$errors"
	full_rss=$rss_kb full_start=$start_ms
	measure "off$signed" "$signed" --sync off; off=$rate
	printf '%-58s %10s %8s %6s\n' "  $what, synchronous=OFF" "$rate" "$p99" "$errors"
	measure "one$signed" "$signed" --batch 1; one=$rate
	printf '%-58s %10s %8s %6s\n' "  $what, one transaction per event" "$rate" "$p99" "$errors"
	printf '  ratio FULL / OFF %s (goal 0.70)   FULL / one per event %s (goal 3, aim 6)\n' "$(ratio "$full" "$off")" "$(ratio "$full" "$one")"
done
printf 'start-up %s ms, peak RSS under load %s MB (goal < 64)\n' "$full_start" "$((full_rss / 1024))"
new_store health; serve health
wrk -t2 -c32 -d"${seconds}s" -H "Authorization: Basic bW9kdWxlOmRlbW8=" "http://127.0.0.1:$port/aftercare/health" |
	awk '/^Requests\/sec/ { printf "without a store (health, the same way)                     %10.0f\n", $2 }'
stop
for b in cda plan commit; do
	[ ! -x "$build/tests/bench_$b" ] || { echo; "$build/tests/bench_$b"; }
done
