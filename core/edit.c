/* edit.c - see edit.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "core/edit.h"
#include "core/protocol.h"

#define HOLDER_MAX 256
#define NAME_MAX_SHOWN 64 /* bytes of a person's name in a file name */
#define TEXT_MAX \
	(2 * AC_PROTOCOL_BYTES_MAX) /* a text with remarks in it, or one that grew too long to load */

static enum ac_code
fail_io(struct ac_err *reterr, const char *path)
{
	return ac_fail(reterr, AC_EIO, "EDIT-FOLDER", "%s: %s", path, strerrordesc_np(errno));
}

/* What root makes in another user's installation is that user's. */
static void
give_to_owner(int fd, const char *state_dir)
{
	struct stat st;

	if (geteuid() == 0 && stat(state_dir, &st) == 0 && st.st_uid != 0 &&
	    fchown(fd, st.st_uid, st.st_gid) != 0)
		return; /* it stays root's: the person can still read it */
}

static enum ac_code
make_dir(const char *path, const char *state_dir, struct ac_err *reterr)
{
	bool is_new = mkdir(path, 0700) == 0;

	if (!is_new && errno != EEXIST)
		return fail_io(reterr, path);
	/* a link would lead root, and what it gives to the installation's owner, to where that owner may not write */
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail_io(reterr, path);
	if (is_new)
		give_to_owner(fd, state_dir);
	close(fd);
	return AC_OK;
}

/* A name as part of a file name: no slash, no dot, nothing that a shell would mind; two names stay two. */
static struct ac_str
harmless(struct ac_arena *a, struct ac_str name)
{
	size_t n = name.n > NAME_MAX_SHOWN ? NAME_MAX_SHOWN : name.n;
	char *p = ac_cstr(a, (struct ac_str){ name.p, n });
	struct ac_sha256 sha;

	for (size_t i = 0; i < n; i++) {
		char ch = p[i];
		bool is_plain =
		    (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');

		if (!is_plain && ch != '-' && ch != '_')
			p[i] = '_';
	}
	if (ac_streq((struct ac_str){ p, n }, name))
		return n == 0 ? AC_S("_") : name;
	ac_sha256(name, &sha);
	return ac_strf(a, "%.*s-%.*s", (int)n, p, AC_FMT(ac_hex(a, sha.b, 4)));
}

static enum ac_code
fail_locked(int fd, struct ac_err *reterr)
{
	char who[HOLDER_MAX] = { 0 };
	ssize_t n = pread(fd, who, sizeof(who) - 1, 0);

	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)who[i] < 0x20)
			who[i] = '\0';
	return ac_fail(reterr, AC_EBUSY, "EDIT-LOCKED", "%s has it open for editing",
	    n > 0 && who[0] != '\0' ? who : "another process");
}

static bool
write_holder(struct ac_edit *e, int64_t pid)
{
	struct ac_str who = ac_strf(e->a, "%.*s (process %lld, since %.*s)", AC_FMT(e->person), (long long)pid,
	    AC_FMT(ac_rfc3339(e->a, NULL, e->since_ms / 1000)));

	return ftruncate(e->lock, 0) == 0 && pwrite(e->lock, who.p, who.n, 0) >= 0;
}

void
ac_edit_say_holder(struct ac_edit *e, int64_t pid)
{
	if (e->lock >= 0 && !write_holder(e, pid)) /* the lock itself decides, not the name in it */
		errno = 0;
}

static enum ac_code
take_lock(struct ac_edit *e, const char *state_dir, struct ac_err *reterr)
{
	const char *path = ac_cstr(e->a, ac_strf(e->a, "%s/lock", e->dir));

	e->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (e->lock < 0)
		return fail_io(reterr, path);
	if (flock(e->lock, LOCK_EX | LOCK_NB) != 0) {
		enum ac_code rc = errno == EWOULDBLOCK ? fail_locked(e->lock, reterr) : fail_io(reterr, path);

		close(e->lock);
		e->lock = -1;
		return rc;
	}
	give_to_owner(e->lock, state_dir);
	return write_holder(e, getpid()) ? AC_OK : fail_io(reterr, path);
}

enum ac_code
ac_edit_open(const char *state_dir, struct ac_str protocol, struct ac_str person, int64_t now_ms,
    struct ac_arena *a, struct ac_edit *ret, struct ac_err *reterr)
{
	struct ac_edit e = { .a = a, .lock = -1, .person = person, .since_ms = now_ms };
	const char *all = ac_cstr(a, ac_strf(a, "%s/edit", state_dir));
	struct ac_str name = harmless(a, person);
	struct stat st;
	enum ac_code rc;

	e.dir = ac_cstr(a, ac_strf(a, "%s/%.*s", all, AC_FMT(harmless(a, protocol))));
	e.text = ac_cstr(a, ac_strf(a, "%s/%.*s.xml", e.dir, AC_FMT(name)));
	e.base = ac_cstr(a, ac_strf(a, "%s/%.*s.base", e.dir, AC_FMT(name)));
	if ((rc = make_dir(all, state_dir, reterr)) != AC_OK ||
	    (rc = make_dir(e.dir, state_dir, reterr)) != AC_OK ||
	    (rc = take_lock(&e, state_dir, reterr)) != AC_OK)
		return rc;
	if (stat(e.text, &st) == 0 && st.st_size > 0) {
		e.has_kept = true;
		e.kept_ms = (int64_t)st.st_mtim.tv_sec * 1000;
	}
	*ret = e;
	return AC_OK;
}

void
ac_edit_close(struct ac_edit *e)
{
	if (e->lock < 0)
		return;
	if (ftruncate(e->lock, 0) != 0 || flock(e->lock, LOCK_UN) != 0) /* a stale name says nothing: the lock itself decides */
		errno = 0;
	close(e->lock);
	e->lock = -1;
}

void
ac_edit_leave(struct ac_edit *e)
{
	if (e->lock >= 0)
		close(e->lock);
	e->lock = -1;
}

enum ac_code
ac_edit_write(struct ac_edit *e, struct ac_str text, struct ac_err *reterr)
{
	return ac_file_write(e->text, text, 0600, reterr);
}

enum ac_code
ac_edit_begin(struct ac_edit *e, struct ac_str text, const struct ac_edit_base *base, struct ac_err *reterr)
{
	struct ac_str line = ac_strf(e->a, "%.*s %lld\n",
	    AC_FMT(ac_hex(e->a, base->version.b, sizeof(base->version.b))), (long long)base->n);
	enum ac_code rc = ac_file_write(e->base, line, 0600, reterr);

	return rc != AC_OK ? rc : ac_edit_write(e, text, reterr);
}

enum ac_code
ac_edit_read(struct ac_edit *e, struct ac_str *ret_text, struct ac_err *reterr)
{
	return ac_file_read(e->text, TEXT_MAX, e->a, ret_text, reterr);
}

enum ac_code
ac_edit_read_base(struct ac_edit *e, struct ac_edit_base *ret, struct ac_err *reterr)
{
	struct ac_str line, first;
	struct ac_edit_base base;
	enum ac_code rc = ac_file_read(e->base, 1024, e->a, &line, reterr);

	if (rc != AC_OK)
		return rc;
	line = ac_cut(ac_str_trim(line), ' ', &first);
	if (!ac_unhex(first, base.version.b, sizeof(base.version.b)) ||
	    !ac_str_int(line, 0, INT64_MAX, &base.n))
		return ac_fail(
		    reterr, AC_EIO, "EDIT-FOLDER", "%s does not say what the text began as", e->base);
	*ret = base;
	return AC_OK;
}

enum ac_code
ac_edit_set_aside(struct ac_edit *e, int64_t now_ms, const char **ret_path, struct ac_err *reterr)
{
	size_t n = strlen(e->text) - strlen(".xml");
	const char *to = ac_cstr(e->a, ac_strf(e->a, "%.*s.%lld.xml", (int)n, e->text, (long long)now_ms));

	if (rename(e->text, to) != 0)
		return fail_io(reterr, to);
	*ret_path = to;
	e->has_kept = false;
	return AC_OK;
}

void
ac_edit_drop(struct ac_edit *e)
{
	unlink(e->text);
	unlink(e->base);
	e->has_kept = false;
}
