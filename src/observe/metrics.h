// What Prometheus scrapes, as text (Prometheus exposition format 0.0.4), by prometheus-cpp.
//
//   name                                      type       labels
//   intermission_answers_total                counter    service, kind, status
//   intermission_bypasses_total               counter    service, result: allowed or refused
//   intermission_answer_duration_seconds      histogram  -; of one answer in
//                                                        gateway::Handler::kTimedOneIn
//   and the instruments that the program adds
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "observe/counts.h"
#include "observe/traffic.h"

namespace intermission::observe {

/// One number that another part of the program keeps, read at each scrape.
struct Instrument {
  enum class Type : std::uint8_t { kCounter, kGauge };
  std::string name;
  std::string help;
  Type type = Type::kGauge;
  std::function<double()> value;  // called from any thread
  std::vector<std::pair<std::string, std::string>> labels = {};
  struct Labelled {
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
  };
  /// Numbers whose labels are not known beforehand, in place of `value`.
  std::function<std::vector<Labelled>()> each = {};
};

class Metrics final : public Telemetry {
 public:
  /// `traffic` outlives it.
  Metrics(const Traffic& traffic, std::vector<Instrument> instruments)
      : traffic_(traffic), instruments_(std::move(instruments)) {}

  static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

  std::string metrics() const override;
  std::vector<Caller> callers() const override { return traffic_.callers(); }
  std::vector<AnswerCount> answers() const override { return traffic_.answers(); }
  std::vector<MinuteCount> history(base::TimePoint now) const override {
    return traffic_.history(now);
  }

 private:
  const Traffic& traffic_;
  std::vector<Instrument> instruments_;
};

}  // namespace intermission::observe
