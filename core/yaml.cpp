#include "core/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <sstream>

namespace ostclean {
namespace {

/// Hears where documents begin, and nothing of what is in them.
class one_document final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (begun_) throw YAML::Exception(mark, "the file must be one document; another begins here");
    begun_ = true;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  bool begun_ = false;
};

}  // namespace

YAML::Node load_only_document(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  one_document heard;
  // Not YAML::LoadAll: of a file that begins with a comma it makes documents without end.
  while (parser.HandleNextDocument(heard)) {
  }
  return YAML::Load(text);
}

}  // namespace ostclean
