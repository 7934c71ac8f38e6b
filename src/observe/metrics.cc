#include "observe/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>

namespace intermission::observe {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily answer_counts(const Traffic& traffic) {
  MetricFamily family;
  family.name = "intermission_answers_total";
  family.help = "Number of answers by service, kind of client and status";
  family.type = MetricType::Counter;
  for (const auto& [service, kind, status, count] : traffic.answers()) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label = {{"service", service}, {"kind", kind}, {"status", std::to_string(status)}};
    metric.counter.value = static_cast<double>(count);
  }
  return family;
}

MetricFamily bypasses(const Traffic& traffic) {
  MetricFamily family;
  family.name = "intermission_bypasses_total";
  family.help = "Testers' requests at the gate of a service in maintenance, by result";
  family.type = MetricType::Counter;
  const auto add = [&](const std::string& service, const char* result, std::uint64_t count) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label = {{"service", service}, {"result", result}};
    metric.counter.value = static_cast<double>(count);
  };
  for (const auto& [service, allowed, refused] : traffic.bypasses()) {
    add(service, "allowed", allowed);
    add(service, "refused", refused);
  }
  return family;
}

MetricFamily durations(const Latencies& latencies) {
  using Seconds = std::chrono::duration<double>;
  MetricFamily family;
  family.name = "intermission_answer_duration_seconds";
  family.help = "Time from the complete request to the finished answer, sampled";
  family.type = MetricType::Histogram;
  auto& histogram = family.metric.emplace_back().histogram;
  std::uint64_t at_most = 0;
  for (std::size_t i = 0; i < latencies.counts.size(); ++i) {
    at_most += latencies.counts[i];
    const bool last = i == Latencies::kBounds.size();
    histogram.bucket.push_back({at_most, last ? std::numeric_limits<double>::infinity()
                                              : Seconds(Latencies::kBounds[i]).count()});
  }
  histogram.sample_count = at_most;
  histogram.sample_sum = Seconds(latencies.sum).count();
  return family;
}

std::vector<Instrument::Labelled> numbers_of(const Instrument& instrument) {
  if (instrument.each) return instrument.each();
  return {{instrument.labels, instrument.value()}};
}

MetricFamily family_of(const Instrument& instrument) {
  const bool counts = instrument.type == Instrument::Type::kCounter;
  MetricFamily family;
  family.name = instrument.name;
  family.help = instrument.help;
  family.type = counts ? MetricType::Counter : MetricType::Gauge;
  for (const auto& [labels, value] : numbers_of(instrument)) {
    ClientMetric& metric = family.metric.emplace_back();
    for (const auto& [name, text] : labels) metric.label.push_back({name, text});
    (counts ? metric.counter.value : metric.gauge.value) = value;
  }
  return family;
}

}  // namespace

std::string Metrics::metrics() const {
  std::vector<MetricFamily> families = {answer_counts(traffic_), bypasses(traffic_),
                                        durations(traffic_.latencies())};
  for (const Instrument& instrument : instruments_) families.push_back(family_of(instrument));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace intermission::observe
