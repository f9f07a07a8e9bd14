#!/bin/sh
# seed_coverage.sh TREE - the draft accounts for every statement of its source, S01 to S69, and for no other; it prints
# no number that the source does not give, and is signed by nobody.
file=${1:-.}/schemas/protocols/mesotherapy.xml
bad=0
say() {
	echo "mesotherapy.xml: $*"
	bad=1
}

seeds=$(grep -o 'seed="[^"]*"' "$file" | sed 's/seed="//; s/"$//' | tr ' ' '\n' | sort -u)
for n in $(seq -w 1 69); do
	echo "$seeds" | grep -qx "S$n" || say "S$n is not accounted for"
done
for s in $seeds; do
	n=${s#S}
	[ "${n#0}" -ge 1 ] && [ "${n#0}" -le 69 ] || say "$s is no statement of the source"
done
ranged=$(grep -B 2 'range="24 h\.\.48 h"' "$file" | grep -o 'seed="[^"]*"' | sed 's/seed="//; s/"$//' | sort | tr '\n' ' ')
[ "$ranged" = "S01 S12 S13 S14 " ] || say "the lines with 24 h..48 h are $ranged"
[ "$(grep -c 'range=\|until=\|from=\|shift=\|interval=\|minimum-gap=\|sessions=' "$file")" = 4 ] || say "a time is given that the source does not give"
grep -q 'signed=' "$file" && say "a draft is signed by nobody"
grep -v '^ *<!--' "$file" | grep -qi 'toxin' && say "a reason is printed that nothing supports"
exit $bad
