/* call.c - a call from its entries, and calls as JSON. */
#include "core/call.h"

#include "base/json.h"

static const char *const kind_words[] = { "check-in", "call-in", "visit" };
static const char *const entry_words[] = { "answer", "flag", "note", "level", "outcome" };

const char *
ac_call_kind_word(enum ac_call_kind k)
{
	return kind_words[k];
}

bool
ac_call_kind_parse(struct ac_str s, enum ac_call_kind *ret)
{
	for (size_t i = 0; i < sizeof(kind_words) / sizeof(kind_words[0]); i++) {
		if (!ac_streq_c(s, kind_words[i]))
			continue;
		*ret = (enum ac_call_kind)i;
		return true;
	}
	return false;
}

const char *
ac_call_entry_word(enum ac_call_entry_kind k)
{
	return entry_words[k];
}

bool
ac_call_entry_parse(struct ac_str s, enum ac_call_entry_kind *ret)
{
	for (size_t i = 0; i < sizeof(entry_words) / sizeof(entry_words[0]); i++) {
		if (!ac_streq_c(s, entry_words[i]))
			continue;
		*ret = (enum ac_call_entry_kind)i;
		return true;
	}
	return false;
}

static const struct ac_call_entry *
last_of(const struct ac_call *c, enum ac_call_entry_kind kind)
{
	for (size_t i = c->nentries; i-- > 0;)
		if (c->entries[i].kind == kind)
			return &c->entries[i];
	return NULL;
}

struct ac_str
ac_call_outcome(const struct ac_call *c)
{
	const struct ac_call_entry *e = last_of(c, AC_ENTRY_OUTCOME);

	return e == NULL ? (struct ac_str){ 0 } : e->value;
}

const struct ac_call_entry *
ac_call_level_entry(const struct ac_call *c)
{
	return last_of(c, AC_ENTRY_LEVEL);
}

enum ac_triage_level
ac_call_level(const struct ac_call *c)
{
	const struct ac_call_entry *e = last_of(c, AC_ENTRY_LEVEL);
	enum ac_triage_level l = AC_LEVEL_NONE;

	if (e != NULL)
		(void)ac_level_parse(e->value, &l);
	return l;
}

const struct ac_call_entry *
ac_call_said(const struct ac_call *c, enum ac_call_entry_kind kind, struct ac_str key)
{
	for (size_t i = c->nentries; i-- > 0;)
		if (c->entries[i].kind == kind && ac_streq(c->entries[i].name, key))
			return &c->entries[i];
	return NULL;
}

struct ac_str
ac_call_name(struct ac_arena *a, struct ac_uuid plan, int64_t n)
{
	return ac_strf(a, "%.*s/%lld", AC_FMT(ac_uuid_str(a, plan)), (long long)n);
}

int64_t
ac_call_at_ms(const struct ac_call *c)
{
	return c->nentries == 0 ? 0 : c->entries[0].at_ms;
}

bool
ac_call_is_finding(const struct ac_call *c, int64_t now_ms)
{
	bool found = false;

	for (size_t i = 0; i < c->nentries; i++)
		found |= c->entries[i].kind != AC_ENTRY_OUTCOME;
	if (!found)
		return ac_streq_c(ac_call_outcome(c), "reached") || ac_streq_c(ac_call_outcome(c), "refused");
	return ac_str_is_set(ac_call_outcome(c)) ||
	       now_ms - c->entries[c->nentries - 1].at_ms >= AC_CALL_LEFT_MS;
}

bool
ac_call_reached_nobody(struct ac_str outcome)
{
	return ac_streq_c(outcome, "no-answer") || ac_streq_c(outcome, "message-left") ||
	       ac_streq_c(outcome, "wrong-number");
}

size_t
ac_call_attempts(const struct ac_call *v, size_t n, struct ac_str task)
{
	size_t tries = 0;

	for (size_t i = 0; i < n; i++) {
		struct ac_str o = ac_call_outcome(&v[i]);
		if (ac_str_is_set(v[i].task) && ac_streq(v[i].task, task) && ac_call_reached_nobody(o))
			tries++;
	}
	return tries;
}

static void
put_entry(struct ac_jw *w, const struct ac_call_entry *e)
{
	ac_jw_obj(w);
	ac_jw_kstr(w, "kind", ac_str_c(ac_call_entry_word(e->kind)));
	ac_jw_kstr(w, "name", e->name);
	ac_jw_kstr(w, "value", e->value);
	ac_jw_kstr(w, "words", e->words);
	ac_jw_kint(w, "at_ms", e->at_ms);
	ac_jw_kstr(w, "by", e->actor);
	ac_jw_kstr(w, "by_role", e->role);
	ac_jw_end_obj(w);
}

void
ac_calls_write(struct ac_jw *w, const struct ac_call *v, size_t n)
{
	ac_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		ac_jw_obj(w);
		ac_jw_kint(w, "n", v[i].n);
		ac_jw_kstr(w, "kind", ac_str_c(ac_call_kind_word(v[i].kind)));
		ac_jw_kstr(w, "task", v[i].task);
		ac_jw_key(w, "entries");
		ac_jw_arr(w);
		for (size_t k = 0; k < v[i].nentries; k++)
			put_entry(w, &v[i].entries[k]);
		ac_jw_end_arr(w);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

struct ac_str
ac_calls_encode(const struct ac_call *v, size_t n, struct ac_arena *a)
{
	struct ac_buf b;
	struct ac_jw w;

	if (n == 0)
		return (struct ac_str){ 0 };
	ac_buf_init(&b, a, 1024, 0);
	ac_jw_init(&w, &b);
	ac_calls_write(&w, v, n);
	return ac_buf_str(&b);
}

static enum ac_code
bad(struct ac_err *reterr)
{
	return ac_fail_at(reterr, AC_EINTEGRITY, "MANIFEST", 0, 0, "calls", "stored calls cannot be read");
}

static bool
get_entries(json_object *o, struct ac_arena *a, struct ac_call *c)
{
	json_object *list;

	if (!json_object_object_get_ex(o, "entries", &list) || !json_object_is_type(list, json_type_array))
		return false;
	c->nentries = json_object_array_length(list);
	c->entries = ac_new(a, struct ac_call_entry, c->nentries);
	for (size_t i = 0; i < c->nentries; i++) {
		json_object *x = json_object_array_get_idx(list, i);
		struct ac_call_entry *e = &c->entries[i];
		*e = (struct ac_call_entry){ .name = ac_json_str(x, "name", a),
			.value = ac_json_str(x, "value", a),
			.words = ac_json_str(x, "words", a),
			.actor = ac_json_str(x, "by", a),
			.role = ac_json_str(x, "by_role", a),
			.at_ms = ac_json_int(x, "at_ms", 0) };
		if (!ac_call_entry_parse(ac_json_str(x, "kind", a), &e->kind))
			return false;
	}
	return true;
}

enum ac_code
ac_calls_decode(
    struct ac_str json, struct ac_arena *a, struct ac_call **ret, size_t *ret_n, struct ac_err *reterr)
{
	AC_AUTO_T(json_object) root = NULL;
	struct ac_call *v;
	size_t n;

	if (ac_json_parse(json, AC_JSON_SIZE_MAX, &root, reterr) != AC_OK ||
	    !json_object_is_type(root, json_type_array))
		return bad(reterr);
	n = json_object_array_length(root);
	v = ac_new(a, struct ac_call, n);
	for (size_t i = 0; i < n; i++) {
		json_object *o = json_object_array_get_idx(root, i);
		v[i].n = ac_json_int(o, "n", 0);
		v[i].task = ac_json_str(o, "task", a);
		if (!ac_call_kind_parse(ac_json_str(o, "kind", a), &v[i].kind) || !get_entries(o, a, &v[i]))
			return bad(reterr);
	}
	*ret = v;
	*ret_n = n;
	return AC_OK;
}
