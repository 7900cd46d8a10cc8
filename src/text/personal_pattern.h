/* Matching a brand's customer numbers. Between the files of personal_data.h. */
#ifndef TEXT_PERSONAL_PATTERN_H
#define TEXT_PERSONAL_PATTERN_H

#include "text/personal_data.h"

/* The longest text from the start on that the pattern is, ended at a word's end; 0: none. */
size_t personal_pattern_match(const struct personal_pattern *pattern, const char *text);

#endif
