// A Switchboard's world without a disk and without a port: a store that can fail, a clock that
// stands still, and a configuration that a test may replace.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "control/switchboard.h"
#include "http/date.h"
#include "support/fake_clock.h"

namespace intermission::testing {

inline base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

/// Notes what is saved, and fails while a reason is given.
class ScriptedStore final : public control::Store {
 public:
  control::State first;
  std::optional<base::Error> trouble;
  std::optional<base::Error> cannot_load;
  std::string cannot_save;                            // why; empty: it saves
  std::function<void(const control::State&)> saving;  // called first
  std::vector<control::State> saved;

  base::Result<Loaded> load() override {
    if (cannot_load) return *cannot_load;
    return Loaded{first, trouble};
  }
  std::optional<base::Error> save(const control::State& state) override {
    if (saving) saving(state);
    if (!cannot_save.empty()) return base::Error{cannot_save, "state.json"};
    saved.push_back(state);
    return {};
  }
};

class BoardHarness {
 public:
  explicit BoardHarness(std::string configuration) : configuration_(std::move(configuration)) {}

  /// What a reload finds; may be no configuration at all.
  void configure(std::string text) {
    const std::lock_guard lock(mutex_);
    configuration_ = std::move(text);
  }
  base::Result<catalog::Configuration> load() const {
    const std::lock_guard lock(mutex_);
    return catalog::load_text(configuration_, "intermission.yaml", overrides);
  }
  base::Result<std::unique_ptr<control::Switchboard>> open() {
    auto first = load();
    if (!first) return first.error();
    return control::Switchboard::open(
        {[this] { return loading ? loading() : load(); }, store, clock, events,
         [this](const std::string& line) { reported.push_back(line); }},
        std::move(first->catalog));
  }
  /// Opened when it is first asked for.
  control::Switchboard& board() {
    if (!board_) {
      auto opened = open();
      if (!opened) throw std::runtime_error(opened.error().text());
      board_ = std::move(*opened);
    }
    return *board_;
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
  std::unique_ptr<control::Switchboard> board_;
};

}  // namespace intermission::testing
