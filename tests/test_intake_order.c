/* Events arrive twice and in any order: one state. The long run is tests/soak/order.c. */
#include "tests/expect.h"
#include "tests/order_kit.h"

#define VISITS 24

static struct ac_sha256
state_of_order(uint64_t order, size_t *ret_stale, size_t *ret_unchanged)
{
	struct kit k;
	struct event *v;
	size_t n = order_events(VISITS, 20, order, &v);
	struct ac_audit_counts counts;
	struct ac_err e = { 0 };

	kit_open(&k);
	for (size_t i = 0; i < n; i++) {
		AC_AUTO(ac_arena) a = ac_arena_new();
		struct ac_intake r = { 0 };
		need(order_send(k.w, order_json(v[i], 7, a), &r, &e), &e);
		*ret_stale += r.outcome == AC_OUT_STALE;
		*ret_unchanged += r.outcome == AC_OUT_UNCHANGED;
	}
	struct ac_sha256 state = order_state(k.w, VISITS);
	need(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &counts, &e), &e);
	kit_close(&k);
	free(v);
	return state;
}

Test(order, any_order_with_doubles_ends_in_one_state)
{
	size_t stale = 0, unchanged = 0;
	struct ac_sha256 first = state_of_order(1, &stale, &unchanged);

	for (uint64_t order = 2; order <= 5; order++) {
		struct ac_sha256 other = state_of_order(order, &stale, &unchanged);
		cr_expect(ac_sha256_eq(&first, &other), "order %d", (int)order);
	}
	cr_expect(stale > 0 && unchanged > 0, "the orders must hold late and double events");
}

Test(order, another_history_ends_in_another_state)
{
	struct kit k;
	struct ac_err e = { 0 };

	kit_open(&k);
	put(&k, (struct visit){ .id = "0", .area = "face" });
	struct ac_sha256 face = order_state(k.w, 1);
	put(&k, (struct visit){ .id = "0", .revision = 2, .area = "scalp" });
	struct ac_sha256 scalp = order_state(k.w, 1);
	EXPECT_CODE(try_done(&k, put(&k, (struct visit){ .id = "0", .revision = 2, .area = "scalp" }).plan,
			"mesotherapy/call-day-2/1", 1, "completed", &e),
	    AC_OK, e);
	struct ac_sha256 done = order_state(k.w, 1);
	cr_expect(!ac_sha256_eq(&face, &scalp) && !ac_sha256_eq(&scalp, &done));
	kit_close(&k);
}
