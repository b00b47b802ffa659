// Nothing but the way into the library that the tests link too.
#include "cmd/command.hpp"

int main(int argc, char** argv) { return ostclean::cmd::run(argc, argv); }
