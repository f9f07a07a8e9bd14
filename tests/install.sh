#!/bin/sh
# install.sh SOURCE BUILD CMAKE - what `cmake --install` puts where; nothing of tests and demo among it.
set -eu
source=$1 build=$2 cmake=$3
to=$(mktemp -d)
trap 'rm -rf "$to"' EXIT
"$cmake" --install "$build" --prefix "$to/usr" >/dev/null
cd "$to/usr"
bad=0
fail() { echo "$*" >&2; bad=1; }

while read -r mode file; do
	[ "$(stat -c %a "$file" 2>/dev/null || echo none)" = "$mode" ] || fail "$file: not there with mode $mode"
done <<END
755 bin/aftercare
755 sbin/aftercare-plugin
755 libexec/aftercare/aftercare-pdf
644 share/bash-completion/completions/aftercare
644 share/zsh/site-functions/_aftercare
644 share/fish/vendor_completions.d/aftercare.fish
644 lib/systemd/system/aftercare.service
644 lib/systemd/system/aftercare.socket
644 lib/sysusers.d/aftercare.conf
644 lib/tmpfiles.d/aftercare.conf
644 share/aftercare/oe-module-aftercare.zip
644 share/aftercare/clinic/demo.conf
644 share/aftercare/clinic/example.conf
644 share/aftercare/protocols/demo/chemical-peel.xml
644 share/aftercare/protocols/demo/mesotherapy.xml
644 share/aftercare/protocols/chemical-peel.xml
644 share/aftercare/protocols/mesotherapy.xml
644 share/aftercare/protocols/scalp-mesotherapy.xml
644 share/aftercare/schemas/encounter.schema.json
644 share/aftercare/schemas/protocol.rnc
644 share/aftercare/schemas/protocol.rng
644 share/doc/aftercare/CHANGELOG.md
644 share/doc/aftercare/LICENSE
644 share/doc/aftercare/README.md
644 share/doc/aftercare/openemr/README.md
644 share/doc/aftercare/openemr/docs/nginx.md
644 share/doc/aftercare/openemr/examples/apache-token.conf
644 share/doc/aftercare/examples/example.conf
644 share/doc/aftercare/examples/nginx/aftercare-token.conf
644 share/doc/aftercare/examples/nginx/aftercare.conf
644 share/man/man1/aftercare.1
644 share/man/man5/aftercare-protocol.5
644 share/man/man8/aftercare-plugin.8
END

find . ! -type d | sed 's|^\./||' | grep -Ev '^(bin/aftercare|sbin/aftercare-plugin|libexec/aftercare/aftercare-pdf|lib/(systemd/system|sysusers\.d|tmpfiles\.d)/aftercare\.[a-z]+|share/(aftercare|doc/aftercare|man/man[158])/.+|share/(bash-completion/completions/aftercare|zsh/site-functions/_aftercare|fish/vendor_completions\.d/aftercare\.fish))$' >"$to/extra" || :
[ ! -s "$to/extra" ] || fail "nobody expects: $(cat "$to/extra")"
find . | grep -Ei 'chart|test|fuzz|bench|\.a$|\.h$' >"$to/extra" || :
[ ! -s "$to/extra" ] || fail "must not be installed: $(cat "$to/extra")"
grep -qx "ExecStart=$to/usr/sbin/aftercare-plugin --state /var/lib/aftercare" lib/systemd/system/aftercare.service ||
	fail "aftercare.service names another program: $(grep ExecStart= lib/systemd/system/aftercare.service)"
grep -l '@AC_' -r lib && fail "a placeholder was not filled"
if command -v systemd-analyze >/dev/null; then
	systemd-analyze verify --man=no "$to/usr/lib/systemd/system/aftercare.service" "$to/usr/lib/systemd/system/aftercare.socket" 2>&1 |
		grep -i 'aftercare\.' >"$to/extra" || :
	[ ! -s "$to/extra" ] || fail "$(cat "$to/extra")"
fi
case "$(bin/aftercare --version)" in
"aftercare "[0-9]*.*) ;;
*) fail "the installed aftercare does not say its version" ;;
esac
for page in share/man/man*/*; do
	mandoc -Tlint -Wwarning "$page" >"$to/extra" || fail "$(cat "$to/extra")"
done
cmp -s "$source/schemas/protocols/mesotherapy.xml" share/aftercare/protocols/mesotherapy.xml || fail "the draft is not the source's"
exit $bad
