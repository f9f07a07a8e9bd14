/*
 * reserve.c - see reserve.h. One frame after the other from the start of the file; whoever puts under the lock
 * first looks whether another process put, or emptied it, meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "core/committer.h"
#include "core/log_tail.h"
#include "core/reserve_parts.h"

#define CLEAR_STEP (64 * 1024)

struct ac_reserve {
	int fd;
	unsigned char epoch[RSV_EPOCH_BYTES]; /* of the filling that this object knows; zeros: none */
	size_t used;
	uint64_t next;
};

static enum ac_code
fail_io(struct ac_err *reterr, const char *what)
{
	const char *why = strerrordesc_np(errno);

	return ac_fail(reterr, errno == ENOENT ? AC_ENOTFOUND : AC_EIO, "LOG-RESERVE",
	    "the log's reserve: cannot %s: %s", what, why == NULL ? "unknown error" : why);
}

static bool
is_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != '\0')
			return false;
	return true;
}

static bool
read_at(int fd, char *p, size_t n, size_t at)
{
	while (n > 0) {
		ssize_t got = pread(fd, p, n, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		at += (size_t)got;
		n -= (size_t)got;
	}
	return true;
}

static bool
write_at(int fd, const char *p, size_t n, size_t at)
{
	while (n > 0) {
		ssize_t done = pwrite(fd, p, n, (off_t)at);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		at += (size_t)done;
		n -= (size_t)done;
	}
	return true;
}

/* Every block is the file's before it is needed: a full disk must not reach it. */
static enum ac_code
allocate(int fd, struct ac_err *reterr)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fail_io(reterr, "use this file");
	if (st.st_size == AC_RESERVE_BYTES && st.st_blocks * 512 >= AC_RESERVE_BYTES &&
	    (st.st_mode & 0777) == 0600)
		return AC_OK;
	int error = posix_fallocate(fd, 0, AC_RESERVE_BYTES);
	errno = error;
	if (error != 0 || fchmod(fd, 0600) != 0 || fsync(fd) != 0)
		return fail_io(reterr, "allocate 8 MiB");
	return AC_OK;
}

enum ac_code
ac_reserve_open(const char *path, bool create, struct ac_reserve **ret, struct ac_err *reterr)
{
	int flags = O_RDWR | O_DSYNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | (create ? O_CREAT : 0);
	AC_AUTO(ac_reserve) r = calloc(1, sizeof(*r));
	enum ac_code code;

	if (r == NULL)
		abort();
	r->fd = open(path, flags, 0600);
	if (r->fd < 0)
		return fail_io(reterr, "open it");
	if (create && (code = allocate(r->fd, reterr)) != AC_OK)
		return code;
	*ret = AC_TAKE(r);
	return AC_OK;
}

void
ac_reserve_close(struct ac_reserve *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

void
ac_reserve_lock(struct ac_reserve *r)
{
	while (flock(r->fd, LOCK_EX) != 0 && errno == EINTR)
		;
}

void
ac_reserve_unlock(struct ac_reserve *r)
{
	(void)flock(r->fd, LOCK_UN);
}

bool
ac_reserve_has(const struct ac_reserve *r)
{
	char slot[RSV_SLOT];

	return r != NULL && read_at(r->fd, slot, sizeof(slot), 0) && !is_zero(slot, sizeof(slot));
}

/* ---- reading it all ---- */

AC_DEFINE_AUTO_T(char, free)

static char *
read_all(int fd, struct ac_err *reterr)
{
	char *file = malloc(AC_RESERVE_BYTES);

	if (file == NULL)
		abort();
	if (read_at(fd, file, AC_RESERVE_BYTES, 0))
		return file;
	(void)fail_io(reterr, "read it");
	free(file);
	return NULL;
}

static size_t
end_of_bytes(const char *file)
{
	size_t at = AC_RESERVE_BYTES;

	while (at > 0 && is_zero(file + at - RSV_SLOT, RSV_SLOT))
		at -= RSV_SLOT;
	return at;
}

/* From the end to the start: as long as the first frame stands, the file says that it is not empty. */
static bool
zero(const struct ac_reserve *r, size_t from, size_t to)
{
	static const char zeros[CLEAR_STEP];

	for (size_t n; to > from; to -= n) {
		n = to - from < CLEAR_STEP ? to - from : CLEAR_STEP;
		if (!write_at(r->fd, zeros, n, to - n))
			return false;
	}
	return true;
}

/* ---- putting ---- */

/* Where the next frame goes. The whole file is read only when it is not as this object left it. */
static enum ac_code
find_end(struct ac_reserve *r, struct ac_err *reterr)
{
	struct rsv_filling g;
	struct rsv_frame first;
	char slot[RSV_SLOT];

	if (!ac_reserve_has(r)) {
		ac_random(r->epoch, sizeof(r->epoch));
		r->used = 0;
		r->next = 0;
		return AC_OK;
	}
	if (!read_at(r->fd, (char *)&first, sizeof(first), 0))
		return fail_io(reterr, "read it");
	if (r->used > 0 && memcmp(first.epoch, r->epoch, RSV_EPOCH_BYTES) == 0 &&
	    (r->used == AC_RESERVE_BYTES ||
		(read_at(r->fd, slot, sizeof(slot), r->used) && is_zero(slot, sizeof(slot)))))
		return AC_OK;
	AC_AUTO_T(char) file = read_all(r->fd, reterr);
	if (file == NULL)
		return AC_EIO;
	(void)rsv_walk(file, NULL, NULL, &g, reterr);
	if (!g.any)
		ac_random(g.epoch, sizeof(g.epoch));
	memcpy(r->epoch, g.epoch, RSV_EPOCH_BYTES);
	r->used = g.end;
	r->next = g.next;
	size_t last = end_of_bytes(file);
	if (last > g.end && !zero(r, g.end, last))
		return fail_io(reterr, "write it"); /* a torn frame: never acknowledged */
	return AC_OK;
}

static enum ac_code
add_frame(struct ac_buf *b, const struct ac_reserve *r, uint64_t seq, const struct ac_audit_entry *e,
    int64_t at_ms, struct ac_arena *a, struct ac_err *reterr)
{
	static const char zeros[RSV_SLOT];
	struct rsv_frame f = { .magic = RSV_MAGIC, .seq = seq };
	struct ac_buf payload;
	enum ac_code code;

	ac_buf_init(&payload, a, 512, 0);
	if ((code = rsv_write(&payload, e, at_ms, reterr)) != AC_OK)
		return code;
	f.n = (uint32_t)payload.n;
	memcpy(f.epoch, r->epoch, RSV_EPOCH_BYTES);
	ac_sha256_2((struct ac_str){ (const char *)&f, RSV_SIGNED_BYTES }, ac_buf_str(&payload), &f.sha);
	ac_buf_add(b, (struct ac_str){ (const char *)&f, sizeof(f) });
	ac_buf_add(b, ac_buf_str(&payload));
	ac_buf_add(b, (struct ac_str){ zeros, rsv_whole(f.n) - RSV_SLOT - f.n });
	return AC_OK;
}

static enum ac_code
put(struct ac_reserve *r, const struct ac_audit_entry *const *entries, size_t n, int64_t at_ms,
    struct ac_arena *a, struct ac_err *reterr)
{
	struct ac_buf b;
	enum ac_code code = find_end(r, reterr);

	ac_buf_init(&b, a, n * 512, 0);
	for (size_t i = 0; i < n && code == AC_OK; i++)
		code = add_frame(&b, r, r->next + i, entries[i], at_ms, a, reterr);
	if (code != AC_OK)
		return code;
	if (b.n > AC_RESERVE_BYTES - r->used)
		return ac_fail(reterr, AC_EIO, "LOG-RESERVE-FULL",
		    "the store cannot be written and the log's reserve is full: nothing is shown that is not "
		    "logged");
	if (!write_at(r->fd, b.p, b.n, r->used)) {
		enum ac_code failed = fail_io(reterr, "write it");
		(void)zero(r, r->used, r->used + b.n);
		r->used = 0; /* look again the next time */
		return failed;
	}
	r->used += b.n;
	r->next += n;
	return AC_OK;
}

enum ac_code
ac_reserve_put(struct ac_reserve *r, const struct ac_audit_entry *const *entries, size_t n, int64_t at_ms,
    struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	ac_reserve_lock(r);
	enum ac_code code = put(r, entries, n, at_ms, a, reterr);
	ac_reserve_unlock(r);
	return code;
}

/* ---- becoming leaves ---- */

struct drain {
	struct ac_commit *c;
	uint64_t next; /* the number that is due */
	bool known;    /* `next` was read from the store */
	int64_t n, lost;
};

static enum ac_code
read_taken(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct drain *d = arg;

	(void)ncols;
	(void)reterr;
	d->known = true;
	d->next = (uint64_t)cols[0].i;
	return AC_OK;
}

static enum ac_code
append_lost(struct drain *d, uint64_t n, struct ac_err *reterr)
{
	struct ac_audit_entry e = { .action = "log",
		.kind = "log",
		.actor = AC_S("aftercare"),
		.role = AC_S("system"),
		.version = (int64_t)n,
		.outcome = "reserve-gap" };

	d->lost += (int64_t)n;
	ac_log(
	    AC_LOG_ERR, "LOG-RESERVE: %llu entries of the log's reserve are damaged", (unsigned long long)n);
	return ac_audit_append(d->c, &e, reterr);
}

/* Time does not go back within a log: an entry that another process overtook takes the time of the leaf before it. */
static enum ac_code
take_frame(const struct rsv_frame *f, struct ac_str payload, void *arg, struct ac_err *reterr)
{
	struct drain *d = arg;
	struct ac_log_tail *tail = d->c->log;
	struct ac_audit_entry e;
	int64_t at_ms;
	enum ac_code code = AC_OK;

	if (f->seq < d->next || !rsv_read(payload, d->c->arena, &e, &at_ms))
		return AC_OK;
	if (at_ms > tail->at_ms)
		tail->at_ms = at_ms;
	d->c->now_ms = tail->at_ms;
	if (f->seq > d->next)
		code = append_lost(d, f->seq - d->next, reterr);
	if (code == AC_OK)
		code = ac_audit_append(d->c, &e, reterr);
	ac_arena_reset(d->c->arena);
	d->next = f->seq + 1;
	d->n++;
	return code;
}

enum ac_code
ac_reserve_drain(struct ac_reserve *r, struct ac_commit *c, int64_t *ret_n, struct ac_err *reterr)
{
	AC_AUTO_T(char) file = read_all(r->fd, reterr);
	struct drain d = { .c = c };
	struct rsv_filling g;
	enum ac_code code;

	if (file == NULL)
		return AC_EIO;
	(void)rsv_walk(file, NULL, NULL, &g, reterr);
	*ret_n = 0;
	r->used = end_of_bytes(file);
	if (!g.any)
		return AC_OK;
	struct ac_val epoch = AC_VBLOB(((struct ac_str){ (const char *)g.epoch, RSV_EPOCH_BYTES }));
	code = ac_store_run(c->store, AC_STMT_RESERVE_TAKEN, read_taken, &d, reterr, epoch);
	if (code == AC_OK)
		code = rsv_walk(file, take_frame, &d, &g, reterr);
	if (code != AC_OK || d.n == 0)
		return code;
	struct ac_val taken = AC_VINT((int64_t)d.next);
	code = d.known ? ac_store_run(c->store, AC_STMT_RESERVE_SET, NULL, NULL, reterr, taken, epoch)
		       : ac_store_run(c->store, AC_STMT_RESERVE_ADD, NULL, NULL, reterr, epoch, taken);
	if (code == AC_OK)
		*ret_n = d.n;
	return code;
}

void
ac_reserve_clear(struct ac_reserve *r)
{
	const struct rsv_frame taken = { .magic = RSV_TAKEN };
	size_t used = r->used;

	r->used = 0;
	if (used == 0)
		return;
	/* first: of frames that were emptied in part the numbers would be given again, to entries that nobody takes */
	if (!write_at(r->fd, (const char *)&taken, sizeof(taken), 0) || !zero(r, RSV_SLOT, used) ||
	    !zero(r, 0, RSV_SLOT))
		ac_log(AC_LOG_WARNING,
		    "LOG-RESERVE: the log's reserve could not be emptied; nothing is taken twice");
}

/* ---- from outside ---- */

struct look {
	struct ac_arena *a;
	struct ac_reserve_state *state;
};

static enum ac_code
count_frame(const struct rsv_frame *f, struct ac_str payload, void *arg, struct ac_err *reterr)
{
	struct look *l = arg;
	struct ac_audit_entry e;
	int64_t at_ms;

	(void)f;
	(void)reterr;
	if (l->state->entries++ == 0 && rsv_read(payload, l->a, &e, &at_ms))
		l->state->first_ms = at_ms;
	return AC_OK;
}

enum ac_code
ac_reserve_look(const char *path, struct ac_reserve_state *ret, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	AC_AUTO(ac_reserve) r = NULL;
	struct ac_reserve_state state = { 0 };
	struct look l = { a, &state };
	struct rsv_filling g = { 0 };
	enum ac_code code = ac_reserve_open(path, false, &r, reterr);

	if (code != AC_OK)
		return code;
	if (ac_reserve_has(r)) {
		AC_AUTO_T(char) file = read_all(r->fd, reterr);
		if (file == NULL)
			return AC_EIO;
		code = rsv_walk(file, count_frame, &l, &g, reterr);
	}
	state.bytes = (int64_t)g.end;
	if (code == AC_OK)
		*ret = state;
	return code;
}
