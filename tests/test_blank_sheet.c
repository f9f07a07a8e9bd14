/* The sheet without a patient, for when nothing else can be made; and that it was given. */
#include <json-c/json.h>

#include "core/blank_sheet.h"
#include "tests/life_kit.h"
#include "tests/web_kit.h"

static struct kit k;

static void
set_up(void)
{
	kit_open(&k);
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(blank_sheet, .init = set_up, .fini = tear_down);

static struct ac_str
html_in(const char *language)
{
	struct ac_err e = { 0 };
	struct ac_str html = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	const struct ac_active *of = ac_blank_sheet_of(k.w->config, AC_S("mesotherapy"));
	cr_assert(of != NULL);
	need(ac_blank_sheet_html(k.w, of, ac_str_c(language), AC_S("/aftercare/assets/"), &html, &e), &e);
	return ac_str_dup(k.a, html);
}

static bool
says(struct ac_str html, const char *part)
{
	return memmem(html.p, html.n, part, strlen(part)) != NULL;
}

static size_t
listed(void)
{
	struct ac_http h = get(&k, "system", "/aftercare/v1/blank-sheets");

	cr_assert(h.status == 200, "%s", text_of(&k, &h));
	json_object *all = json_tokener_parse(text_of(&k, &h));
	size_t n = json_object_array_length(json_object_object_get(all, "sheets"));
	json_object_put(all);
	return n;
}

Test(blank_sheet, has_room_for_each_end_with_its_distance)
{
	struct ac_str html = html_in("en");

	cr_expect(says(html, "______") && says(html, "(72 h)"));
	cr_expect(page_fault(&k, html) == NULL, "%s", page_fault(&k, html));
}

Test(blank_sheet, states_no_day_and_no_clock)
{
	struct ac_str html = html_in("en");

	cr_expect(!says(html, " 2026") && !says(html, "March") && !says(html, "Now until"));
}

Test(blank_sheet, has_the_lines_that_depend_on_what_nobody_knows)
{
	struct ac_str html = html_in("en");
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	const struct ac_protocol *p = ac_blank_sheet_of(k.w->config, AC_S("mesotherapy"))->protocol;
	size_t conditional = 0;
	for (size_t i = 0; i < p->ninstructions; i++) {
		const struct ac_instruction *d = &p->instructions[i];
		if (d->l.when == NULL || d->kind != AC_RESTRICTION)
			continue;
		conditional++;
		struct ac_str label = ac_text_pick(d->label.n > 0 ? d->label : d->text, AC_S("en"), NULL);
		cr_expect(says(html, ac_cstr(k.a, label)), "%.*s", AC_FMT(d->l.id));
	}
	cr_expect(conditional > 0);
}

Test(blank_sheet, says_which_number_serves_when_and_the_emergency_number)
{
	struct ac_str html = html_in("en");

	cr_expect(says(html, "class=\"numbers\"") && says(html, "class=\"emergency\""));
}

Test(blank_sheet, is_in_the_language_that_is_wanted)
{
	cr_expect(says(html_in("de"), "lang=\"de\""));
}

Test(blank_sheet, is_offered_for_each_language_of_each_protocol_in_force)
{
	cr_expect(listed() >= 1);
}

Test(blank_sheet, of_what_is_suspended_is_not_offered)
{
	size_t before = listed();

	suspend(&k, "bob");
	cr_expect(listed() < before);
	cr_expect(get(&k, "system", "/aftercare/v1/blank-sheets/mesotherapy/en").status == 404);
}

Test(blank_sheet, is_a_pdf_and_the_same_one_each_time)
{
	struct ac_http h = get(&k, "system", "/aftercare/v1/blank-sheets/mesotherapy/en");
	struct ac_str first;

	cr_assert(h.status == 200, "%s", text_of(&k, &h));
	first = ac_str_dup(k.a, ac_buf_str(&h.out));
	cr_expect(ac_str_starts(first, AC_S("%PDF-")));
	h = get(&k, "system", "/aftercare/v1/blank-sheets/mesotherapy/en");
	cr_expect(ac_streq(ac_buf_str(&h.out), first));
}
