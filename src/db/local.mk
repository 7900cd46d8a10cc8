noinst_LIBRARIES += lib_db.a

# Every .c and .h of src/db, one a line, in alphabetical order.
lib_db_a_SOURCES =
