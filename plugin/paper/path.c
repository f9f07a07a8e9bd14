/* path.c - the "d" of an SVG path: M L H V C Z and their small letters. Source: SVG 1.1 section 8.3. */
#include <stdlib.h>
#include <string.h>

#include "plugin/paper/parts.h"

struct pen {
	const char *s;
	double x, y, start_x, start_y;
	bool begun;
};

static bool
number(struct pen *p, double *ret)
{
	char *end;

	while (*p->s == ' ' || *p->s == ',' || *p->s == '\n')
		p->s++;
	if (strchr("+-.0123456789", *p->s) == NULL || *p->s == '\0')
		return false;
	*ret = strtod(p->s, &end);
	if (end == p->s || !(*ret > -1e6 && *ret < 1e6))
		return false;
	p->s = end;
	return true;
}

static bool
numbers(struct pen *p, double *v, int n)
{
	for (int i = 0; i < n; i++)
		if (!number(p, &v[i]))
			return false;
	return true;
}

static bool
straight(cairo_t *cr, struct pen *p, char command, bool relative)
{
	double v[2] = { 0 }, dx = relative ? p->x : 0, dy = relative ? p->y : 0;

	switch (command) {
	case 'H':
		if (!numbers(p, v, 1))
			return false;
		p->x = v[0] + dx;
		break;
	case 'V':
		if (!numbers(p, v, 1))
			return false;
		p->y = v[0] + dy;
		break;
	default:
		if (!numbers(p, v, 2))
			return false;
		p->x = v[0] + dx;
		p->y = v[1] + dy;
		break;
	}
	if (command == 'M') {
		cairo_move_to(cr, p->x, p->y);
		p->start_x = p->x;
		p->start_y = p->y;
		p->begun = true;
	} else {
		cairo_line_to(cr, p->x, p->y);
	}
	return p->begun;
}

static bool
curve(cairo_t *cr, struct pen *p, bool relative)
{
	double v[6] = { 0 }, dx = relative ? p->x : 0, dy = relative ? p->y : 0;

	if (!numbers(p, v, 6))
		return false;
	cairo_curve_to(cr, v[0] + dx, v[1] + dy, v[2] + dx, v[3] + dy, v[4] + dx, v[5] + dy);
	p->x = v[4] + dx;
	p->y = v[5] + dy;
	return p->begun;
}

/* false: what comes after the first thing that is not understood is not drawn. */
bool
paper_path(cairo_t *cr, const char *d)
{
	struct pen p = { .s = d };
	char command = 'M';
	bool relative = false;

	for (;;) {
		while (*p.s == ' ' || *p.s == ',' || *p.s == '\n')
			p.s++;
		if (*p.s == '\0')
			return true;
		if (strchr("MLHVCZmlhvcz", *p.s) != NULL) {
			relative = *p.s >= 'a';
			command = (char)(relative ? *p.s - 'a' + 'A' : *p.s);
			p.s++;
		} else if (command == 'Z') {
			return false;
		} else if (command == 'M') {
			command = 'L'; /* further pairs are lines */
		}
		if (command == 'Z') {
			if (!p.begun)
				return false;
			cairo_close_path(cr);
			p.x = p.start_x;
			p.y = p.start_y;
		} else if (command == 'C' ? !curve(cr, &p, relative) : !straight(cr, &p, command, relative)) {
			return false;
		}
	}
}
