/* backup_parts.h - what backup.c and backup_restore.c share. Nobody else includes it. */
#ifndef CORE_BACKUP_PARTS_H
#define CORE_BACKUP_PARTS_H

#include "core/backup.h"

#define AC_BACKUP_DB "aftercare.db"
#define AC_BACKUP_ABOUT "backup.json"
#define AC_BACKUP_CONF "aftercare.conf" /* who may do what: an installation without it allows everything */

char *ac_backup_path(struct ac_arena *a, const char *dir, const char *name);
/* 0700; there already: only when it is empty. `own`: no link, and nobody else's, before anything of it is changed.
 * `rule`: of the conflict. */
enum ac_code ac_backup_folder(
    const char *dir, bool own, const char *rule, struct ac_err *reterr) AC_MUST_CHECK;
/* What ac_backup_folder would say; nothing is made. */
enum ac_code ac_backup_folder_check(const char *dir, bool own, const char *rule, struct ac_arena *a,
    struct ac_err *reterr) AC_MUST_CHECK;
/* 0600, new, synced. */
enum ac_code ac_backup_copy(const char *from, const char *to, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_backup_copy_keys(const char *from, const char *to, struct ac_arena *a, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_backup_copy_conf(const char *from, const char *to, struct ac_arena *a, struct ac_err *reterr) AC_MUST_CHECK;
/* A closed database: opened for reading, checked, its log recomputed. */
enum ac_code ac_backup_verify(const char *db, const struct ac_keys *keys, struct ac_arena *a, struct ac_audit_counts *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
