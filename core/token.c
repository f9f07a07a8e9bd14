/* token.c - reading and checking a token, and using it up. See token.h. */
#include "base/json.h"
#include "base/utf8.h"
#include "core/rows.h"
#include "core/service_parts.h"
#include "core/token.h"

#define VALUE_MAX 128
#define NONCE_MIN 16
#define NONCE_MAX 64
#define KEEP_MS (3600 * (int64_t)1000) /* a used nonce outlives its token by this: a clock may be set back */

static enum ac_code
fail_token(struct ac_err *reterr)
{
	return ac_fail(reterr, AC_EDENIED, "AUTH-TOKEN", "the module's token is not a good one");
}

/* Strict: no padding, no other character, no bits that say nothing, so that a token has one spelling. */
static bool
unbase64url(struct ac_str s, struct ac_arena *a, struct ac_str *ret)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char *out = ac_alloc(a, s.n + 1);
	uint32_t bits = 0;
	size_t n = 0;
	int have = 0;

	for (size_t i = 0; i < s.n; i++) {
		const char *at = s.p[i] == '\0' ? NULL : strchr(digits, s.p[i]);
		if (at == NULL)
			return false;
		bits = bits << 6 | (uint32_t)(at - digits);
		if ((have += 6) >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have & 0xFF);
			bits &= (1u << have) - 1;
		}
	}
	*ret = (struct ac_str){ out, n };
	return have < 6 && bits == 0;
}

static struct ac_str
mac_of(const struct ac_token_key *key, struct ac_str text, struct ac_arena *a)
{
	struct ac_sha256 mac;

	ac_hmac_sha256((struct ac_str){ (const char *)key->secret, sizeof(key->secret) }, text, &mac);
	return ac_base64url(a, mac.b, sizeof(mac.b));
}

struct ac_str
ac_token_sign(const struct ac_token_key *key, struct ac_str payload, struct ac_arena *a)
{
	struct ac_str text =
	    ac_strf(a, "ac1.%s.%.*s", key->id, AC_FMT(ac_base64url(a, payload.p, payload.n)));

	return ac_strf(a, "%.*s.%.*s", AC_FMT(text), AC_FMT(mac_of(key, text, a)));
}

static const struct ac_token_key *
key_named(const struct ac_token_keys *keys, struct ac_str id)
{
	for (size_t i = 0; i < keys->n; i++)
		if (ac_streq_c(id, keys->v[i].id))
			return &keys->v[i];
	return NULL;
}

/* The parts between the dots; the signature is judged before anything is made of the payload. */
static bool
is_signed(const struct ac_token_keys *keys, struct ac_str text, struct ac_arena *a,
    struct ac_str *ret_payload, const struct ac_token_key **ret_key)
{
	struct ac_str rest = text, version, id, payload;

	if (text.n > AC_TOKEN_MAX)
		return false;
	rest = ac_cut(rest, '.', &version);
	rest = ac_cut(rest, '.', &id);
	rest = ac_cut(rest, '.', &payload);
	const struct ac_token_key *key = key_named(keys, id);
	if (!ac_streq_c(version, "ac1") || key == NULL || rest.n == 0)
		return false;
	struct ac_str said = { text.p, text.n - rest.n - 1 };
	if (!ac_secret_eq(rest, mac_of(key, said, a)))
		return false;
	*ret_key = key;
	return unbase64url(payload, a, ret_payload);
}

struct claims {
	struct ac_str aud, user, role, site, patient, encounter, nonce;
	int64_t iat, exp;
};

static bool
set_text(json_object *v, struct ac_arena *a, size_t max, struct ac_str *ret)
{
	if (!json_object_is_type(v, json_type_string))
		return false;
	*ret = ac_str_dup(
	    a, (struct ac_str){ json_object_get_string(v), (size_t)json_object_get_string_len(v) });
	return ret->n > 0 && ret->n <= max;
}

static bool
set_member(struct claims *c, const char *name, json_object *v, struct ac_arena *a)
{
	const struct {
		const char *name;
		struct ac_str *to;
	} texts[] = { { "aud", &c->aud }, { "user", &c->user }, { "role", &c->role }, { "site", &c->site },
		{ "patient", &c->patient }, { "encounter", &c->encounter }, { "nonce", &c->nonce } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(name, texts[i].name) == 0)
			return set_text(v, a, texts[i].to == &c->role ? AC_ACTOR_ROLE_MAX : VALUE_MAX, texts[i].to);
	if (!json_object_is_type(v, json_type_int))
		return false;
	if (strcmp(name, "iat") == 0)
		c->iat = json_object_get_int64(v);
	else if (strcmp(name, "exp") == 0)
		c->exp = json_object_get_int64(v);
	else
		return false;
	return true;
}

static bool
read_claims(struct ac_str payload, struct ac_arena *a, struct claims *ret)
{
	AC_AUTO_T(json_object) o = NULL;

	if (ac_json_parse(payload, AC_TOKEN_MAX, &o, NULL) != AC_OK ||
	    !json_object_is_type(o, json_type_object))
		return false;
	json_object_object_foreach(o, name, v)
	{
		if (!set_member(ret, name, v, a))
			return false;
	}
	return ret->aud.n > 0 && ret->user.n > 0 && ret->role.n > 0 && ret->site.n > 0;
}

static bool
is_nonce(struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '-' || c == '_'))
			return false;
	}
	return s.n >= NONCE_MIN && s.n <= NONCE_MAX;
}

/* No sum here overflows: the JSON door lets integers of 2^53 through at most. */
static enum ac_code
check_time(const struct claims *c, int64_t now_ms, struct ac_err *reterr)
{
	int64_t now = now_ms / 1000;

	if (c->iat <= 0 || c->exp <= c->iat || c->exp - c->iat > AC_TOKEN_LIFE_MAX_S)
		return ac_fail(reterr, AC_EDENIED, "AUTH-TOKEN-TIME", "a token lives from 1 to %d s",
		    AC_TOKEN_LIFE_MAX_S);
	if (c->iat > now + AC_TOKEN_AHEAD_S)
		return ac_fail(
		    reterr, AC_EDENIED, "AUTH-TOKEN-TIME", "the token is of the future: compare the clocks");
	if (c->exp <= now)
		return ac_fail(reterr, AC_EDENIED, "AUTH-TOKEN-TIME", "the token has expired");
	return AC_OK;
}

enum ac_code
ac_token_check(const struct ac_token_keys *keys, struct ac_str text, struct ac_str audience, int64_t now_ms,
    struct ac_arena *a, struct ac_token *ret, struct ac_err *reterr)
{
	const struct ac_token_key *key;
	struct claims c = { 0 };
	struct ac_str payload;
	struct ac_actor who = { 0 };
	enum ac_code rc;

	if (!is_signed(keys, text, a, &payload, &key) || !read_claims(payload, a, &c))
		return fail_token(reterr);
	if (!ac_actor_set_role(&who, c.role) || who.role == AC_ROLE_NONE || !is_nonce(c.nonce))
		return fail_token(reterr);
	if (!ac_secret_eq(c.aud, audience))
		return ac_fail(
		    reterr, AC_EDENIED, "AUTH-TOKEN-AUDIENCE", "the token is for another installation");
	if ((rc = check_time(&c, now_ms, reterr)) != AC_OK)
		return rc;
	who.user = c.user;
	who.site = c.site;
	who.patient = c.patient;
	who.encounter = c.encounter;
	*ret = (struct ac_token){ .until_ms = c.exp * 1000, .who = who };
	ac_sha256(ac_strf(a, "%s.%.*s", key->id, AC_FMT(c.nonce)), &ret->nonce);
	return AC_OK;
}

static enum ac_code
commit_spent(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct ac_token *t = arg;
	struct ac_err err = { 0 };
	enum ac_code rc;

	rc = ac_store_run(c->store, AC_STMT_TOKEN_FORGET, NULL, NULL, reterr, AC_VINT(c->now_ms - KEEP_MS));
	if (rc != AC_OK)
		return rc;
	rc = ac_store_run(
	    c->store, AC_STMT_TOKEN_ADD, NULL, NULL, &err, AC_VSHA(&t->nonce), AC_VINT(t->until_ms));
	if (rc == AC_ECONFLICT)
		return ac_fail(reterr, AC_EDENIED, "AUTH-TOKEN-USED",
		    "something was written with this token before: sign a new one");
	if (rc != AC_OK && reterr != NULL)
		*reterr = err;
	return rc;
}

enum ac_code
ac_service_token_spend(struct ac_worker *w, const struct ac_token *t, struct ac_err *reterr)
{
	struct ac_token mine = *t;

	return ac_committer_run(w->service->committer, commit_spent, &mine, reterr);
}
