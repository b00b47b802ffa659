// A kind that --skip leaves out is left alone also when its list did not come. Then the things
// themselves do not tell what must stay with them; the others do, as far as they name them.
#include "core/json.hpp"
#include "services/hooks.hpp"
#include "services/naming.hpp"

#include <fmt/core.h>
#include <utility>

namespace ostclean::services {
namespace {

/// What things of the first kind may need, and no service refuses to delete from under them.
constexpr std::pair<std::string_view, std::string_view> k_needs[] = {
    {"server", "keypair"},
    {"server", "image"},
    {"server_group", "server"},
    {"port", "subnet"},
    {"floating_ip", "port"},
    {"port_forwarding", "port"},
    {"port_forwarding", "floating_ip"},
    {"volume", "secret"},
    {"backup", "secret"},
    {"backup", "container"},
    {"image", "secret"},
    {"image", "snapshot"},
    {"image", "volume"},
    {"image", "container"},
    {"secret_container", "secret"},
    {"load_balancer", "secret"},
    {"load_balancer", "secret_container"},
    {"rbac_policy", "network"},
    {"rbac_policy", "security_group"},
    {"rbac_policy", "address_group"},
    {"rbac_policy", "subnet_pool"},
    {"rbac_policy", "address_scope"},
    {"rbac_policy", "qos_policy"}};

class unlisted_judge {
 public:
  unlisted_judge(const std::vector<item>& items, const std::set<std::string>& unlisted)
      : unlisted_(unlisted) {
    for (const auto& one : items) known_.insert(one.id);
  }

  void decide(item& one) const {
    std::string named = first_of(one, one.row->stands);
    if (named.empty()) named = first_of(one, one.row->after);
    if (named.empty() && one.row->name == "router_interface")
      named = first_of(one, "subnet:fixed_ips.subnet_id");
    if (named.empty() && one.row->name == "subnet") named = first_of(one, "network:network_id");
    if (named.empty() && one.row->name == "network") named = first_of(one, "subnet:subnets");
    if (named.empty() && one.row->name == "rbac_policy") named = first_of(one, one.row->before);
    if (named.empty() && one.row->name == "server") named = volume_that_dies_with(one);
    if (!named.empty())
      return stay(
          one, item::fate::kept,
          fmt::format("needed by {}, which stays: left out by --skip, and not listed", named));
    if (const auto kind = kind_that_dies_with(one); !kind.empty())
      return stay(one, item::fate::kept, may_be_needed(kind));
    for (const auto& [user, needed] : k_needs)
      if (needed == one.row->name && is_unlisted(user))
        return stay(one, item::fate::left, may_be_needed(user));
  }

 private:
  bool is_unlisted(std::string_view kind) const { return unlisted_.count(std::string{kind}) > 0; }

  static void stay(item& one, item::fate what, std::string why) {
    one.decided = what;
    one.reason = std::move(why);
  }

  static std::string may_be_needed(std::string_view kind) {
    return fmt::format("a {} may need it: they are left out by --skip, and not listed", kind);
  }

  /// "KIND ID" of the first thing that `words` name and no list showed.
  std::string first_of(const item& one, std::string_view words) const {
    for (auto word = next_reference(words); !word.kind.empty(); word = next_reference(words)) {
      if (!is_unlisted(word.kind)) continue;
      for (auto& said : texts_at(one.data, word.field))
        if (const auto id = id_in(one.row->name, word, std::move(said));
            !id.empty() && known_.count(id) == 0)
          return fmt::format("{} {}", word.kind, id);
    }
    return {};
  }

  std::string volume_that_dies_with(const item& server) const {
    const auto* volumes = find(server.data, "os-extended-volumes:volumes_attached");
    if (!is_unlisted("volume") || !volumes || !volumes->is_array()) return {};
    for (const auto& volume : volumes->get_array())
      if (true_at(volume, "delete_on_termination") && known_.count(text_at(volume, "id")) == 0)
        return "volume " + text_at(volume, "id");
    return {};
  }

  std::string_view kind_that_dies_with(const item& one) const {
    for (const auto& kind : unlisted_)
      for (auto words = find_kind(kind)->dies_with; !words.empty();)
        if (next_reference(words).kind == one.row->name) return kind;
    return {};
  }

  const std::set<std::string>& unlisted_;
  std::set<std::string> known_;
};

}  // namespace

void settle_unlisted(std::vector<item>& items, const std::set<std::string>& unlisted) {
  if (unlisted.empty()) return;
  const unlisted_judge by{items, unlisted};
  for (auto& one : items)
    if (one.is_open()) by.decide(one);
}

}  // namespace ostclean::services
