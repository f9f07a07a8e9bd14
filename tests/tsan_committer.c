/*
 * tsan_committer.c - everything that threads share in the store, under ThreadSanitizer: the queue, the keys, the
 * dictionaries' contexts, the checkpoint thread; readers beside.
 *
 * A plain program, because Criterion crashes under ThreadSanitizer before its first test. Exit code 0 or the
 * sanitizer's.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "core/blob.h"
#include "tests/store_fixture.h"

#define WRITERS 8
#define READERS 2
#define ITEMS 60

struct shared {
	struct fixture f;
	struct ac_committer *c;
	struct ac_dictionaries *dictionaries;
	struct ac_sha256 like;
	const struct ac_keys *keys;
	_Atomic int written, done;
};

struct item {
	struct ac_sha256 sha;
	struct ac_str encoded;
	bool fails;
};

static enum ac_code
write_item(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct item *it = arg;
	struct ac_audit_entry entry = { .action = "event",
		.kind = "encounter",
		.actor = AC_S("module"),
		.role = AC_S("system"),
		.patient = AC_S("A-17"),
		.digest = &it->sha,
		.salt = it->sha.b };
	enum ac_code code = ac_blob_put_encoded(c->store, &it->sha, it->encoded, reterr);

	if (code == AC_OK)
		code = ac_audit_append(c, &entry, reterr);
	return code == AC_OK && it->fails ? ac_fail(reterr, AC_EINPUT, "TEST-FAILS", "as asked") : code;
}

static void *
run_writer(void *arg)
{
	struct shared *sh = arg;
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_sha256 mac;

	for (int i = 0; i < ITEMS; i++) {
		size_t n = 30000;
		char *p = ac_alloc(a, n);
		struct item it = { .fails = i % 7 == 0 };
		struct ac_err e = { 0 };
		ac_random(p, 64);
		ac_sha256((struct ac_str){ p, n }, &it.sha);
		it.encoded = ac_blob_encode_like((struct ac_str){ p, n }, &sh->like, sh->dictionaries, a);
		struct ac_str back;
		need(ac_blob_decode(it.encoded, &it.sha, n, sh->dictionaries, a, &back, &e), &e);
		ac_keys_hmac(sh->keys, "form", AC_S("x"), &mac);
		enum ac_code code = ac_committer_run(sh->c, write_item, &it, &e);
		if (code != (it.fails ? AC_EINPUT : AC_OK)) {
			fprintf(stderr, "%s %s\n", e.rule, e.msg);
			abort();
		}
		if (code == AC_OK)
			atomic_fetch_add(&sh->written, 1);
		ac_arena_reset(a);
	}
	atomic_fetch_add(&sh->done, 1);
	return NULL;
}

static void *
run_reader(void *arg)
{
	struct shared *sh = arg;
	struct ac_store *s = fixture_store(&sh->f, true);

	while (atomic_load(&sh->done) < WRITERS) {
		int64_t before = atomic_load(&sh->written);
		if (count_leaves(s) < before)
			abort(); /* acknowledged, but not to be seen */
	}
	ac_store_close(s);
	return NULL;
}

static void
add_dictionary(const struct fixture *f, struct ac_sha256 *ret)
{
	struct ac_store *s = fixture_store(f, false);
	struct ac_err e = { 0 };

	need(ac_dictionary_add(s, AC_S("what the documents of this program look like"), ret, &e), &e);
	ac_store_close(s);
}

int
main(void)
{
	struct shared sh = { .written = 0 };
	pthread_t t[WRITERS + READERS];
	struct ac_dictionaries *d = NULL;
	struct ac_keys *k = NULL;
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	fixture_open(&sh.f);
	add_dictionary(&sh.f, &sh.like);
	sh.c =
	    fixture_committer(&sh.f, (struct ac_committer_options){ .threads = true, .sync = AC_SYNC_OFF });
	struct ac_store *s = fixture_store(&sh.f, true);
	need(ac_dictionaries_open(sh.f.where, 5000, &d, &e), &e);
	need(ac_keys_load(sh.f.keys, &k, &e), &e);
	sh.dictionaries = d;
	sh.keys = k;

	for (int i = 0; i < WRITERS + READERS; i++)
		if (pthread_create(&t[i], NULL, i < WRITERS ? run_writer : run_reader, &sh) != 0)
			abort();
	for (int i = 0; i < WRITERS + READERS; i++)
		pthread_join(t[i], NULL);
	ac_committer_free(sh.c);
	need(verify(&sh.f, &n, &e), &e);
	ac_store_close(s);
	ac_dictionaries_free(d);
	ac_keys_free(k);
	fixture_close(&sh.f);
	printf("%lld leaves in %lld batches\n", (long long)n.leaves, (long long)n.checkpoints);
	return n.leaves == atomic_load(&sh.written) ? 0 : 1;
}
