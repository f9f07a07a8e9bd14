#!/bin/sh
# batch.sh VALIDATOR FOLDER FILE... - one process's share of run.sh; its report goes to FOLDER/out.*, a failure leaves FOLDER/bad.
set -eu
validator=$1
dir=$2
shift 2
out=$(mktemp "$dir/out.XXXXXX")
# one file would be reported without its name
"$validator/validate.sh" "$@" >"$out" 2>&1 || touch "$dir/bad"
