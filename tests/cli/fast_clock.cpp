// Loaded into the program by tests (LD_PRELOAD): its monotonic clock runs FAST_CLOCK times as fast,
// so that thousands of runs do not wait for their pauses and deadlines, and as much later as the
// eight bytes of the file FAST_CLOCK_LATER say at the moment, in nanoseconds. The time of day is
// left as it is, and the program knows nothing of it.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

constexpr std::int64_t k_second = 1000000000;

std::int64_t faster() {
  static const char* const given = std::getenv("FAST_CLOCK");
  static const std::int64_t times = given ? std::max(1L, std::atol(given)) : 1;
  return times;
}

/// The file's bytes, which may change at any time; null: there is none.
const volatile std::int64_t* mapped(const char* file) {
  if (!file) return nullptr;
  const int fd = ::open(file, O_RDONLY | O_CLOEXEC);
  void* at = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, fd, 0);
  ::close(fd);
  return at == MAP_FAILED ? nullptr : static_cast<const volatile std::int64_t*>(at);
}

std::int64_t later() {
  static const volatile std::int64_t* const at = mapped(std::getenv("FAST_CLOCK_LATER"));
  return at ? *at : 0;
}

std::int64_t nanoseconds(const timespec& t) { return t.tv_sec * k_second + t.tv_nsec; }

timespec from_nanoseconds(std::int64_t n) {
  timespec t{};
  t.tv_sec = n / k_second;
  t.tv_nsec = n % k_second;
  return t;
}

/// Never 0, which would put the timer out.
timespec shortened(const timespec& t) {
  const auto n = nanoseconds(t);
  return from_nanoseconds(n == 0 ? 0 : std::max<std::int64_t>(1, n / faster()));
}

}  // namespace

// A system call, because a sanitizer has an interceptor in the place of the next definition.
extern "C" int clock_gettime(clockid_t which, timespec* out) noexcept {
  const long rc = ::syscall(SYS_clock_gettime, which, out);
  if (rc == 0 && which == CLOCK_MONOTONIC)
    *out = from_nanoseconds(nanoseconds(*out) * faster() + later());
  return static_cast<int>(rc);
}

/// Asio waits with a relative time; an absolute one is only its way to be called at once.
extern "C" int timerfd_settime(int fd, int flags, const itimerspec* when,
                               itimerspec* before) noexcept {
  itimerspec sooner = *when;
  if (flags == 0) sooner.it_value = shortened(when->it_value);
  return static_cast<int>(::syscall(SYS_timerfd_settime, fd, flags, &sooner, before));
}
