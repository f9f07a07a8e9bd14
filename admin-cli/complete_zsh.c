/* complete_zsh.c - completion for zsh, through its own _arguments. */
#include <stdio.h>

#include "admin-cli/complete.h"

/* Inside '...' and a [description] or a name:description. */
static void
add_quoted(struct ac_buf *b, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			ac_buf_addz(b, "'\\'");
		else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\')
			ac_buf_addc(b, '\\');
		ac_buf_addc(b, *text);
	}
}

/* What completes: a function, or the words. `_default` offers nothing that could be wrong. */
static void
add_action(struct ac_buf *b, const struct cli_fits *f)
{
	if (f->words.n > 0)
		ac_buf_addf(b, "(%.*s)", AC_FMT(f->words));
	else if (f->protocol)
		ac_buf_addz(b, f->file ? "_aftercare_protocols_files" : "_aftercare_protocols");
	else if (f->file)
		ac_buf_addz(b, "_files");
	else if (f->folder)
		ac_buf_addz(b, "_files -/");
	else
		ac_buf_addz(b, " ");
}

static void
add_option(struct ac_arena *a, struct ac_buf *b, const struct cli_option_row *o)
{
	struct cli_fits f = cli_fits(a, o->arg);

	ac_buf_addf(b, " \\\n\t\t\t'%s--%s%s[", o->repeats ? "*" : "", o->word, *o->arg ? "=" : "");
	add_quoted(b, o->help);
	ac_buf_addz(b, "]");
	if (*o->arg) {
		ac_buf_addz(b, ":");
		add_quoted(b, o->arg);
		ac_buf_addz(b, ":");
		add_action(b, &f);
	}
	ac_buf_addz(b, "'");
}

static void
add_verb(struct ac_arena *a, struct ac_buf *b, const struct cli_verb *v)
{
	struct cli_fits f = cli_fits(a, v->args);

	ac_buf_addf(b, "\t\t'%s')\n\t\t_arguments -s -S", v->name);
	for (size_t i = 0; i < CLI_NOPTIONS; i++)
		if ((v->options & UINT64_C(1) << i) != 0)
			add_option(a, b, &cli_options[i]);
	ac_buf_addz(b, " \\\n\t\t\t'(-h --help)'{-h,--help}'[this help]'");
	if (*v->args) {
		ac_buf_addz(b, " \\\n\t\t\t'*:");
		add_quoted(b, v->args);
		ac_buf_addz(b, ":");
		add_action(b, &f);
		ac_buf_addz(b, "'");
	}
	ac_buf_addz(b, " ;;\n");
}

/* The words that may come first, or second in a group; each with its sentence. */
static void
add_seconds(struct ac_buf *b, struct ac_str group)
{
	struct ac_str second;

	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++) {
		if (!ac_streq(cli_verb_head(v, &second), group))
			continue;
		ac_buf_addf(b, " '%.*s:", AC_FMT(second));
		add_quoted(b, v->help);
		ac_buf_addz(b, "'");
	}
}

void
cli_complete_zsh(struct ac_arena *a, struct ac_buf *b)
{
	struct ac_str second, group;

	ac_buf_addz(b,
	    "#compdef aftercare\n"
	    "# zsh completion for aftercare, made by 'aftercare completion zsh'\n"
	    "_aftercare_protocols()\n{\n\tlocal -a names\n"
	    "\tnames=(${(f)\"$(aftercare completion protocols 2>/dev/null)\"})\n\tcompadd -a names\n}\n"
	    "_aftercare_protocols_files()\n{\n\t_aftercare_protocols\n\t_files\n}\n"
	    "_aftercare()\n{\n\tlocal -a firsts seconds\n\tlocal verb\n"
	    "\tif (( CURRENT == 2 )); then\n\t\tfirsts=(");
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++) {
		group = cli_verb_head(v, &second);
		if (!cli_verb_is_first_of_group(v))
			continue;
		ac_buf_addf(b, " '%.*s:", AC_FMT(group));
		add_quoted(b, second.n > 0 ? "a group of verbs" : v->help);
		ac_buf_addz(b, "'");
	}
	ac_buf_addz(b, " 'help:explain a verb' 'version:which release this is')\n"
		       "\t\t_describe verb firsts\n\t\treturn\n\tfi\n\tverb=$words[2]\n\tcase $verb in\n");
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++) {
		group = cli_verb_head(v, &second);
		if (!cli_verb_is_first_of_group(v) || second.n == 0)
			continue;
		ac_buf_addf(b, "\t%.*s) seconds=(", AC_FMT(group));
		add_seconds(b, group);
		ac_buf_addz(b, ") ;;\n");
	}
	ac_buf_addz(b, "\tesac\n\tif (( $#seconds )); then\n"
		       "\t\tif (( CURRENT == 3 )); then _describe verb seconds; return; fi\n"
		       "\t\tverb=\"$verb $words[3]\"\n\t\tshift words\n\t\t(( CURRENT-- ))\n\tfi\n"
		       "\tshift words\n\t(( CURRENT-- ))\n\tcase $verb in\n");
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		add_verb(a, b, v);
	ac_buf_addz(b, "\tesac\n}\n"
		       "if [ \"$funcstack[1]\" = _aftercare ]; then _aftercare \"$@\"; else compdef "
		       "_aftercare aftercare; fi\n");
}
