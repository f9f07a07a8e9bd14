/* Packs: what was written is read back, and every other byte sequence is refused by the rule that it breaks. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "core/pack.h"

static struct ac_arena *a;
static struct ac_keys *keys;
static struct ac_str meso, peel;

static struct ac_str
file(const char *name)
{
	struct ac_str s;
	struct ac_err e = { 0 };

	cr_assert_eq(ac_file_read(ac_cstr(a, ac_strf(a, AC_SOURCE_DIR "/schemas/protocols/demo/%s", name)),
			 AC_PROTOCOL_BYTES_MAX, a, &s, &e),
	    AC_OK, "%s", e.msg);
	return s;
}

static void
setup(void)
{
	char dir[] = "/tmp/aftercare-pack-XXXXXX";
	struct ac_err e = { 0 };

	a = ac_arena_new();
	meso = file("mesotherapy.xml");
	peel = file("chemical-peel.xml");
	cr_assert_not_null(mkdtemp(dir));
	cr_assert_eq(ac_keys_create(dir, AC_S(""), &e), AC_OK, "%s", e.msg);
	cr_assert_eq(ac_keys_load(dir, &keys, &e), AC_OK, "%s", e.msg);
	unlink(ac_cstr(a, ac_strf(a, "%s/log.key", dir)));
	unlink(ac_cstr(a, ac_strf(a, "%s/store.key", dir)));
	unlink(ac_cstr(a, ac_strf(a, "%s/clinic.key", dir)));
	rmdir(dir);
}

static void
teardown(void)
{
	ac_keys_free(keys);
	ac_arena_free(a);
}
TestSuite(pack, .init = setup, .fini = teardown);

static struct ac_str
packed(bool is_signed)
{
	struct ac_str two[] = { meso, peel }, s;
	struct ac_err e = { 0 };

	cr_assert_eq(
	    ac_pack_write(two, 2, 1772355600000, is_signed ? keys : NULL, a, &s, &e), AC_OK, "%s", e.msg);
	return s;
}

static enum ac_code
refused(struct ac_str bytes, const char *rule)
{
	struct ac_pack p;
	struct ac_err e = { 0 };
	enum ac_code rc = ac_pack_read(bytes, a, &p, &e);

	cr_expect_neq(rc, AC_OK, "%s was not refused", rule);
	cr_expect_str_eq(e.rule == NULL ? "" : e.rule, rule, "%s instead of %s: %s", e.rule, rule, e.msg);
	return rc;
}

/* `s` with the first `from` replaced */
static struct ac_str
swap(struct ac_str s, const char *from, const char *to)
{
	char *at = memmem(s.p, s.n, from, strlen(from));

	cr_assert_not_null(at, "%s", from);
	size_t before = (size_t)(at - s.p);
	return ac_str_cat(a, ac_str_cat(a, (struct ac_str){ s.p, before }, ac_str_c(to)),
	    (struct ac_str){ at + strlen(from), s.n - before - strlen(from) });
}

Test(pack, gives_back_the_exact_sources_in_the_order_of_their_ids)
{
	struct ac_pack p;
	struct ac_err e = { 0 };

	cr_assert_eq(ac_pack_read(packed(true), a, &p, &e), AC_OK, "%s", e.msg);
	cr_assert_eq(p.n, 2);
	cr_expect(ac_streq(p.v[0].source, peel));
	cr_expect(ac_streq(p.v[1].source, meso));
	cr_expect(ac_streq_c(p.made, "2026-03-01T09:00:00.000Z"));
}

Test(pack, is_the_same_bytes_whatever_the_order_it_was_asked_in)
{
	struct ac_str two[] = { peel, meso }, s;
	struct ac_err e = { 0 };

	cr_assert_eq(ac_pack_write(two, 2, 1772355600000, keys, a, &s, &e), AC_OK);
	cr_expect(ac_streq(s, packed(true)));
}

Test(pack, is_verified_by_the_public_key_alone)
{
	struct ac_pack p;
	struct ac_err e = { 0 };

	cr_assert_eq(ac_pack_read(packed(true), a, &p, &e), AC_OK);
	cr_expect_eq(ac_pack_verify(&p, ac_keys_public(keys, a), &e), AC_OK, "%s", e.msg);
}

Test(pack, without_a_signature_is_read_but_not_verified)
{
	struct ac_pack p;
	struct ac_err e = { 0 };

	cr_assert_eq(ac_pack_read(packed(false), a, &p, &e), AC_OK, "%s", e.msg);
	cr_expect_eq(ac_pack_verify(&p, ac_keys_public(keys, a), &e), AC_EINPUT);
	cr_expect_str_eq(e.rule, "PACK-SIGNED");
}

Test(pack, with_a_head_changed_after_signing_is_an_integrity_fault)
{
	struct ac_pack p;
	struct ac_err e = { 0 };

	cr_assert_eq(ac_pack_read(swap(packed(true), "09:00:00", "09:00:01"), a, &p, &e), AC_OK);
	cr_expect_eq(ac_pack_verify(&p, ac_keys_public(keys, a), &e), AC_EINTEGRITY);
	cr_expect_str_eq(e.rule, "PACK-SIGNATURE");
}

Test(pack, no_byte_of_a_signed_pack_can_change_unnoticed)
{
	struct ac_str s = packed(true), key = ac_keys_public(keys, a);

	for (size_t i = 0; i < s.n; i += i < 700 ? 1 : 997) {
		AC_AUTO(ac_arena) own = ac_arena_new();
		struct ac_pack p;
		struct ac_err e = { 0 };
		struct ac_str bad = ac_str_dup(own, s);
		((char *)(uintptr_t)bad.p)[i] ^= 1;
		bool is_accepted =
		    ac_pack_read(bad, own, &p, &e) == AC_OK && ac_pack_verify(&p, key, &e) == AC_OK;
		cr_expect_not(is_accepted, "byte %zu", i);
	}
}

Test(pack, cut_off_anywhere_is_refused)
{
	struct ac_str s = packed(true);

	for (size_t n = 0; n < s.n; n += n < 700 ? 1 : 997) {
		AC_AUTO(ac_arena) own = ac_arena_new();
		struct ac_pack p;
		struct ac_err e = { 0 };
		cr_expect_neq(ac_pack_read((struct ac_str){ s.p, n }, own, &p, &e), AC_OK, "%zu bytes", n);
	}
}

Test(pack, key_that_is_none_is_refused)
{
	const char *bad[] = { "", "x", "aftercare/1+00000000+AAAA", "++", "a+b+c", "\n++" };
	struct ac_pack p;
	struct ac_err e = { 0 };

	cr_assert_eq(ac_pack_read(packed(true), a, &p, &e), AC_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_expect_eq(ac_pack_verify(&p, ac_str_c(bad[i]), &e), AC_EINPUT, "%s", bad[i]);
		cr_expect_str_eq(e.rule, "PACK-KEY");
	}
}

Test(pack, head_that_breaks_a_rule_is_refused_by_that_rule)
{
	struct ac_str s = packed(true);
	static const struct {
		const char *rule, *from, *to;
	} bad[] = {
		{ "PACK-HEAD", "aftercare-pack/1", "aftercare-pack/2" },
		{ "PACK-LINE", "aftercare-pack/1\n", "aftercare-pack/1\r\n" },
		{ "PACK-MADE", "made ", "when " }, { "PACK-MADE", "Z\n", "+00:00\n" },
		{ "PACK-MADE", "2026-", "26-" },
		{ "PACK-ID", "protocol mesotherapy", "protocol ../../etc/passwd" },
		{ "PACK-ID", "protocol mesotherapy", "protocol /mesotherapy" },
		{ "PACK-ID", "protocol mesotherapy", "protocol C:mesotherapy" },
		{ "PACK-ID", "protocol mesotherapy", "protocol Mesotherapy" },
		{ "PACK-ID", "protocol mesotherapy", "protocol meso.xml" },
		{ "PACK-ID", "protocol mesotherapy", "protocol meso\\therapy" },
		{ "PACK-ID", "protocol mesotherapy", "protocol -mesotherapy" },
		{ "PACK-ID", "protocol mesotherapy", "protocol " },
		{ "PACK-LINE", "protocol mesotherapy", "protocol meso\x01therapy" },
		{ "PACK-LINE", "protocol mesotherapy", "protocol\tmesotherapy" },
		{ "PACK-LINE", "protocol mesotherapy", "Protocol mesotherapy" },
		{ "PACK-LINE", "protocol mesotherapy ", "protocol mesotherapy x" },
		{ "PACK-LINE", "protocol mesotherapy ", "protocol mesotherapy  " },
		{ "PACK-ORDER", "protocol mesotherapy", "protocol a" },
		{ "PACK-ORDER", "protocol mesotherapy", "protocol chemical-peel" },
		{ "PACK-EMPTY", "protocol chemical-peel", "\nprotocol chemical-peel" },
		{ "PACK-NOTE", "\n\n\xE2\x80\x94 ", "\n\n- " },
		{ "PACK-NOTE", "\n\n\xE2\x80\x94 ", "\n\n\xE2\x80\x94 two\n\xE2\x80\x94 " },
		{ "PACK-NOTE", "=\n\n<", "=\n\xE2\x80\x94 a b\n\n<" },
		{ "PACK-NOTE", "=\n\n<",
		    "=\n<" }, /* the source's first line stands where an empty one should */
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused(swap(s, bad[i].from, bad[i].to), bad[i].rule);
	refused((struct ac_str){ "", 0 }, "PACK-LINE");
}

/* the number behind the SHA-256 of mesotherapy */
static struct ac_str
with_size(const char *size)
{
	struct ac_str s = packed(true);
	const char *line = memmem(s.p, s.n, "protocol mesotherapy", 20);
	const char *end = memchr(line, '\n', 400), *number = end;

	while (number[-1] != ' ')
		number--;
	size_t n = (size_t)(number - s.p);
	return ac_str_cat(a, ac_str_cat(a, (struct ac_str){ s.p, n }, ac_str_c(size)),
	    (struct ac_str){ end, s.n - (size_t)(end - s.p) });
}

Test(pack, size_that_is_no_number_is_refused)
{
	const char *bad[] = { "", "0", "-1", "+1", "0x10", "1e3", "01", "12 ", " 12", "99999999999999999999",
		"12\t" };

	for (size_t i = 0; i + 1 < sizeof(bad) / sizeof(bad[0]); i++)
		refused(with_size(bad[i]), "PACK-SIZE");
	refused(with_size("12\t"), "PACK-LINE");
}

Test(pack, protocol_over_the_limit_is_refused_before_it_is_read)
{
	cr_expect_eq(refused(with_size("1048577"), "PACK-LIMIT"), AC_ELIMIT);
}

Test(pack, shorter_than_its_head_says_is_refused)
{
	refused(with_size("1048576"), "PACK-TRUNCATED");
}

Test(pack, longer_than_its_head_says_is_refused)
{
	refused(ac_str_cat(a, packed(true), AC_S("\n")), "PACK-TRAILING");
	refused(with_size("100"), "PACK-TRAILING");
}

Test(pack, with_more_protocols_than_the_limit_is_refused)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 8192, 0);
	ac_buf_addz(&b, "aftercare-pack/1\nmade 2026-03-01T09:00:00.000Z\n");
	for (int i = 0; i <= AC_PACK_PROTOCOLS_MAX; i++)
		ac_buf_addf(&b, "protocol p%02d %064d %064d 1\n", i, 0, 0);
	ac_buf_addz(&b, "\n\n");
	cr_expect_eq(refused(ac_buf_str(&b), "PACK-LIMIT"), AC_ELIMIT);
}

Test(pack, source_that_is_not_the_one_in_the_head_is_refused)
{
	cr_expect_eq(refused(swap(packed(true), "Do not touch", "Do now touch"), "PACK-DIGEST"), AC_EINTEGRITY);
}

/* an unsigned pack of one source, with its true SHA-256 and length */
static struct ac_str
of(const char *id, const char *version, struct ac_str source)
{
	struct ac_sha256 sha;

	ac_sha256(source, &sha);
	return ac_strf(a,
	    "aftercare-pack/1\nmade 2026-03-01T09:00:00.000Z\nprotocol %s %s %.*s %zu\n\n\n%.*s", id, version,
	    AC_FMT(ac_hex(a, sha.b, sizeof(sha.b))), source.n, AC_FMT(source));
}

Test(pack, protocol_of_another_name_or_version_than_the_head_says_is_refused)
{
	const char *zero = "0000000000000000000000000000000000000000000000000000000000000000";

	refused(of("mesotherapy", zero, meso), "PACK-VERSION");
	refused(of("botulinum", zero, meso), "PACK-VERSION");
}

Test(pack, source_that_is_no_protocol_fails_with_the_loaders_rule_and_place)
{
	const char *zero = "0000000000000000000000000000000000000000000000000000000000000000";
	struct ac_pack p;
	struct ac_err e = { 0 };
	struct ac_str bomb = AC_S("<!DOCTYPE p [<!ENTITY a 'aaaa'>]>\n<protocol>&a;</protocol>");
	struct ac_err alone = { 0 };
	const struct ac_protocol *unused;

	cr_assert_neq(ac_protocol_load(bomb, a, &unused, &alone), AC_OK);
	cr_assert_neq(ac_pack_read(of("bomb", zero, bomb), a, &p, &e), AC_OK);
	cr_expect_str_eq(e.rule, alone.rule);
	cr_expect_eq(e.line, alone.line);
	cr_expect_str_eq(e.path, "/pack/bomb");
}

Test(pack, that_names_a_protocol_twice_is_not_written)
{
	struct ac_str two[] = { meso, meso }, s;
	struct ac_err e = { 0 };

	cr_expect_eq(ac_pack_write(two, 2, 0, keys, a, &s, &e), AC_EINPUT);
	cr_expect_str_eq(e.rule, "PACK-ORDER");
}

Test(pack, without_a_protocol_is_not_written)
{
	struct ac_str s;
	struct ac_err e = { 0 };

	cr_expect_eq(ac_pack_write(NULL, 0, 0, keys, a, &s, &e), AC_EINPUT);
	cr_expect_str_eq(e.rule, "PACK-EMPTY");
}
