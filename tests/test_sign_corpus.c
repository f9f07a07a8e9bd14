/* Whatever a protocol looks like: signing all that can be signed changes its signatures, and nothing else. */
#include <dirent.h>

#include "base/file.h"
#include "core/protocol_diff.h"
#include "core/protocol_sign.h"
#include "tests/expect.h"

#define SIGNATURE AC_S("dr-b 2026-03-28")

static struct ac_arena *a;

static void
set_up(void)
{
	a = ac_arena_new();
}
static void
tear_down(void)
{
	ac_arena_free(a);
}
TestSuite(sign_corpus, .init = set_up, .fini = tear_down);

static const struct ac_protocol *
loaded(const char *name, struct ac_str text)
{
	const struct ac_protocol *p = NULL;
	struct ac_err e = { 0 };

	cr_assert(ac_protocol_load(text, a, &p, &e) == AC_OK, "%s: %s %s", name, e.rule, e.msg);
	return p;
}

static struct ac_sign_places
places_of(const struct ac_protocol *p, struct ac_str text)
{
	struct ac_sign_places places = { 0 };
	struct ac_err e = { 0 };

	cr_assert(ac_protocol_sign_places(p, text, NULL, a, &places, &e) == AC_OK, "%s",
	    e.msg);
	return places;
}

/* The text without what was written into it is the text as it was. */
static bool
is_same_without_signatures(struct ac_str was, struct ac_str now)
{
	static const char added[] = " signed=\"dr-b 2026-03-28\"";
	size_t i = 0;

	for (size_t k = 0; k < now.n;) {
		if (now.n - k >= sizeof(added) - 1 && memcmp(now.p + k, added, sizeof(added) - 1) == 0)
			k += sizeof(added) - 1;
		else if (i == was.n || was.p[i++] != now.p[k++])
			return false;
	}
	return i == was.n;
}

static size_t
sign_all(const char *name, struct ac_str text)
{
	const struct ac_protocol *p = loaded(name, text);
	struct ac_sign_places places = places_of(p, text);
	struct ac_err e = { 0 };
	struct ac_changes c;
	struct ac_str now;

	cr_assert(ac_protocol_sign_text(text, places.v, places.n, SIGNATURE, a, &now, &e) == AC_OK, "%s: %s",
	    name, e.msg);
	const struct ac_protocol *after = loaded(name, now);
	ac_protocol_diff(p, after, a, &c);
	for (size_t i = 0; i < c.n; i++)
		cr_expect(ac_str_ends(c.v[i].part, AC_S("signed")), "%s: %.*s", name, AC_FMT(c.v[i].part));
	cr_expect(places_of(after, now).n == 0, "%s: something is left to sign", name);
	cr_expect(is_same_without_signatures(text, now), "%s", name);
	return places.n;
}

static void
sign_folder(const char *folder, size_t at_least)
{
	const char *path = ac_cstr(a, ac_strf(a, "%s/%s", AC_SOURCE_DIR, folder));
	DIR *dir = opendir(path);
	struct dirent *f;
	size_t n = 0;

	cr_assert(dir != NULL, "%s", path);
	while ((f = readdir(dir)) != NULL) {
		struct ac_err e = { 0 };
		struct ac_str text;
		if (!ac_str_ends(ac_str_c(f->d_name), AC_S(".xml")))
			continue;
		const char *file = ac_cstr(a, ac_strf(a, "%s/%s", path, f->d_name));
		cr_assert(ac_file_read(file, AC_PROTOCOL_BYTES_MAX, a, &text, &e) == AC_OK, "%s", e.msg);
		n += sign_all(f->d_name, text);
	}
	closedir(dir);
	cr_expect(n >= at_least, "%zu places in %s", n, folder);
}

Test(sign_corpus, the_shipped_drafts)
{
	sign_folder("schemas/protocols", 60);
}

Test(sign_corpus, the_demonstrations)
{
	sign_folder("schemas/protocols/demo", 0);
}

Test(sign_corpus, every_good_protocol)
{
	sign_folder("tests/good/protocol", 15);
}

Test(sign_corpus, a_file_with_carriage_returns_and_a_mark_at_its_start)
{
	sign_all("crlf", AC_S("\xEF\xBB\xBF<?xml version=\"1.0\"?>\r\n<protocol "
			      "xmlns=\"urn:aftercare:protocol:1\" id=\"x\" owner=\"o\">\r\n"
			      "  <title xml:lang=\"en\">T</title>\r\n  <trigger category=\"C\"/>\r\n  <goal "
			      "id=\"g\"\r\n    seed=\"S01\"\r\n  >\r\n"
			      "    <!-- <goal id=\"no\"> -->\r\n    <text xml:lang=\"en\">\xC3\x9C > "
			      "1</text>\r\n  </goal>\r\n</protocol>\r\n"));
}
