/*
 * fonts.c - which fonts there are: those of the system, in an order of our own, so that no user's or site's configuration
 * reaches the paper. Fonts of pictures (colour) come last: what they draw is put on the paper as a picture.
 */
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <stdlib.h>

#include "plugin/paper/parts.h"

static const char configuration[] =
    "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
    "<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir><cachedir>/var/cache/fontconfig</cachedir>"
    "<selectfont><rejectfont><pattern><patelt name='scalable'><bool>false</bool></patelt></pattern></rejectfont></selectfont>"
    "<alias binding='same'><family>" PAPER_FAMILY "</family><prefer>"
    "<family>Noto Sans</family><family>Noto Sans Arabic</family><family>Noto Sans Hebrew</family>"
    "<family>Noto Sans Devanagari</family><family>Noto Sans Thai</family>"
    "<family>Noto Sans CJK SC</family><family>NanumGothic</family><family>Droid Sans Fallback</family><family>DejaVu Sans</family>"
    "<family>Symbola</family><family>Noto Color Emoji</family></prefer></alias>"
    /* pictures have one size: made as large as the words around them (as fontconfig's own 10-scale-bitmap-fonts.conf does) */
    "<match target='font'><test name='outline'><bool>false</bool></test><test name='scalable'><bool>true</bool></test>"
    "<edit name='scale' mode='assign'><divide><name target='pattern'>pixelsize</name><name target='font'>pixelsize</name></divide></edit>"
    "<edit name='matrix' mode='assign'><times><name>matrix</name><matrix><name>scale</name><double>0</double>"
    "<double>0</double><name>scale</name></matrix></times></edit>"
    "<edit name='size' mode='assign'><divide><name>size</name><name>scale</name></divide></edit></match>"
    "</fontconfig>";

#if defined(__SANITIZE_ADDRESS__)
#define AC_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define AC_SANITIZED 1
#endif
#endif
#ifdef AC_SANITIZED
/* pango asks fontconfig in threads of its own, and the end of the process overtakes them with patterns in their hands; cairo 1.16
 * keeps what it asked for where a line mixes letters and pictures (the program ends with its one sheet) */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libfontconfig.so\nleak:libcairo.so\n";
}
const char *__lsan_default_options(void);
const char *
__lsan_default_options(void)
{
	return "print_suppressions=0";
}
#endif

struct ac_paper_fonts {
	FcConfig *config;
	PangoFontMap *map;
};

struct ac_paper_fonts *
paper_fonts_new(struct ac_err *reterr)
{
	struct ac_paper_fonts *f = calloc(1, sizeof(*f));

	if (f == NULL)
		abort();
	f->config = FcConfigCreate();
	if (f->config == NULL ||
	    FcConfigParseAndLoadFromMemory(f->config, (const FcChar8 *)configuration, FcTrue) != FcTrue ||
	    FcConfigBuildFonts(f->config) != FcTrue) {
		paper_fonts_free(f);
		(void)ac_fail(reterr, AC_EIO, "PAPER-LIBRARY", "fontconfig does not start");
		return NULL;
	}
	FcFontSet *all = FcConfigGetFonts(f->config, FcSetSystem);
	if (all == NULL || all->nfont == 0) {
		paper_fonts_free(f);
		(void)ac_fail(reterr, AC_EIO, "PAPER-FONTS", "no font is installed: fonts-noto-core");
		return NULL;
	}
	f->map = pango_cairo_font_map_new();
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(f->map), f->config);
	pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(f->map), 72); /* a unit is a point */
	return f;
}

void
paper_fonts_free(struct ac_paper_fonts *f)
{
	if (f == NULL)
		return;
	if (f->map != NULL)
		g_object_unref(f->map);
	if (f->config != NULL)
		FcConfigDestroy(f->config);
	free(f);
}

PangoContext *
paper_fonts_context(struct ac_paper_fonts *f, bool rtl)
{
	PangoContext *c = pango_font_map_create_context(f->map);
	cairo_font_options_t *o = cairo_font_options_create();

	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE); /* widths of the paper, not of a screen */
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(c, o);
	cairo_font_options_destroy(o);
	pango_context_set_round_glyph_positions(c, FALSE);
	pango_context_set_base_dir(c, rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
	return c;
}
