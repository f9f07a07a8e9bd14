/* on_asset.c - the stylesheets, built into the program: the only answers that may be cached. */
#include "base/embed.h"
#include "plugin/routes.h"

extern const struct ac_embedded ac_assets[];

static const char *
type_of(struct ac_str name)
{
	static const struct {
		const char *end, *type;
	} types[] = { { ".css", "text/css; charset=utf-8" }, { ".svg", "image/svg+xml" },
		{ ".png", "image/png" } };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (ac_str_ends(name, ac_str_c(types[i].end)))
			return types[i].type;
	return "application/octet-stream";
}

enum ac_code
ac_on_asset(struct ac_http *h, struct ac_err *reterr)
{
	for (const struct ac_embedded *f = ac_assets; f->name != NULL; f++) {
		if (!ac_streq_c(h->capture[0], f->name))
			continue;
		h->type = type_of(h->capture[0]);
		h->cacheable = true;
		ac_buf_add(&h->out, (struct ac_str){ (const char *)f->bytes, f->n });
		return AC_OK;
	}
	return ac_fail(reterr, AC_ENOTFOUND, "ASSET-UNKNOWN", "there is no such file");
}
