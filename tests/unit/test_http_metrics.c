/* The counters that all workers share. */
#include "unit.h"

#include "http/metrics.h"

static void test_slots_of_processes_are_summed(void **state)
{
	struct metrics *metrics = metrics_new();
	struct metrics_totals *totals = arena_new_of(*state, struct metrics_totals);

	assert_non_null(metrics);
	for (size_t i = 0; i < 3; i++) {
		pid_t child = fork();
		if (child == 0) {
			struct metrics_slot *slot = metrics_slot(metrics, i % 2, i);
			for (int n = 0; n < 1000; n++)
				metrics_count(slot, (struct metrics_sample){ .route = 5,
									     .status = 404,
									     .duration_us = 1500,
									     .statements = 3,
									     .round_trips = 1 });
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	metrics_count_restart(metrics, 1);
	metrics_sum(metrics, totals);
	assert_int_equal(totals->requests[5][12], 3000);
	assert_int_equal(metrics_status_codes[12], 404);
	assert_int_equal(totals->pools[0].requests, 2000);
	assert_int_equal(totals->pools[1].requests, 1000);
	assert_int_equal(totals->pools[0].statements, 6000);
	assert_int_equal(totals->pools[0].round_trips, 2000);
	assert_int_equal(totals->pools[0].latency_sum_us, 3000000);
	assert_int_equal(totals->pools[0].latency[2], 2000);
	assert_int_equal(totals->pools[0].restarts, 0);
	assert_int_equal(totals->pools[1].restarts, 1);
	metrics_free(metrics);
}

static void test_edges_fall_into_their_places(void **state)
{
	struct metrics *metrics = metrics_new();
	struct metrics_slot *slot = metrics_slot(metrics, 3, METRICS_POOL_SLOTS - 1);
	struct metrics_totals *totals = arena_new_of(*state, struct metrics_totals);
	static const int64_t durations[] = { 0, 500, 501, 5000000, 5000001, INT32_MAX };

	for (size_t i = 0; i < ARRAY_COUNT(durations); i++)
		metrics_count(slot, (struct metrics_sample){ .route = 100000,
							     .status = 418,
							     .duration_us = durations[i] });
	metrics_sum(metrics, totals);
	assert_int_equal(totals->requests[METRICS_ROUTES - 1][METRICS_STATUSES - 1], 6);
	assert_int_equal(totals->pools[3].latency[0], 2);
	assert_int_equal(totals->pools[3].latency[1], 1);
	assert_int_equal(totals->pools[3].latency[METRICS_BUCKETS - 1], 1);
	assert_int_equal(totals->pools[3].latency[METRICS_BUCKETS], 2);
	metrics_free(metrics);
}

static void test_memory_is_taken_over_only_when_it_is_ours(void **state)
{
	struct metrics *first = metrics_new();
	struct metrics_totals *totals = arena_new_of(*state, struct metrics_totals);
	int ends[2];

	metrics_count(metrics_slot(first, 0, 0), (struct metrics_sample){ .status = 200 });
	struct metrics *second = metrics_attach(dup(metrics_fd(first)));
	assert_non_null(second);
	metrics_sum(second, totals);
	assert_int_equal(totals->requests[0][0], 1);
	metrics_free(second);
	metrics_free(first);
	assert_int_equal(pipe(ends), 0);
	assert_null(metrics_attach(ends[0]));
	close(ends[0]);
	close(ends[1]);
	assert_null(metrics_attach(-1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_slots_of_processes_are_summed),
		TEST(test_edges_fall_into_their_places),
		TEST(test_memory_is_taken_over_only_when_it_is_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
