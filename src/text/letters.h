/*
 * Letters and digits of all scripts, by Unicode's categories.
 */
#ifndef TEXT_LETTERS_H
#define TEXT_LETTERS_H

#include "base/base.h"

/* Also the marks that many scripts write their vowels with. */
bool letters_is_letter(uint32_t point);
bool letters_is_digit(uint32_t point);

/* Bytes of the letter or digit with which the text begins; 0: it begins otherwise. */
size_t letters_word_length(const char *text);

#endif
