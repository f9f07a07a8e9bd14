/* file.h - whole files in and out. Errors: AC_ENOTFOUND, AC_ELIMIT (FILE-SIZE), AC_EIO; messages name the path. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

enum ac_code ac_file_read(const char *path, size_t max, struct ac_arena *a, struct ac_str *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Whole or not at all: temporary file beside it, fsync, rename, fsync of the folder. */
enum ac_code ac_file_write(const char *path, struct ac_str bytes, unsigned mode, struct ac_err *reterr) AC_MUST_CHECK;

/* Digest of a file of any size, in constant memory. */
enum ac_code ac_file_sha256(const char *path, struct ac_sha256 *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
