/* blob.c - the format of stored bytes, and the table of content by hash. */
#include <assert.h>
#include <string.h>
#include <zstd.h>

#include "core/blob.h"
#include "core/store.h"

#define HEADER_BYTES 42 /* format, key id, dictionary, plain size */
#define FORMAT_PLAIN 0
#define FORMAT_ZSTD 1

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

struct ac_str
ac_blob_encode_like(
    struct ac_str plain, const struct ac_sha256 *like, struct ac_dictionaries *d, struct ac_arena *a)
{
	char *to = ac_alloc(a, HEADER_BYTES + plain.n);
	bool with;

	assert(plain.n <= AC_BLOB_PLAIN_MAX);
	/* no room for more than the plain bytes: what does not get smaller is stored as it is */
	size_t n = ac_dictionary_compress(d, like, plain, to + HEADER_BYTES, plain.n, &with);
	if (!ZSTD_isError(n) && n < plain.n) {
		put_header(to, FORMAT_ZSTD, with ? like : NULL, plain.n);
		return (struct ac_str){ to, HEADER_BYTES + n };
	}
	put_header(to, FORMAT_PLAIN, NULL, plain.n);
	if (plain.n > 0)
		memcpy(to + HEADER_BYTES, plain.p, plain.n);
	return (struct ac_str){ to, HEADER_BYTES + plain.n };
}

struct ac_str
ac_blob_encode(struct ac_str plain, struct ac_dictionaries *d, struct ac_arena *a)
{
	return ac_blob_encode_like(plain, NULL, d, a);
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

/* One whole frame that says its size, and nothing after it. */
static enum ac_code
decompress(const char *header, struct ac_str payload, char *to, size_t size, struct ac_dictionaries *d,
    struct ac_err *reterr)
{
	struct ac_sha256 with;
	enum ac_code code;
	size_t got;

	if (ZSTD_getFrameContentSize(payload.p, payload.n) != size)
		return ac_fail(
		    reterr, AC_EINTEGRITY, "BLOB-SIZE", "stored bytes: frame and header differ in size");
	if (ZSTD_findFrameCompressedSize(payload.p, payload.n) != payload.n)
		return fail_format(reterr, "not one whole frame");
	memcpy(with.b, header + 2, sizeof(with.b));
	code = ac_dictionary_decompress(
	    d, has_dictionary(header) ? &with : NULL, payload, to, size, &got, reterr);
	if (code != AC_OK)
		return code;
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
    struct ac_dictionaries *d, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
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
read_int(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	(void)reterr;
	*(int64_t *)arg = cols[0].i;
	return AC_OK;
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
ac_blob_put(struct ac_store *s, struct ac_str plain, struct ac_dictionaries *d, struct ac_arena *a,
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
	struct ac_dictionaries *d;
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
ac_blob_get(struct ac_store *s, const struct ac_sha256 *sha, struct ac_dictionaries *d, struct ac_arena *a,
    struct ac_str *ret, struct ac_err *reterr)
{
	struct fetched f = { .sha = sha, .d = d, .a = a };
	enum ac_code code = ac_store_run(s, AC_STMT_BLOB_GET, decode_row, &f, reterr, AC_VSHA(sha));

	if (code == AC_OK && !f.is_found)
		return ac_fail(reterr, AC_ENOTFOUND, "BLOB-MISSING", "no stored bytes with this hash");
	if (code == AC_OK)
		*ret = f.plain;
	return code;
}
