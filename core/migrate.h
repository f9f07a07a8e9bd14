/*
 * migrate.h - brings a database to this release's schema. Private to core.
 *
 * Shape   steps are files NNNN_name.sql, numbered from 0001 without gap, embedded by the build, each applied once and
 *         never changed after a release. The driver keeps the number and gives the transaction around all of it.
 * Errors  AC_EIO STORE-VERSION: the database is of a later release, or the steps are misnumbered.
 */
#ifndef CORE_MIGRATE_H
#define CORE_MIGRATE_H

#include "base/embed.h"
#include "base/err.h"

extern const struct ac_embedded ac_migrations_sqlite[];

typedef enum ac_code ac_migrate_fn(void *db, const char *sql, struct ac_err *reterr);

/* Applies the steps after `have`; the new number is in *ret_now. */
enum ac_code ac_migrate(const struct ac_embedded *steps, int64_t have, ac_migrate_fn *apply, void *db,
    int64_t *ret_now, struct ac_err *reterr) AC_MUST_CHECK;
int64_t ac_migrate_newest(const struct ac_embedded *steps);

#endif
