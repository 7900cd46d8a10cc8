noinst_LIBRARIES += lib_jobs.a

# Every .c and .h of src/jobs, one a line, in alphabetical order.
lib_jobs_a_SOURCES = \
	src/jobs/articles.c \
	src/jobs/holding.c \
	src/jobs/attachment.c \
	src/jobs/brand_logo.c \
	src/jobs/card.c \
	src/jobs/card_draw.c \
	src/jobs/card_draw.h \
	src/jobs/category.c \
	src/jobs/child.c \
	src/jobs/child.h \
	src/jobs/crawl.c \
	src/jobs/crawl.h \
	src/jobs/desk.c \
	src/jobs/crisis.c \
	src/jobs/export.c \
	src/jobs/host_check.c \
	src/jobs/host_check.h \
	src/jobs/index.c \
	src/jobs/index.h \
	src/jobs/index_build.c \
	src/jobs/index_parts.h \
	src/jobs/index_related.c \
	src/jobs/index_write.c \
	src/jobs/kinds.h \
	src/jobs/listening.c \
	src/jobs/loop.c \
	src/jobs/loop.h \
	src/jobs/mail.c \
	src/jobs/measures.c \
	src/jobs/page_cache.c \
	src/jobs/page_cache.h \
	src/jobs/page_store.c \
	src/jobs/page_store.h \
	src/jobs/mirror.h \
	src/jobs/mirror_deliveries.c \
	src/jobs/mirror_erasures.c \
	src/jobs/mirror_health.c \
	src/jobs/mirror_loop.c \
	src/jobs/mirror_media.c \
	src/jobs/mirror_outbox.c \
	src/jobs/mirror_poll.c \
	src/jobs/mirror_reading.c \
	src/jobs/mirror_reading.h \
	src/jobs/pages.h \
	src/jobs/picture.c \
	src/jobs/picture.h \
	src/jobs/sitemap.c \
	src/jobs/slot.c \
	src/jobs/slot.h \
	src/jobs/standing.c \
	src/jobs/tag.c \
	src/jobs/upkeep.c
