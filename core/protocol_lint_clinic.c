/* protocol_lint_clinic.c - the clinic's contact lines, as far as a protocol needs them. */
#include "core/clinic.h"
#include "core/protocol_lint.h"

static const struct ac_contact *
contact_of(const struct ac_clinic *c, enum ac_contact_line line)
{
	if (line == AC_CONTACT_CLINIC)
		return &c->clinic;
	return line == AC_CONTACT_OUT_OF_HOURS ? &c->out_of_hours : &c->emergency;
}

/* Where the protocol asks for it, else at its top: every protocol needs all three. */
static struct ac_lint_place
place_of(const struct ac_protocol *p, enum ac_contact_line line)
{
	for (size_t i = 0; i < p->ncontacts; i++)
		if (p->contacts[i].line_of == line)
			return (struct ac_lint_place){ p->contacts[i].line, p->contacts[i].col, { 0 } };
	return (struct ac_lint_place){ 1, 1, { 0 } };
}

/* Digits only: people write blanks and hyphens. */
static struct ac_str
digits(struct ac_arena *a, struct ac_str s)
{
	char *p = ac_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			p[n++] = s.p[i];
	p[n] = '\0';
	return (struct ac_str){ p, n };
}

static const char *
numbers_of(struct ac_str country)
{
	static const struct {
		const char *country, *numbers;
	} rows[] = {
#define X(country, numbers) { country, numbers },
#include "core/emergency_numbers.def"
#undef X
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (ac_streq_c(country, rows[i].country))
			return rows[i].numbers;
	return NULL;
}

static void
lint_emergency_number(struct ac_lint *l, const struct ac_clinic *c)
{
	const char *all = numbers_of(c->country);
	struct ac_str have = digits(l->a, c->emergency.number), left = ac_str_c(all), one;

	if (all == NULL || !c->emergency.is_set)
		return;
	while (ac_str_is_set(left)) {
		left = ac_cut(left, ' ', &one);
		if (ac_streq(one, have))
			return;
	}
	ac_lint_add(l, AC_RULE_EMERGENCY_NUMBER, place_of(l->p, AC_CONTACT_EMERGENCY),
	    "%.*s is no emergency number of %.*s (%s)", AC_FMT(c->emergency.number), AC_FMT(c->country), all);
}

/* Allowed, and said: one person alone answers for what patients are told. */
static void
lint_solo(struct ac_lint *l, const struct ac_clinic *c)
{
	if (c->solo_hours > 0)
		ac_lint_add(l, AC_RULE_SOLO, (struct ac_lint_place){ 1, 1, { 0 } },
		    "a clinic of one doctor: its author may approve this version, %d h after submitting it",
		    c->solo_hours);
}

void
ac_lint_clinic(struct ac_lint *l)
{
	const struct ac_clinic *c = l->beside->clinic;

	for (int i = AC_CONTACT_CLINIC; c != NULL && i <= AC_CONTACT_EMERGENCY; i++) {
		enum ac_contact_line line = (enum ac_contact_line)i;
		const struct ac_contact *one = contact_of(c, line);
		if (!one->is_set)
			ac_lint_add(l, AC_RULE_CONTACT, place_of(l->p, line),
			    "the clinic has no number for \"%s\"", ac_contact_line_word(line));
		else if (one->signed_by.n == 0)
			ac_lint_add(l, AC_RULE_CONTACT_UNSIGNED, place_of(l->p, line),
			    "nobody has signed the number for \"%s\"", ac_contact_line_word(line));
	}
	if (l->beside->unapproved)
		ac_lint_add(l, AC_RULE_UNAPPROVED, (struct ac_lint_place){ 1, 1, { 0 } },
		    "this version is in force by break-glass, and nobody has approved it yet");
	if (c == NULL)
		return;
	lint_emergency_number(l, c);
	lint_solo(l, c);
}
