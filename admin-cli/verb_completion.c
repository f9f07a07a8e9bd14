/* verb_completion.c - completion: the scripts for the shells, made of the tables, and the names that they ask for. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "admin-cli/complete.h"
#include "core/protocol_list.h"

struct cli_fits
cli_fits(struct ac_arena *a, const char *words)
{
	struct cli_fits f = { 0 };
	struct ac_str rest = ac_str_c(words), word;
	struct ac_buf b;

	ac_buf_init(&b, a, 64, 0);
	while (rest.n > 0) {
		size_t n = strcspn(rest.p, "| []."); /* a literal of the tables: it ends with a NUL */

		word = (struct ac_str){ rest.p, n };
		rest = (struct ac_str){ rest.p + n, rest.n - n };
		if (rest.n > 0)
			rest = (struct ac_str){ rest.p + 1, rest.n - 1 };
		f.file |= ac_streq_c(word, "FILE");
		f.folder |= ac_streq_c(word, "DIR");
		f.protocol |= ac_streq_c(word, "PROTOCOL");
		if (word.n > 0 && islower((unsigned char)word.p[0])) {
			ac_buf_addz(&b, b.n > 0 ? " " : "");
			ac_buf_add(&b, word);
		}
	}
	f.words = ac_buf_str(&b);
	return f;
}

struct ac_str
cli_verb_head(const struct cli_verb *v, struct ac_str *ret_second)
{
	struct ac_str head;

	*ret_second = ac_cut(ac_str_c(v->name), ' ', &head);
	return head;
}

bool
cli_verb_is_first_of_group(const struct cli_verb *v)
{
	struct ac_str second, head = cli_verb_head(v, &second), other;

	for (const struct cli_verb *x = cli_verbs; x != v; x++)
		if (ac_streq(cli_verb_head(x, &other), head))
			return false;
	return true;
}

/* A shell expands what it completes: of a store that is not what it should be, nothing but names is offered. */
static bool
is_name(struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-'))
			return false;
	return s.n > 0;
}

/* One name a line, for the scripts. A store that does not open completes to nothing: a Tab is no place for an error. */
static int
print_protocols(struct cli *c)
{
	struct ac_protocol_rows rows;
	struct ac_err e = { 0 };

	if (!cli_open(c, &e) || ac_protocol_list(c->w, &rows, &e) != AC_OK)
		return 0;
	for (size_t i = 0; i < rows.n; i++)
		if (is_name(rows.v[i].protocol) &&
		    (i == 0 || !ac_streq(rows.v[i].protocol, rows.v[i - 1].protocol)))
			printf("%.*s\n", AC_FMT(rows.v[i].protocol));
	return cli_done();
}

int
verb_completion(struct cli *c)
{
	struct ac_buf script, b;
	struct ac_jw w;
	const char *shell = c->argv[0];

	if (strcmp(shell, "protocols") == 0)
		return print_protocols(c);
	ac_buf_init(&script, c->a, 16 * 1024, 0);
	if (strcmp(shell, "bash") == 0)
		cli_complete_bash(c->a, &script);
	else if (strcmp(shell, "zsh") == 0)
		cli_complete_zsh(c->a, &script);
	else if (strcmp(shell, "fish") == 0)
		cli_complete_fish(c->a, &script);
	else
		return cli_usage(c, "completion for bash, zsh or fish");
	if (!c->json) {
		cli_print(c, ac_buf_str(&script));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "shell", ac_str_c(shell));
	ac_jw_kstr(&w, "script", ac_buf_str(&script));
	return cli_json_end(&w);
}
