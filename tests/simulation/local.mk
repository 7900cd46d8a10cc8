# The program that plays a simulated year; tests/simulation/simulate.py tells it what.
EXTRA_PROGRAMS += tests/simulation/driver
tests_simulation_driver_SOURCES = tests/simulation/driver.c
tests_simulation_driver_LDADD = lib_cmd.a lib_jobs.a $(WEB_LIBS) $(VIPS_LIBS)
