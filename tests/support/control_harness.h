// A ControlPlane's world without a disk and without a port: a store that can fail, a clock that
// stands still, and a configuration that a test may replace.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "control/control_plane.h"
#include "http/date.h"
#include "support/fake_clock.h"

namespace intermission::testing {

inline base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

/// Notes what is saved, and fails while a reason is given. `others` stand for other instances.
class ScriptedStore final : public control::Store {
 public:
  control::State first;
  std::optional<base::Error> trouble;
  std::optional<base::Error> cannot_load;
  std::string cannot_save;                            // why; empty: it saves
  bool is_in_doubt = false;                           // of the failure
  std::function<void(const control::State&)> saving;  // called first
  std::vector<control::State> saved;
  std::deque<control::State> others;  // each saved just before the next save
  bool shared = false;
  control::StoreStatus shown;                // what status() returns
  std::function<void(control::State)> tell;  // what watch() was given

  base::Result<Loaded> load() override {
    if (cannot_load) return *cannot_load;
    version_ = first.version;
    return Loaded{first, trouble};
  }
  SaveResult save(std::uint64_t expected, const control::State& next) override {
    EXPECT_TRUE(expected == version_ || !others.empty());
    EXPECT_EQ(next.version, expected + 1);
    if (saving) saving(next);
    if (!cannot_save.empty()) return Failure{{cannot_save, "state.json"}, is_in_doubt};
    if (!others.empty()) {
      control::State current = std::move(others.front());
      others.pop_front();
      version_ = current.version;
      return Conflict{std::move(current)};
    }
    version_ = std::max(version_, next.version);
    saved.push_back(next);
    return Saved{};
  }
  bool is_shared() const override { return shared; }
  control::StoreStatus status() const override { return shown; }
  void watch(std::function<void(control::State)> on_change) override {
    if (!on_change) return;
    tell = [this, told = std::move(on_change)](control::State theirs) {
      version_ = theirs.version;
      told(std::move(theirs));
    };
  }

 private:
  std::uint64_t version_ = 0;
};

class ControlHarness {
 public:
  explicit ControlHarness(std::string configuration) : configuration_(std::move(configuration)) {}

  /// What a reload finds; may be no configuration at all.
  void configure(std::string text) {
    const std::lock_guard lock(mutex_);
    configuration_ = std::move(text);
  }
  base::Result<catalog::Configuration> load() const {
    const std::lock_guard lock(mutex_);
    return catalog::load_text(configuration_, "intermission.yaml", overrides);
  }
  base::Result<std::unique_ptr<control::ControlPlane>> open() {
    auto first = load();
    if (!first) return first.error();
    return control::ControlPlane::open(
        {[this] { return loading ? loading() : load(); }, store, clock, events,
         [this](const std::string& line) { reported.push_back(line); }},
        std::move(first->catalog));
  }
  /// Opened when it is first asked for.
  control::ControlPlane& control_plane() {
    if (!control_plane_) {
      auto opened = open();
      if (!opened) throw std::runtime_error(opened.error().text());
      control_plane_ = std::move(*opened);
    }
    return *control_plane_;
  }
  /// What listeners would hear that came from the start.
  std::string heard() const {
    std::uint64_t seen = 0;
    std::string text;
    events.read_after(seen, text);
    return text;
  }

  catalog::Overrides overrides;
  ScriptedStore store;
  FakeClock clock{at("2026-12-01T12:00:00Z")};
  control::Events events;
  std::vector<std::string> reported;
  std::function<base::Result<catalog::Configuration>()> loading;  // in place of load()

 private:
  mutable std::mutex mutex_;
  std::string configuration_;
  std::unique_ptr<control::ControlPlane> control_plane_;
};

}  // namespace intermission::testing
