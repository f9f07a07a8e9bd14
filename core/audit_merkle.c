/* audit_merkle.c - the tree of RFC 9162 section 2.1, as arithmetic on hashes. */
#include <string.h>

#include "core/audit.h"

void
ac_merkle_leaf(struct ac_str bytes, struct ac_sha256 *ret)
{
	ac_sha256_2((struct ac_str){ "\0", 1 }, bytes, ret);
}

void
ac_merkle_node(const struct ac_sha256 *l, const struct ac_sha256 *r, struct ac_sha256 *ret)
{
	char both[65];

	both[0] = 1;
	memcpy(both + 1, l->b, 32);
	memcpy(both + 33, r->b, 32);
	ac_sha256((struct ac_str){ both, sizeof(both) }, ret);
}

size_t
ac_frontier_count(uint64_t size)
{
	return (size_t)__builtin_popcountll(size);
}

/* Binary addition: each 1 at the low end is a finished subtree that the new leaf completes to a larger one. */
void
ac_frontier_add(struct ac_frontier *f, const struct ac_sha256 *leaf)
{
	size_t n = ac_frontier_count(f->size);
	struct ac_sha256 h = *leaf;

	for (uint64_t carry = f->size; (carry & 1) != 0; carry >>= 1)
		ac_merkle_node(&f->v[--n], &h, &h);
	f->v[n] = h;
	f->size++;
}

void
ac_frontier_root(const struct ac_frontier *f, struct ac_sha256 *ret)
{
	size_t n = ac_frontier_count(f->size);

	if (n == 0) {
		ac_sha256(AC_S(""), ret);
		return;
	}
	struct ac_sha256 h = f->v[n - 1];
	for (size_t i = n - 1; i > 0; i--)
		ac_merkle_node(&f->v[i - 1], &h, &h);
	*ret = h;
}

void
ac_merkle_root(const struct ac_sha256 *leaves, size_t n, struct ac_sha256 *ret)
{
	struct ac_frontier f = { 0 };

	for (size_t i = 0; i < n; i++)
		ac_frontier_add(&f, &leaves[i]);
	ac_frontier_root(&f, ret);
}

/* The largest power of two below n; n >= 2. */
static size_t
split(size_t n)
{
	size_t k = 1;

	while (k < n - k)
		k <<= 1;
	return k;
}

enum ac_code
ac_merkle_inclusion(const struct ac_sha256 *leaves, size_t n, size_t index, struct ac_arena *a,
    struct ac_sha256 **ret, size_t *ret_n, struct ac_err *reterr)
{
	struct ac_sha256 *path, down[64]; /* from the root; the proof goes the other way */
	size_t depth = 0;

	if (index >= n)
		return ac_fail(reterr, AC_ENOTFOUND, "LOG-INDEX", "the log has no leaf with this index");
	while (n > 1) {
		size_t k = split(n);
		if (index < k) {
			ac_merkle_root(leaves + k, n - k, &down[depth++]);
			n = k;
		} else {
			ac_merkle_root(leaves, k, &down[depth++]);
			leaves += k;
			n -= k;
			index -= k;
		}
	}
	path = ac_new(a, struct ac_sha256, depth + 1);
	for (size_t i = 0; i < depth; i++)
		path[i] = down[depth - 1 - i];
	*ret = path;
	*ret_n = depth;
	return AC_OK;
}

/* RFC 9162 section 2.1.3.2, with its names. */
bool
ac_merkle_inclusion_check(const struct ac_sha256 *leaf, uint64_t index, uint64_t size,
    const struct ac_sha256 *path, size_t n, const struct ac_sha256 *root)
{
	uint64_t fn = index, sn = size - 1;
	struct ac_sha256 r = *leaf;

	if (index >= size)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			ac_merkle_node(&path[i], &r, &r);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			ac_merkle_node(&r, &path[i], &r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && ac_sha256_eq(&r, root);
}
