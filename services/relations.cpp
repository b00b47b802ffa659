// The rows' references made into edges between items, and the few relations that no single field
// tells.
#include "core/json.hpp"
#include "services/fate.hpp"
#include "services/naming.hpp"
#include "services/states.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace ostclean::services {
namespace {

class index {
 public:
  explicit index(const std::vector<item>& items) : items_(items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto& one = items[i];
      at_[one.row->name].emplace(one.id, i);
      for (const auto& key : other_ids(one)) at_[one.row->name].emplace(key, i);
    }
  }

  /// Of any kind. What a listener uses, its load balancer uses.
  std::vector<std::size_t> named(const std::string& key) const {
    std::vector<std::size_t> all;
    for (const auto& [kind, some] : at_)
      for (auto one : find(kind, key))
        if (items_[one].id == key || kind == "load_balancer") all.push_back(one);
    return all;
  }

  std::vector<std::size_t> find(std::string_view kind, const std::string& key) const {
    std::vector<std::size_t> found;
    auto of_kind = at_.find(kind);
    if (of_kind == at_.end()) return found;
    auto [first, last] = of_kind->second.equal_range(key);
    for (; first != last; ++first) found.push_back(first->second);
    return found;
  }

  /// Every item that `words` of item `at` refers to.
  std::vector<std::size_t> referred(std::size_t at, std::string_view words) const {
    std::vector<std::size_t> found;
    for (auto word = next_reference(words); !word.kind.empty(); word = next_reference(words)) {
      auto keys = word.field == "parent" ? std::vector<std::string>{items_[at].parent}
                                         : texts_at(items_[at].data, word.field);
      for (auto& key : keys) {
        key = id_in(items_[at].row->name, word, std::move(key));
        if (key.empty()) continue;
        // An id is one cloud's, whatever region a shared service was seen in; a name is not, and
        // of other services nobody knows which Swift they use.
        const std::string& base = items_[at].base;
        const bool named = word.kind == "container" && items_[at].row->name == "container";
        for (auto other : find(word.kind, key))
          if (!named || items_[other].base == base) found.push_back(other);
      }
    }
    return found;
  }

 private:
  const std::vector<item>& items_;
  std::map<std::string_view, std::multimap<std::string, std::size_t>> at_;
};

class builder {
 public:
  builder(const std::vector<item>& items, relations& out) : items_(items), at_(items), out_(out) {}

  void build() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const kind& row = *items_[i].row;
      for (auto other : at_.referred(i, row.before)) goes_before(i, other);
      for (auto other : at_.referred(i, row.after)) goes_before(other, i);
      for (auto other : at_.referred(i, row.stands)) out_.bonds.emplace_back(other, i, false);
      for (auto other : at_.referred(i, row.dies_with))
        out_.bonds.emplace_back(i, other, row.name == "port");
      if (row.name == "server") server(i);
      if (row.name == "backup")
        for (auto box : at_.referred(i, row.before)) goes_along_alone(box, i);
      if (row.name == "container")
        for (auto image : at_.referred(i, row.after)) goes_along_alone(i, image);
      if (row.name == "secret")
        for (auto whose : at_.referred(i, row.after)) goes_along(i, whose);
      if (row.name == "subnet") belongs(i, "network:network_id");
      if (row.name == "rbac_policy" || row.name == "port_forwarding") belongs(i, row.before);
      // Neutron takes the rules that name a group with it.
      if (row.name == "security_group")
        for (auto named : at_.referred(i, "security_group:security_group_rules.remote_group_id"))
          if (named != i) out_.bonds.emplace_back(i, named, false);
      // A Ceph snapshot is not deleted while a volume made from it lives.
      if (row.name == "volume")
        for (auto snapshot : at_.referred(i, "snapshot:snapshot_id")) goes_before(i, snapshot);
    }
    add_ways(items_, out_);
    backup_chains();
    zones();
    users_of_secrets();
  }

 private:
  void goes_before(std::size_t first, std::size_t then) {
    out_.order.emplace_back(first, then);
    out_.bonds.emplace_back(first, then, false);
  }

  /// A protected network keeps its subnets.
  void belongs(std::size_t i, std::string_view to) {
    for (auto whole : at_.referred(i, to)) out_.bonds.emplace_back(whole, i, true);
  }

  /// A server names its key pair, not its id; and some of its volumes die with it.
  void server(std::size_t i) {
    const auto& data = items_[i].data;
    for (auto pair : at_.find("keypair", text_at(data, "key_name")))
      if (items_[pair].user_id.empty() || items_[pair].user_id == text_at(data, "user_id"))
        out_.bonds.emplace_back(i, pair, false);
    shelved_image(i);
    const auto* volumes = find(data, "os-extended-volumes:volumes_attached");
    if (!volumes || !volumes->is_array()) return;
    for (const auto& volume : volumes->get_array()) {
      if (!true_at(volume, "delete_on_termination")) continue;
      for (auto v : at_.find("volume", text_at(volume, "id"))) out_.bonds.emplace_back(v, i, false);
    }
  }

  /// Nova takes what a server alone has away with it, whoever wants to keep that.
  void goes_along(std::size_t part, std::size_t server) {
    out_.bonds.emplace_back(part, server, true);
  }

  /// Cinder and Glance take the objects of theirs out of a container that somebody wants to keep;
  /// not where it only stays for the objects of another.
  void goes_along_alone(std::size_t part, std::size_t whole) {
    goes_along(part, whole);
    out_.bonds.back().itself = true;
  }

  /// No field says which of its images a shelved server comes back from, and a name proves nothing.
  void shelved_image(std::size_t i) {
    if (!is_or_gets_shelved(items_[i].data)) return;
    for (auto image : at_.find("image", items_[i].id)) {
      if (text_at(items_[image].data, "image_type") == "backup") continue;
      goes_before(i, image);
      goes_along(image, i);
    }
  }

  /// Newest first: an incremental backup stands on the older ones of its volume, and Cinder does
  /// not say on which.
  void backup_chains() {
    std::map<std::string, std::vector<std::size_t>> of_volume;
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (items_[i].row->name == "backup")
        of_volume[text_at(items_[i].data, "volume_id")].push_back(i);
    for (auto& [volume, chain] : of_volume) {
      std::sort(chain.begin(), chain.end(),
                [&](auto a, auto b) { return items_[a].created < items_[b].created; });
      for (std::size_t k = 1; k < chain.size(); ++k)
        if (true_at(items_[chain[k]].data, "is_incremental"))
          for (std::size_t older = 0; older < k; ++older) goes_before(chain[k], chain[older]);
    }
  }

  /// Designate deletes a zone after the zones below it.
  void zones() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].row->name != "zone") continue;
      for (const auto& [name, above] : zones_above(items_[i].name)) goes_before(i, above);
    }
  }

  std::map<std::string, std::size_t> zones_above(const std::string& name) const {
    std::map<std::string, std::size_t> above;
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (items_[i].row->name == "zone" && name.ends_with("." + items_[i].name))
        above.emplace(items_[i].name, i);
    return above;
  }

  /// The key of an encrypted volume is one of the project's secrets, and deleting the volume needs
  /// it; a backup has a copy of its own, and an image names what it needs; a load balancer's
  /// certificates are secrets, and one that stays needs them.
  void users_of_secrets() {
    for (std::size_t s = 0; s < items_.size(); ++s) {
      if (items_[s].row->service != "key-manager") continue;
      for (std::size_t user = 0; user < items_.size(); ++user) secret_of(user, s);
      for (const auto& id : consumers_of(items_[s]))
        for (auto user : at_.named(id))
          if (items_[user].row < items_[s].row) goes_before(user, s);
    }
  }

  void secret_of(std::size_t user, std::size_t s) {
    const auto& [kind, data] = std::tie(items_[user].row->name, items_[user].data);
    const bool symmetric = text_at(items_[s].data, "secret_type") == "symmetric";
    if ((kind == "volume" && true_at(data, "encrypted")) || (kind == "backup" && symmetric))
      goes_before(user, s);
    if (kind == "load_balancer") out_.bonds.emplace_back(user, s, true);
  }

  const std::vector<item>& items_;
  index at_;
  relations& out_;
};

}  // namespace

relations::relations(const std::vector<item>& items) { builder{items, *this}.build(); }

void relations::add_stack_content(std::size_t stack, std::size_t content) {
  order.emplace_back(stack, content);
  bonds.emplace_back(stack, content, false);
  bonds.emplace_back(content, stack, true);
  contents_.emplace_back(stack, content);
}

bool relations::add_bonds_of(const std::vector<item>& items, std::string_view kind) {
  const auto is_one = [&](const item& one) { return one.row->name == kind; };
  if (std::none_of(items.begin(), items.end(), is_one)) return false;
  const index known{items};
  std::set<std::pair<std::size_t, std::size_t>> had;
  for (const auto& one : bonds) had.emplace(one.from, one.to);
  const auto before = bonds.size();
  for (std::size_t i = 0; i < items.size(); ++i)
    if (is_one(items[i]))
      for (auto other : known.referred(i, items[i].row->before))
        if (had.emplace(i, other).second) bonds.emplace_back(i, other, false);
  return bonds.size() > before;
}

void relations::add_guest(std::size_t from, std::size_t ground) {
  wishes.emplace_back(from, ground);
  bonds.emplace_back(from, ground, false);
}

namespace {

using order_of = std::set<std::pair<std::size_t, std::size_t>>;

/// What is hung on a stack's content from outside, with the stack.
order_of before_stacks(const order_of& order, const order_of& contents) {
  std::multimap<std::size_t, std::size_t> stacks_of;
  for (auto [stack, content] : contents) stacks_of.emplace(content, stack);
  order_of more;
  for (auto [first, then] : order) {
    auto [at, end] = stacks_of.equal_range(then);
    for (; at != end; ++at)
      if (first != at->second && contents.count({at->second, first}) == 0)
        more.emplace(first, at->second);
  }
  return more;
}

}  // namespace

void relations::settle_stacks() {
  const order_of contents(contents_.begin(), contents_.end());
  auto more = before_stacks({order.begin(), order.end()}, contents);
  // A stack goes before its content: then what is hung on it cannot wait for that.
  std::erase_if(wishes, [&](const auto& wish) {
    return std::any_of(contents_.begin(), contents_.end(), [&](const auto& made) {
      return made.second == wish.first && more.count({wish.second, made.first}) > 0;
    });
  });
  more.merge(before_stacks({wishes.begin(), wishes.end()}, contents));
  order.insert(order.end(), wishes.begin(), wishes.end());
  order.insert(order.end(), more.begin(), more.end());
}

}  // namespace ostclean::services
