#include "control/instance_wait.h"

#include <algorithm>
#include <utility>

namespace intermission::control {
namespace {

bool is_living(const Instance& instance) {
  return instance.ago < kLiving;
}

void write_behind(const std::vector<Instance>& behind, std::size_t in_force, JsonText& json) {
  json.begin_object().member("inForce", std::uint64_t{in_force}).key("missing").begin_array();
  for (const Instance& one : behind) {
    json.begin_object().member("name", std::string_view(one.name));
    json.member("version", one.version);
    json.member("seenSecondsAgo", static_cast<std::uint64_t>(one.ago.count())).end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::vector<Instance> instances_behind(const std::vector<Instance>& all, std::uint64_t version) {
  std::vector<Instance> behind;
  for (const Instance& one : all) {
    if (!one.is_self && is_living(one) && one.version < version) behind.push_back(one);
  }
  return behind;
}

std::vector<std::string> instance_warnings(const std::vector<Instance>& all) {
  std::vector<std::string> warnings;
  std::vector<std::string> digests;
  for (const Instance& one : all) {
    if (!is_living(one)) continue;
    if (!one.configuration.empty()) digests.push_back(one.configuration);
    if (!one.held.empty()) {
      warnings.push_back(one.name + " alone has in maintenance: " + one.held);
    }
  }
  std::sort(digests.begin(), digests.end());
  digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
  if (digests.size() > 1) {
    warnings.insert(warnings.begin(), "the instances have " + std::to_string(digests.size()) +
                                          " different configurations: give all of them the same "
                                          "files, and reload");
  }
  return warnings;
}

void write_instances(const std::vector<Instance>& all, JsonText& json) {
  json.key("instances").begin_array();
  for (const Instance& one : all) {
    json.begin_object().member("id", std::string_view(one.id));
    json.member("name", std::string_view(one.name));
    json.member("address", std::string_view(one.address));
    json.member("program", std::string_view(one.program));
    json.member("configuration", std::string_view(one.configuration));
    json.member("version", one.version).member("held", std::string_view(one.held));
    json.member("seenSecondsAgo", static_cast<std::uint64_t>(one.ago.count()));
    json.member("living", is_living(one)).member("self", one.is_self).end_object();
  }
  json.end_array().key("warnings").begin_array();
  for (const std::string& warning : instance_warnings(all)) json.value(std::string_view(warning));
  json.end_array();
}

InstanceWait::InstanceWait(Store& store, std::uint64_t version, std::chrono::milliseconds patience,
                           std::string before)
    : store_(store),
      version_(version),
      until_(std::chrono::steady_clock::now() + patience),
      before_(std::move(before)) {}

bool InstanceWait::read(std::string& out) {
  const std::vector<Instance> all = store_.instances(std::chrono::milliseconds{0});
  // Before the first list no instance is known.
  const bool is_known =
      std::any_of(all.begin(), all.end(), [](const Instance& one) { return one.is_self; });
  const std::vector<Instance> behind = instances_behind(all, version_);
  const bool is_complete = (is_known && behind.empty()) || !store_.is_shared();
  if (!is_complete && std::chrono::steady_clock::now() < until_) return true;
  const auto living = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_living));
  JsonText json;
  write_behind(behind, std::max<std::size_t>(living, 1) - behind.size(), json);
  out += before_ + ",\"instances\":" + json.text() + "}";
  return false;
}

}  // namespace intermission::control
