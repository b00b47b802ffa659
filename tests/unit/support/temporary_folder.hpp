// A folder of the test's own, gone with it.
#pragma once

#include <sys/stat.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace ostclean::testing {

class temporary_folder {
 public:
  temporary_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "ostclean-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }

  /// The full name of the file it wrote; folders on the way are made.
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) const {
    auto file = std::filesystem::path{path} / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << text;
    ::chmod(file.c_str(), mode);
    return file.string();
  }

  std::string path;
};

}  // namespace ostclean::testing
