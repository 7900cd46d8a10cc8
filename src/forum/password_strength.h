/*
 * How hard a password is to guess, roughly, for somebody who tries the likely ones
 * first: words, names, dates, walks over the keyboard, repeats. Pure.
 */
#ifndef FORUM_PASSWORD_STRENGTH_H
#define FORUM_PASSWORD_STRENGTH_H

#include "base/base.h"

/*
 * The binary logarithm of the number of guesses, times two. own_words: what an
 * attacker knows of this person (name, address, the site's name), lower case.
 */
int password_half_bits(const char *password, const char *const *own_words, size_t own_word_count);

/*
 * Refused below. All of the three thousand most common passwords are (a test has
 * the list); three words are above it, so is nearly every random one of mixed
 * signs. An attacker who may try 100 an hour (forum/throttle.h) needs centuries.
 */
#define PASSWORD_HALF_BITS_MIN 58

#endif
