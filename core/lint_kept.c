/* lint_kept.c - see lint_kept.h. */
#include <pthread.h>
#include <stdlib.h>

#include "core/lint_kept.h"

struct answer {
	struct ac_sha256 version, base;
	bool has_base;
	struct ac_findings found;
};
struct ac_lint_kept {
	pthread_mutex_t lock;
	struct ac_arena *a;
	struct answer v[AC_LINT_KEPT_MAX];
	size_t n;
};

struct ac_lint_kept *
ac_lint_kept_new(void)
{
	struct ac_lint_kept *k = calloc(1, sizeof(*k));

	if (k == NULL || pthread_mutex_init(&k->lock, NULL) != 0)
		abort();
	k->a = ac_arena_new();
	return k;
}

void
ac_lint_kept_free(struct ac_lint_kept *k)
{
	if (k == NULL)
		return;
	pthread_mutex_destroy(&k->lock);
	ac_arena_free(k->a);
	free(k);
}

/* Rules and levels are static; the rest borrows from the protocol or the arena it was made in. */
static struct ac_findings
copied(const struct ac_findings *f, struct ac_arena *a)
{
	struct ac_finding *v = ac_new(a, struct ac_finding, f->n);

	for (size_t i = 0; i < f->n; i++) {
		v[i] = f->v[i];
		v[i].line_id = ac_str_is_set(f->v[i].line_id) ? ac_str_dup(a, f->v[i].line_id) : (struct ac_str){ 0 };
		v[i].message = ac_str_dup(a, f->v[i].message);
	}
	return (struct ac_findings){ v, f->n };
}

static const struct answer *
find(const struct ac_lint_kept *k, const struct ac_sha256 *version, const struct ac_sha256 *base)
{
	for (size_t i = 0; i < k->n; i++)
		if (ac_sha256_eq(&k->v[i].version, version) && k->v[i].has_base == (base != NULL) &&
		    (base == NULL || ac_sha256_eq(&k->v[i].base, base)))
			return &k->v[i];
	return NULL;
}

bool
ac_lint_kept_get(struct ac_lint_kept *k, const struct ac_sha256 *version, const struct ac_sha256 *base,
    struct ac_arena *a, struct ac_findings *ret)
{
	const struct answer *x;

	if (k == NULL)
		return false;
	pthread_mutex_lock(&k->lock);
	x = find(k, version, base);
	if (x != NULL)
		*ret = copied(&x->found, a);
	pthread_mutex_unlock(&k->lock);
	return x != NULL;
}

void
ac_lint_kept_add(struct ac_lint_kept *k, const struct ac_sha256 *version, const struct ac_sha256 *base,
    const struct ac_findings *found)
{
	if (k == NULL || found->n > AC_LINT_KEPT_FINDINGS)
		return;
	pthread_mutex_lock(&k->lock);
	if (k->n < AC_LINT_KEPT_MAX && find(k, version, base) == NULL) {
		struct answer *x = &k->v[k->n++];
		*x = (struct answer){ .version = *version, .has_base = base != NULL, .found = copied(found, k->a) };
		if (base != NULL)
			x->base = *base;
	}
	pthread_mutex_unlock(&k->lock);
}

size_t
ac_lint_kept_count(struct ac_lint_kept *k)
{
	size_t n = 0;

	if (k == NULL)
		return 0;
	pthread_mutex_lock(&k->lock);
	n = k->n;
	pthread_mutex_unlock(&k->lock);
	return n;
}
