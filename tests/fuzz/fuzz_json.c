/*
 * fuzz_json.c - the JSON door: what it accepts the library accepts, the writer writes back, and the door
 * accepts again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
write_tree(struct ac_jw *w, json_object *o)
{
	switch (json_object_get_type(o)) {
	case json_type_null:
		ac_jw_null(w);
		break;
	case json_type_boolean:
		ac_jw_bool(w, json_object_get_boolean(o));
		break;
	case json_type_double:
		ac_jw_num(w, json_object_get_double(o));
		break;
	case json_type_int:
		ac_jw_int(w, json_object_get_int64(o));
		break;
	case json_type_string:
		ac_jw_str(
		    w, (struct ac_str){ json_object_get_string(o), (size_t)json_object_get_string_len(o) });
		break;
	case json_type_array:
		ac_jw_arr(w);
		for (size_t i = 0; i < json_object_array_length(o); i++)
			write_tree(w, json_object_array_get_idx(o, i));
		ac_jw_end_arr(w);
		break;
	case json_type_object: {
		ac_jw_obj(w);
		json_object_object_foreach(o, key, value)
		{
			ac_jw_key(w, key);
			write_tree(w, value);
		}
		ac_jw_end_obj(w);
		break;
	}
	}
}

/* Equal, where 1.0 and 1 are the same number. */
static bool
is_same(json_object *x, json_object *y)
{
	json_type tx = json_object_get_type(x), ty = json_object_get_type(y);

	if (tx == json_type_double && ty == json_type_int)
		return json_object_get_double(x) - (double)json_object_get_int64(y) == 0;
	if (tx == json_type_double && ty == json_type_double)
		return json_object_get_double(x) - json_object_get_double(y) == 0;
	if (tx == json_type_array && ty == json_type_array) {
		size_t n = json_object_array_length(x);
		bool same = n == json_object_array_length(y);

		for (size_t i = 0; same && i < n; i++)
			same = is_same(json_object_array_get_idx(x, i), json_object_array_get_idx(y, i));
		return same;
	}
	if (tx == json_type_object && ty == json_type_object) {
		if (json_object_object_length(x) != json_object_object_length(y))
			return false;
		json_object_object_foreach(x, key, value)
		{
			json_object *other = NULL;

			if (!json_object_object_get_ex(y, key, &other) || !is_same(value, other))
				return false;
		}
		return true;
	}
	return json_object_equal(x, y);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ac_str bytes = { (const char *)data, size };
	struct ac_err e = { 0 };
	json_object *tree = NULL, *again = NULL;
	uint32_t line = 0, col = 0;

	if (ac_json_parse(bytes, AC_JSON_SIZE_MAX, &tree, &e) != AC_OK) {
		if (e.rule == NULL || e.line == 0 || e.col == 0 || strstr(e.msg, "library") != NULL)
			abort();
		return 0;
	}
	if (!ac_json_locate(bytes, "", &line, &col))
		abort();

	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_buf b;
	struct ac_jw w;
	ac_buf_init(&b, a, 256, 0);
	ac_jw_init(&w, &b);
	write_tree(&w, tree);
	if (ac_json_parse(ac_buf_str(&b), SIZE_MAX, &again, &e) != AC_OK || !is_same(tree, again))
		abort();
	json_object_put(tree);
	json_object_put(again);
	return 0;
}
