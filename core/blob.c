/* blob.c - the format of stored bytes, and the table of content by hash. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <zstd.h>

#include "core/blob.h"
#include "core/store.h"

#define HEADER_BYTES 42 /* format, key id, dictionary, plain size */
#define LEVEL 1
#define CONTEXTS_KEPT 8
#define FORMAT_PLAIN 0
#define FORMAT_ZSTD 1

AC_DEFINE_AUTO_T(ZSTD_CCtx, ZSTD_freeCCtx)

struct dictionary {
	struct ac_sha256 sha;
	ZSTD_CDict *encode; /* of the newest only */
	ZSTD_DDict *decode;
};
/* Making a context costs more than compressing a document: a few are kept, taken and given back under the lock. */
struct pool {
	pthread_mutex_t lock;
	ZSTD_CCtx *c[CONTEXTS_KEPT];
	ZSTD_DCtx *d[CONTEXTS_KEPT];
	size_t nc, nd;
};
struct ac_dictionaries {
	struct dictionary *v;
	size_t n;
	struct pool *pool;
};

static ZSTD_CCtx *
take_encoder(const struct ac_dictionaries *d)
{
	ZSTD_CCtx *c = NULL;

	if (d != NULL) {
		pthread_mutex_lock(&d->pool->lock);
		if (d->pool->nc > 0)
			c = d->pool->c[--d->pool->nc];
		pthread_mutex_unlock(&d->pool->lock);
	}
	if (c == NULL)
		c = ZSTD_createCCtx();
	if (c == NULL)
		abort();
	return c;
}

static void
give_encoder(const struct ac_dictionaries *d, ZSTD_CCtx *c)
{
	if (d != NULL) {
		pthread_mutex_lock(&d->pool->lock);
		if (d->pool->nc < CONTEXTS_KEPT)
			d->pool->c[d->pool->nc++] = AC_TAKE(c);
		pthread_mutex_unlock(&d->pool->lock);
	}
	ZSTD_freeCCtx(c);
}

static ZSTD_DCtx *
take_decoder(const struct ac_dictionaries *d)
{
	ZSTD_DCtx *c = NULL;

	if (d != NULL) {
		pthread_mutex_lock(&d->pool->lock);
		if (d->pool->nd > 0)
			c = d->pool->d[--d->pool->nd];
		pthread_mutex_unlock(&d->pool->lock);
	}
	if (c == NULL)
		c = ZSTD_createDCtx();
	if (c == NULL)
		abort();
	return c;
}

static void
give_decoder(const struct ac_dictionaries *d, ZSTD_DCtx *c)
{
	if (d != NULL) {
		pthread_mutex_lock(&d->pool->lock);
		if (d->pool->nd < CONTEXTS_KEPT)
			d->pool->d[d->pool->nd++] = AC_TAKE(c);
		pthread_mutex_unlock(&d->pool->lock);
	}
	ZSTD_freeDCtx(c);
}

static void
put_header(char *p, unsigned char format, const struct ac_sha256 *dictionary, uint64_t plain_size)
{
	memset(p, 0, HEADER_BYTES);
	p[0] = (char)format;
	p[1] = 0; /* key id: not encrypted */
	if (dictionary != NULL)
		memcpy(p + 2, dictionary->b, sizeof(dictionary->b));
	for (int i = 0; i < 8; i++)
		p[34 + i] = (char)(unsigned char)(plain_size >> (56 - 8 * i));
}

/* Bytes of the frame, or an error code of zstd. */
static size_t
compress(ZSTD_CCtx *c, const struct dictionary *dict, char *to, size_t room, struct ac_str plain)
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
		result = ZSTD_CCtx_refCDict(c, dict == NULL ? NULL : dict->encode);
	if (!ZSTD_isError(result))
		result = ZSTD_compress2(c, to, room, plain.p == NULL ? "" : plain.p, plain.n);
	return result;
}

struct ac_str
ac_blob_encode(struct ac_str plain, const struct ac_dictionaries *d, struct ac_arena *a)
{
	const struct dictionary *dict = d == NULL || d->n == 0 ? NULL : &d->v[d->n - 1];
	char *to = ac_alloc(a, HEADER_BYTES + plain.n);

	assert(plain.n <= AC_BLOB_PLAIN_MAX);
	/* no room for more than the plain bytes: what does not get smaller is stored as it is */
	ZSTD_CCtx *c = take_encoder(d);
	size_t n = compress(c, dict, to + HEADER_BYTES, plain.n, plain);
	give_encoder(d, c);
	if (!ZSTD_isError(n) && n < plain.n) {
		put_header(to, FORMAT_ZSTD, dict == NULL ? NULL : &dict->sha, plain.n);
		return (struct ac_str){ to, HEADER_BYTES + n };
	}
	put_header(to, FORMAT_PLAIN, NULL, plain.n);
	if (plain.n > 0)
		memcpy(to + HEADER_BYTES, plain.p, plain.n);
	return (struct ac_str){ to, HEADER_BYTES + plain.n };
}

static enum ac_code
fail_format(struct ac_err *reterr, const char *what)
{
	return ac_fail(reterr, AC_EINTEGRITY, "BLOB-FORMAT", "stored bytes: %s", what);
}

static bool
has_dictionary(const char *header)
{
	static const char none[32];

	return memcmp(header + 2, none, sizeof(none)) != 0;
}

static enum ac_code
find_dictionary(
    const struct ac_dictionaries *d, const char *header, const ZSTD_DDict **ret, struct ac_err *reterr)
{
	*ret = NULL;
	if (!has_dictionary(header))
		return AC_OK;
	for (size_t i = 0; d != NULL && i < d->n; i++)
		if (memcmp(d->v[i].sha.b, header + 2, sizeof(d->v[i].sha.b)) == 0) {
			*ret = d->v[i].decode;
			return AC_OK;
		}
	return ac_fail(
	    reterr, AC_EINTEGRITY, "BLOB-DICTIONARY", "stored bytes: their dictionary is not loaded");
}

/* One whole frame that says its size, and nothing after it. */
static enum ac_code
decompress(const char *header, struct ac_str payload, char *to, size_t size, const struct ac_dictionaries *d,
    struct ac_err *reterr)
{
	const ZSTD_DDict *dict = NULL;
	enum ac_code code = find_dictionary(d, header, &dict, reterr);

	if (code != AC_OK)
		return code;
	if (ZSTD_getFrameContentSize(payload.p, payload.n) != size)
		return ac_fail(
		    reterr, AC_EINTEGRITY, "BLOB-SIZE", "stored bytes: frame and header differ in size");
	if (ZSTD_findFrameCompressedSize(payload.p, payload.n) != payload.n)
		return fail_format(reterr, "not one whole frame");
	ZSTD_DCtx *c = take_decoder(d);
	size_t got = ZSTD_decompress_usingDDict(c, to, size, payload.p, payload.n, dict);
	give_decoder(d, c);
	if (ZSTD_isError(got) || got != size)
		return fail_format(reterr, "the frame is damaged");
	return AC_OK;
}

static uint64_t
plain_size(const char *header)
{
	uint64_t size = 0;

	for (int i = 0; i < 8; i++)
		size = size << 8 | (unsigned char)header[34 + i];
	return size;
}

enum ac_code
ac_blob_decode(struct ac_str stored, const struct ac_sha256 *want, size_t plain_max,
    const struct ac_dictionaries *d, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	if (stored.n < HEADER_BYTES)
		return fail_format(reterr, "shorter than their header");
	uint64_t size = plain_size(stored.p);
	struct ac_str payload = { stored.p + HEADER_BYTES, stored.n - HEADER_BYTES };
	enum ac_code code = AC_OK;
	struct ac_sha256 got;

	if (stored.p[1] != 0)
		return fail_format(reterr, "encrypted with a key that this release does not know");
	if (size > plain_max || size > AC_BLOB_PLAIN_MAX)
		return ac_fail(reterr, AC_ELIMIT, "BLOB-LIMIT", "stored bytes: larger than allowed here");

	char *to = ac_alloc(a, (size_t)size + 1); /* a NUL follows, for those who need one */
	if (stored.p[0] == FORMAT_ZSTD) {
		code = decompress(stored.p, payload, to, (size_t)size, d, reterr);
	} else if (stored.p[0] != FORMAT_PLAIN || has_dictionary(stored.p)) {
		code = fail_format(reterr, "of an unknown format");
	} else if (payload.n != size) {
		code = ac_fail(
		    reterr, AC_EINTEGRITY, "BLOB-SIZE", "stored bytes: size differs from their header");
	} else if (size > 0) {
		memcpy(to, payload.p, payload.n);
	}
	if (code != AC_OK)
		return code;

	struct ac_str plain = { to, (size_t)size };
	if (want != NULL) {
		ac_sha256(plain, &got);
		if (!ac_sha256_eq(&got, want))
			return ac_fail(reterr, AC_EINTEGRITY, "BLOB-HASH",
			    "stored bytes are not those that were stored");
	}
	*ret = plain;
	return AC_OK;
}

static enum ac_code
load_dictionary(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct ac_dictionaries *d = arg;
	struct ac_sha256 sha;

	ac_sha256(cols[1].s, &sha);
	if (ncols != 2 || cols[0].s.n != sizeof(sha.b) || memcmp(sha.b, cols[0].s.p, sizeof(sha.b)) != 0)
		return ac_fail(reterr, AC_EINTEGRITY, "BLOB-HASH",
		    "a dictionary's bytes are not those that were stored");

	struct dictionary *v = realloc(d->v, (d->n + 1) * sizeof(*v));
	if (v == NULL)
		abort();
	d->v = v;
	if (d->n > 0) {
		ZSTD_freeCDict(v[d->n - 1].encode);
		v[d->n - 1].encode = NULL;
	}
	v[d->n] = (struct dictionary){ .sha = sha,
		.encode = ZSTD_createCDict(cols[1].s.p, cols[1].s.n, LEVEL),
		.decode = ZSTD_createDDict(cols[1].s.p, cols[1].s.n) };
	d->n++;
	if (v[d->n - 1].encode == NULL || v[d->n - 1].decode == NULL)
		return fail_format(reterr, "a dictionary that zstd does not take");
	return AC_OK;
}

enum ac_code
ac_dictionaries_load(struct ac_store *s, struct ac_dictionaries **ret, struct ac_err *reterr)
{
	AC_AUTO(ac_dictionaries) d = calloc(1, sizeof(*d));

	if (d == NULL || (d->pool = calloc(1, sizeof(*d->pool))) == NULL)
		abort();
	pthread_mutex_init(&d->pool->lock, NULL);
	enum ac_code code =
	    ac_store_run_n(s, AC_STMT_DICTIONARY_LIST, NULL, 0, load_dictionary, d, NULL, reterr);
	if (code == AC_OK)
		*ret = AC_TAKE(d);
	return code;
}

void
ac_dictionaries_free(struct ac_dictionaries *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->n; i++) {
		ZSTD_freeCDict(d->v[i].encode);
		ZSTD_freeDDict(d->v[i].decode);
	}
	for (size_t i = 0; i < d->pool->nc; i++)
		ZSTD_freeCCtx(d->pool->c[i]);
	for (size_t i = 0; i < d->pool->nd; i++)
		ZSTD_freeDCtx(d->pool->d[i]);
	pthread_mutex_destroy(&d->pool->lock);
	free(d->pool);
	free(d->v);
	free(d);
}

static enum ac_code
read_int(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	(void)reterr;
	*(int64_t *)arg = cols[0].i; /* 0 for null */
	return AC_OK;
}

enum ac_code
ac_dictionary_add(struct ac_store *s, struct ac_str bytes, struct ac_sha256 *ret_sha, struct ac_err *reterr)
{
	int64_t last = 0;
	struct ac_sha256 sha;
	enum ac_code code =
	    ac_store_run_n(s, AC_STMT_DICTIONARY_LAST, NULL, 0, read_int, &last, NULL, reterr);

	ac_sha256(bytes, &sha);
	if (code == AC_OK)
		code = ac_store_run(s, AC_STMT_DICTIONARY_ADD, NULL, NULL, reterr, AC_VINT(last + 1),
		    AC_VSHA(&sha), AC_VBLOB(bytes));
	if (code == AC_ECONFLICT)
		code = AC_OK;
	if (code == AC_OK)
		*ret_sha = sha;
	return code;
}

static enum ac_code
has_blob(struct ac_store *s, const struct ac_sha256 *sha, bool *ret, struct ac_err *reterr)
{
	int64_t found = 0;
	enum ac_code code = ac_store_run(s, AC_STMT_BLOB_HAS, read_int, &found, reterr, AC_VSHA(sha));

	*ret = found != 0;
	return code;
}

enum ac_code
ac_blob_put_encoded(
    struct ac_store *s, const struct ac_sha256 *sha, struct ac_str encoded, struct ac_err *reterr)
{
	bool is_there = false;
	enum ac_code code = has_blob(s, sha, &is_there, reterr);

	if (code != AC_OK || is_there)
		return code;
	return ac_store_run(s, AC_STMT_BLOB_ADD, NULL, NULL, reterr, AC_VSHA(sha), AC_VBLOB(encoded));
}

enum ac_code
ac_blob_put(struct ac_store *s, struct ac_str plain, const struct ac_dictionaries *d, struct ac_arena *a,
    struct ac_sha256 *ret_sha, struct ac_err *reterr)
{
	bool is_there = false;
	struct ac_sha256 sha;

	if (plain.n > AC_BLOB_PLAIN_MAX)
		return ac_fail(
		    reterr, AC_ELIMIT, "BLOB-LIMIT", "more than %d bytes to store", AC_BLOB_PLAIN_MAX);
	ac_sha256(plain, &sha);
	enum ac_code code = has_blob(s, &sha, &is_there, reterr);
	if (code == AC_OK && !is_there)
		code = ac_store_run(s, AC_STMT_BLOB_ADD, NULL, NULL, reterr, AC_VSHA(&sha),
		    AC_VBLOB(ac_blob_encode(plain, d, a)));
	if (code == AC_OK)
		*ret_sha = sha;
	return code;
}

struct fetched {
	const struct ac_sha256 *sha;
	const struct ac_dictionaries *d;
	struct ac_arena *a;
	struct ac_str plain;
	bool is_found;
};

static enum ac_code
decode_row(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct fetched *f = arg;

	(void)ncols;
	f->is_found = true;
	return ac_blob_decode(cols[0].s, f->sha, AC_BLOB_PLAIN_MAX, f->d, f->a, &f->plain, reterr);
}

enum ac_code
ac_blob_get(struct ac_store *s, const struct ac_sha256 *sha, const struct ac_dictionaries *d,
    struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	struct fetched f = { .sha = sha, .d = d, .a = a };
	enum ac_code code = ac_store_run(s, AC_STMT_BLOB_GET, decode_row, &f, reterr, AC_VSHA(sha));

	if (code == AC_OK && !f.is_found)
		return ac_fail(reterr, AC_ENOTFOUND, "BLOB-MISSING", "no stored bytes with this hash");
	if (code == AC_OK)
		*ret = f.plain;
	return code;
}
