#!/bin/sh
# run.sh GENERATOR - documents of random plans through HL7's XSD and Schematron and our own checks.
#   AC_CDA_COUNT            how many (150; the long run: 2000)      AC_CDA_FIRST  first seed (1)
#   AFTERCARE_CDA_VALIDATOR folder of validate.sh (default: ../shared/cda-validator beside the source tree): it applies
#                           HL7's XSD and Schematron to the files it is given; README.md says where those come from
# Exit 77: the validator or one of its tools is not here.
set -eu
generator=$1
here=$(cd "$(dirname "$0")" && pwd)
count=${AC_CDA_COUNT:-150}
validator=${AFTERCARE_CDA_VALIDATOR:-$here/../../../shared/cda-validator}

skip() {
	echo "skipped: $1" >&2
	exit 77
}
[ -x "$validator/validate.sh" ] || skip "no $validator/validate.sh: HL7's XSD and Schematron were not applied (README.md, AFTERCARE_CDA_VALIDATOR)"
for tool in xmllint xsltproc python3; do
	command -v "$tool" >/dev/null || skip "$tool is not installed (apt: libxml2-utils xsltproc python3-lxml)"
done
[ -d /usr/lib/python3/dist-packages/lxml ] || skip "python3-lxml is not installed"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
echo "generating $count documents"
"$generator" "$dir" "$count" "${AC_CDA_FIRST:-1}"
echo "digest of all: $(cd "$dir" && cat ./*.xml | sha256sum | cut -c1-16) (the same under every compiler, locale and TZ)"
find "$dir" -name '*.xml' -print0 | xargs -0 python3 "$here/check.py"

# the first alone: it fills the validator's cache, which two processes would write at once
first=$(find "$dir" -name '*.xml' | sort | head -n 1)
"$validator/validate.sh" "$first" >/dev/null || true
echo "validating, two at a time"
find "$dir" -name '*.xml' | sort | xargs -P 2 -n 10 "$here/batch.sh" "$validator" "$dir"
cat "$dir"/out.* >"$dir/all"
clean=$(grep -c '^LINT: 0 error' "$dir/all" || true)
if [ -e "$dir/bad" ] || [ "$clean" -ne "$count" ]; then
	grep -E '^==|^  (X|E) ' "$dir/all" | grep -B1 -E '^  (X|E) ' | head -n 60
	echo "FAILED: $clean of $count documents are clean" >&2
	exit 1
fi
echo "$clean documents, 0 errors"
