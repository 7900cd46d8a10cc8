noinst_LIBRARIES += lib_jobs.a

# Every .c and .h of src/jobs, one a line, in alphabetical order.
lib_jobs_a_SOURCES =
