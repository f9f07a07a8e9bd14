#!/bin/sh
# run.sh TIME_ORACLE - compare base/zone with Python's zoneinfo: on the installed zones, and on the same zones compiled
# again in zic's other format ("slim": few transitions, the footer does the work). Each folder is asked by itself.
# AC_ORACLE_FULL=1 asks much more.
set -eu
program=$1
here=$(cd "$(dirname "$0")" && pwd)
python=${AC_PYTHON:-/usr/bin/python3}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
PATH=$PATH:/usr/sbin

if ! [ -d /usr/share/zoneinfo ] || ! "$python" -c 'import zoneinfo'; then
	echo "no zoneinfo: skipped"
	exit 77
fi

compare() { # NAME FOLDER
	"$python" "$here/time_oracle.py" "$2" "$tmp/ask" "$tmp/know" ${AC_ORACLE_FULL:+full}
	"$program" "$2" <"$tmp/ask" >"$tmp/answer"
	paste -d'~' "$tmp/ask" "$tmp/know" "$tmp/answer" | awk -F'~' -v name="$1" '
		$2 != $3 { if (bad++ < 10) print "DIFFERENT " $1 ": zoneinfo " $2 ", ours " $3 }
		END { print name ": " NR " checks, " bad + 0 " differences"; exit bad > 0 || NR == 0 }'
}

compare installed /usr/share/zoneinfo
if [ -f /usr/share/zoneinfo/tzdata.zi ] && command -v zic >/dev/null; then
	zic -b slim -d "$tmp/slim" /usr/share/zoneinfo/tzdata.zi 2>/dev/null
	compare slim "$tmp/slim"
fi
