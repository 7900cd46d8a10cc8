noinst_LIBRARIES += lib_net.a

# Every .c and .h of src/net, one a line, in alphabetical order.
lib_net_a_SOURCES =
