/*
 * dictionary.c - dictionaries by hash, and zstd's contexts.
 *
 * Entries are only ever added: the slot is written, then the count with release, so that readers need no lock. Of zstd's
 * two digested forms each is made when it is first needed: most old dictionaries only decode.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/dictionary.h"
#include "core/store.h"

/* Measured on documents (80 KB), sheets (10 KB) and snapshots (2 KB) of the demonstration: level 1 is fastest with a large
 * dictionary; with a small one level 3 is as fast or faster, and smaller. */
#define LEVEL 1
#define LEVEL_SMALL 3
#define SMALL_MAX ((size_t)16 * 1024)
#define CONTEXTS_KEPT 8

AC_DEFINE_AUTO_T(ZSTD_CCtx, ZSTD_freeCCtx)

struct dictionary {
	struct ac_sha256 sha;
	_Atomic(ZSTD_DDict *) decode; /* NULL until it is needed, as the next one */
	_Atomic(ZSTD_CDict *) encode;
};

static void
dictionary_free(struct dictionary *d)
{
	if (d == NULL)
		return;
	ZSTD_freeCDict(atomic_load(&d->encode));
	ZSTD_freeDDict(atomic_load(&d->decode));
	free(d);
}
/* Making a context costs more than compressing a document: a few are kept, taken and given back under the lock. */
struct pool {
	pthread_mutex_t lock;
	ZSTD_CCtx *c[CONTEXTS_KEPT];
	ZSTD_DCtx *d[CONTEXTS_KEPT];
	size_t nc, nd;
};
struct ac_dictionaries {
	struct dictionary *v[AC_DICTIONARIES_MAX];
	atomic_size_t n;
	pthread_mutex_t load; /* of entries and of the store; taken before no other lock */
	struct ac_store *store;
	bool owns_store;
	struct pool pool;
};

struct ac_dictionaries *
ac_dictionaries_on(struct ac_store *s)
{
	struct ac_dictionaries *d = calloc(1, sizeof(*d));

	if (d == NULL || pthread_mutex_init(&d->load, NULL) != 0 ||
	    pthread_mutex_init(&d->pool.lock, NULL) != 0)
		abort();
	d->store = s;
	return d;
}

enum ac_code
ac_dictionaries_open(const char *where, int busy_ms, struct ac_dictionaries **ret, struct ac_err *reterr)
{
	struct ac_store_options o = { .read_only = true, .busy_ms = busy_ms };
	struct ac_store *s;
	enum ac_code code = ac_store_open(where, &o, &s, reterr);

	if (code != AC_OK)
		return code;
	*ret = ac_dictionaries_on(s);
	(*ret)->owns_store = true;
	return AC_OK;
}

void
ac_dictionaries_free(struct ac_dictionaries *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < atomic_load(&d->n); i++)
		dictionary_free(d->v[i]);
	for (size_t i = 0; i < d->pool.nc; i++)
		ZSTD_freeCCtx(d->pool.c[i]);
	for (size_t i = 0; i < d->pool.nd; i++)
		ZSTD_freeDCtx(d->pool.d[i]);
	if (d->owns_store)
		ac_store_close(d->store);
	pthread_mutex_destroy(&d->pool.lock);
	pthread_mutex_destroy(&d->load);
	free(d);
}

static ZSTD_CCtx *
take_encoder(struct ac_dictionaries *d)
{
	ZSTD_CCtx *c = NULL;

	if (d != NULL) {
		pthread_mutex_lock(&d->pool.lock);
		if (d->pool.nc > 0)
			c = d->pool.c[--d->pool.nc];
		pthread_mutex_unlock(&d->pool.lock);
	}
	if (c == NULL)
		c = ZSTD_createCCtx();
	if (c == NULL)
		abort();
	return c;
}

static void
give_encoder(struct ac_dictionaries *d, ZSTD_CCtx *c)
{
	if (d != NULL) {
		pthread_mutex_lock(&d->pool.lock);
		if (d->pool.nc < CONTEXTS_KEPT)
			d->pool.c[d->pool.nc++] = AC_TAKE(c);
		pthread_mutex_unlock(&d->pool.lock);
	}
	ZSTD_freeCCtx(c);
}

static ZSTD_DCtx *
take_decoder(struct ac_dictionaries *d)
{
	ZSTD_DCtx *c = NULL;

	if (d != NULL) {
		pthread_mutex_lock(&d->pool.lock);
		if (d->pool.nd > 0)
			c = d->pool.d[--d->pool.nd];
		pthread_mutex_unlock(&d->pool.lock);
	}
	if (c == NULL)
		c = ZSTD_createDCtx();
	if (c == NULL)
		abort();
	return c;
}

static void
give_decoder(struct ac_dictionaries *d, ZSTD_DCtx *c)
{
	if (d != NULL) {
		pthread_mutex_lock(&d->pool.lock);
		if (d->pool.nd < CONTEXTS_KEPT)
			d->pool.d[d->pool.nd++] = AC_TAKE(c);
		pthread_mutex_unlock(&d->pool.lock);
	}
	ZSTD_freeDCtx(c);
}

static struct dictionary *
among_loaded(const struct ac_dictionaries *d, const struct ac_sha256 *sha)
{
	size_t n = atomic_load_explicit(&d->n, memory_order_acquire);

	for (size_t i = 0; i < n; i++)
		if (ac_sha256_eq(&d->v[i]->sha, sha))
			return d->v[i];
	return NULL;
}

enum digest { DECODE, ENCODE };
struct wanted {
	struct dictionary *to;
	enum digest what;
	bool found;
};

static bool
has(const struct dictionary *v, enum digest what)
{
	return what == DECODE ? atomic_load_explicit(&v->decode, memory_order_acquire) != NULL
			      : atomic_load_explicit(&v->encode, memory_order_acquire) != NULL;
}

static enum ac_code
read_row(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct wanted *w = arg;
	struct ac_str bytes = cols[0].s;
	struct ac_sha256 got;

	(void)ncols;
	ac_sha256(bytes, &got);
	if (!ac_sha256_eq(&got, &w->to->sha))
		return ac_fail(reterr, AC_EINTEGRITY, "BLOB-HASH",
		    "a dictionary's bytes are not those that were stored");
	if (w->what == DECODE)
		atomic_store_explicit(
		    &w->to->decode, ZSTD_createDDict(bytes.p, bytes.n), memory_order_release);
	else
		atomic_store_explicit(&w->to->encode,
		    ZSTD_createCDict(bytes.p, bytes.n, bytes.n <= SMALL_MAX ? LEVEL_SMALL : LEVEL),
		    memory_order_release);
	w->found = has(w->to, w->what);
	return w->found ? AC_OK
			: ac_fail(reterr, AC_EINTEGRITY, "BLOB-DICTIONARY",
			      "a dictionary that zstd does not take");
}

/* Under `load`. */
static enum ac_code
digest(struct ac_dictionaries *d, struct dictionary *v, enum digest what, struct ac_err *reterr)
{
	struct wanted w = { .to = v, .what = what };
	enum ac_code code;

	if (has(v, what)) /* another thread was first */
		return AC_OK;
	code = ac_store_run(d->store, AC_STMT_DICTIONARY_GET, read_row, &w, reterr, AC_VSHA(&v->sha));
	if (code == AC_OK && !w.found)
		return ac_fail(reterr, AC_EINTEGRITY, "BLOB-DICTIONARY",
		    "stored bytes: the store does not have their dictionary");
	return code;
}

/* Under `load`. *ret_own is set when there is no room to keep it: the caller frees it. */
static enum ac_code
load(struct ac_dictionaries *d, const struct ac_sha256 *sha, enum digest what, struct dictionary **ret,
    struct dictionary **ret_own, struct ac_err *reterr)
{
	struct dictionary *v = among_loaded(d, sha);
	size_t n = atomic_load(&d->n);
	enum ac_code code;

	if (v != NULL) {
		*ret = v;
		return digest(d, v, what, reterr);
	}
	if ((v = calloc(1, sizeof(*v))) == NULL)
		abort();
	v->sha = *sha;
	if ((code = digest(d, v, what, reterr)) != AC_OK) {
		dictionary_free(v);
		return code;
	}
	*ret = v;
	if (n < AC_DICTIONARIES_MAX) {
		d->v[n] = v;
		atomic_store_explicit(&d->n, n + 1, memory_order_release);
	} else {
		*ret_own = v;
	}
	return AC_OK;
}

static enum ac_code
find(struct ac_dictionaries *d, const struct ac_sha256 *sha, enum digest what, struct dictionary **ret,
    struct dictionary **ret_own, struct ac_err *reterr)
{
	enum ac_code code;

	*ret_own = NULL;
	if (d == NULL)
		return ac_fail(
		    reterr, AC_EINTEGRITY, "BLOB-DICTIONARY", "stored bytes: no dictionaries are at hand");
	if ((*ret = among_loaded(d, sha)) != NULL && has(*ret, what))
		return AC_OK;
	pthread_mutex_lock(&d->load);
	code = load(d, sha, what, ret, ret_own, reterr);
	pthread_mutex_unlock(&d->load);
	return code;
}

enum ac_code
ac_dictionary_prepare(struct ac_dictionaries *d, const struct ac_sha256 *sha, struct ac_err *reterr)
{
	struct dictionary *v = NULL, *own = NULL;
	enum ac_code code = find(d, sha, ENCODE, &v, &own, reterr);

	dictionary_free(own);
	return code;
}

/* NULL where there is none to be had: what is stored is then larger, and as good. */
static const ZSTD_CDict *
find_encoder(struct ac_dictionaries *d, const struct ac_sha256 *sha)
{
	struct dictionary *v = NULL, *own = NULL;
	struct ac_err ignored = { 0 };

	if (d == NULL || sha == NULL || find(d, sha, ENCODE, &v, &own, &ignored) != AC_OK)
		return NULL;
	if (own == NULL)
		return atomic_load_explicit(&v->encode, memory_order_acquire);
	dictionary_free(own);
	return NULL;
}

/* The dictionary brings its own level. */
static size_t
compress(ZSTD_CCtx *c, const ZSTD_CDict *dict, struct ac_str plain, char *to, size_t room)
{
	static const struct {
		ZSTD_cParameter name;
		int value;
	} parameters[] = { { ZSTD_c_compressionLevel, LEVEL }, { ZSTD_c_checksumFlag, 1 },
		{ ZSTD_c_contentSizeFlag, 1 }, { ZSTD_c_dictIDFlag, 0 } };
	size_t result = ZSTD_CCtx_reset(c, ZSTD_reset_session_and_parameters);

	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]) && !ZSTD_isError(result); i++)
		result = ZSTD_CCtx_setParameter(c, parameters[i].name, parameters[i].value);
	if (!ZSTD_isError(result))
		result = ZSTD_CCtx_refCDict(c, dict);
	if (!ZSTD_isError(result))
		result = ZSTD_compress2(c, to, room, plain.p == NULL ? "" : plain.p, plain.n);
	return result;
}

size_t
ac_dictionary_compress(struct ac_dictionaries *d, const struct ac_sha256 *like, struct ac_str plain, char *to,
    size_t room, bool *ret_with)
{
	const ZSTD_CDict *dict = find_encoder(d, like);
	ZSTD_CCtx *c = take_encoder(d);
	size_t n = compress(c, dict, plain, to, room);

	give_encoder(d, c);
	*ret_with = dict != NULL;
	return n;
}

enum ac_code
ac_dictionary_decompress(struct ac_dictionaries *d, const struct ac_sha256 *with, struct ac_str frame,
    char *to, size_t room, size_t *ret_n, struct ac_err *reterr)
{
	struct dictionary *v = NULL, *own = NULL;
	enum ac_code code;

	if (with != NULL && (code = find(d, with, DECODE, &v, &own, reterr)) != AC_OK)
		return code;
	ZSTD_DCtx *c = take_decoder(d);
	*ret_n = ZSTD_decompress_usingDDict(c, to, room, frame.p, frame.n,
	    v == NULL ? NULL : atomic_load_explicit(&v->decode, memory_order_acquire));
	give_decoder(d, c);
	dictionary_free(own);
	return AC_OK;
}
