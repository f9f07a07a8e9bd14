/*
 * fcgi.h - libfcgi behind the gateway of http.h: the socket, the threads, the clean stop.
 *
 * Threads N workers each with its own FCGX_Request; one timer. The caller's thread waits for SIGTERM or SIGINT, then
 *         wakes the workers until all have left accept(2); requests under way are finished.
 */
#ifndef PLUGIN_FCGI_H
#define PLUGIN_FCGI_H

#include <signal.h>

#include "core/service.h"

/* Block SIGTERM, SIGINT in this and all later threads; the set to wait for. SIGPIPE is ignored. */
sigset_t ac_fcgi_block_signals(void);
/* `socket` NULL: listen on descriptor 0. Returns after a clean stop. */
enum ac_code ac_fcgi_run(struct ac_service *s, const char *socket, int threads, const sigset_t *stop,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
