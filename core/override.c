/* override.c - acts as canonical JSON, and which of them hold. */
#include "core/override.h"

static const char *const act_words[AC_OVERRIDE_ACTS] = { "window", "omit", "add", "reword", "undo" };

const char *
ac_override_act_word(enum ac_override_act a)
{
	return act_words[a];
}

bool
ac_override_act_of(struct ac_str word, enum ac_override_act *ret)
{
	for (int i = 0; i < AC_OVERRIDE_ACTS; i++) {
		if (!ac_streq_c(word, act_words[i]))
			continue;
		*ret = (enum ac_override_act)i;
		return true;
	}
	return false;
}

bool
ac_instruction_kind_of(struct ac_str word, enum ac_instruction_kind *ret)
{
	for (int i = AC_RESTRICTION; i <= AC_WARNING; i++) {
		if (!ac_streq_c(word, ac_instruction_kind_word((enum ac_instruction_kind)i)))
			continue;
		*ret = (enum ac_instruction_kind)i;
		return true;
	}
	return false;
}

static void
put_offset(struct ac_jw *w, struct ac_arena *a, const char *key, struct ac_offset o)
{
	if (o.kind != AC_OFFSET_NONE)
		ac_jw_kstr(w, key, ac_offset_str(a, o));
}

static void
put(struct ac_jw *w, struct ac_arena *a, const struct ac_override *o)
{
	ac_jw_obj(w);
	ac_jw_kint(w, "n", o->n);
	ac_jw_kstr(w, "act", ac_str_c(act_words[o->act]));
	ac_jw_kstr(w, "line", o->line);
	ac_jw_kstr(w, "kind", ac_str_c(ac_instruction_kind_word(o->kind)));
	ac_jw_kstr(w, "concept", o->concept);
	put_offset(w, a, "from", o->from);
	put_offset(w, a, "until", o->until);
	ac_jw_kstr(w, "lang", o->lang);
	ac_jw_kstr(w, "text", o->text);
	ac_jw_kstr(w, "english", o->english);
	ac_jw_kstr(w, "base", o->base);
	if (o->undoes != 0)
		ac_jw_kint(w, "undoes", o->undoes);
	if (o->end != AC_INSTANT_NONE)
		ac_jw_kint(w, "end", o->end);
	ac_jw_kstr(w, "reason", o->reason);
	ac_jw_kstr(w, "by", o->by);
	ac_jw_kstr(w, "by_role", o->by_role);
	ac_jw_kint(w, "at_ms", o->at_ms);
	if (o->confirmed.n > 0) {
		ac_jw_key(w, "confirmed");
		ac_jw_arr(w);
		for (size_t i = 0; i < o->confirmed.n; i++)
			ac_jw_str(w, o->confirmed.v[i]);
		ac_jw_end_arr(w);
	}
	ac_jw_end_obj(w);
}

struct ac_str
ac_override_encode(const struct ac_override *o, struct ac_arena *a)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, a, 512, 0);
	ac_jw_init(&w, &b);
	put(&w, a, o);
	return ac_buf_str(&b);
}

struct ac_str
ac_overrides_encode(struct ac_overrides all, struct ac_arena *a)
{
	struct ac_buf b;
	struct ac_jw w;

	if (all.n == 0)
		return (struct ac_str){ 0 };
	ac_buf_init(&b, a, 1024, 0);
	ac_jw_init(&w, &b);
	ac_jw_arr(&w);
	for (size_t i = 0; i < all.n; i++)
		put(&w, a, &all.v[i]);
	ac_jw_end_arr(&w);
	return ac_buf_str(&b);
}

static enum ac_code
bad(struct ac_err *reterr)
{
	return ac_fail_at(
	    reterr, AC_EINTEGRITY, "MANIFEST", 0, 0, "overrides", "a stored override cannot be read");
}

static bool
get_offset(json_object *o, const char *key, struct ac_arena *a, struct ac_offset *ret)
{
	struct ac_str s = ac_json_str(o, key, a);

	return !ac_str_is_set(s) || ac_offset_parse(s, ret);
}

static void
get_confirmed(json_object *o, struct ac_arena *a, struct enc_strs *ret)
{
	json_object *list;

	if (!json_object_object_get_ex(o, "confirmed", &list) || !json_object_is_type(list, json_type_array))
		return;
	ret->n = json_object_array_length(list);
	ret->v = ac_new(a, struct ac_str, ret->n);
	for (size_t i = 0; i < ret->n; i++) {
		json_object *s = json_object_array_get_idx(list, i);
		ret->v[i] = ac_str_dup(
		    a, (struct ac_str){ json_object_get_string(s), (size_t)json_object_get_string_len(s) });
	}
}

static bool
get(json_object *o, struct ac_arena *a, struct ac_override *ret)
{
	struct ac_override v = { 0 };

	if (!json_object_is_type(o, json_type_object) || !ac_override_act_of(ac_json_str(o, "act", a), &v.act) ||
	    !ac_instruction_kind_of(ac_json_str(o, "kind", a), &v.kind) || !get_offset(o, "from", a, &v.from) ||
	    !get_offset(o, "until", a, &v.until))
		return false;
	v.n = ac_json_int(o, "n", 0);
	v.line = ac_json_str(o, "line", a);
	v.concept = ac_json_str(o, "concept", a);
	v.lang = ac_json_str(o, "lang", a);
	v.text = ac_json_str(o, "text", a);
	v.english = ac_json_str(o, "english", a);
	v.base = ac_json_str(o, "base", a);
	v.undoes = ac_json_int(o, "undoes", 0);
	v.end = ac_json_int(o, "end", AC_INSTANT_NONE);
	v.reason = ac_json_str(o, "reason", a);
	v.by = ac_json_str(o, "by", a);
	v.by_role = ac_json_str(o, "by_role", a);
	v.at_ms = ac_json_int(o, "at_ms", 0);
	get_confirmed(o, a, &v.confirmed);
	*ret = v;
	return v.n > 0 && ac_str_is_set(v.line);
}

enum ac_code
ac_override_decode(struct ac_str json, struct ac_arena *a, struct ac_override *ret, struct ac_err *reterr)
{
	AC_AUTO_T(json_object) root = NULL;

	if (ac_json_parse(json, AC_JSON_SIZE_MAX, &root, reterr) != AC_OK || !get(root, a, ret))
		return bad(reterr);
	return AC_OK;
}

enum ac_code
ac_overrides_decode(struct ac_str json, struct ac_arena *a, struct ac_overrides *ret, struct ac_err *reterr)
{
	AC_AUTO_T(json_object) root = NULL;
	struct ac_override *v;
	size_t n;

	if (ac_json_parse(json, AC_JSON_SIZE_MAX, &root, reterr) != AC_OK ||
	    !json_object_is_type(root, json_type_array) ||
	    (n = json_object_array_length(root)) > AC_OVERRIDES_MAX)
		return bad(reterr);
	v = ac_new(a, struct ac_override, n);
	for (size_t i = 0; i < n; i++)
		if (!get(json_object_array_get_idx(root, i), a, &v[i]))
			return bad(reterr);
	*ret = (struct ac_overrides){ v, n };
	return AC_OK;
}

const struct ac_override *
ac_override_undone_by(struct ac_overrides all, const struct ac_override *o)
{
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].act == AC_OVERRIDE_UNDO && all.v[i].undoes == o->n)
			return &all.v[i];
	return NULL;
}

bool
ac_override_holds(struct ac_overrides all, const struct ac_override *o)
{
	if (o->act == AC_OVERRIDE_UNDO || ac_override_undone_by(all, o) != NULL)
		return false;
	for (size_t i = 0; i < all.n; i++) {
		const struct ac_override *x = &all.v[i];
		if (x->n > o->n && x->act == o->act && ac_streq(x->line, o->line) &&
		    ac_override_undone_by(all, x) == NULL)
			return false;
	}
	return true;
}

struct ac_str
ac_override_key(struct ac_arena *a, int64_t n)
{
	return ac_strf(a, AC_OVERRIDE_PROTOCOL "/added-%lld", (long long)n);
}
