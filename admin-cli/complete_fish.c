/* complete_fish.c - completion for fish: one line a verb, an option, an argument. */
#include <stdio.h>

#include "admin-cli/complete.h"

static void
add_quoted(struct ac_buf *b, const char *text)
{
	ac_buf_addc(b, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'' || *text == '\\')
			ac_buf_addc(b, '\\');
		ac_buf_addc(b, *text);
	}
	ac_buf_addc(b, '\'');
}

static void
add_fits(struct ac_buf *b, const struct cli_fits *f)
{
	if (f->words.n > 0 || f->protocol)
		ac_buf_addf(b, " -a '%.*s%s%s'", AC_FMT(f->words), f->words.n > 0 && f->protocol ? " " : "",
		    f->protocol ? "(aftercare completion protocols 2>/dev/null)" : "");
	else if (f->folder)
		ac_buf_addz(b, " -a '(__fish_complete_directories)'");
}

static void
add_verb(struct ac_arena *a, struct ac_buf *b, const struct cli_verb *v)
{
	struct cli_fits f = cli_fits(a, v->args);

	for (size_t i = 0; i < CLI_NOPTIONS; i++) {
		const struct cli_option_row *o = &cli_options[i];
		struct cli_fits value = cli_fits(a, o->arg);

		if ((v->options & UINT64_C(1) << i) == 0)
			continue;
		ac_buf_addf(b, "complete -c aftercare -n '__aftercare_is %s' -l %s", v->name, o->word);
		if (o->letter != 0)
			ac_buf_addf(b, " -s %c", o->letter);
		ac_buf_addz(b, *o->arg == '\0' ? "" : value.file ? " -r -F" : " -x");
		add_fits(b, &value);
		ac_buf_addz(b, " -d ");
		add_quoted(b, o->help);
		ac_buf_addz(b, "\n");
	}
	if (!f.file && !f.folder && !f.protocol && f.words.n == 0)
		return;
	ac_buf_addf(b, "complete -c aftercare -n '__aftercare_is %s'%s", v->name, f.file ? " -F" : "");
	add_fits(b, &f);
	ac_buf_addz(b, "\n");
}

void
cli_complete_fish(struct ac_arena *a, struct ac_buf *b)
{
	struct ac_str head, second;

	ac_buf_addz(b, "# fish completion for aftercare, made by 'aftercare completion fish'\n"
		       "function __aftercare_is\n\tset -l words (commandline -opc)\n"
		       "\ttest (count $words) -gt (count $argv)\n\tand test \"$words[2..\"(math (count "
		       "$argv) + 1)\"]\" = \"$argv\"\nend\n"
		       "function __aftercare_needs_second\n\tset -l words (commandline -opc)\n"
		       "\ttest (count $words) -eq 2\n\tand test \"$words[2]\" = \"$argv[1]\"\nend\n"
		       "function __aftercare_needs_first\n\ttest (count (commandline -opc)) -eq 1\nend\n"
		       "complete -c aftercare -f\n"
		       "complete -c aftercare -n __aftercare_needs_first -a 'help version'\n");
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++) {
		head = cli_verb_head(v, &second);
		if (cli_verb_is_first_of_group(v)) {
			ac_buf_addf(
			    b, "complete -c aftercare -n __aftercare_needs_first -a %.*s -d ", AC_FMT(head));
			add_quoted(b, second.n > 0 ? "a group of verbs" : v->help);
			ac_buf_addz(b, "\n");
		}
		if (second.n == 0)
			continue;
		ac_buf_addf(b, "complete -c aftercare -n '__aftercare_needs_second %.*s' -a %.*s -d ",
		    AC_FMT(head), AC_FMT(second));
		add_quoted(b, v->help);
		ac_buf_addz(b, "\n");
	}
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		add_verb(a, b, v);
}
