/* protocol_diff_match.c - which line of one version is which of the other, and which of them stand in another order. */
#include "core/protocol_diff_parts.h"

static const void *
item(const void *v, size_t size, size_t i)
{
	return (const char *)v + i * size;
}

static struct ac_str *
keys(struct pd *d, const void *v, size_t n, size_t size, pd_key_fn *key)
{
	struct ac_str *k = ac_new(d->a, struct ac_str, n);

	for (size_t i = 0; i < n; i++)
		k[i] = key(item(v, size, i), d->a);
	return k;
}

static void
pair(struct pd_pairs *p, size_t b, size_t n)
{
	p->of_before[b] = (int)n;
	p->of_after[n] = (int)b;
}

struct pd_pairs
pd_match(struct pd *d, const struct pd_list *list)
{
	struct pd_pairs p = { .nbefore = list->nbefore, .nafter = list->nafter };
	struct ac_str *kb = keys(d, list->before, list->nbefore, list->size, list->key);
	struct ac_str *ka = keys(d, list->after, list->nafter, list->size, list->key);

	p.of_before = ac_new(d->a, int, list->nbefore);
	p.of_after = ac_new(d->a, int, list->nafter);
	p.moved = ac_new(d->a, bool, list->nafter);
	p.renamed = ac_new(d->a, bool, list->nafter);
	for (size_t i = 0; i < p.nbefore; i++)
		p.of_before[i] = -1;
	for (size_t n = 0; n < p.nafter; n++) {
		p.of_after[n] = -1;
		for (size_t b = 0; b < p.nbefore && p.of_after[n] < 0; b++)
			if (p.of_before[b] < 0 && ac_streq(kb[b], ka[n]))
				pair(&p, b, n);
	}
	return p;
}

/* Exactly one of the whole list has this key. */
static bool
is_alone(const struct ac_str *k, size_t n, size_t i)
{
	for (size_t j = 0; j < n; j++)
		if (j != i && ac_streq(k[j], k[i]))
			return false;
	return true;
}

void
pd_match_renamed(struct pd *d, const struct pd_list *list, pd_key_fn *key, struct pd_pairs *p)
{
	struct ac_str *kb = keys(d, list->before, list->nbefore, list->size, key);
	struct ac_str *ka = keys(d, list->after, list->nafter, list->size, key);

	for (size_t n = 0; n < p->nafter; n++) {
		if (p->of_after[n] >= 0 || ka[n].n == 0 || !is_alone(ka, p->nafter, n))
			continue;
		for (size_t b = 0; b < p->nbefore; b++) {
			if (p->of_before[b] >= 0 || !ac_streq(kb[b], ka[n]) || !is_alone(kb, p->nbefore, b))
				continue;
			pair(p, b, n);
			p->renamed[n] = true;
			break;
		}
	}
}

/* The fewest lines that have to move: all but the longest run that keeps its order. */
void
pd_find_moved(struct pd *d, struct pd_pairs *p)
{
	size_t *length = ac_new(d->a, size_t, p->nafter);
	int *previous = ac_new(d->a, int, p->nafter), last = -1;

	for (size_t n = 0; n < p->nafter; n++) {
		previous[n] = -1;
		p->moved[n] = p->of_after[n] >= 0;
		if (p->of_after[n] < 0)
			continue;
		length[n] = 1;
		for (size_t m = 0; m < n; m++) {
			if (p->of_after[m] < 0 || p->of_after[m] > p->of_after[n] ||
			    length[m] + 1 <= length[n])
				continue;
			length[n] = length[m] + 1;
			previous[n] = (int)m;
		}
		if (last < 0 || length[n] > length[last])
			last = (int)n;
	}
	for (; last >= 0; last = previous[last])
		p->moved[last] = false;
}
