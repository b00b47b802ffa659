// main() of every test program, compiled once.
#define BOOST_TEST_MODULE ostclean
#include <boost/test/unit_test.hpp>
