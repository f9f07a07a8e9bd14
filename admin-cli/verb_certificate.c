/* verb_certificate.c - the clinic's key and certificate: key certificate, key certify; audit signature. */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "base/file.h"
#include "base/time.h"
#include "core/blob.h"
#include "core/signature.h"

static int
tell(const struct cli *c, const struct ac_certificate *x, bool dry_run)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		struct ac_str pem = ac_certificate_pem(x, c->a);
		fwrite(pem.p, 1, pem.n, stdout);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "subject", x->subject);
	ac_jw_kstr(&w, "sha256", ac_hex(c->a, x->sha256.b, sizeof(x->sha256.b)));
	ac_jw_kstr(&w, "not_before", ac_rfc3339(c->a, NULL, x->not_before));
	ac_jw_kstr(&w, "not_after", ac_rfc3339(c->a, NULL, x->not_after));
	ac_jw_kstr(&w, "pem", ac_certificate_pem(x, c->a));
	if ((c->verb->need & CLI_WRITES) != 0)
		ac_jw_kbool(&w, "dry_run", dry_run);
	return cli_json_end(&w);
}

static int
fail_no_key(struct cli *c)
{
	struct ac_err e = { 0 };

	(void)ac_fail(&e, AC_ENOTFOUND, "KEY-CLINIC", "the clinic has no key for signatures: aftercare key certify makes one");
	return cli_fail(c, NULL, &e);
}

int
verb_key_certificate(struct cli *c)
{
	struct ac_certificate x = { 0 };

	return ac_keys_certificate(ac_service_keys(c->service), c->a, &x) ? tell(c, &x, false) : fail_no_key(c);
}

int
verb_key_certify(struct cli *c)
{
	struct ac_certificate x = { 0 };
	struct ac_err e = { 0 };

	if (ac_clinic_key_renew(c->w, c->state, c->who, cli_how(c), &x, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (c->dry_run) {
		cli_say(c, "a new key and certificate would sign what is made from then on; what is signed stays good");
		return ac_keys_certificate(ac_service_keys(c->service), c->a, &x) ? tell(c, &x, true) : cli_done();
	}
	cli_say(c, "start the plugin again: from then on it signs with the new key; what is signed stays good");
	return tell(c, &x, false);
}

/* That of --certificate, or of this installation; the store is not opened, so that any machine can verify. */
static enum ac_code
certificate(struct cli *c, struct ac_certificate *ret, struct ac_err *reterr)
{
	const char *path = c->certificate != NULL
			       ? c->certificate
			       : ac_cstr(c->a, ac_strf(c->a, "%s/keys/" AC_CLINIC_KEY_NAME, c->state));
	struct ac_str bytes;
	enum ac_code rc = ac_file_read(path, AC_SIGNATURE_MAX, c->a, &bytes, reterr);

	return rc != AC_OK ? rc : ac_certificate_read(bytes, c->a, ret, reterr);
}

int
verb_audit_signature(struct cli *c)
{
	const char *p7s = c->argc > 1 ? c->argv[1] : ac_cstr(c->a, ac_strf(c->a, "%s.p7s", c->argv[0]));
	struct ac_certificate x = { 0 };
	struct ac_err e = { 0 };
	struct ac_str xml, cms;
	struct ac_sha256 sha;
	struct ac_buf b;
	struct ac_jw w;
	int64_t at = AC_INSTANT_NONE;

	if (ac_file_read(c->argv[0], AC_BLOB_PLAIN_MAX, c->a, &xml, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (ac_file_read(p7s, AC_SIGNATURE_MAX, c->a, &cms, &e) != AC_OK)
		return cli_fail(c, p7s, &e);
	if (certificate(c, &x, &e) != AC_OK)
		return cli_fail(c, c->certificate, &e);
	if (ac_signature_check(cms, xml, x.der, &at, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	ac_sha256(xml, &sha);
	struct ac_str when = at == AC_INSTANT_NONE ? AC_S("not stated") : ac_rfc3339(c->a, NULL, at);
	if (!c->json) {
		printf("the signature is this document's\nsigned   %.*s\nby       %.*s\nsha256   %.*s\n", AC_FMT(when),
		    AC_FMT(x.subject), AC_FMT(ac_hex(c->a, sha.b, sizeof(sha.b))));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kbool(&w, "good", true);
	if (at != AC_INSTANT_NONE)
		ac_jw_kstr(&w, "signed", when);
	ac_jw_kstr(&w, "subject", x.subject);
	ac_jw_kstr(&w, "certificate", ac_hex(c->a, x.sha256.b, sizeof(x.sha256.b)));
	ac_jw_kstr(&w, "sha256", ac_hex(c->a, sha.b, sizeof(sha.b)));
	return cli_json_end(&w);
}
