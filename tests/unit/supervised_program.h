/*
 * The program that the supervisor's tests supervise: a small server whose
 * behaviour hangs on numbers in files of a folder, so that a reload has something
 * to notice. Files: generation, workers, requests (per worker), workers-die (when
 * not 0 they end at once, and add a byte to "starts"), check-fails.
 *
 * It answers "PID GENERATION REQUESTS RESTARTS"; /slow takes 400 ms, /stuck 20 s,
 * /crash kills its worker.
 */
#ifndef TESTS_SUPERVISED_PROGRAM_H
#define TESTS_SUPERVISED_PROGRAM_H

#include <stdbool.h>

/* Called as "PROGRAM serve FOLDER [--check]": runs and fills *status. Else false. */
bool supervised_program(int argc, char **argv, int *status);

#endif
