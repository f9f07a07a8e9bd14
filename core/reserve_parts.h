/*
 * reserve_parts.h - what a frame of the reserve is: reserve.c puts and takes them, reserve_frame.c writes and reads them.
 * Nobody else includes it.
 */
#ifndef CORE_RESERVE_PARTS_H
#define CORE_RESERVE_PARTS_H

#include "base/buf.h"
#include "core/reserve.h"

#define RSV_MAGIC 0x31524341u /* "ACR1" */
#define RSV_TAKEN \
	0x54524341u /* "ACRT", in the first frame: all behind it are leaves, somebody is emptying the file */
#define RSV_SLOT 64
#define RSV_PAYLOAD_MAX 4096
#define RSV_EPOCH_BYTES 16

struct rsv_frame {
	uint32_t magic, n; /* of the payload */
	unsigned char epoch[RSV_EPOCH_BYTES];
	uint64_t seq;
	struct ac_sha256 sha; /* of what stands before, and the payload */
};
_Static_assert(sizeof(struct rsv_frame) == RSV_SLOT, "a frame begins in one slot");
#define RSV_SIGNED_BYTES (sizeof(struct rsv_frame) - sizeof(struct ac_sha256))

typedef enum ac_code rsv_frame_fn(const struct rsv_frame *f, struct ac_str payload, void *arg, struct ac_err *reterr);
struct rsv_filling {
	unsigned char epoch[RSV_EPOCH_BYTES];
	bool any;
	size_t end; /* of the last whole frame */
	uint64_t next;
};
size_t rsv_whole(size_t payload); /* bytes of the frame with it */
enum ac_code rsv_write(struct ac_buf *b, const struct ac_audit_entry *e, int64_t at_ms, struct ac_err *reterr) AC_MUST_CHECK;
bool rsv_read(struct ac_str p, struct ac_arena *a, struct ac_audit_entry *ret, int64_t *ret_ms);
/* Every whole frame of the filling that the first one belongs to; over damaged ones it looks for the next. */
enum ac_code rsv_walk(const char *file, rsv_frame_fn *fn, void *arg, struct rsv_filling *ret, struct ac_err *reterr);

#endif
