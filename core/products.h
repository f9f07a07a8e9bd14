/*
 * products.h - product lots that were answered on the panel instead of recorded in the chart.
 *
 * Shape   answers "product.lot", "product.expires" (2027-01 or 2027-01-31) and "product.expired" (the lot that was used although
 *         it had expired). They fill what the chart leaves open, in the first performed procedure that has no lot; what the
 *         chart says stays. Plans see the visit so from everywhere: tasks, sheet, document.
 * Rules   a lot is never proposed from an earlier session. One whose last day lies before the treatment is asked about on the
 *         panel until somebody says that it was this one; that is content of the plan.
 */
#ifndef CORE_PRODUCTS_H
#define CORE_PRODUCTS_H

#include "core/plan.h"

#define AC_ANSWER_LOT "product.lot"
#define AC_ANSWER_LOT_EXPIRES "product.expires"
#define AC_ANSWER_LOT_EXPIRED "product.expired"
#define AC_LOT_BYTES_MAX 60

/* The same encounter where nothing is to be filled. */
const struct encounter *ac_products_answered(const struct encounter *e, const struct ac_answer *answers, size_t n,
    struct ac_arena *a);
bool ac_lot_is_answer(struct ac_str name); /* one of the three */
/* NULL, or what is wrong with the value. */
const char *ac_lot_fault(struct ac_str name, struct ac_str value);
/* Something was used, a protocol asks for its lot, and none is recorded. */
bool ac_plan_lacks_lot(const struct ac_plan *p);
/* The first lot of a treatment that had expired by then; NULL: none, or somebody confirmed it. */
const struct enc_product *ac_plan_expired_lot(const struct ac_plan *p);

#endif
