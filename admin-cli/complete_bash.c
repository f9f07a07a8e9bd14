/* complete_bash.c - completion for bash, without the bash-completion package. */
#include <stdio.h>

#include "admin-cli/complete.h"

static void
add_first_words(struct ac_buf *b)
{
	struct ac_str second;

	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		if (cli_verb_is_first_of_group(v)) {
			ac_buf_add(b, cli_verb_head(v, &second));
			ac_buf_addz(b, " ");
		}
	ac_buf_addz(b, "help version");
}

/* group) second words of it */
static void
add_groups(struct ac_buf *b)
{
	struct ac_str second, head, other;

	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++) {
		head = cli_verb_head(v, &second);
		if (!cli_verb_is_first_of_group(v) || second.n == 0)
			continue;
		ac_buf_addf(b, "\t%.*s) seconds='", AC_FMT(head));
		for (const struct cli_verb *x = v; x->name != NULL; x++) {
			if (!ac_streq(cli_verb_head(x, &other), head))
				continue;
			ac_buf_addf(b, "%s%.*s", x == v ? "" : " ", AC_FMT(other));
		}
		ac_buf_addz(b, "' ;;\n");
	}
}

static void
add_fits(struct ac_buf *b, const struct cli_fits *f)
{
	ac_buf_addf(b, "kinds='%s%s%s' words='%.*s'", f->file ? " file" : "", f->folder ? " folder" : "",
	    f->protocol ? " protocol" : "", AC_FMT(f->words));
}

static void
add_verbs(struct ac_arena *a, struct ac_buf *b)
{
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++) {
		struct cli_fits f = cli_fits(a, v->args);

		ac_buf_addf(b, "\t'%s') ", v->name);
		add_fits(b, &f);
		ac_buf_addz(b, " options='");
		for (size_t i = 0; i < CLI_NOPTIONS; i++)
			if ((v->options & UINT64_C(1) << i) != 0)
				ac_buf_addf(
				    b, "--%s%s ", cli_options[i].word, *cli_options[i].arg ? "=" : "");
		ac_buf_addz(b, "--help' ;;\n");
	}
}

static void
add_values(struct ac_arena *a, struct ac_buf *b)
{
	for (size_t i = 0; i < CLI_NOPTIONS; i++) {
		struct cli_fits f = cli_fits(a, cli_options[i].arg);

		if (*cli_options[i].arg == '\0')
			continue;
		ac_buf_addf(b, "\t--%s) ", cli_options[i].word);
		add_fits(b, &f);
		ac_buf_addz(b, " ;;\n");
	}
}

static const char head[] =
    "# bash completion for aftercare, made by 'aftercare completion bash'\n"
    "_aftercare_offer()\n{\n"
    "\tlocal IFS=$'\\n' kind\n"
    "\tCOMPREPLY=($(IFS=' '; compgen -W \"$words\" -- \"$cur\"))\n"
    "\tcase $kinds in *file*) COMPREPLY+=($(compgen -f -- \"$cur\")); compopt -o filenames 2>/dev/null ;; "
    "esac\n"
    "\tcase $kinds in *folder*) COMPREPLY+=($(compgen -d -- \"$cur\")); compopt -o filenames 2>/dev/null ;; "
    "esac\n"
    "\tcase $kinds in *protocol*) COMPREPLY+=($(compgen -W \"$(\"${COMP_WORDS[0]}\" completion protocols "
    "2>/dev/null)\" -- \"$cur\")) ;; esac\n"
    "}\n"
    "_aftercare()\n{\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} first=${COMP_WORDS[1]}\n"
    "\tlocal verb seconds='' kinds='' words='' options=''\n"
    "\tCOMPREPLY=()\n"
    "\t# bash cuts --option=value into three words\n"
    "\tif [ \"$cur\" = '=' ]; then cur=''\n"
    "\telif [ \"$prev\" = '=' ]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
    "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords='";

void
cli_complete_bash(struct ac_arena *a, struct ac_buf *b)
{
	ac_buf_addz(b, head);
	add_first_words(b);
	ac_buf_addz(b, " --help --version'; _aftercare_offer; return\n\tfi\n\tcase $first in\n");
	add_groups(b);
	ac_buf_addz(b, "\tesac\n\tverb=$first\n"
		       "\tif [ -n \"$seconds\" ]; then\n"
		       "\t\tif [ \"$COMP_CWORD\" -eq 2 ]; then words=$seconds; _aftercare_offer; return; fi\n"
		       "\t\tverb=\"$first ${COMP_WORDS[2]}\"\n\tfi\n"
		       "\tcase $prev in\n");
	add_values(a, b);
	ac_buf_addz(b, "\t*) prev='' ;;\n\tesac\n"
		       "\tif [ -n \"$prev\" ]; then _aftercare_offer; return; fi\n"
		       "\tcase $verb in\n");
	add_verbs(a, b);
	ac_buf_addz(b, "\tesac\n"
		       "\tcase $cur in\n"
		       "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
		       "\t\tcase ${COMPREPLY[0]} in *=) compopt -o nospace 2>/dev/null ;; esac ;;\n"
		       "\t*) _aftercare_offer ;;\n"
		       "\tesac\n}\n"
		       "complete -F _aftercare aftercare\n");
}
