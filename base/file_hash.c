/* file_hash.c - the digest of a file of any size. */
#include <openssl/evp.h>
#include <stdio.h>

#include "base/file.h"

AC_DEFINE_AUTO_T(EVP_MD_CTX, EVP_MD_CTX_free)
AC_DEFINE_AUTO_T(FILE, (void)fclose)

enum ac_code
ac_file_sha256(const char *path, struct ac_sha256 *ret, struct ac_err *reterr)
{
	AC_AUTO_T(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
	AC_AUTO_T(FILE) f = fopen(path, "rbe");
	unsigned char piece[16 * 1024];
	size_t n;

	if (f == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "FILE-IO", "cannot read %s", path);
	bool ok = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1;
	while (ok && (n = fread(piece, 1, sizeof(piece), f)) > 0)
		ok = EVP_DigestUpdate(ctx, piece, n) == 1;
	if (!ok || ferror(f) || EVP_DigestFinal_ex(ctx, ret->b, NULL) != 1)
		return ac_fail(reterr, AC_EIO, "FILE-IO", "cannot read all of %s", path);
	return AC_OK;
}
