/* rights.c - see rights.h. */
#include <errno.h>
#include <grp.h>
#include <ini.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/utf8.h"
#include "core/rights.h"

#define RIGHTS 6
#define GROUPS_MAX 1024 /* of one user; beyond it the groups give nothing */
#define GROUP_BYTES 65536

static const char *const words[RIGHTS] = { "edit", "approve", "publish", "suspend", "recall", "persons" };

struct ac_rights {
	bool declared;            /* there is a section [roles] */
	struct ac_str of[RIGHTS]; /* as written: names and commas */
};
struct load {
	struct ac_arena *a;
	struct ac_rights *r;
	unsigned seen;
	const char *what; /* wrong with the line that inih names */
};

const char *
ac_may_word(enum ac_may m)
{
	for (size_t i = 0; i < RIGHTS; i++)
		if ((unsigned)m == 1U << i)
			return words[i];
	return m == AC_MAY_REPIN ? "repin" : "do that";
}

static int
on_value(void *arg, const char *section, const char *name, const char *value)
{
	struct load *l = arg;

	if (strcmp(section, "roles") != 0)
		return 1;
	l->r->declared = true;
	for (unsigned i = 0; i < RIGHTS; i++) {
		if (strcmp(name, words[i]) != 0)
			continue;
		if ((l->seen >> i & 1) != 0 && l->what == NULL)
			l->what = "a right stands twice in [roles]";
		l->seen |= 1U << i;
		l->r->of[i] = ac_str_dup(l->a, ac_str_c(value));
		return l->what == NULL;
	}
	if (l->what == NULL)
		l->what = "[roles] knows edit, approve, publish, suspend, recall, persons";
	return 0;
}

enum ac_code
ac_rights_load(struct ac_str ini, struct ac_arena *a, const struct ac_rights **ret, struct ac_err *reterr)
{
	struct load l = { .a = a, .r = ac_new(a, struct ac_rights, 1) };
	struct ac_str rest = ini, line;
	size_t bad_at;

	if (ini.n > AC_RIGHTS_BYTES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "CNF-LIMIT", "the installation's file has at most %d bytes",
		    AC_RIGHTS_BYTES_MAX);
	if (!ac_utf8_is_valid(ini, &bad_at) || (ini.n > 0 && memchr(ini.p, '\0', ini.n) != NULL))
		return ac_fail(reterr, AC_EINPUT, "CNF-SYNTAX", "the installation's file is UTF-8 text");
	for (uint32_t number = 1; ac_str_is_set(rest); number++) {
		rest = ac_cut(rest, '\n', &line);
		if (line.n > AC_RIGHTS_LINE_MAX) /* inih would cut it silently */
			return ac_fail_at(reterr, AC_ELIMIT, "CNF-LIMIT", number, 1, NULL,
			    "a line has at most %d bytes", AC_RIGHTS_LINE_MAX);
		if (ac_streq_c(
			ac_str_trim(line), "[roles]")) /* an empty section is one: nobody may anything */
			l.r->declared = true;
	}
	int bad = ini_parse_string(ini.n == 0 ? "" : ac_cstr(a, ini), on_value, &l);
	if (bad < 0)
		return ac_fail(reterr, AC_EIO, "CNF-LIBRARY", "inih has no memory");
	if (bad > 0)
		return ac_fail_at(reterr, AC_EINPUT, l.what != NULL ? "CNF-KEY" : "CNF-SYNTAX", (uint32_t)bad,
		    1, NULL, "%s", l.what != NULL ? l.what : "this line cannot be read");
	*ret = l.r;
	return AC_OK;
}

enum ac_code
ac_rights_read(
    const char *path, bool needed, struct ac_arena *a, const struct ac_rights **ret, struct ac_err *reterr)
{
	struct ac_str ini;
	struct stat st;
	enum ac_code rc;

	*ret = NULL;
	if (!needed && lstat(path, &st) != 0 && errno == ENOENT) /* a link to nowhere is no missing file */
		return AC_OK;
	if ((rc = ac_file_read(path, AC_RIGHTS_BYTES_MAX, a, &ini, reterr)) != AC_OK)
		return rc;
	return ac_rights_load(ini, a, ret, reterr);
}

struct asked {
	struct ac_str account, person;
	ac_in_group_fn *is_in;
	void *arg;
};

static bool
machine_has(const char *user, const char *name, void *arg)
{
	char buffer[GROUP_BYTES];
	struct passwd pw, *found_user = NULL;
	struct group gr, *found = NULL;
	gid_t gids[GROUPS_MAX];
	int n = GROUPS_MAX;

	(void)arg;
	if (getgrnam_r(name, &gr, buffer, sizeof(buffer), &found) != 0 || found == NULL)
		return false;
	gid_t wanted = gr.gr_gid;
	if (getpwnam_r(user, &pw, buffer, sizeof(buffer), &found_user) != 0 || found_user == NULL ||
	    getgrouplist(user, pw.pw_gid, gids, &n) < 0)
		return false;
	for (int i = 0; i < n; i++)
		if (gids[i] == wanted)
			return true;
	return false;
}

/* Is the user of this machine behind the account in a group of it? An account of the EHR is in none. */
static bool
is_in_group(const struct asked *q, struct ac_str group)
{
	char user[AC_ACCOUNT_MAX + 1], name[AC_RIGHTS_LINE_MAX + 1];

	if (!ac_str_starts(q->account, AC_S("os:")) || q->account.n > AC_ACCOUNT_MAX || group.n > AC_RIGHTS_LINE_MAX)
		return false;
	snprintf(user, sizeof(user), "%.*s", (int)(q->account.n - 3), q->account.p + 3);
	snprintf(name, sizeof(name), "%.*s", AC_FMT(group));
	return q->is_in(user, name, q->arg);
}

static bool
stands_in(struct ac_str list, const struct asked *q)
{
	while (ac_str_is_set(list)) {
		struct ac_str one;
		list = ac_cut(list, ',', &one);
		one = ac_str_trim(one);
		if (one.n > 0 && (ac_streq_c(one, "*") || ac_streq(one, q->account) || ac_streq(one, q->person)))
			return true;
		if (one.n > 1 && one.p[0] == '@' && is_in_group(q, (struct ac_str){ one.p + 1, one.n - 1 }))
			return true;
	}
	return false;
}

unsigned
ac_rights_of_on(const struct ac_rights *rights, struct ac_str account, struct ac_str person, ac_in_group_fn *is_in,
    void *arg)
{
	const struct asked q = { account, person, is_in, arg };
	unsigned may = 0;

	if (rights == NULL || !rights->declared)
		return AC_MAY_ALL;
	for (unsigned i = 0; i < RIGHTS; i++)
		if (stands_in(rights->of[i], &q))
			may |= 1U << i;
	return (may & AC_MAY_RECALL) != 0 ? may | AC_MAY_REPIN : may;
}

unsigned
ac_rights_of(const struct ac_rights *rights, struct ac_str account, struct ac_str person)
{
	return ac_rights_of_on(rights, account, person, machine_has, NULL);
}

bool
ac_rights_name(const struct ac_rights *rights, size_t n, struct ac_str *ret_name, const char **ret_right)
{
	for (size_t i = 0; rights != NULL && i < RIGHTS; i++)
		for (struct ac_str list = rights->of[i], one; ac_str_is_set(list);) {
			list = ac_cut(list, ',', &one);
			one = ac_str_trim(one);
			if (one.n == 0 || n-- > 0)
				continue;
			*ret_name = one;
			*ret_right = words[i];
			return true;
		}
	return false;
}

bool
ac_rights_are_declared(const struct ac_rights *rights)
{
	return rights != NULL && rights->declared;
}

unsigned
ac_rights_of_role(enum ac_role role)
{
	switch (role) {
	case AC_ROLE_CLINICIAN:
		return AC_MAY_APPROVE | AC_MAY_SUSPEND | AC_MAY_REPIN;
	case AC_ROLE_NONE:
	case AC_ROLE_FRONT_DESK:
	case AC_ROLE_NURSE:
	case AC_ROLE_ADMIN:
	case AC_ROLE_AUDITOR:
	case AC_ROLE_SYSTEM:
		break;
	}
	return 0;
}

struct ac_str
ac_account(struct ac_str name, struct ac_arena *a)
{
	if (name.n > 0 && memchr(name.p, ':', name.n) != NULL)
		return name;
	return ac_strf(a, "os:%.*s", AC_FMT(name));
}

struct ac_str
ac_account_ehr(struct ac_str site, struct ac_str user, struct ac_arena *a)
{
	return ac_strf(a, "ehr:%.*s/%.*s", AC_FMT(site), AC_FMT(user));
}
