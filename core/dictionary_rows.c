/* dictionary_rows.c - dictionaries as rows: added once, named by protocol versions, checked. */
#include <string.h>

#include "core/dictionary.h"
#include "core/store.h"

static const char *const words[AC_LIKENESSES] = {
	[AC_LIKE_DOCUMENT] = "document", [AC_LIKE_HANDOUT] = "handout", [AC_LIKE_RECORD] = "record"
};

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

	if (bytes.n > AC_DICTIONARY_BYTES_MAX)
		bytes.n = AC_DICTIONARY_BYTES_MAX;
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

/* like, dictionary. A likeness that only a later release knows is passed over. */
static enum ac_code
read_name(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct ac_dictionary_names *names = arg;

	(void)ncols;
	for (size_t i = 0; i < AC_LIKENESSES; i++) {
		if (!ac_streq_c(cols[0].s, words[i]))
			continue;
		if (cols[1].s.n != sizeof(names->sha[i].b))
			return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE",
			    "protocol_dictionary.dictionary is not a digest");
		memcpy(names->sha[i].b, cols[1].s.p, sizeof(names->sha[i].b));
		names->has[i] = true;
	}
	return AC_OK;
}

enum ac_code
ac_dictionary_names_get(struct ac_store *s, const struct ac_sha256 *protocol, struct ac_dictionary_names *ret,
    struct ac_err *reterr)
{
	struct ac_dictionary_names names = { 0 };
	enum ac_code code =
	    ac_store_run(s, AC_STMT_PROTOCOL_DICTIONARIES, read_name, &names, reterr, AC_VSHA(protocol));

	if (code == AC_OK)
		*ret = names;
	return code;
}

enum ac_code
ac_dictionary_name_add(struct ac_store *s, const struct ac_sha256 *protocol, enum ac_likeness like,
    const struct ac_sha256 *sha, struct ac_err *reterr)
{
	return ac_store_run(s, AC_STMT_PROTOCOL_DICTIONARY_ADD, NULL, NULL, reterr, AC_VSHA(protocol),
	    AC_VTEXT(ac_str_c(words[like])), AC_VSHA(sha));
}

static enum ac_code
check_row(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct ac_sha256 sha;

	(void)ncols;
	(void)arg;
	ac_sha256(cols[1].s, &sha);
	if (cols[0].s.n != sizeof(sha.b) || memcmp(sha.b, cols[0].s.p, sizeof(sha.b)) != 0)
		return ac_fail(reterr, AC_EINTEGRITY, "BLOB-HASH",
		    "a dictionary's bytes are not those that were stored");
	return AC_OK;
}

enum ac_code
ac_dictionaries_check(struct ac_store *s, struct ac_err *reterr)
{
	return ac_store_run_n(s, AC_STMT_DICTIONARY_LIST, NULL, 0, check_row, NULL, NULL, reterr);
}
