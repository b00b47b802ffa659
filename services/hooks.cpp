#include "services/hooks.hpp"

#include <array>

namespace ostclean::services {

remove_hook find_remove_hook(std::string_view kind) {
  using row = std::pair<std::string_view, remove_hook>;
  static constexpr std::array<row, 8> hooks{{{"server", remove_server},
                                             {"keypair", remove_keypair},
                                             {"router_interface", remove_router_interface},
                                             {"snapshot", remove_volume},
                                             {"volume", remove_volume},
                                             {"group", remove_group},
                                             {"image", remove_image},
                                             {"container", remove_container}}};
  for (const auto& [name, hook] : hooks)
    if (name == kind) return hook;
  return nullptr;
}

}  // namespace ostclean::services
