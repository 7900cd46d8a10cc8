/*
 * Tells systemd how we are (sd_notify(3)), without its library: one datagram.
 */
#ifndef HTTP_NOTIFY_H
#define HTTP_NOTIFY_H

/* "READY=1", "STOPPING=1", … Does nothing when not started by systemd. */
void notify_systemd(const char *state);

#endif
