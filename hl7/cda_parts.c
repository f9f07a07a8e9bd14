/* cda_parts.c - the data types of HL7 v3 as C-CDA wants them: what is unknown is said to be unknown. */
#include "hl7/cda_parts.h"

bool
cda_is_blank(struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\n' && s.p[i] != '\r')
			return false;
	return true;
}

/* Type `cs`: no white space, not empty. */
static bool
is_code(struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r')
			return false;
	return s.n != 0;
}

static bool
is_oid(struct ac_str s)
{
	size_t i = 1;

	if (s.n == 0 || s.p[0] < '0' || s.p[0] > '2')
		return false;
	while (i < s.n) { /* a dot and a number without leading zeros */
		size_t from = i + 1;
		if (s.p[i] != '.' || from == s.n || s.p[from] < '0' || s.p[from] > '9')
			return false;
		for (i = from; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
			;
		if (s.p[from] == '0' && i - from > 1)
			return false;
	}
	return true;
}

bool
cda_root_is_ok(struct ac_str root)
{
	struct ac_uuid u;

	return is_oid(root) || ac_uuid_parse(root, &u);
}

size_t
cda_uuid_text(struct ac_uuid u, char *to)
{
	static const char hex[] = "0123456789abcdef";
	char *p = to;

	for (size_t i = 0; i < sizeof(u.b); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = hex[u.b[i] >> 4];
		*p++ = hex[u.b[i] & 15];
	}
	return (size_t)(p - to);
}

void
cda_put_uuid(struct ac_xw *w, struct ac_uuid u)
{
	char s[] = "<id root=\"00000000-0000-0000-0000-000000000000\"/>";

	cda_uuid_text(u, s + sizeof("<id root=\"") - 1);
	cda_markup(w, s, sizeof(s) - 1);
}

void
cda_put_uuid_as(struct ac_xw *w, const char *element, struct ac_uuid u)
{
	char s[40];
	size_t n = cda_uuid_text(u, s);

	ac_xw_open(w, element);
	ac_xw_attr(w, "root", (struct ac_str){ s, n });
	ac_xw_close(w);
}

void
cda_put_id(struct ac_xw *w, const struct cda_id *id)
{
	ac_xw_open(w, "id");
	if (!cda_root_is_ok(id->root)) {
		ac_xw_attrc(w, "nullFlavor", id->null != NULL ? id->null : "UNK");
	} else {
		ac_xw_attrc(w, "nullFlavor", id->null);
		ac_xw_attr(w, "root", id->root);
		if (id->null == NULL && id->extension.n != 0)
			ac_xw_attr(w, "extension", id->extension);
		if (id->authority.n != 0)
			ac_xw_attr(w, "assigningAuthorityName", id->authority);
	}
	ac_xw_close(w);
}

void
cda_put_ids(struct ac_xw *w, const struct cda_id *ids, size_t n)
{
	if (n == 0)
		CDA_RAW(w, "<id nullFlavor=\"UNK\"/>");
	for (size_t i = 0; i < n; i++)
		cda_put_id(w, &ids[i]);
}

static void
put_coding(struct ac_xw *w, const struct cda_code *c)
{
	bool is_set = c->null == NULL && is_code(c->code);

	if (!is_set)
		ac_xw_attrc(w, "nullFlavor", c->null != NULL ? c->null : "UNK");
	else
		ac_xw_attr(w, "code", c->code);
	if (is_set && !cda_is_blank(c->display))
		ac_xw_attr(w, "displayName", c->display);
	if (cda_root_is_ok(c->system)) { /* beside OTH: the system in which no code was found */
		ac_xw_attr(w, "codeSystem", c->system);
		if (!cda_is_blank(c->system_name))
			ac_xw_attr(w, "codeSystemName", c->system_name);
	}
}

void
cda_put_code(struct ac_xw *w, const char *element, const char *type, const struct cda_code *c)
{
	ac_xw_open(w, element);
	ac_xw_attrc(w, "xsi:type", type);
	put_coding(w, c);
	if (c->ref.n != 0) {
		CDA_RAW(w, "<originalText><reference value=\"#");
		cda_raw(w, &c->ref);
		CDA_RAW(w, "\"/></originalText>");
	} else if (!cda_is_blank(c->text)) {
		ac_xw_elem(w, "originalText", c->text);
	}
	if (c->translation != NULL) {
		ac_xw_open(w, "translation");
		put_coding(w, c->translation);
		ac_xw_close(w);
	}
	ac_xw_close(w);
}

static void
put_part(struct ac_xw *w, const char *element, struct ac_str text)
{
	ac_xw_open(w, element);
	if (cda_is_blank(text))
		ac_xw_attrc(w, "nullFlavor", "UNK");
	else
		ac_xw_text(w, text);
	ac_xw_close(w);
}

static void
put_lines(struct ac_xw *w, const struct cda_addr *a)
{
	size_t n = 0, shown = 0;

	for (size_t i = 0; i < a->nlines; i++)
		n += !cda_is_blank(a->line[i]);
	if (n == 0)
		put_part(w, "streetAddressLine", (struct ac_str){ 0 });
	for (size_t i = 0; i < a->nlines; i++) {
		if (cda_is_blank(a->line[i]))
			continue;
		if (shown < 4)
			ac_xw_open(w, "streetAddressLine");
		else
			ac_xw_textc(w, ", "); /* CONF:81-7291 allows four */
		ac_xw_text(w, a->line[i]);
		shown++;
		if (shown < 4 || shown == n)
			ac_xw_close(w);
	}
}

/*
 * Every part, known or not: who reads sees what is missing, and no country is taken for the US
 * (CONF:81-10024).
 */
void
cda_put_addr(struct ac_xw *w, const struct cda_addr *a)
{
	static const struct cda_addr none = { .use = "WP" };

	if (a == NULL)
		a = &none;
	ac_xw_open(w, "addr");
	ac_xw_attrc(w, "use", a->use);
	put_lines(w, a);
	put_part(w, "city", a->city);
	put_part(w, "state", a->state);
	put_part(w, "postalCode", a->postal_code);
	put_part(w, "country", a->country);
	ac_xw_close(w);
}

static bool
is_plain(char c, bool is_tel)
{
	if ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')
		return true;
	if (is_tel)
		return c == '(' || c == ')' || c == '*';
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' || c == '~';
}

/* RFC 3966 knows no blanks and no slashes; what else a URI may not hold is percent-encoded. */
static size_t
to_uri(struct ac_str s, bool is_tel, char *to, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n + 3 <= size; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (is_tel && (c == ' ' || c == '/')) {
			if (n != 0 && to[n - 1] != '-' && i + 1 < s.n)
				to[n++] = '-';
		} else if (is_plain((char)c, is_tel)) {
			to[n++] = (char)c;
		} else {
			to[n++] = '%';
			to[n++] = "0123456789ABCDEF"[c >> 4];
			to[n++] = "0123456789ABCDEF"[c & 15];
		}
	}
	return n;
}

static void
put_telecom(struct ac_xw *w, const struct cda_telecom *t)
{
	struct ac_str value = ac_str_trim(t->value);
	const char *scheme = t->scheme != NULL ? t->scheme : "tel:";
	char uri[512];
	size_t n = to_uri(value, scheme[0] == 't', uri, sizeof(uri));

	ac_xw_open(w, "telecom");
	ac_xw_attrc(w, "use", t->use);
	if (n == 0)
		ac_xw_attrc(w, "nullFlavor", "UNK");
	else
		ac_xw_attrf(w, "value", "%s%.*s", scheme, (int)n, uri);
	ac_xw_close(w);
}

void
cda_put_telecoms(struct ac_xw *w, const struct cda_telecom *t, size_t n, const char *use_if_none)
{
	const struct cda_telecom none = { .use = use_if_none };
	bool has = false;

	for (size_t i = 0; i < n; i++) {
		if (cda_is_blank(t[i].value))
			continue;
		put_telecom(w, &t[i]);
		has = true;
	}
	if (!has)
		put_telecom(w, &none);
}

static size_t
count_given(const struct cda_name *n)
{
	size_t has = 0;

	for (size_t i = 0; i < n->ngiven; i++)
		has += !cda_is_blank(n->given[i]);
	return has;
}

static void
put_name_parts(struct ac_xw *w, const struct cda_name *n)
{
	if (count_given(n) == 0)
		put_part(w, "given", (struct ac_str){ 0 });
	for (size_t i = 0; i < n->ngiven; i++)
		if (!cda_is_blank(n->given[i]))
			ac_xw_elem(w, "given", n->given[i]);
	put_part(w, "family", n->family);
}

void
cda_put_patient_name(struct ac_xw *w, const struct cda_name *n)
{
	ac_xw_open(w, "name");
	ac_xw_attrc(w, "use", "L");
	put_name_parts(w, n);
	ac_xw_close(w);
}

/* CONF:81-9371: given and family, or a string; with neither, nobody knows. */
void
cda_put_name(struct ac_xw *w, const struct cda_name *n)
{
	bool first = true;

	ac_xw_open(w, "name");
	if (count_given(n) != 0 && !cda_is_blank(n->family)) {
		put_name_parts(w, n);
	} else if (!cda_is_blank(n->family)) {
		ac_xw_text(w, n->family);
	} else if (count_given(n) != 0) {
		for (size_t i = 0; i < n->ngiven; i++) {
			if (cda_is_blank(n->given[i]))
				continue;
			if (!first)
				ac_xw_textc(w, " ");
			ac_xw_text(w, n->given[i]);
			first = false;
		}
	} else {
		ac_xw_attrc(w, "nullFlavor", "UNK");
	}
	ac_xw_close(w);
}

void
cda_put_point(struct ac_xw *w, const char *element, struct ac_str value)
{
	ac_xw_open(w, element);
	if (value.n == 0)
		ac_xw_attrc(w, "nullFlavor", "UNK");
	else
		ac_xw_attr(w, "value", value);
	ac_xw_close(w);
}

void
cda_put_time(struct ac_xw *w, const struct cda_time *t)
{
	if (t->low.n == 0 && t->high.n == 0) {
		cda_put_point(w, "effectiveTime", t->value);
		return;
	}
	CDA_RAW(w, "<effectiveTime>");
	cda_put_point(w, "low", t->low);
	if (t->high.n != 0) /* without: it has no stated end */
		cda_put_point(w, "high", t->high);
	CDA_RAW(w, "</effectiveTime>");
}

void
cda_put_org(struct ac_xw *w, const char *element, const struct cda_org *o)
{
	ac_xw_open(w, element);
	cda_put_ids(w, o->ids, o->nids);
	put_part(w, "name", o->name);
	cda_put_telecoms(w, &o->telecom, 1, "WP");
	cda_put_addr(w, o->addr);
	ac_xw_close(w);
}

void
cda_put_party(struct ac_xw *w, const struct cda_party *p)
{
	static const struct cda_code unknown = { .null = "UNK" };

	cda_put_ids(w, p->ids, p->nids);
	cda_put_code(w, "code", NULL, p->code != NULL ? p->code : &unknown);
	cda_put_addr(w, p->addr);
	cda_put_telecoms(w, p->telecoms, p->ntelecoms, "WP");
	CDA_RAW(w, "<assignedPerson>");
	cda_put_name(w, &p->name);
	CDA_RAW(w, "</assignedPerson>");
	if (p->org != NULL)
		cda_put_org(w, "representedOrganization", p->org);
}
