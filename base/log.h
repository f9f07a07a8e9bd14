/*
 * log.h - lines on standard error for journald: "<3>text". No log file, no PHI: callers pass rules and places.
 * Threads one write(2) a line; any thread.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/err.h"

enum ac_level { AC_LOG_ERR = 3, AC_LOG_WARNING = 4, AC_LOG_INFO = 6, AC_LOG_DEBUG = 7 };

void ac_log_open(enum ac_level max, bool prefix);
void ac_log(enum ac_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void ac_log_err(enum ac_level level, const char *what, const struct ac_err *e); /* what: rule at path:line:col: msg */

#endif
