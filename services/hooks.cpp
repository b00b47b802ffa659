#include "services/hooks.hpp"

#include <array>

namespace ostclean::services {

remove_hook find_remove_hook(std::string_view kind) {
  using row = std::pair<std::string_view, remove_hook>;
  static constexpr std::array<row, 7> hooks{{{"server", remove_server},
                                             {"keypair", remove_keypair},
                                             {"router_interface", remove_router_interface},
                                             {"subnet", remove_subnet},
                                             {"group", remove_group},
                                             {"image", remove_image},
                                             {"container", remove_container}}};
  for (const auto& [name, hook] : hooks)
    if (name == kind) return hook;
  return nullptr;
}

look_hook find_look_hook(std::string_view kind) {
  return kind == "container" ? look_at_container : nullptr;
}

}  // namespace ostclean::services
