/* The one table of verbs: what each row promises, whatever its function does. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "admin-cli/verbs.h"

#define BOTH (CLI_DRY_RUN | CLI_REASON)

static const struct row {
	const char *name;
	unsigned need;
	uint64_t options;
} rows[] = {
#define VERB(name, fn, args, help, min, max, need, options, one, two) { name, need, options },
#include "admin-cli/verbs.def"
#undef VERB
};
#define NROWS (sizeof(rows) / sizeof(rows[0]))

/* Those that only read what is stored, or write a file that they are named. A new verb stands here or carries CLI_WRITES. */
static const char *const readers[] = { "clinic show", "site list", "key list", "key certificate", "audit signature", "store check", "config show", "config check",
	"doctor", "completion", "person list", "protocol list", "protocol show", "protocol lint", "protocol diff",
	"protocol fmt", "protocol preview", "protocol simulate", "protocol coverage", "protocol export", "protocol reviews",
	"protocol history", "protocol blame", "plan list", "plan show", "plan explain", "plan document", "plan handout", "plan check", "plan regen",
	"task list", "event list", "event show", "delivery list", "export cda", "audit verify", "audit key" };

static bool
is_reader(const char *name)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (strcmp(readers[i], name) == 0)
			return true;
	return false;
}

Test(verbs, a_verb_that_writes_takes_a_dry_run_and_a_reason)
{
	for (size_t i = 0; i < NROWS; i++)
		if ((rows[i].need & CLI_WRITES) != 0)
			cr_expect(eq(u64, rows[i].options & BOTH, BOTH), "%s", rows[i].name);
}

Test(verbs, a_verb_that_takes_a_reason_is_marked_as_writing)
{
	for (size_t i = 0; i < NROWS; i++)
		if ((rows[i].options & BOTH) != 0)
			cr_expect(ne(u32, rows[i].need & CLI_WRITES, 0), "%s", rows[i].name);
}

Test(verbs, every_verb_either_writes_or_is_known_to_read)
{
	for (size_t i = 0; i < NROWS; i++)
		cr_expect(ne(int, is_reader(rows[i].name), (rows[i].need & CLI_WRITES) != 0), "%s", rows[i].name);
}
