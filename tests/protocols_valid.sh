#!/bin/sh
# protocols_valid.sh TREE - the grammar accepts every protocol that is shipped, and a copy names the very draft that it
# was made from: SHA-256 of its source under C14N 1.0 with comments.
command -v xmllint >/dev/null || exit 77
cd "${1:-.}/schemas" || exit 1
bad=0
for f in protocols/*.xml protocols/demo/*.xml; do
	xmllint --nonet --noout --relaxng protocol.rng "$f" 2>&1 | grep -qx "$f validates" || { echo "$f is refused by protocol.rng"; bad=1; }
done
of=$(xmllint --nonet --c14n protocols/mesotherapy.xml | sha256sum | cut -c1-64)
grep -q "<based-on protocol=\"mesotherapy\" version=\"$of\"/>" protocols/demo/mesotherapy.xml ||
	{ echo "demo/mesotherapy.xml is not based on the draft as it is ($of)"; bad=1; }
for f in protocols/*.xml; do
	grep -q 'signed=' "$f" && { echo "$f: a draft is signed by nobody"; bad=1; }
	grep -q '<decide>' "$f" || { echo "$f leaves nothing to decide"; bad=1; }
done
# what the source of mesotherapy does not give has no number in the other drafts either
for f in protocols/scalp-mesotherapy.xml protocols/chemical-peel.xml; do
	grep -E '(until|from|shift|interval|minimum-gap|sessions|at|within)="' "$f" && { echo "$f gives a time without a source"; bad=1; }
done
for f in protocols/demo/*.xml; do
	grep -q '<decide>' "$f" && { echo "$f leaves a decision open"; bad=1; }
	grep -q '<protocol [^>]*demonstration="yes"' "$f" || { echo "$f is not marked as a demonstration"; bad=1; }
done
# made from the compact form: trang protocol.rnc protocol.rng
if command -v trang >/dev/null; then
	trang protocol.rnc "${TMPDIR:-/tmp}/protocol.$$.rng" && cmp "${TMPDIR:-/tmp}/protocol.$$.rng" protocol.rng || bad=1
	rm -f "${TMPDIR:-/tmp}/protocol.$$.rng"
fi
exit $bad
