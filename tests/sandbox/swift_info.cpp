// Objects: what the store says it can do, to everybody who asks.
#include "tests/sandbox/swift.hpp"

namespace sandbox {
namespace {

json::array words(std::initializer_list<const char*> all) {
  json::array out;
  for (const char* one : all) out.push_back(json::value(one));
  return out;
}

json::object limits(const context& c) {
  json::object o{{"version", "2.30.1"},
                 {"container_listing_limit", 10000},
                 {"account_listing_limit", 10000},
                 {"allow_account_management", false},
                 {"account_autocreate", true},
                 {"strict_cors_mode", true},
                 {"max_file_size", 5368709122},
                 {"extra_header_count", 0}};
  for (const char* key : {"max_account_name_length", "max_container_name_length", "max_header_size",
                          "max_meta_count", "max_meta_name_length", "max_meta_overall_size",
                          "max_meta_value_length", "max_object_name_length"})
    o[key] = 256;
  if (c.epoxy()) o["allow_open_expired"] = false;
  o["policies"] =
      json::array{json::object{{"name", "Policy-0"}, {"aliases", "Policy-0"}, {"default", true}}};
  return o;
}

json::object temporary() {
  return {{"methods", words({"GET", "HEAD", "PUT", "POST", "DELETE"})},
          {"incoming_remove_headers", words({"x-timestamp"})},
          {"incoming_allow_headers", json::array{}},
          {"outgoing_remove_headers", words({"x-object-meta-*"})},
          {"outgoing_allow_headers", words({"x-object-meta-public-*"})},
          {"allowed_digests", words({"sha1", "sha256", "sha512"})},
          {"deprecated_digests", words({"sha1"})}};
}

}  // namespace

reply swift_info(const context& c) {
  json::object o{
      {"swift", limits(c)},
      {"account_quotas", json::object{}},
      {"container_quotas", json::object{}},
      {"object_versioning", json::object{}},
      {"versioned_writes",
       json::object{{"allowed_flags", words({"x-versions-location", "x-history-location"})}}},
      {"symlink", json::object{{"symloop_max", 2}, {"static_links", true}}},
      {"tempurl", temporary()},
      {"ratelimit", json::object{{"account_ratelimit", 0.0},
                                 {"max_sleep_time_seconds", 60.0},
                                 {"container_ratelimits", json::array{}},
                                 {"container_listing_ratelimits", json::array{}}}},
      {"slo", json::object{{"max_manifest_segments", 1000},
                           {"min_segment_size", 1},
                           {"max_manifest_size", 8388608},
                           {"yield_frequency", 10},
                           {"allow_async_delete", c.epoxy()}}}};
  if (c.w.opts.bulk_delete) {
    o["bulk_delete"] =
        json::object{{"max_deletes_per_request", 10000}, {"max_failed_deletes", 1000}};
    o["bulk_upload"] =
        json::object{{"max_containers_per_extraction", 10000}, {"max_failed_extractions", 1000}};
  }
  return reply(200, json::serialize(o), "application/json; charset=UTF-8")
      .with("X-Trans-Id", "tx" + c.w.hex());
}

}  // namespace sandbox
