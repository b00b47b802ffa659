// The sandbox's own endpoint, so that a shell script can read the request log, break things and ask
// what is left.
#include <csignal>

#include "tests/sandbox/seed.hpp"

namespace sandbox {
namespace {

fault parse_fault(const json::object& o) {
  fault f;
  f.service = text(o, "service"), f.method = text(o, "method"), f.path = text(o, "path");
  f.body = text(o, "body");
  if (!text(o, "action").empty()) f.action = text(o, "action");
  if (const auto* v = o.if_contains("nth")) f.nth = v->to_number<std::uint64_t>();
  if (const auto* v = o.if_contains("for_good")) f.for_good = v->as_bool();
  if (const auto* v = o.if_contains("status")) f.status = v->to_number<int>();
  if (const auto* v = o.if_contains("seconds"))
    f.wait = std::chrono::milliseconds(static_cast<int>(v->to_number<double>() * 1000));
  if (const auto* v = o.if_contains("object")) f.object = v->as_object();
  if (const auto* v = o.if_contains("headers"))
    for (const auto& [k, value] : v->as_object())
      f.headers.emplace_back(k, std::string(value.as_string()));
  return f;
}

reply requests(context& c) {
  if (c.method == "DELETE") {
    c.w.log.clear();
    return reply(204);
  }
  json::array out;
  for (const auto& s : c.w.log)
    out.push_back(json::object{{"service", s.service},
                               {"method", s.method},
                               {"path", s.path},
                               {"query", s.query},
                               {"body", s.body},
                               {"status", s.status},
                               {"user", s.user},
                               {"project", s.project}});
  return {200, out};
}

reply faults(context& c) {
  std::vector<fault> now;
  if (const auto* all = c.body.if_array())
    for (const auto& f : *all) now.push_back(parse_fault(f.as_object()));
  c.w.set_faults(std::move(now));
  return reply(204);
}

reply inventory(context& c) { return {200, json::value_from(inventory_of(c.w, c.q("owner")))}; }

reply snapshot(context& c) { return {200, json::value_from(snapshot_of(c.w, c.q("except")))}; }

reply delay(context& c) {
  const double s = c.body.at("seconds").to_number<double>();
  c.w.delay.reset();
  if (s >= 0) c.w.delay = std::chrono::milliseconds(static_cast<int>(s * 1000));
  return reply(204);
}

reply expire(context& c) {
  c.w.tokens.clear();
  return reply(204);
}

reply settle(context& c) {
  c.w.settle();
  return reply(204);
}

reply object(context& c) {
  record* r = c.w.of(c.q("kind")).find(c.q("id"));
  if (!r) return {404, "{}"};
  if (c.method == "PATCH") merge(r->body, c.body.as_object());
  return {200, r->body};
}

reply sow(context& c) {
  const std::string spec(c.body.at("spec").as_string());
  return {201, to_json(seed(c.w, parse_trial(spec)))};
}

reply bulk(context& c) {
  c.w.opts.bulk_delete = c.body.at("enabled").as_bool();
  return reply(204);
}

reply stop(context& c) {
  if (c.w.stop) c.w.stop();
  return {202, "{}"};
}

constexpr route control_table[] = {
    {"GET", "requests", requests},
    {"DELETE", "requests", requests},
    {"PUT", "faults", faults},
    {"GET", "inventory", inventory},
    {"GET", "snapshot", snapshot},
    {"PUT", "delay", delay},
    {"POST", "expire-tokens", expire},
    {"GET", "object", object},
    {"PATCH", "object", object},
    {"POST", "seed", sow},
    {"PUT", "bulk-delete", bulk},
    {"POST", "settle", settle},
    {"POST", "stop", stop},
};

}  // namespace

reply control(context& c) {
  reply out(404, "{}");
  try {
    dispatch(c, control_table, out);
  } catch (const std::exception& e) {
    return {400, json::object{{"error", e.what()}}};
  }
  return out;
}

}  // namespace sandbox
