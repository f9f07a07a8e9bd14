/* verbs.c - the table, made of the rows of verbs.def. */
#include "admin-cli/verbs.h"

/* clang-format off */
const struct cli_verb cli_verbs[] = {
#define VERB(name, fn, args, help, min, max, need, options, one, two) { name, args, help, { one, two }, min, max, need, options, fn },
#include "admin-cli/verbs.def"
#undef VERB
	{ 0 },
};
/* clang-format on */
