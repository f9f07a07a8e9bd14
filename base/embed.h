/* embed.h - a file that the build put into the program (cmake/Embed.cmake). */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct ac_embedded {
	const char *name; /* without folder; NULL ends a table */
	const unsigned char *bytes; /* a NUL follows, not counted */
	size_t n;
};

#endif
