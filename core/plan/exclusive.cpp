#include "core/plan/exclusive.hpp"

#include "core/digest.hpp"
#include "core/line_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace ostclean::plan {

result<std::unique_ptr<exclusive>> exclusive::take(const std::string& name,
                                                   const std::string& what) {
  const std::filesystem::path folder = std::filesystem::path{state_folder()} / "lock";
  std::error_code ec;
  std::filesystem::create_directories(folder.parent_path(), ec);
  ::mkdir(folder.c_str(), 0700);
  const std::string file = (folder / sha256(name)).string();
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return error{errc::io, "cannot open '" + file + "': " + std::strerror(errno)};
  std::unique_ptr<exclusive> held{new exclusive{fd}};
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return held;
  error busy{errc::refused, "another run is working on " + what};
  busy.hint = "wait until it has ended";
  return busy;
}

exclusive::~exclusive() { ::close(fd_); }

}  // namespace ostclean::plan
