#include "observe/traffic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "observe/metrics.h"
#include "support/allocations.h"

namespace intermission::observe {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr base::TimePoint kNoon{base::Seconds{1'796'126'400}};

struct Call {
  std::string_view service = "orders";
  std::string_view kind = "soap";
  std::string_view agent = "Apache-CXF/3.5.5";
  std::string_view path = "/ws/orders";
  std::uint16_t status = 500;
  base::TimePoint now = kNoon;
  std::optional<std::chrono::nanoseconds> took = {};
  gateway::Bypassed bypassed = gateway::Bypassed::kNone;
};

void call(gateway::Observer& observer, const Call& call) {
  http::Request request;
  request.reset("POST", "/", 11);
  if (!call.agent.empty()) request.add_field("User-Agent", call.agent);
  http::Response response;
  response.status = call.status;
  const gateway::Outcome outcome{
      .service = call.service, .kind = call.kind, .bypassed = call.bypassed, .path = call.path};
  observer.answered({request, response, outcome, call.now, call.took});
}

TEST(Traffic, CountsAnswersOverAllWorkers) {
  Traffic traffic;
  const auto one = traffic.observer();
  const auto other = traffic.observer();
  for (int i = 0; i < 300; ++i) call(*one, {});
  for (int i = 0; i < 12; ++i) call(*other, {});
  call(*other, {.status = 503});
  const auto answers = traffic.answers();
  ASSERT_THAT(answers, SizeIs(2));
  EXPECT_EQ(answers[0].service, "orders");
  EXPECT_EQ(answers[0].kind, "soap");
  EXPECT_EQ(answers[0].status, 500);
  EXPECT_EQ(answers[0].count, 312U);
  EXPECT_EQ(answers[1].status, 503);
  EXPECT_EQ(answers[1].count, 1U);
}

TEST(Traffic, RemembersNoPass) {
  const std::string pass = "1796167800.y18cgDvip9o2DhScWPoihDU9A9Bi5XKFWIPUc97CJp8";
  for (const std::string& path :
       {"/x/" + pass, "/" + std::string(180, 'x') + "/" + pass, "/a;intermission-bypass=" + pass}) {
    Traffic traffic;
    call(*traffic.observer(), {.path = path});
    EXPECT_THAT(traffic.callers().front().last_path, ::testing::Not(HasSubstr("1796167800.y")));
    EXPECT_THAT(traffic.callers().front().last_path, ::testing::StartsWith(path.substr(0, 2)));
  }
}

TEST(Traffic, CountsOnWhenTheStatusGoesBackAndForth) {
  Traffic traffic;
  const auto worker = traffic.observer();
  for (const auto status : std::array<std::uint16_t, 5>{500, 503, 500, 500, 503})
    call(*worker, {.status = status});
  const auto answers = traffic.answers();
  ASSERT_THAT(answers, SizeIs(2));
  EXPECT_EQ(answers[0].count, 3U);
  EXPECT_EQ(answers[1].count, 2U);
}

TEST(Traffic, KnowsWhoCalledLastAndWhereTo) {
  Traffic traffic;
  const auto one = traffic.observer();
  const auto other = traffic.observer();
  call(*one, {.path = "/late", .now = kNoon + base::Seconds{9}});
  call(*other, {.path = "/early"});
  call(*other, {.agent = "", .path = "/nameless", .now = kNoon + base::Seconds{20}});
  const auto callers = traffic.callers();
  ASSERT_THAT(callers, SizeIs(2));
  EXPECT_EQ(callers[0].agent, "");
  EXPECT_EQ(callers[0].last_path, "/nameless");
  EXPECT_EQ(callers[1].agent, "Apache-CXF/3.5.5");
  EXPECT_EQ(callers[1].last_path, "/late");
  EXPECT_EQ(callers[1].last_seen, kNoon + base::Seconds{9});
  EXPECT_EQ(callers[1].count, 2U);
}

TEST(Traffic, CountsWhoAskedToPassAGate) {
  Traffic traffic;
  const auto one = traffic.observer();
  const auto other = traffic.observer();
  call(*one, {.kind = "gate", .bypassed = gateway::Bypassed::kAllowed});
  call(*one, {.bypassed = gateway::Bypassed::kRefused});
  call(*other, {.bypassed = gateway::Bypassed::kRefused});
  call(*other, {.service = "billing", .bypassed = gateway::Bypassed::kRefused});
  call(*other, {});
  const auto bypasses = traffic.bypasses();
  ASSERT_THAT(bypasses, SizeIs(2));
  EXPECT_EQ(bypasses[1].service, "orders");
  EXPECT_EQ(bypasses[1].allowed, 1U);
  EXPECT_EQ(bypasses[1].refused, 2U);
  for (const auto& caller : traffic.callers()) {
    if (caller.service == "orders") {
      EXPECT_EQ(caller.wrong_passes, caller.kind == "soap" ? 2U : 0U);
    }
  }
  EXPECT_THAT(Metrics(traffic, {}).metrics(),
              HasSubstr("intermission_bypasses_total{service=\"orders\",result=\"refused\"} 2"));
}

TEST(Traffic, KnowsTheLastHourByMinute) {
  Traffic traffic;
  const auto one = traffic.observer();
  const auto other = traffic.observer();
  call(*one, {});
  call(*one, {.now = kNoon + base::Seconds{59}});
  call(*other, {.now = kNoon + base::Seconds{30}});
  call(*other, {.service = "billing", .now = kNoon + base::Seconds{60}});
  call(*other, {.now = kNoon + base::Seconds{61}});
  const auto history = traffic.history(kNoon + base::Seconds{3599});
  ASSERT_THAT(history, SizeIs(3));
  EXPECT_EQ(history[0].minute, kNoon);
  EXPECT_EQ(history[0].kind, "soap");
  EXPECT_EQ(history[0].count, 3U);
  EXPECT_EQ(history[1].service, "billing");
  EXPECT_EQ(history[1].minute, kNoon + base::Seconds{60});
  EXPECT_THAT(traffic.history(kNoon + base::Seconds{3600}), SizeIs(2)) << "the first is too old";
}

TEST(Traffic, AddsUpHowLongAnswersTookOverAllWorkers) {
  Traffic traffic;
  call(*traffic.observer(), {.took = std::chrono::nanoseconds{400}});
  call(*traffic.observer(), {.took = std::chrono::microseconds{2}});
  call(*traffic.observer(), {.took = std::chrono::seconds{1}});
  const Latencies latencies = traffic.latencies();
  EXPECT_EQ(latencies.total(), 3U);
  EXPECT_EQ(latencies.counts[0], 1U);
  EXPECT_EQ(latencies.counts[2], 1U);
  EXPECT_EQ(latencies.counts.back(), 1U);
  EXPECT_EQ(latencies.sum, std::chrono::nanoseconds{1'000'002'400});
}

TEST(Traffic, ACallerOfManyWorkersIsOne) {
  const auto merged = [](bool newest_first) {
    Traffic traffic;
    const auto one = traffic.observer();
    const auto other = traffic.observer();
    gateway::Observer& early = newest_first ? *other : *one;
    gateway::Observer& late = newest_first ? *one : *other;
    for (int i = 0; i < 3; ++i) {
      call(early, {.path = "/early", .now = kNoon + std::chrono::minutes(i)});
    }
    call(early, {.path = "/early", .now = kNoon, .bypassed = gateway::Bypassed::kRefused});
    call(late, {.path = "/late",
                .now = kNoon + std::chrono::hours(1),
                .bypassed = gateway::Bypassed::kRefused});
    EXPECT_THAT(traffic.callers(), SizeIs(1));
    return traffic.callers().front();
  };
  for (const bool newest_first : {false, true}) {
    const Caller caller = merged(newest_first);
    EXPECT_EQ(caller.count, 5U);
    EXPECT_EQ(caller.wrong_passes, 2U);
    EXPECT_EQ(caller.minutes, 3U);
    EXPECT_EQ(caller.last_path, "/late");
    EXPECT_EQ(caller.last_seen, kNoon + std::chrono::hours(1));
  }
}

TEST(Traffic, ListsCallersByTheirLastCall) {
  Traffic traffic;
  const auto worker = traffic.observer();
  for (const int second : {5, 9, 1, 7}) {
    call(*worker, {.agent = std::to_string(second), .now = kNoon + base::Seconds{second}});
  }
  call(*worker, {.service = "a", .agent = "5", .now = kNoon + base::Seconds{5}});
  std::string order;
  for (const auto& caller : traffic.callers())
    order += caller.service.substr(0, 1) + caller.agent + " ";
  EXPECT_EQ(order, "o9 o7 a5 o5 o1 ");
}

// Kinds and services are few, but an agent of each of many services may be unlisted.
TEST(Traffic, ThoseWhoAreNotListedAreBoundedToo) {
  Traffic traffic;
  const auto worker = traffic.observer();
  for (std::size_t i = 0; i < Traffic::kMostCallers; ++i) {
    call(*worker, {.agent = "agent-" + std::to_string(i)});
  }
  for (std::size_t i = 0; i < 3 * Tally::kMostOthers; ++i) {
    const std::string service = "service-" + std::to_string(i);
    call(*worker, {.service = service,
                   .agent = "unlisted",
                   .status = i % 2 == 0 ? std::uint16_t{500} : std::uint16_t{503}});
    call(*worker, {.service = service, .kind = "page", .agent = "unlisted", .status = 200});
  }
  std::size_t counted = 0;
  for (const auto& answer : traffic.answers()) {
    if (answer.service.starts_with("service-")) {
      EXPECT_EQ(answer.count, 1U) << answer.service << answer.kind << answer.status;
      ++counted;
    }
  }
  EXPECT_EQ(counted, 6 * Tally::kMostOthers) << "answers are counted under their own service";
  std::uint64_t in_last_minute = 0;
  for (const auto& minute : traffic.history(kNoon)) in_last_minute += minute.count;
  EXPECT_EQ(in_last_minute, Traffic::kMostCallers + 6 * Tally::kMostOthers);
  EXPECT_THAT(traffic.callers(), SizeIs(Traffic::kMostCallers + Tally::kMostOthers + 1));
}

TEST(Tally, CountsTheUnlistedByServiceAndKindAndThenTogether) {
  Tally tally;
  const http::Response response;
  const auto add = [&](const std::string& service, const std::string& agent) {
    http::Request named;
    named.reset("GET", "/", 11);
    named.add_field("User-Agent", agent);
    const gateway::Outcome outcome{.service = service, .kind = "page"};
    tally.add({named, response, outcome, kNoon, {}});
  };
  for (std::size_t i = 0; i < Tally::kMostCallers; ++i) add("orders", "agent-" + std::to_string(i));
  for (std::size_t i = 0; i < Tally::kMostOthers + 7; ++i) {
    for (int twice = 0; twice < 2; ++twice) add("service-" + std::to_string(i), "unlisted");
  }
  std::size_t by_service = 0;
  std::uint64_t together = 0;
  for (const auto& caller : tally.read().callers) {
    if (caller.agent != Tally::kOthers) continue;
    by_service += caller.service.empty() ? 0 : 1;
    together += caller.service.empty() ? caller.count : 0;
  }
  EXPECT_EQ(by_service, Tally::kMostOthers);
  EXPECT_EQ(together, 2U * 7);
}

TEST(Tally, ANewCallerTakesThePlaceOfAnother) {
  Tally tally;
  const http::Response response;
  const auto add = [&](const std::string& agent, base::TimePoint now) {
    http::Request named;
    named.reset("GET", "/", 11);
    named.add_field("User-Agent", agent);
    tally.add({named, response, {.service = "orders", .kind = "page"}, now, {}});
  };
  for (std::size_t i = 0; i < Tally::kMostCallers; ++i) add("agent-" + std::to_string(i), kNoon);
  for (unsigned i = 1; i <= Tally::kProven; ++i) add("newcomer", kNoon + std::chrono::minutes(i));
  std::size_t listed = 0;
  std::size_t newcomers = 0;
  for (const auto& caller : tally.read().callers) {
    listed += caller.agent == Tally::kOthers ? 0 : 1;
    newcomers += caller.agent == "newcomer" ? 1 : 0;
  }
  EXPECT_EQ(listed, Tally::kMostCallers);
  EXPECT_EQ(newcomers, 1U);
}

// The listed caller of that name; nothing where there is none.
std::optional<Caller> find(const Traffic& traffic, std::string_view agent) {
  for (const auto& caller : traffic.callers()) {
    if (caller.agent == agent) return caller;
  }
  return {};
}

TEST(Traffic, MadeUpNamesDisplaceNoCaller) {
  Traffic traffic;
  const auto one = traffic.observer();
  const auto other = traffic.observer();
  call(*one, {.agent = "partner"});
  for (std::size_t i = 0; i < 2 * Traffic::kMostCallers; ++i) {
    const std::string agent = "agent-" + std::to_string(i);
    call(*one, {.agent = agent, .now = kNoon + base::Seconds(i)});
    call(*other, {.agent = agent, .now = kNoon + base::Seconds(i)});
  }
  EXPECT_THAT(traffic.callers(), SizeIs(Traffic::kMostCallers + 1));
  EXPECT_TRUE(find(traffic, "partner"));
  const auto others = find(traffic, Tally::kOthers);
  ASSERT_TRUE(others);
  EXPECT_EQ(others->service, "orders");
  EXPECT_EQ(others->count, 2 * Traffic::kMostCallers + 1);
  ASSERT_THAT(traffic.answers(), SizeIs(1));
  EXPECT_EQ(traffic.answers()[0].count, 4 * Traffic::kMostCallers + 1);
}

TEST(Traffic, ABusyCallerIsListedInTheMinuteOfAFlood) {
  Traffic traffic;
  const auto worker = traffic.observer();
  for (std::size_t i = 0; i + 1 < Traffic::kMostCallers; ++i) {
    call(*worker, {.agent = "early-" + std::to_string(i), .now = kNoon});
  }
  for (int i = 0; i < 300; ++i)
    call(*worker, {.agent = "partner", .now = kNoon + base::Seconds(30)});
  for (std::size_t i = 0; i < Traffic::kMostCallers; ++i) {
    call(*worker, {.agent = "late-" + std::to_string(i), .now = kNoon + base::Seconds(30)});
  }
  ASSERT_TRUE(find(traffic, "partner"));
  EXPECT_EQ(find(traffic, "partner")->count, 300U);
  EXPECT_TRUE(find(traffic, "early-0")) << "it takes no place that \"others\" has";
  EXPECT_EQ(find(traffic, Tally::kOthers)->count, Traffic::kMostCallers);
}

// Ten thousand made-up names a minute, and a partner that calls once a minute.
class TrafficUnderAttack : public ::testing::Test {
 protected:
  void pass(int minutes) {
    for (const int last = minute_ + minutes; minute_ < last; ++minute_) {
      const base::TimePoint now = kNoon + std::chrono::minutes(minute_);
      for (int i = 0; i < 10'000; ++i) {
        call(*worker_, {.agent = "made up " + std::to_string(names_++), .now = now});
      }
      if (partner_calls_) call(*worker_, {.agent = "partner", .now = now});
    }
  }

  Traffic traffic_;
  std::unique_ptr<gateway::Observer> worker_ = traffic_.observer();
  bool partner_calls_ = true;
  int minute_ = 0;
  int names_ = 0;
};

TEST_F(TrafficUnderAttack, APartnerThatComesAgainIsListed) {
  pass(Tally::kProven);
  EXPECT_TRUE(find(traffic_, "partner"));
  pass(7);
  EXPECT_EQ(find(traffic_, "partner")->count, 8U) << "the first two count among the others";
  EXPECT_EQ(find(traffic_, Tally::kOthers)->count, 10U * 10'000 - Traffic::kMostCallers + 2);
  EXPECT_THAT(traffic_.callers(), SizeIs(Traffic::kMostCallers + 1));
  partner_calls_ = false;
  pass(10);
  EXPECT_TRUE(find(traffic_, "partner")) << "it stays while it is silent";
}

TEST_F(TrafficUnderAttack, MadeUpNamesAreNotListedOnceTheListIsFull) {
  pass(8);
  int late = 0;
  for (const auto& caller : traffic_.callers()) {
    late += caller.agent.starts_with("made up ") && caller.last_seen > kNoon ? 1 : 0;
  }
  EXPECT_LE(late, 2) << "a filter may be wrong once in a while";
}

TEST_F(TrafficUnderAttack, APartnerOfOldMakesRoomOnlyAfterADay) {
  const auto everybody_calls = [&](base::TimePoint now) {
    for (std::size_t i = 0; i < Traffic::kMostCallers; ++i) {
      call(*worker_, {.agent = "partner " + std::to_string(i), .now = now});
    }
  };
  for (int i = 0; i < 3; ++i) everybody_calls(kNoon + std::chrono::minutes(i));
  const auto newcomer = [&](base::TimePoint now) {
    for (int i = 0; i < 3; ++i) {
      call(*worker_, {.agent = "newcomer", .now = now + std::chrono::minutes(i)});
    }
  };
  newcomer(kNoon + std::chrono::hours(1));
  EXPECT_FALSE(find(traffic_, "newcomer"));
  newcomer(kNoon + std::chrono::hours(25));
  EXPECT_TRUE(find(traffic_, "newcomer"));
}

TEST(Traffic, CutsLongTextsShort) {
  Traffic traffic;
  const auto worker = traffic.observer();
  const std::string path = "/" + std::string(5000, 'p');
  const std::string agent(5000, 'a');
  call(*worker, {.agent = agent, .path = path});
  ASSERT_THAT(traffic.callers(), SizeIs(1));
  EXPECT_EQ(traffic.callers()[0].last_path.size(), Tally::kLongestPath);
  EXPECT_EQ(traffic.callers()[0].agent.size(), Tally::kLongestAgent);
}

// All but the last character of a signature is as good as a pass.
TEST(Traffic, HidesAPassThatItWouldCut) {
  Traffic traffic;
  const auto worker = traffic.observer();
  const std::string pass = "1796108400.5EaZ35bFh-uv_rGP_tr26DP0Au7Wrgh9Js6dyq5WKR8";
  for (std::size_t before = Tally::kLongestAgent - pass.size(); before < Tally::kLongestAgent;
       ++before) {
    call(*worker, {.agent = std::string(before, 'k') + " " + pass, .path = "/"});
  }
  for (const auto& caller : traffic.callers()) {
    EXPECT_EQ(caller.agent.find("5EaZ"), std::string::npos) << caller.agent;
    EXPECT_EQ(caller.agent.find("kkkk"), 0U) << "the rest of it is there";
  }
}

TEST(Traffic, AllocatesNothingForAKnownCaller) {
  Traffic traffic;
  const auto worker = traffic.observer();
  http::Request request;
  request.reset("GET", "/a", 11);
  request.add_field("User-Agent", "curl/7.88.1");
  http::Response response;
  const gateway::Outcome outcome{"orders", "problem"};
  const auto once = [&] { worker->answered({request, response, outcome, kNoon, {}}); };
  once();
  EXPECT_EQ(testing::allocations_of(once), 0U);
}

TEST(Traffic, IsReadWhileItIsWritten) {
  Traffic traffic;
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([observer = traffic.observer()] {
      for (int n = 0; n < 500; ++n) call(*observer, {.agent = n % 2 == 0 ? "a" : "b"});
    });
  }
  for (int i = 0; i < 50; ++i) EXPECT_LE(traffic.callers().size(), 2U);
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(traffic.answers()[0].count, 1000U);
}

TEST(Latencies, FallIntoTheBucketOfTheirBound) {
  Latencies latencies;
  for (const int nanoseconds : {500, 501, 20'000'000}) {
    latencies.add(std::chrono::nanoseconds{nanoseconds});
  }
  EXPECT_EQ(latencies.counts.front(), 1U);
  EXPECT_EQ(latencies.counts[1], 1U);
  EXPECT_EQ(latencies.counts.back(), 1U);
  EXPECT_EQ(latencies.total(), 3U);
  EXPECT_EQ(latencies.sum, std::chrono::nanoseconds{20'001'001});
}

TEST(Metrics, AreTextForPrometheus) {
  Traffic traffic;
  const auto worker = traffic.observer();
  call(*worker, {.took = std::chrono::microseconds{2}});
  call(*worker, {});
  const Metrics metrics(traffic, {{.name = "intermission_connections",
                                   .help = "Connections that are open",
                                   .value = [] { return 7.0; }},
                                  {.name = "intermission_build_info",
                                   .help = "The version of the program",
                                   .value = [] { return 1.0; },
                                   .labels = {{"version", "0.1.0"}}}});
  const std::string text = metrics.metrics();
  EXPECT_THAT(text, HasSubstr("# TYPE intermission_answers_total counter\n"));
  EXPECT_THAT(text, HasSubstr("intermission_answers_total{service=\"orders\",kind=\"soap\","
                              "status=\"500\"} 2"));
  EXPECT_THAT(text, HasSubstr("intermission_answer_duration_seconds_count 1\n"));
  EXPECT_THAT(text, HasSubstr("intermission_answer_duration_seconds_sum 2e-06\n"));
  EXPECT_THAT(text, HasSubstr("intermission_answer_duration_seconds_bucket{le=\"1e-06\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("intermission_answer_duration_seconds_bucket{le=\"+Inf\"} 1"));
  EXPECT_THAT(text, HasSubstr("# TYPE intermission_connections gauge\n"));
  EXPECT_THAT(text, HasSubstr("intermission_connections 7"));
  EXPECT_THAT(text, HasSubstr("intermission_build_info{version=\"0.1.0\"} 1"));
}

}  // namespace
}  // namespace intermission::observe
