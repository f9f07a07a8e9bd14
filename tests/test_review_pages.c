/* The pages of who approves: what they show, what they refuse, and that nothing of a protocol's text runs in them. */
#include "tests/life_kit.h"
#include "tests/web_kit.h"

#define HOSTILE "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"

static struct kit k;
static struct ac_sha256 version; /* alice's, in review: no sauna for 24 h instead of 72 h */
static char uri[160];

static const char *
at(const struct ac_sha256 *v, const char *rest)
{
	snprintf(
	    uri, sizeof(uri), "/aftercare/reviews/%s%s", ac_cstr(k.a, ac_hex(k.a, v->b, sizeof(v->b))), rest);
	return uri;
}

static void
set_up(void)
{
	kit_open(&k);
	person(&k, "dr-b", "ehr:default/clinician");
	person(&k, "author", "os:alice");
	person(&k, "bob", "os:bob");
	version = draft(&k, "alice", "24 h");
	need_ok(submit(&k, "alice", &version));
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(review_pages, .init = set_up, .fini = tear_down);

static struct ac_http
see(const char *user, const char *role, const char *path)
{
	struct call c = { .uri = path, .user = user, .role = role, .site = "default" };

	return serve(&k, &c);
}

static struct ac_http
page(const char *user)
{
	struct ac_http h = see(user, "clinician", at(&version, ""));

	cr_expect(h.status == 200, "%d", h.status);
	return h;
}

/* The form on `html`, sent by this user. */
static struct ac_http
send(const char *user, const char *html, const struct ac_sha256 *v, const char *action, const char *more)
{
	struct call c = {
		.method = "POST", .user = user, .role = "clinician", .site = "default", .uri = at(v, action)
	};

	c.body = form_body(&k, html, action, more);
	cr_assert(c.body != NULL, "no form %s", action);
	return serve(&k, &c);
}

/* Under review from now on: a line says something else and carries the signature that it had. */
static void
review_carried(void)
{
	version = draft_of(&k, "alice", carried(&k, "24 h"));
	need_ok(submit(&k, "alice", &version));
}

static const char *
html_for(const char *user)
{
	struct ac_http h = page(user);

	return text_of(&k, &h);
}

Test(review_pages, list_what_waits_with_who_wrote_it)
{
	struct ac_http h = see("clinician", "clinician", "/aftercare/reviews");

	cr_expect(h.status == 200 && holds(&h, at(&version, "")));
	cr_expect(holds(&h, "An Example (alice)") && holds(&h, "▼ 1 weaker") && holds(&h, "compared with v1"));
	cr_expect(page_fault(&k, ac_buf_str(&h.out)) == NULL);
}

Test(review_pages, say_when_nothing_waits)
{
	need_ok(approve(&k, "bob", &version));
	struct ac_http h = see("clinician", "clinician", "/aftercare/reviews");

	cr_expect(h.status == 200 && holds(&h, "Nothing waits for approval."));
}

Test(review_pages, show_what_changes_by_meaning)
{
	struct ac_http h = page("clinician");

	cr_expect(holds(&h, "no-sauna") && holds(&h, "72 h") && holds(&h, "<strong>24 h</strong>"));
	cr_expect(holds(&h, "▼ weaker") && holds(&h, "on the sheet") && holds(&h, "1 change, 1 weaker"));
	cr_expect(page_fault(&k, ac_buf_str(&h.out)) == NULL);
}

Test(review_pages, show_a_first_version_as_new_throughout)
{
	struct ac_sha256 v =
	    draft_of(&k, "alice", kit_changed(&k, KIT_MESO, "id=\"mesotherapy\"", "id=\"another\""));
	need_ok(submit(&k, "alice", &v));
	struct ac_http h = see("clinician", "clinician", at(&v, ""));

	cr_expect(h.status == 200 && holds(&h, "so all of it is new"), "%d", h.status);
	cr_expect(holds(&h, "No sauna; until 72 h") && holds(&h, "+ new") && !holds(&h, "stronger"));
}

Test(review_pages, show_the_sheet_of_an_invented_patient_in_each_language)
{
	struct ac_http h = page("clinician");

	cr_expect(holds(&h, "/sheet?language=en") && holds(&h, "/sheet?language=de"));
	h = see("clinician", "clinician", at(&version, "/sheet?language=de"));
	cr_expect(
	    h.status == 200 && holds(&h, "lang=\"de\"") && holds(&h, "Keine Sauna") && holds(&h, "Invented"));
	cr_expect(page_fault(&k, ac_buf_str(&h.out)) == NULL);
}

Test(review_pages, list_open_decisions_by_line)
{
	struct ac_sha256 v = draft_of(&k, "alice",
	    kit_changed(&k, KIT_MESO, "seed=\"S02\" signed=\"dr.demo 2026-03-01\"", "seed=\"S02\""));
	need_ok(submit(&k, "alice", &v));
	struct ac_http h = see("clinician", "clinician", at(&v, ""));

	cr_expect(
	    holds(&h, "nobody has signed this line") && holds(&h, "LINT-UNSIGNED") && holds(&h, "line 93"));
	cr_expect(holds(&h, "decisions are open") && !holds(&h, "value=\"approve\""));
}

Test(review_pages, approve_and_answer_with_the_page)
{
	struct ac_http h =
	    send("clinician", html_for("clinician"), &version, "/decision", "decision=approve");

	cr_expect(h.status == 303);
	cr_expect(ac_streq_c(header_of(&h, "Location"), at(&version, "")));
	struct ac_life_row r = row(&k, &version);
	cr_expect(r.state == AC_LIFE_APPROVED);
	EXPECT_TEXT(r.approver, "ehr:default/clinician");
	EXPECT_TEXT(r.approver_person, "dr-b");
	h = page("clinician");
	cr_expect(holds(&h, "It is approved.") && !holds(&h, "value=\"approve\""));
	cr_expect(holds(&h, "An Example (ehr:default/clinician)"));
}

Test(review_pages, give_the_author_no_form_and_refuse_the_sent_one)
{
	const char *html = html_for("clinician");
	account(&k, "author", "ehr:default/writer");
	struct ac_http h = page("writer");
	struct call c = { .method = "POST",
		.user = "writer",
		.role = "clinician",
		.site = "default",
		.uri = at(&version, "/decision") };

	cr_expect(holds(&h, "You wrote this version") && !holds(&h, "value=\"approve\""));
	c.body =
	    form_body(&k, text_of(&k, &h), "/decision", "decision=approve"); /* of the form that returns */
	cr_assert(c.body != NULL);
	h = serve(&k, &c);
	cr_expect(h.status == 403 && holds(&h, "PUB-SECOND-PERSON"), "%d", h.status);
	h = send("writer", html, &version, "/decision", "decision=approve"); /* another's token */
	cr_expect(h.status == 403 && holds(&h, "FORM-TOKEN"));
	cr_expect(state_of(&k, &version) == AC_LIFE_IN_REVIEW);
}

Test(review_pages, return_with_a_comment_and_show_it)
{
	struct ac_http h = send("clinician", html_for("clinician"), &version, "/decision",
	    "decision=return&comment=Too+short+%3Cb%3E");

	cr_expect(h.status == 303 && state_of(&k, &version) == AC_LIFE_DRAFT);
	h = page("clinician");
	cr_expect(holds(&h, "Too short &lt;b&gt;") && !holds(&h, "/decision"));
}

Test(review_pages, return_nothing_without_a_comment)
{
	struct ac_http h =
	    send("clinician", html_for("clinician"), &version, "/decision", "decision=return&comment=++");

	cr_expect(h.status == 400 && holds(&h, "LIFE-REASON"));
	cr_expect(state_of(&k, &version) == AC_LIFE_IN_REVIEW);
}

Test(review_pages, answer_a_form_of_an_older_state_with_the_page_as_it_is)
{
	const char *html = html_for("clinician");
	struct ac_sha256 other = draft(&k, "alice", "96 h");

	need_ok(publish(&k, "bob", &other, 0));
	struct ac_http h = send("clinician", html, &version, "/decision", "decision=approve");
	cr_expect(h.status == 409 && holds(&h, "Nothing was changed.") &&
		  holds(&h, "It moved since you opened it"));
	cr_expect(holds(&h, "Another version was published since this was written."));
	cr_expect(state_of(&k, &version) == AC_LIFE_IN_REVIEW);
}

Test(review_pages, bind_the_approval_to_what_was_compared)
{
	struct call c = { .method = "POST", .user = "clinician", .role = "clinician", .site = "default" };
	char *body = form_body(&k, html_for("clinician"), "/decision", "decision=approve");

	c.uri = at(&version, "/decision");
	strstr(body, "base=1")[5] = '0';
	c.body = body;
	struct ac_http h = serve(&k, &c);
	cr_expect(h.status == 409, "%d", h.status);
	c.body = ac_cstr(k.a, ac_strf(k.a, "%.*s&decision=approve", (int)(strchr(body, '&') - body), body));
	cr_expect(serve(&k, &c).status == 400, "no word of what was seen");
}

Test(review_pages, keep_a_typed_comment_when_it_moved)
{
	const char *html = html_for("clinician");

	need_ok(approve(&k, "bob", &version));
	struct ac_http h =
	    send("clinician", html, &version, "/decision", "decision=approve&comment=kept+words");
	cr_expect(h.status == 409 && holds(&h, "kept words"));
}

Test(review_pages, sign_a_line_that_changed_and_show_the_signed_version)
{
	review_carried();
	struct ac_http h = send("clinician", html_for("clinician"), &version, "/signatures", "place=93:3");

	cr_assert(h.status == 303, "%d %s", h.status, text_of(&k, &h));
	const char *location = ac_cstr(k.a, header_of(&h, "Location"));
	cr_expect(strcmp(location, at(&version, "")) != 0);
	h = see("clinician", "clinician", location);
	cr_expect(h.status == 200 && holds(&h, "in review") && !holds(&h, "Lines to sign"));
	cr_expect(holds(&h, "An Example (alice)") && holds(&h, "signed lines"));
	h = page("clinician");
	cr_expect(holds(&h, ">draft<") && !holds(&h, "/decision"));
}

Test(review_pages, sign_for_nobody_without_a_person)
{
	review_carried();
	struct ac_life_who admin = who_is("root");
	struct ac_http h = page("other");
	struct ac_err e = { 0 };

	cr_expect(holds(&h, "A signature is a person's.") && !holds(&h, "/signatures"));
	const char *html = html_for("clinician"); /* while the account is somebody's */
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_person_unmap(k.w, &admin, AC_S("ehr:default/clinician"), (struct ac_life_how){ 0 }, &e), &e);
	h = send("clinician", html, &version, "/signatures", "place=93:3");
	cr_expect(h.status == 403 && holds(&h, "SIGN-PERSON"));
	cr_expect(state_of(&k, &version) == AC_LIFE_IN_REVIEW);
}

Test(review_pages, sign_nothing_that_was_not_chosen_or_is_no_place)
{
	review_carried();
	struct ac_http h = send("clinician", html_for("clinician"), &version, "/signatures", "a=b");

	cr_expect(h.status == 400 && holds(&h, "SIGN-NONE"));
	h = send("clinician", html_for("clinician"), &version, "/signatures", "place=93:x");
	cr_expect(h.status == 400 && holds(&h, "SIGN-PLACE"));
	h = send("clinician", html_for("clinician"), &version, "/signatures", "place=102:3");
	cr_expect(h.status == 400 && holds(&h, "SIGN-PLACE"));
}

Test(review_pages, an_administrator_reads_and_decides_nothing_without_roles)
{
	struct ac_http h = see("admin", "admin", at(&version, ""));

	cr_expect(h.status == 200 && holds(&h, "not one of those that approve") && !holds(&h, "<form"));
}

Test(review_pages, say_that_the_account_is_nobodys_and_refuse_the_sent_form)
{
	struct ac_http h = page("other");

	cr_expect(holds(&h, "not entered as a person") && !holds(&h, "value=\"approve\""));
	h = send("other", text_of(&k, &h), &version, "/decision", "decision=approve"); /* of the form that returns */
	cr_expect(h.status == 403 && holds(&h, "PUB-PERSON"));
	cr_expect(state_of(&k, &version) == AC_LIFE_IN_REVIEW);
}

Test(review_pages, roles_of_the_installation_name_who_approves_beside_clinicians)
{
	char path[128];
	FILE *f;

	person(&k, "dr-c", "ehr:default/admin");
	snprintf(path, sizeof(path), "%s/aftercare.conf", k.dir);
	f = fopen(path, "w");
	cr_assert(f != NULL);
	fputs("[roles]\napprove = ehr:default/admin\n", f);
	fclose(f);
	struct ac_http h = see("admin", "admin", at(&version, ""));
	cr_expect(h.status == 200 && holds(&h, "value=\"approve\""));
	h = see("other-admin", "admin", at(&version, ""));
	cr_expect(h.status == 200 && !holds(&h, "value=\"approve\""));
}

Test(review_pages, a_clinic_of_one_doctor_waits_and_is_told_so)
{
	kit_clinic(&k, "[rules]\n", "[rules]\nsolo = 24 h\n");
	account(&k, "author", "ehr:default/writer");
	struct ac_http h = page("writer");

	cr_expect(holds(&h, "one doctor") && holds(&h, "waiting time") && !holds(&h, "value=\"approve\""));
	k.now_ms += 25 * 3600 * (int64_t)1000;
	h = page("writer");
	cr_expect(holds(&h, "value=\"approve\""));
	h = send("writer", text_of(&k, &h), &version, "/decision", "decision=approve");
	cr_expect(h.status == 303 && row(&k, &version).solo);
}

Test(review_pages, show_what_was_published_without_approval_first_with_its_reason)
{
	struct ac_life_who who = who_is("alice");
	struct ac_life_publish p = { .break_glass = true,
		.how = { .reason = AC_S("nobody could be reached") } };
	struct ac_life_done done;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_publish(k.w, &who, &version, &p, &done, &e), &e);
	struct ac_http h = see("clinician", "clinician", "/aftercare/reviews");
	cr_expect(holds(&h, "in force without approval"));
	h = page("clinician");
	cr_expect(holds(&h, "nobody has approved it") && holds(&h, "nobody could be reached"));
	h = send("clinician", text_of(&k, &h), &version, "/decision", "decision=approve");
	cr_expect(h.status == 303 && !row(&k, &version).unapproved);
}

static struct ac_http
hold(const char *user, const char *more)
{
	struct ac_sha256 v = in_force(&k);
	struct ac_http h = see(user, "clinician", at(&v, ""));

	cr_assert(h.status == 200, "%d", h.status);
	return send(user, text_of(&k, &h), &v, "/decision", more);
}

Test(review_pages, list_what_is_in_force)
{
	struct ac_sha256 v = in_force(&k);
	struct ac_http h = see("clinician", "clinician", "/aftercare/reviews");

	cr_expect(holds(&h, "In force") && holds(&h, at(&v, "")) && holds(&h, "mesotherapy v1"));
}

Test(review_pages, suspend_a_version_at_once_and_resume_it)
{
	struct ac_http h = hold("clinician", "decision=suspend&reason=too+short");
	struct ac_sha256 v = in_force(&k);

	cr_expect(h.status == 303 && row(&k, &v).suspended);
	h = see("clinician", "clinician", "/aftercare/reviews");
	cr_expect(holds(&h, "suspended"));
	h = see("clinician", "clinician", at(&v, ""));
	cr_expect(!holds(&h, "Compared with") && !holds(&h, "What changes"));
	cr_expect(
	    holds(&h, "no sheet is given out.") && holds(&h, "too short") && holds(&h, "value=\"resume\""));
	h = hold("clinician", "decision=resume&reason=looked+at");
	cr_expect(h.status == 303 && !row(&k, &v).suspended);
}

Test(review_pages, suspend_nothing_without_a_reason)
{
	struct ac_http h = hold("clinician", "decision=suspend&reason=");

	cr_expect(h.status == 400 && holds(&h, "LIFE-REASON"));
	struct ac_sha256 v = in_force(&k);
	cr_expect(!row(&k, &v).suspended);
}

Test(review_pages, suspend_nothing_twice)
{
	struct ac_sha256 v = in_force(&k);
	struct ac_http h = see("clinician", "clinician", at(&v, ""));
	const char *html = text_of(&k, &h);

	suspend(&k, "bob");
	h = send("clinician", html, &v, "/decision", "decision=suspend&reason=mine+too");
	cr_expect(h.status == 409 && holds(&h, "Nothing was changed."), "%d", h.status);
}

Test(review_pages, do_nothing_that_has_no_name)
{
	struct ac_http h =
	    send("clinician", html_for("clinician"), &version, "/decision", "decision=publish");

	cr_expect(h.status == 400 && holds(&h, "REVIEW-DECISION"));
}

Test(review_pages, let_nothing_of_a_protocols_text_run)
{
	struct ac_sha256 v;
	struct ac_str xml = kit_changed(&k, KIT_MESO, "Mesotherapy aftercare (demonstration)", HOSTILE);
	char *text = ac_cstr(k.a, xml), *line = strstr(text, "Do not use a sauna.");

	xml =
	    ac_strf(k.a, "%.*s" HOSTILE "%s", (int)(line - text), text, line + strlen("Do not use a sauna."));
	v = draft_of(&k, "alice<b>", xml);
	need_ok(submit(&k, "alice<b>", &v));
	const char *pages[] = { "", "/sheet?language=en", "/sheet?language=%3Cscript%3E" };
	for (size_t i = 0; i < 3; i++) {
		struct ac_http h = see("clinician", "clinician", at(&v, pages[i]));
		const char *fault = page_fault(&k, ac_buf_str(&h.out));
		cr_expect(h.status == 200 && fault == NULL, "%s: %d %s", pages[i], h.status, fault);
	}
	struct ac_http h = see("clinician", "clinician", "/aftercare/reviews");
	cr_expect(page_fault(&k, ac_buf_str(&h.out)) == NULL && !holds(&h, "<script"));
}

Test(review_pages, take_no_sign_in_that_could_be_two_accounts)
{
	struct call c = { .uri = "/aftercare/reviews", .user = "c", .role = "clinician", .site = "a/b" };
	struct ac_http h = serve(&k, &c);

	cr_expect(h.status == 403 && holds(&h, "LIFE-ACCOUNT"));
}

Test(review_pages, know_no_version_that_is_not_there)
{
	struct ac_sha256 none = { { 7 } };

	cr_expect(see("clinician", "clinician", at(&none, "")).status == 404);
	cr_expect(see("clinician", "clinician", "/aftercare/reviews/xyz").status == 404);
}
