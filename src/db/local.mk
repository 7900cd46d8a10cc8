noinst_LIBRARIES += lib_db.a

# Every .c and .h of src/db, one a line, in alphabetical order.
lib_db_a_SOURCES = \
	src/db/batch.c \
	src/db/bulk.c \
	src/db/connection.c \
	src/db/connection.h \
	src/db/db.h \
	src/db/errors.c \
	src/db/migrate.c \
	src/db/migrate.h \
	src/db/migrate_triggers.c \
	src/db/migrate_triggers.h \
	src/db/params.c \
	src/db/prepared.c \
	src/db/rows.c
