// A program of libFuzzer's for the one target that FUZZ_TARGET names.
#include <cstddef>
#include <cstdint>

extern "C" int FUZZ_TARGET(const std::uint8_t* data, std::size_t size);

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return FUZZ_TARGET(data, size);
}
