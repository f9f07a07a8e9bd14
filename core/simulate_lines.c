/* simulate_lines.c - see simulate_parts.h: a plan's every change finds its line, so looking one up must not depend on how
 * many there are. */
#include <stdlib.h>
#include <string.h>

#include "core/simulate_parts.h"

#define FIRST_SLOTS 256

static size_t
hash(struct ac_str key, const char *line)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * 1099511628211u;
	for (; *line != 0; line++)
		h = (h ^ (unsigned char)*line) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

/* The slot of a line: its own, or the free one that it would take. */
static uint32_t *
slot_of(const struct ac_simulated_lines *l, struct ac_str key, const char *line)
{
	size_t i = hash(key, line);

	for (;; i++) {
		uint32_t *s = &l->slot[i & (l->nslots - 1)];
		if (*s == 0 ||
		    (ac_streq(l->v[*s - 1].key, key) && strcmp(l->v[*s - 1].line, line) == 0))
			return s;
	}
}

static void
make_room(struct ac_simulated_lines *l, struct ac_arena *a)
{
	if (l->nslots > 2 * (l->n + 1))
		return;
	l->nslots = l->nslots == 0 ? FIRST_SLOTS : l->nslots * 2;
	l->slot = ac_new(a, uint32_t, l->nslots);
	for (size_t i = 0; i < l->n; i++)
		*slot_of(l, l->v[i].key, l->v[i].line) = (uint32_t)i + 1;
}

void
ac_simulated_add(struct ac_simulated_lines *l, const struct ac_plan_change *c, struct ac_arena *a)
{
	make_room(l, a);
	uint32_t *s = slot_of(l, c->key, c->line);
	if (*s == 0) {
		AC_PUSH(a, l, ((struct ac_simulated_line){ .line = c->line, .key = ac_str_dup(a, c->key) }));
		*s = (uint32_t)l->n;
	}
	struct ac_simulated_line *line = &l->v[*s - 1];
	line->n[c->kind]++;
	line->stronger += c->strength == AC_STRENGTH_STRONGER;
	line->weaker += c->strength == AC_STRENGTH_WEAKER;
}

static int
by_key(const void *px, const void *py)
{
	const struct ac_simulated_line *x = px, *y = py;
	int c = ac_str_cmp(x->key, y->key);

	return c != 0 ? c : strcmp(x->line, y->line);
}

void
ac_simulated_join(const struct ac_simulated_lines *v, size_t n, struct ac_arena *a, struct ac_simulation *ret)
{
	struct ac_simulated_lines all = { 0 };
	size_t kept = 0;

	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < v[t].n; i++) {
			struct ac_simulated_line l = v[t].v[i];
			l.key = ac_str_dup(a, l.key);
			AC_PUSH(a, &all, l);
		}
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), by_key);
	for (size_t i = 0; i < all.n; i++) {
		if (kept == 0 || by_key(&all.v[kept - 1], &all.v[i]) != 0) {
			all.v[kept++] = all.v[i];
			continue;
		}
		for (size_t k = 0; k < AC_CHANGE_KINDS; k++)
			all.v[kept - 1].n[k] += all.v[i].n[k];
		all.v[kept - 1].stronger += all.v[i].stronger;
		all.v[kept - 1].weaker += all.v[i].weaker;
	}
	ret->lines = all.v;
	ret->nlines = kept;
}
