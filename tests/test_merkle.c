/*
 * test_merkle.c - the tree against published vectors and against the definition itself.
 *
 * Vectors: the reference tree of Certificate Transparency (eight leaves), as in the test data of its published
 * implementations.
 */
#include "core/audit.h"
#include "tests/expect.h"

static const struct ac_str ct_leaves[] = { AC_S(""), AC_S("\x00"), AC_S("\x10"), AC_S("\x20\x21"),
	AC_S("\x30\x31"), AC_S("\x40\x41\x42\x43"), AC_S("\x50\x51\x52\x53\x54\x55\x56\x57"),
	AC_S("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f") };
static const char *const ct_roots[] = { "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" };

#define MANY 130

static struct ac_arena *a;

static void
set_up(void)
{
	a = ac_arena_new();
}

static void
tear_down(void)
{
	ac_arena_free(a);
}

TestSuite(merkle, .init = set_up, .fini = tear_down);

static void
hash_leaves(struct ac_sha256 *ret, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ac_merkle_leaf(ac_strf(a, "leaf %zu", i), &ret[i]);
}

/* RFC 9162 section 2.1.1, word by word: MTH(D[0:k]) and MTH(D[k:n]), k the largest power of two smaller than n. */
static void
naive(const struct ac_sha256 *d, size_t n, struct ac_sha256 *ret)
{
	struct ac_sha256 l, r;
	size_t k = 1;

	if (n == 1) {
		*ret = d[0];
		return;
	}
	while (k * 2 < n)
		k *= 2;
	naive(d, k, &l);
	naive(d + k, n - k, &r);
	unsigned char both[65] = { 1 };
	memcpy(both + 1, l.b, 32);
	memcpy(both + 33, r.b, 32);
	ac_sha256((struct ac_str){ (const char *)both, 65 }, ret);
}

Test(merkle, has_the_published_roots)
{
	struct ac_sha256 leaves[8], root;

	for (size_t i = 0; i < 8; i++)
		ac_merkle_leaf(ct_leaves[i], &leaves[i]);
	for (size_t n = 0; n <= 8; n++) {
		ac_merkle_root(leaves, n, &root);
		EXPECT_TEXT(ac_hex(a, root.b, 32), ct_roots[n]);
	}
}

Test(merkle, agrees_with_the_definition_at_every_size)
{
	struct ac_sha256 leaves[MANY], want, got;

	hash_leaves(leaves, MANY);
	for (size_t n = 1; n <= MANY; n++) {
		naive(leaves, n, &want);
		ac_merkle_root(leaves, n, &got);
		cr_expect(ac_sha256_eq(&want, &got), "%zu leaves", n);
	}
}

Test(merkle, frontier_holds_one_hash_for_each_bit_of_the_size)
{
	struct ac_frontier f = { 0 };
	struct ac_sha256 leaf = { { 0 } };

	for (uint64_t n = 1; n <= 1000; n++) {
		ac_frontier_add(&f, &leaf);
		cr_expect(f.size == n && ac_frontier_count(n) == (size_t)__builtin_popcountll(n));
	}
}

Test(merkle, proves_every_leaf_at_every_size)
{
	struct ac_sha256 leaves[MANY], root, *path = NULL;
	size_t n_path = 0;
	struct ac_err e = { 0 };

	hash_leaves(leaves, MANY);
	for (size_t n = 1; n <= MANY; n++) {
		naive(leaves, n, &root);
		for (size_t i = 0; i < n; i++) {
			EXPECT_CODE(ac_merkle_inclusion(leaves, n, i, a, &path, &n_path, &e), AC_OK, e);
			cr_expect(ac_merkle_inclusion_check(&leaves[i], i, n, path, n_path, &root),
			    "%zu of %zu", i, n);
		}
	}
}

Test(merkle, has_the_proofs_of_the_standards_example)
{
	/* RFC 9162 section 2.1.5: the path of d6 in the tree of seven is [i, k]; of d3: [c, g, l] */
	struct ac_sha256 leaves[7], c, g, h, i, j, l, *path = NULL;
	size_t n = 0;
	struct ac_err e = { 0 };

	hash_leaves(leaves, 7);
	c = leaves[2];
	ac_merkle_node(&leaves[0], &leaves[1], &g);
	ac_merkle_node(&leaves[2], &leaves[3], &h);
	ac_merkle_node(&leaves[4], &leaves[5], &i);
	j = leaves[6];
	ac_merkle_node(&i, &j, &l);
	EXPECT_CODE(ac_merkle_inclusion(leaves, 7, 3, a, &path, &n, &e), AC_OK, e);
	cr_assert(n == 3);
	cr_expect(ac_sha256_eq(&path[0], &c) && ac_sha256_eq(&path[1], &g) && ac_sha256_eq(&path[2], &l));
	EXPECT_CODE(ac_merkle_inclusion(leaves, 7, 6, a, &path, &n, &e), AC_OK, e);
	struct ac_sha256 k;
	ac_merkle_node(&g, &h, &k);
	cr_assert(n == 2);
	cr_expect(ac_sha256_eq(&path[0], &i) && ac_sha256_eq(&path[1], &k));
}

Test(merkle, refuses_a_proof_with_anything_changed)
{
	struct ac_sha256 leaves[MANY], root, *path = NULL;
	size_t n = 0;
	struct ac_err e = { 0 };

	hash_leaves(leaves, MANY);
	for (size_t size = 2; size <= 40; size++) {
		naive(leaves, size, &root);
		for (size_t i = 0; i < size; i++) {
			EXPECT_CODE(ac_merkle_inclusion(leaves, size, i, a, &path, &n, &e), AC_OK, e);
			for (size_t k = 0; k < n; k++) {
				path[k].b[k % 32] ^= 1;
				cr_expect(!ac_merkle_inclusion_check(&leaves[i], i, size, path, n, &root));
				path[k].b[k % 32] ^= 1;
			}
			cr_expect(!ac_merkle_inclusion_check(&leaves[i], i, size, path, n - 1, &root));
			cr_expect(!ac_merkle_inclusion_check(
			    &leaves[i], i, size, path, n + 1, &root)); /* one more, of zeros */
			cr_expect(
			    !ac_merkle_inclusion_check(&leaves[(i + 1) % size], i, size, path, n, &root));
			cr_expect(!ac_merkle_inclusion_check(&leaves[i], size, size, path, n, &root));
			cr_expect(!ac_merkle_inclusion_check(&leaves[i], i ^ 1, size, path, n, &root));
		}
	}
}

Test(merkle, refuses_an_index_outside_and_an_empty_log)
{
	struct ac_sha256 leaf = { { 0 } }, root, *path = NULL;
	struct ac_err e = { 0 };
	size_t n = 0;

	EXPECT_CODE(ac_merkle_inclusion(&leaf, 1, 1, a, &path, &n, &e), AC_ENOTFOUND, e);
	EXPECT_CODE(ac_merkle_inclusion(&leaf, 0, 0, a, &path, &n, &e), AC_ENOTFOUND, e);
	ac_merkle_root(&leaf, 0, &root);
	cr_expect(!ac_merkle_inclusion_check(&leaf, 0, 0, NULL, 0, &root));
}
