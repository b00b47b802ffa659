// What the program asks of the operating system before it does anything: no core dumps with
// passwords in them, no death by a closed pipe, signals that ask first.
#pragma once

namespace ostclean::cmd {

/// Core dumps off, SIGPIPE and SIGXFSZ ignored, descriptors 0 to 2 occupied even when they were
/// closed, so that no connection ever gets the number of stdout.
void harden_process();

/// Overwrites the values of --os-password and its like in argv, which every user of the machine can
/// read as long as the program runs.
void hide_secrets(int argc, char** argv);

/// SIGINT and SIGTERM: the first one is noted, or ends the process if `at_once`; the second one
/// always ends it, with 130 or 143.
void catch_signals(bool at_once);

/// The number of the first signal, 0 when there was none.
int caught_signal();

}  // namespace ostclean::cmd
