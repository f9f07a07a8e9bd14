#!/bin/sh
# layers.sh [TREE] - a folder sees itself and the folders before it in this line; plugin and admin-cli never see each other.
cd "${1:-.}" && awk '
BEGIN { n = split("base hl7 core plugin admin-cli tests", l); for (i = 1; i <= n; i++) rank[l[i]] = i
	peer["admin-cli"] = "plugin"; peer["plugin"] = "admin-cli" }
/^#include "/ { split(FILENAME, f, "/"); split($2, d, "[\"/]"); from = f[1]; to = d[2]
	if (!(to in rank) || rank[to] > rank[from] || peer[from] == to) { print FILENAME ":" FNR ": " from "/ may not include " to "/"; bad = 1 } }
END { exit bad }' $(find base hl7 core plugin admin-cli tests -name '*.[ch]')
