/* fcgi.c - see fcgi.h. fcgiapp.h only: fcgi_stdio.h would redefine stdio. */
#include "plugin/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "core/intake.h"
#include "plugin/http.h"
#include "plugin/refusals.h"

#define BACKLOG 512
#define TIMER_S 30
#define JOIN_STEP_NS (20 * 1000 * 1000)
#define THREADS_MAX 64

struct server {
	struct ac_service *service;
	int listen_fd;
	atomic_bool stop;
	struct ac_refusals refusals;
	pthread_mutex_t lock; /* for `wake` only */
	pthread_cond_t wake;  /* the timer sleeps on it */
};

static void
on_wake(int sig)
{
	(void)sig; /* only interrupts accept(2) */
}

sigset_t
ac_fcgi_block_signals(void)
{
	sigset_t s;
	struct sigaction wake = { .sa_handler = on_wake }, ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGUSR1, &wake, NULL); /* without SA_RESTART: accept(2) must return */
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL); /* a limit on file sizes is an error of that write, not our end */
	sigemptyset(&s);
	sigaddset(&s, SIGTERM);
	sigaddset(&s, SIGINT);
	pthread_sigmask(SIG_BLOCK, &s, NULL);
	return s;
}

static const char *
param(void *ctx, const char *name)
{
	return FCGX_GetParam(name, ((FCGX_Request *)ctx)->envp);
}

static bool
read_exactly(void *ctx, char *buf, size_t n)
{
	FCGX_Request *r = ctx;

	while (n > 0) {
		int want = n > 1 << 20 ? 1 << 20 : (int)n;
		int got = FCGX_GetStr(buf, want, r->in);

		if (got <= 0)
			return false;
		buf += got;
		n -= (size_t)got;
	}
	return true;
}

/* One CSP for all: no script, no inline style, nothing from elsewhere. The panel is for an iframe of the same site. */
static void
send_answer(FCGX_Request *r, const struct ac_http *h)
{
	struct ac_str body = ac_buf_str(&h->out);

	FCGX_FPrintF(r->out, "Status: %d\r\n", h->status);
	if (h->status != 303)
		FCGX_FPrintF(r->out, "Content-Type: %s\r\n", h->type);
	for (size_t i = 0; i < h->nheaders; i++) {
		FCGX_FPrintF(r->out, "%s: ", h->headers[i].name);
		FCGX_PutStr(h->headers[i].value.p, (int)h->headers[i].value.n, r->out);
		FCGX_PutS("\r\n", r->out);
	}
	FCGX_FPrintF(r->out, "Content-Length: %d\r\n", (int)body.n);
	FCGX_PutS("Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
	          "base-uri 'none'; frame-ancestors 'self'\r\n"
	          "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n", r->out);
	FCGX_PutS(h->cacheable ? "Cache-Control: public, max-age=86400\r\n\r\n" : "Cache-Control: no-store\r\n\r\n", r->out);
	if (!h->is_head)
		FCGX_PutStr(body.p, (int)body.n, r->out);
}

static void
serve_one(struct ac_worker *w, FCGX_Request *r, struct ac_refusals *refusals)
{
	struct ac_gateway g = { param, read_exactly, r };
	struct ac_http h;
	struct ac_err e = { 0 };

	if (ac_worker_begin(w, &e) != AC_OK) {
		ac_log_err(AC_LOG_ERR, "the store cannot be read", &e);
		FCGX_PutS("Status: 503\r\nRetry-After: 2\r\nContent-Type: text/plain\r\n\r\nCannot be done just now.\n", r->out);
		return;
	}
	ac_http_serve(w, &g, &h);
	ac_refusals_note(refusals, &h);
	send_answer(r, &h);
	ac_worker_end(w);
}

static void *
work(void *arg)
{
	struct server *s = arg;
	struct ac_err e = { 0 };
	FCGX_Request r;
	AC_AUTO(ac_worker) w = NULL;

	if (ac_worker_new(s->service, &w, &e) != AC_OK) {
		ac_log_err(AC_LOG_ERR, "a thread could not start", &e);
		return NULL;
	}
	if (FCGX_InitRequest(&r, s->listen_fd, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		return NULL;
	while (!atomic_load(&s->stop)) {
		int rc = FCGX_Accept_r(&r);

		if (rc == 0) {
			serve_one(w, &r, &s->refusals);
			FCGX_Finish_r(&r);
		} else if (!atomic_load(&s->stop) && rc != -EINTR && errno != EINTR) {
			struct timespec pause = { 0, JOIN_STEP_NS }; /* out of descriptors: do not spin */

			nanosleep(&pause, NULL);
		}
	}
	FCGX_Free(&r, 1);
	return NULL;
}

/* What is due is state in the store, not a tick: a missed turn is caught up by the next. */
static void
one_turn(struct server *s, struct ac_worker *w, bool last)
{
	struct ac_err e = { 0 };
	int64_t done = 0;

	if (ac_worker_begin(w, &e) != AC_OK)
		return;
	if (!last && ac_intake_timer(w, ac_service_now_ms(s->service), &done, &e) != AC_OK)
		ac_log_err(AC_LOG_WARNING, "the timer will try again", &e);
	if (ac_service_settle(s->service, &e) != AC_OK)
		ac_log_err(AC_LOG_WARNING, "entries of the log wait in its reserve", &e);
	if (ac_refusals_flush(&s->refusals, w, last, &e) != AC_OK)
		ac_log_err(AC_LOG_WARNING, "refusals will be logged later", &e);
	ac_worker_end(w);
}

static void *
keep_time(void *arg)
{
	struct server *s = arg;
	struct ac_err e = { 0 };
	AC_AUTO(ac_worker) w = NULL;

	if (ac_worker_new(s->service, &w, &e) != AC_OK)
		return NULL;
	while (!atomic_load(&s->stop)) {
		one_turn(s, w, false);
		struct timespec until;
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += TIMER_S;
		pthread_mutex_lock(&s->lock);
		if (!atomic_load(&s->stop))
			pthread_cond_timedwait(&s->wake, &s->lock, &until);
		pthread_mutex_unlock(&s->lock);
	}
	one_turn(s, w, true);
	return NULL;
}

static void
join_waking(pthread_t t)
{
	struct timespec until;

	for (;;) { /* the signal may arrive just before accept(2) is entered: send until it has worked */
		pthread_kill(t, SIGUSR1);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += JOIN_STEP_NS;
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
		if (pthread_timedjoin_np(t, NULL, &until) == 0)
			return;
	}
}

static enum ac_code
open_socket(const char *path, int *ret, struct ac_err *reterr)
{
	if (path == NULL) {
		*ret = 0;
		return AC_OK;
	}
	mode_t old = umask(0117); /* who can connect is trusted: 0660 from the first moment */
	*ret = FCGX_OpenSocket(path, BACKLOG);
	umask(old);
	return *ret < 0 ? ac_fail(reterr, AC_EIO, "FCGI-SOCKET", "cannot listen on the socket") : AC_OK;
}

enum ac_code
ac_fcgi_run(struct ac_service *service, const char *path, int threads, const sigset_t *stop, struct ac_err *reterr)
{
	struct server s = { .service = service, .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };
	pthread_t t[THREADS_MAX], timer;
	int n = 0, sig;
	enum ac_code rc;

	if (FCGX_Init() != 0)
		return ac_fail(reterr, AC_EIO, "FCGI-INIT", "libfcgi did not start");
	if ((rc = open_socket(path, &s.listen_fd, reterr)) != AC_OK)
		return rc;
	bool has_timer = pthread_create(&timer, NULL, keep_time, &s) == 0;
	while (n < threads && n < THREADS_MAX && pthread_create(&t[n], NULL, work, &s) == 0)
		n++;
	ac_log(AC_LOG_INFO, "serving with %d threads", n);
	if (n > 0)
		sigwait(stop, &sig);
	pthread_mutex_lock(&s.lock);
	atomic_store(&s.stop, true);
	pthread_cond_signal(&s.wake);
	pthread_mutex_unlock(&s.lock);
	FCGX_ShutdownPending();
	for (int i = 0; i < n; i++)
		join_waking(t[i]);
	if (has_timer)
		pthread_join(timer, NULL);
	if (path != NULL)
		unlink(path);
	ac_log(AC_LOG_INFO, "stopped");
	return n > 0 ? AC_OK : ac_fail(reterr, AC_EIO, "FCGI-THREADS", "no thread could be started");
}
