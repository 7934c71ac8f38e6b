#include "observe/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace intermission::observe {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class MetricsTest : public ::testing::Test {
 protected:
  void answer(const gateway::Outcome& outcome, std::uint16_t status,
              std::optional<std::chrono::nanoseconds> took = {}) {
    http::Request request;
    request.reset("GET", "/", 11);
    http::Response response;
    response.status = status;
    observer_->answered({request, response, outcome, base::TimePoint{}, took});
  }
  std::string text(std::vector<Instrument> instruments = {}) const {
    return Metrics(traffic_, std::move(instruments)).metrics();
  }

  Traffic traffic_;
  std::unique_ptr<gateway::Observer> observer_ = traffic_.observer();
};

TEST_F(MetricsTest, CountsAnswersByServiceKindAndStatus) {
  answer({"orders", "soap"}, 500);
  answer({"orders", "soap"}, 500);
  answer({"orders", "page"}, 503);
  EXPECT_THAT(text(), HasSubstr("# HELP intermission_answers_total Number of answers by service, "
                                "kind of client and status\n"
                                "# TYPE intermission_answers_total counter\n"));
  EXPECT_THAT(
      text(),
      HasSubstr("\nintermission_answers_total{service=\"orders\",kind=\"page\",status=\"503\"} 1\n"
                "intermission_answers_total{service=\"orders\",kind=\"soap\",status=\"500\"} 2\n"));
}

TEST_F(MetricsTest, CountsThoseWhoAskedToPassAGate) {
  answer({.service = "orders", .kind = "gate", .bypassed = gateway::Bypassed::kAllowed}, 204);
  answer({.service = "orders", .kind = "page", .bypassed = gateway::Bypassed::kRefused}, 503);
  answer({.service = "orders", .kind = "page", .bypassed = gateway::Bypassed::kRefused}, 503);
  EXPECT_THAT(text(),
              HasSubstr("# TYPE intermission_bypasses_total counter\n"
                        "intermission_bypasses_total{service=\"orders\",result=\"allowed\"} "
                        "1\n"
                        "intermission_bypasses_total{service=\"orders\",result=\"refused\"} "
                        "2\n"));
}

TEST_F(MetricsTest, DurationsAreAHistogramInSeconds) {
  const gateway::Outcome outcome{"orders", "page"};
  answer(outcome, 503, 500ns);
  answer(outcome, 503, 501ns);
  answer(outcome, 503, 200us);
  answer(outcome, 503, 2s);
  answer(outcome, 503);  // not in the sample
  EXPECT_THAT(text(), HasSubstr("# TYPE intermission_answer_duration_seconds histogram\n"
                                "intermission_answer_duration_seconds_count 4\n"
                                "intermission_answer_duration_seconds_sum 2.000201001\n"
                                "intermission_answer_duration_seconds_bucket{le=\"5e-07\"} 1\n"
                                "intermission_answer_duration_seconds_bucket{le=\"1e-06\"} 2\n"
                                "intermission_answer_duration_seconds_bucket{le=\"2.5e-06\"} 2\n"
                                "intermission_answer_duration_seconds_bucket{le=\"5e-06\"} 2\n"
                                "intermission_answer_duration_seconds_bucket{le=\"1e-05\"} 2\n"
                                "intermission_answer_duration_seconds_bucket{le=\"5e-05\"} 2\n"
                                "intermission_answer_duration_seconds_bucket{le=\"0.00025\"} 3\n"
                                "intermission_answer_duration_seconds_bucket{le=\"0.001\"} 3\n"
                                "intermission_answer_duration_seconds_bucket{le=\"0.01\"} 3\n"
                                "intermission_answer_duration_seconds_bucket{le=\"+Inf\"} 4\n"));
}

TEST_F(MetricsTest, ReadingsAreAskedForEachTime) {
  double value = 1;
  const Instrument gauge{"some_connections", "Open", Instrument::Type::kGauge,
                         [&] { return value; }};
  const Instrument counter{
      "some_total", "All", Instrument::Type::kCounter, [] { return 7.0; }, {{"listener", "data"}}};
  const Metrics metrics(traffic_, {gauge, counter});
  EXPECT_THAT(metrics.metrics(), HasSubstr("# HELP some_connections Open\n"
                                           "# TYPE some_connections gauge\n"
                                           "some_connections 1\n"));
  value = 2;
  EXPECT_THAT(metrics.metrics(), HasSubstr("\nsome_connections 2\n"));
  EXPECT_THAT(metrics.metrics(), HasSubstr("# TYPE some_total counter\n"
                                           "some_total{listener=\"data\"} 7\n"));
}

// A label's value ends at its quotation mark, and a line at its line feed.
TEST_F(MetricsTest, NoLabelCanFakeALine) {
  const Instrument gauge{
      "x", "y", Instrument::Type::kGauge, [] { return 1.0; }, {{"a", "b\"} 9\nc\\"}}};
  EXPECT_THAT(text({gauge}), HasSubstr("\nx{a=\"b\\\"} 9\\nc\\\\\"} 1\n"));
}

TEST_F(MetricsTest, WhatAWorkerCountedStaysWhenItHasEnded) {
  answer({"orders", "soap"}, 500);
  observer_.reset();
  observer_ = traffic_.observer();
  answer({"orders", "soap"}, 500);
  EXPECT_THAT(text(), HasSubstr("status=\"500\"} 2\n"));
}

}  // namespace
}  // namespace intermission::observe
