/* pack_note.h - what reader and writer of a pack share. Private to core. */
#ifndef CORE_PACK_NOTE_H
#define CORE_PACK_NOTE_H

#include <stdio.h>
#include <string.h>

#define PK_FIRST "aftercare-pack/1"
#define PK_DASH "\xE2\x80\x94 " /* em dash, space: C2SP signed-note */
#define PK_LINE_MAX 400

#endif
