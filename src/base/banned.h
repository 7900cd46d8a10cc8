/*
 * Functions that do not compile here, each with what to use instead.
 * Included by base/base.h, so by every C file of the project.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef alloca /* a macro in glibc; poisoning one warns */

#pragma GCC poison strcpy strcat strncpy strncat /* buf, arena_strdup */
#pragma GCC poison sprintf vsprintf              /* snprintf, buf_printf */
#pragma GCC poison strtok atoi atol atoll        /* slice, text_to_i64 */
#pragma GCC poison localtime gmtime ctime        /* clock.h */
#pragma GCC poison alloca tmpnam mktemp          /* arena, mkstemp */
#pragma GCC poison rand srand                    /* crypto_random */

#endif
