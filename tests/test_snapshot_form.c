/* test_snapshot_form.c - the canonical form of a snapshot, its hash, and the corpus. */
#include <dirent.h>
#include <stdlib.h>

#include "tests/snapshot_kit.h"

TestSuite(snapshot_form, .init = setup, .fini = teardown);

static struct ac_str
again(struct ac_str json)
{
	struct encounter *back = NULL;

	cr_assert(eq(int, enc_snapshot_decode(json, a, &back, &w, &err), AC_OK), "%s %s %s", err.rule,
	    err.path, err.msg);
	cr_expect(eq(sz, w.n, 0), "the canonical form holds unknown members");
	return enc_snapshot_encode(back, true, a);
}

Test(snapshot_form, encodes_what_decodes_to_the_same)
{
	cr_assert(eq(int, decode(full_snapshot), AC_OK));
	struct ac_str first = enc_snapshot_encode(e, true, a);
	cr_expect(ac_streq(first, again(first)));
	cr_expect(ac_str_starts(
	    first, AC_S("{\"schema\":\"aftercare/encounter/1\",\"source\":{\"system\":\"openemr\"")));
}

Test(snapshot_form, keeps_the_offset_a_time_was_written_with)
{
	cr_assert(eq(int,
	    decode(
		with(",\"end\":\"2026-03-28T23:40:00-03:30\",\"signed\":\"1969-12-31T23:59:59Z\"", "", "")),
	    AC_OK));
	struct ac_str s = enc_snapshot_encode(e, true, a);
	cr_expect(memmem(s.p, s.n, "\"end\":\"2026-03-28T23:40:00-03:30\"", 33) != NULL, "%.*s", AC_FMT(s));
	cr_expect(
	    memmem(s.p, s.n, "\"signed\":\"1969-12-31T23:59:59+00:00\"", 36) != NULL, "%.*s", AC_FMT(s));
}

static const char *
hash_of(const char *json)
{
	struct ac_sha256 h;

	cr_assert(eq(int, decode(json), AC_OK), "%s %s %s", err.rule, err.path, err.msg);
	enc_content_hash(e, a, &h);
	return ac_cstr(a, ac_hex(a, h.b, sizeof(h.b)));
}

Test(snapshot_form, hashes_content_without_the_revision)
{
	const char *one = "{\"patient\":{\"family\":\"F\",\"id\":\"1\"},\"facts\":{\"b\":2,\"a\":[]},"
			  "\"unknown\":3,\"encounter\":"
			  "{\"zone\":\"UTC\",\"start\":\"2026-03-28T14:00:00Z\",\"status\":\"finished\","
			  "\"revision\":1,\"id\":\"5\"},"
			  "\"source\":{\"site\":\"s\"},\"schema\":\"aftercare/encounter/"
			  "1\",\"procedures\":[{\"id\":\"p\"}]}";
	const char *two =
	    "{\"schema\":\"aftercare/encounter/1\",\"source\":{\"site\":\"s\",\"system\":null},\"encounter\":"
	    "{\"id\":\"5\",\"revision\":2,\"status\":\"finished\",\"start\":\"2026-03-28T14:00:00+00:00\","
	    "\"zone\":\"UTC\"},"
	    "\"patient\":{\"id\":\"1\",\"family\":\"F\"},\"procedures\":[{\"id\":\"p\",\"status\":"
	    "\"performed\"}],"
	    "\"facts\":{\"a\":[],\"b\":2.0}}";

	cr_expect(eq(str, (char *)hash_of(one), (char *)hash_of(two)));
}

Test(snapshot_form, hashes_other_content_to_another_value)
{
	cr_expect(
	    ne(str, (char *)hash_of(with("", "", "")), (char *)hash_of(with("", ",\"given\":[\"A\"]", ""))));
	cr_expect(ne(str, (char *)hash_of(with("", "", ",\"conditions\":{\"items\":[]}")),
	    (char *)hash_of(with("", "", ""))));
	cr_expect(ne(
	    str, (char *)hash_of(with("", "", ",\"facts\":{\"a\":[]}")), (char *)hash_of(with("", "", ""))));
}

/* A xorshift: the same subsets on every machine. */
static uint32_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32);
}

static bool
is_required(const char *path)
{
	static const char *const must[] = { "/schema", "/source", "/source/site", "/encounter",
		"/encounter/id", "/encounter/revision", "/encounter/status", "/encounter/start",
		"/encounter/zone", "/patient", "/patient/id", "/patient/family" };

	for (size_t i = 0; i < sizeof(must) / sizeof(*must); i++)
		if (strcmp(must[i], path) == 0)
			return true;
	return false;
}

static void
thin_out(json_object *v, const char *path, uint64_t *state)
{
	const char *gone[64];
	int n = 0;

	if (json_object_is_type(v, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(v); i++)
			thin_out(json_object_array_get_idx(v, i), "/item", state);
		return;
	}
	if (!json_object_is_type(v, json_type_object))
		return;
	json_object_object_foreach(v, key, value)
	{
		const char *here = ac_cstr(a, ac_strf(a, "%s/%s", path, key));
		if (!is_required(here) && draw(state) % 3 == 0)
			gone[n++] = key;
		else
			thin_out(value, here, state);
	}
	while (n > 0)
		json_object_object_del(v, gone[--n]);
}

Test(snapshot_form, any_combination_of_absent_members_round_trips)
{
	uint64_t state = 88172645463325252u;
	AC_AUTO_T(json_object) whole = json_tokener_parse(full_snapshot);

	for (int i = 0; i < 2000; i++) {
		AC_AUTO_T(json_object) tree = NULL;
		cr_assert(eq(int, json_object_deep_copy(whole, &tree, NULL), 0));
		thin_out(tree, "", &state);
		const char *json = json_object_to_json_string(tree);
		cr_assert(eq(int, decode(json), AC_OK), "%s %s in %s", err.rule, err.path, json);
		struct ac_str first = enc_snapshot_encode(e, true, a);
		cr_assert(ac_streq(first, again(first)), "%s", json);
		ac_arena_reset(a);
	}
}

/* tests/bad/snapshot/RULE-what.json: refused, with that rule. */
Test(snapshot_form, refuses_every_file_of_the_corpus_by_its_rule)
{
	DIR *dir = opendir(AC_SOURCE_DIR "/tests/bad/snapshot");
	struct dirent *f;
	int n = 0;

	cr_assert(ne(ptr, dir, NULL));
	while ((f = readdir(dir)) != NULL) {
		struct ac_str bytes;
		if (!ac_str_ends(ac_str_c(f->d_name), AC_S(".json")))
			continue;
		const char *path =
		    ac_cstr(a, ac_strf(a, "%s/tests/bad/snapshot/%s", AC_SOURCE_DIR, f->d_name));
		cr_assert(eq(int, ac_file_read(path, AC_JSON_SIZE_MAX, a, &bytes, &err), AC_OK));
		err = (struct ac_err){ 0 };
		enum ac_code code = enc_snapshot_decode(bytes, a, &e, &w, &err);
		cr_expect(code == AC_EINPUT || code == AC_ELIMIT, "%s is accepted", f->d_name);
		cr_expect(err.rule != NULL && ac_str_starts(ac_str_c(f->d_name), ac_str_c(err.rule)),
		    "%s gives %s (%s)", f->d_name, err.rule, err.msg);
		cr_expect(gt(u32, err.line, 0), "%s gives no line", f->d_name);
		n++;
	}
	closedir(dir);
	cr_expect(ge(int, n, 40));
}

Test(snapshot_form, accepts_every_good_file)
{
	static const char *const good[] = { "full", "minimal", "absent" };

	for (size_t i = 0; i < 3; i++) {
		struct ac_str bytes;
		const char *path =
		    ac_cstr(a, ac_strf(a, "%s/tests/good/snapshot/%s.json", AC_SOURCE_DIR, good[i]));
		cr_assert(eq(int, ac_file_read(path, AC_JSON_SIZE_MAX, a, &bytes, &err), AC_OK));
		cr_assert(eq(int, enc_snapshot_decode(bytes, a, &e, &w, &err), AC_OK), "%s: %s %s", good[i],
		    err.rule, err.path);
		struct ac_str first = enc_snapshot_encode(e, true, a);
		cr_expect(ac_streq(first, again(first)), "%s", good[i]);
	}
}
