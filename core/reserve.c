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
#include "core/reserve.h"

#define MAGIC 0x31524341u /* "ACR1" */
#define TAKEN \
	0x54524341u /* "ACRT", in the first frame: all behind it are leaves, somebody is emptying the file */
#define SLOT 64
#define PAYLOAD_MAX 4096
#define CLEAR_STEP (64 * 1024)
#define EPOCH_BYTES 16
#define NTEXTS 8

struct frame {
	uint32_t magic, n; /* of the payload */
	unsigned char epoch[EPOCH_BYTES];
	uint64_t seq;
	struct ac_sha256 sha; /* of what stands before, and the payload */
};
_Static_assert(sizeof(struct frame) == SLOT, "a frame begins in one slot");
#define SIGNED_BYTES (sizeof(struct frame) - sizeof(struct ac_sha256))

struct ac_reserve {
	int fd;
	unsigned char epoch[EPOCH_BYTES]; /* of the filling that this object knows; zeros: none */
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

static size_t
whole(size_t payload)
{
	return SLOT + (payload + SLOT - 1) / SLOT * SLOT;
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
	char slot[SLOT];

	return r != NULL && read_at(r->fd, slot, sizeof(slot), 0) && !is_zero(slot, sizeof(slot));
}

/* ---- the payload ---- */

static void
add_text(struct ac_buf *b, struct ac_str s)
{
	uint16_t n = ac_str_is_set(s) ? (uint16_t)s.n : UINT16_MAX;

	ac_buf_add(b, (struct ac_str){ (const char *)&n, sizeof(n) });
	ac_buf_add(b, s);
}

static enum ac_code
write_payload(struct ac_buf *b, const struct ac_audit_entry *e, int64_t at_ms, struct ac_err *reterr)
{
	int64_t numbers[2] = { at_ms, e->version };
	const struct ac_str texts[NTEXTS] = { ac_str_c(e->action), ac_str_c(e->kind), e->actor, e->role,
		e->id, e->patient, e->object, ac_str_c(e->outcome) };
	size_t n = sizeof(numbers) + NTEXTS * sizeof(uint16_t);

	for (size_t i = 0; i < NTEXTS; i++)
		n += texts[i].n;
	if (n > PAYLOAD_MAX || e->digest != NULL)
		return ac_fail(
		    reterr, AC_ELIMIT, "LOG-SIZE", "an entry about %s does not fit the reserve", e->kind);
	ac_buf_add(b, (struct ac_str){ (const char *)numbers, sizeof(numbers) });
	for (size_t i = 0; i < NTEXTS; i++)
		add_text(b, texts[i]);
	return AC_OK;
}

static bool
take_bytes(struct ac_str *from, void *ret, size_t n)
{
	if (from->n < n)
		return false;
	memcpy(ret, from->p, n);
	*from = (struct ac_str){ from->p + n, from->n - n };
	return true;
}

static bool
read_payload(struct ac_str p, struct ac_arena *a, struct ac_audit_entry *ret, int64_t *ret_ms)
{
	int64_t numbers[2];
	struct ac_str texts[NTEXTS] = { 0 };

	if (!take_bytes(&p, numbers, sizeof(numbers)))
		return false;
	for (size_t i = 0; i < NTEXTS; i++) {
		uint16_t n;
		if (!take_bytes(&p, &n, sizeof(n)) || (n != UINT16_MAX && n > p.n))
			return false;
		if (n == UINT16_MAX)
			continue;
		texts[i] = ac_str_dup(a, (struct ac_str){ p.p, n });
		p = (struct ac_str){ p.p + n, p.n - n };
	}
	*ret_ms = numbers[0];
	*ret = (struct ac_audit_entry){ .action = ac_cstr(a, texts[0]),
		.kind = ac_cstr(a, texts[1]),
		.actor = texts[2],
		.role = texts[3],
		.id = texts[4],
		.version = numbers[1],
		.patient = texts[5],
		.object = texts[6],
		.outcome = ac_str_is_set(texts[7]) ? ac_cstr(a, texts[7]) : NULL };
	return true;
}

/* ---- reading it all ---- */

typedef enum ac_code frame_fn(const struct frame *f, struct ac_str payload, void *arg, struct ac_err *reterr);
struct filling {
	unsigned char epoch[EPOCH_BYTES];
	bool any;
	size_t end; /* of the last whole frame */
	uint64_t next;
};

static bool
is_frame(const char *file, size_t at, const struct filling *g, struct frame *ret)
{
	struct ac_sha256 sha;

	memcpy(ret, file + at, sizeof(*ret));
	if (ret->magic != MAGIC || ret->n > PAYLOAD_MAX || whole(ret->n) > AC_RESERVE_BYTES - at)
		return false;
	if (g->any && memcmp(ret->epoch, g->epoch, EPOCH_BYTES) != 0)
		return false;
	ac_sha256_2(
	    (struct ac_str){ file + at, SIGNED_BYTES }, (struct ac_str){ file + at + SLOT, ret->n }, &sha);
	return ac_sha256_eq(&sha, &ret->sha);
}

/* Every whole frame of the filling that the first one belongs to; over damaged ones it looks for the next. */
static enum ac_code
walk(const char *file, frame_fn *fn, void *arg, struct filling *ret, struct ac_err *reterr)
{
	struct filling g = { 0 };
	struct frame f;

	memcpy(&f, file, sizeof(f));
	for (size_t at = f.magic == TAKEN ? AC_RESERVE_BYTES : 0; at < AC_RESERVE_BYTES;) {
		if (!is_frame(file, at, &g, &f)) {
			at += SLOT;
			continue;
		}
		memcpy(g.epoch, f.epoch, EPOCH_BYTES);
		g.any = true;
		enum ac_code code =
		    fn == NULL ? AC_OK : fn(&f, (struct ac_str){ file + at + SLOT, f.n }, arg, reterr);
		if (code != AC_OK)
			return code;
		at += whole(f.n);
		g.end = at;
		g.next = f.seq + 1;
	}
	*ret = g;
	return AC_OK;
}

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

	while (at > 0 && is_zero(file + at - SLOT, SLOT))
		at -= SLOT;
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
	struct filling g;
	struct frame first;
	char slot[SLOT];

	if (!ac_reserve_has(r)) {
		ac_random(r->epoch, sizeof(r->epoch));
		r->used = 0;
		r->next = 0;
		return AC_OK;
	}
	if (!read_at(r->fd, (char *)&first, sizeof(first), 0))
		return fail_io(reterr, "read it");
	if (r->used > 0 && memcmp(first.epoch, r->epoch, EPOCH_BYTES) == 0 &&
	    (r->used == AC_RESERVE_BYTES ||
		(read_at(r->fd, slot, sizeof(slot), r->used) && is_zero(slot, sizeof(slot)))))
		return AC_OK;
	AC_AUTO_T(char) file = read_all(r->fd, reterr);
	if (file == NULL)
		return AC_EIO;
	(void)walk(file, NULL, NULL, &g, reterr);
	if (!g.any)
		ac_random(g.epoch, sizeof(g.epoch));
	memcpy(r->epoch, g.epoch, EPOCH_BYTES);
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
	static const char zeros[SLOT];
	struct frame f = { .magic = MAGIC, .seq = seq };
	struct ac_buf payload;
	enum ac_code code;

	ac_buf_init(&payload, a, 512, 0);
	if ((code = write_payload(&payload, e, at_ms, reterr)) != AC_OK)
		return code;
	f.n = (uint32_t)payload.n;
	memcpy(f.epoch, r->epoch, EPOCH_BYTES);
	ac_sha256_2((struct ac_str){ (const char *)&f, SIGNED_BYTES }, ac_buf_str(&payload), &f.sha);
	ac_buf_add(b, (struct ac_str){ (const char *)&f, sizeof(f) });
	ac_buf_add(b, ac_buf_str(&payload));
	ac_buf_add(b, (struct ac_str){ zeros, whole(f.n) - SLOT - f.n });
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
take_frame(const struct frame *f, struct ac_str payload, void *arg, struct ac_err *reterr)
{
	struct drain *d = arg;
	struct ac_log_tail *tail = d->c->log;
	struct ac_audit_entry e;
	int64_t at_ms;
	enum ac_code code = AC_OK;

	if (f->seq < d->next || !read_payload(payload, d->c->arena, &e, &at_ms))
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
	struct filling g;
	enum ac_code code;

	if (file == NULL)
		return AC_EIO;
	(void)walk(file, NULL, NULL, &g, reterr);
	*ret_n = 0;
	r->used = end_of_bytes(file);
	if (!g.any)
		return AC_OK;
	struct ac_val epoch = AC_VBLOB(((struct ac_str){ (const char *)g.epoch, EPOCH_BYTES }));
	code = ac_store_run(c->store, AC_STMT_RESERVE_TAKEN, read_taken, &d, reterr, epoch);
	if (code == AC_OK)
		code = walk(file, take_frame, &d, &g, reterr);
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
	const struct frame taken = { .magic = TAKEN };
	size_t used = r->used;

	r->used = 0;
	if (used == 0)
		return;
	/* first: of frames that were emptied in part the numbers would be given again, to entries that nobody takes */
	if (!write_at(r->fd, (const char *)&taken, sizeof(taken), 0) || !zero(r, SLOT, used) ||
	    !zero(r, 0, SLOT))
		ac_log(AC_LOG_WARNING,
		    "LOG-RESERVE: the log's reserve could not be emptied; nothing is taken twice");
}

/* ---- from outside ---- */

struct look {
	struct ac_arena *a;
	struct ac_reserve_state *state;
};

static enum ac_code
count_frame(const struct frame *f, struct ac_str payload, void *arg, struct ac_err *reterr)
{
	struct look *l = arg;
	struct ac_audit_entry e;
	int64_t at_ms;

	(void)f;
	(void)reterr;
	if (l->state->entries++ == 0 && read_payload(payload, l->a, &e, &at_ms))
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
	struct filling g = { 0 };
	enum ac_code code = ac_reserve_open(path, false, &r, reterr);

	if (code != AC_OK)
		return code;
	if (ac_reserve_has(r)) {
		AC_AUTO_T(char) file = read_all(r->fd, reterr);
		if (file == NULL)
			return AC_EIO;
		code = walk(file, count_frame, &l, &g, reterr);
	}
	state.bytes = (int64_t)g.end;
	if (code == AC_OK)
		*ret = state;
	return code;
}
