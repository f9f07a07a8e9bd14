/*
 * auto.h - handles that are released at the end of their scope.
 *
 * Rules   (1) The release runs after the return value is computed: hand out with AC_TAKE(p). (2) No goto in a
 *         function that uses it. (3) longjmp and exit skip it. (4) Always initialised where it is declared.
 */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#include <stddef.h>

#define AC_DEFINE_AUTO(T, release) \
	static inline __attribute__((unused)) void ac_auto_##T(struct T **p) \
	{ \
		if (*p != NULL) \
			release(*p); \
	}
/* for foreign types, named without `struct` */
#define AC_DEFINE_AUTO_T(T, release) \
	static inline __attribute__((unused)) void ac_auto_##T(T **p) \
	{ \
		if (*p != NULL) \
			release(*p); \
	}
#define AC_AUTO(T) __attribute__((cleanup(ac_auto_##T), unused)) struct T *
#define AC_AUTO_T(T) __attribute__((cleanup(ac_auto_##T), unused)) T *
#define AC_TAKE(p) \
	__extension__({ \
		__auto_type taken_ = (p); \
		(p) = NULL; \
		taken_; \
	})

#endif
