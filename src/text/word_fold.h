/*
 * A text as the words that lists are compared with: folded, one blank before,
 * between and after words, and for every byte where in the text it came from.
 *
 * Two readings. The plain one has case and accents folded. The disguised one also
 * reads through look-alike letters ("раyраl"), digits and signs for letters
 * ("v1agr@") and letters set apart ("v.i.a.g.r.a"), and knows which of its words
 * were disguised: only those may be held against somebody by it, since it also
 * writes l as i.
 *
 * Digits are read as letters with care: a word needs as many letters as digits and
 * signs, and three in all, so that "4G", "mp3", "a380" and "100 €" stay what they are.
 */
#ifndef TEXT_WORD_FOLD_H
#define TEXT_WORD_FOLD_H

#include "base/arena.h"

enum word_reading { WORDS_PLAIN, WORDS_DISGUISED };

struct word_fold {
	char *bytes; /* " word word " */
	size_t length;
	uint32_t *from, *until; /* of each byte: its character in the text */
	uint32_t *disguises;    /* disguised words up to and with this byte's word */
	size_t word_count;
};

/* At most 4 GB of text. The arena keeps about 13 bytes for each byte of text. */
void word_fold(struct arena *arena, const char *text, enum word_reading reading,
	       struct word_fold *out);

/* Does a word of bytes [start, end) hide what it is? */
bool word_fold_is_disguised(const struct word_fold *fold, size_t start, size_t end);

#endif
