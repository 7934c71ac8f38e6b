#include "server/http1_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/http1_harness.h"
#include "support/request_cases.h"

namespace intermission::server {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::Http1Harness;
using ::testing::Not;
using testing::request_cases;
using testing::RequestCase;
using testing::small_limits;
using ::testing::StartsWith;
using testing::statuses;
using Phase = Http1Session::Phase;
using std::string_literals::operator""s;

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kChunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

class EveryCase : public ::testing::TestWithParam<RequestCase> {};
INSTANTIATE_TEST_SUITE_P(Http1Session, EveryCase, ::testing::ValuesIn(request_cases()),
                         [](const auto& one) { return std::string(one.param.name); });

// A copy of exactly its own size, so that reading beyond a segment is an error.
void feed(Http1Harness& harness, std::string_view segment) {
  harness.feed(std::string(segment));
}

TEST_P(EveryCase, AsOneSegment) {
  Http1Harness harness(small_limits());
  feed(harness, GetParam().bytes);
  EXPECT_EQ(statuses(harness.sent()), GetParam().statuses) << harness.sent();
  EXPECT_EQ(harness.phase(), GetParam().phase);
}

TEST_P(EveryCase, CutOnceAnywhere) {
  const std::string& bytes = GetParam().bytes;
  Http1Harness whole(small_limits());
  feed(whole, bytes);
  const std::size_t step = bytes.size() > 2000 ? 37 : 1;
  for (std::size_t cut = 1; cut < bytes.size(); cut += step) {
    Http1Harness harness(small_limits());
    feed(harness, bytes.substr(0, cut));
    feed(harness, bytes.substr(cut));
    ASSERT_EQ(harness.sent(), whole.sent()) << "cut at " << cut;
    ASSERT_EQ(harness.phase(), whole.phase()) << "cut at " << cut;
  }
}

TEST_P(EveryCase, ByteByByte) {
  Http1Harness whole(small_limits());
  feed(whole, GetParam().bytes);
  Http1Harness harness(small_limits());
  for (const char c : GetParam().bytes) feed(harness, {&c, 1});
  EXPECT_EQ(harness.sent(), whole.sent());
  EXPECT_EQ(harness.phase(), whole.phase());
}

std::string talk(const std::string& bytes) {
  Http1Harness harness(small_limits());
  feed(harness, bytes);
  return harness.sent();
}

TEST(Http1Answers, StandWithDateAndLength) {
  EXPECT_EQ(talk("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Length: 22\r\n\r\nGET|/a|h|11|1|h||whole");
}

TEST(Http1Answers, TellHttp10ThatTheConnectionStays) {
  EXPECT_THAT(talk("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
              HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST(Http1Answers, LeaveTrailersOut) {
  Http1Harness harness(small_limits());
  harness.feed("GET /trailers HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(harness.sent(), AllOf(EndsWith("|whole"), Not(HasSubstr("X-End"))));
}

TEST(Http1Answers, HeadHasTheLengthOfGetAndNoBody) {
  const std::string get = talk("GET /abc HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string head = talk("HEAD /ab HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(head, get.substr(0, get.find("\r\n\r\n") + 4));
}

TEST(Http1Answers, FaultsOfHeadHaveNoBodyEither) {
  const std::string sent = talk("HEAD / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n");
  EXPECT_THAT(sent, StartsWith("HTTP/1.1 501 "));
  EXPECT_TRUE(sent.ends_with("\r\n\r\n")) << sent;
}

TEST(Http1Answers, FaultsArePlainAndNeverStored) {
  const std::string sent = talk("GET / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(sent, StartsWith("HTTP/1.1 400 Bad Request\r\nDate: "));
  EXPECT_THAT(sent, HasSubstr("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nCache-Control: no-store\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\n\r\n400 Bad Request: the request has no Host.\n"));
}

// The request before it is gone, bytes and all, when a broken line is looked at.
TEST(Http1Answers, ABrokenLineKnowsNothingOfTheRequestBefore) {
  Http1Harness harness(small_limits());
  feed(harness, "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  feed(harness, "GET / HTTP/1.1\rX: y\r\n\r\n");
  EXPECT_EQ(statuses(harness.sent()), "200 400!");
  EXPECT_TRUE(harness.sent().ends_with(".\n")) << "the answer to HEAD was meant before";
}

TEST(Http1Answers, PipelinedInOrder) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    bytes += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  const std::string sent = talk(bytes);
  std::size_t at = 0;
  for (int i = 0; i < 100; ++i) {
    at = sent.find("GET|/" + std::to_string(i) + "|", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

TEST(Http1Bodies, AreKeptOnlyWhereAskedFor) {
  const std::string body = "Content-Length: 4\r\n\r\nbody";
  EXPECT_THAT(talk("POST /peek HTTP/1.1\r\nHost: h\r\n" + body), HasSubstr("|body|whole"));
  EXPECT_THAT(talk("POST / HTTP/1.1\r\nHost: h\r\n" + body), HasSubstr("||part"));
}

TEST(Http1Bodies, AreKeptToTheirBoundAndTheRestIsThrownAway) {
  const std::string sent = talk(
      "POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\n"
      "0123456789abcdefWXYZ" +
      kGet);
  EXPECT_THAT(sent, HasSubstr("|0123456789abcdef|part"));
  EXPECT_EQ(statuses(sent), "200 200");
}

TEST(Http1Bodies, ThatJustFitAreWhole) {
  EXPECT_THAT(talk("POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 16\r\n\r\n0123456789abcdef"),
              HasSubstr("|0123456789abcdef|whole"));
}

TEST(Http1Bodies, ComeDecodedFromChunks) {
  const std::string head = "POST /peek HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_THAT(talk(head + "2\r\nbo\r\n2;x=y\r\ndy\r\n0\r\nHost: evil\r\n\r\n"),
              HasSubstr("POST|/peek|h|11|2|h|chunked|body|whole"));
}

TEST(Http1Bodies, ThatGrowTooLargeAreAnsweredWithWhatWasKept) {
  const std::string head = "POST /peek HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string sent = talk(head + "14\r\n0123456789abcdefWXYZ\r\nfff\r\n");
  EXPECT_THAT(sent, HasSubstr("|0123456789abcdef|part"));
  EXPECT_EQ(statuses(sent), "200!");
}

constexpr std::string_view kExpect = "Expect: 100-continue\r\n\r\n";
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

TEST(Http1Bodies, ThatNobodyReadsAreNotAskedFor) {
  for (const char* path : {"/", "/refuse"}) {
    const std::string sent =
        talk("POST " + std::string(path) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n" +
             std::string(kExpect) + "body");
    EXPECT_THAT(sent, HasSubstr("|4|100-continue||part"));
    EXPECT_THAT(sent, Not(HasSubstr(kContinue)));
  }
}

TEST(Http1Bodies, ThatAreReadAreAskedFor) {
  for (const char* framing : {"Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n"}) {
    const bool is_chunked = framing[0] == 'T';
    Http1Harness harness(small_limits());
    feed(harness, "POST /peek HTTP/1.1\r\nHost: h\r\n" + std::string(framing).append(kExpect));
    EXPECT_EQ(harness.sent(), kContinue);
    EXPECT_EQ(harness.phase(), Phase::kBody);
    feed(harness, is_chunked ? "4\r\nbody\r\n0\r\n\r\n" : "body");
    EXPECT_THAT(harness.sent(), HasSubstr("|body|whole"));
    EXPECT_EQ(harness.phase(), Phase::kIdle) << "the connection goes on";
  }
}

// However the request was cut on its way, the same is said.
TEST(Http1Bodies, ThatCameUnaskedAreAskedForAllTheSame) {
  const std::string sent = talk("POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n" +
                                std::string(kExpect) + "body");
  EXPECT_THAT(sent, StartsWith(std::string(kContinue) + "HTTP/1.1 200"));
  EXPECT_THAT(sent, HasSubstr("|body|whole"));
}

TEST(Http1Bodies, ThatAreTooLargeAreNotAskedFor) {
  const std::string sent =
      talk("POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 65\r\n" + std::string(kExpect));
  EXPECT_EQ(statuses(sent), "200!");
  EXPECT_THAT(sent, HasSubstr("||part"));
}

// The head must still be there when its body arrives long after, and others were served.
TEST(Http1Bodies, FindTheirHeadAgain) {
  Http1Harness harness(small_limits());
  feed(harness, "POST /peek HTTP/1.1\r\nHost: mine\r\nContent-Length: 4\r\n\r\nbo");
  harness.worker().scratch.request.reset("GET", "/other", 11);
  harness.worker().scratch.kept_body = "other";
  feed(harness, "dy");
  EXPECT_THAT(harness.sent(), HasSubstr("POST|/peek|mine|11|2|mine|4|body|whole"));
}

TEST(Http1End, IsQuietWhenAllIsSaid) {
  Http1Harness harness(small_limits());
  harness.finish();
  EXPECT_EQ(harness.sent(), "");
  EXPECT_EQ(harness.phase(), Phase::kClosing);
}

TEST(Http1End, InsideAHeadOrBodyIsAFault) {
  for (const std::string& bytes : {std::string("GET / HTTP/1.1\r\n"), kChunked + "3\r\na"}) {
    Http1Harness harness(small_limits());
    feed(harness, bytes);
    harness.finish();
    EXPECT_EQ(statuses(harness.sent()), "400!") << bytes;
  }
}

TEST(Http1TimeOut, IsAnsweredOnceARequestHasBegun) {
  Http1Harness idle(small_limits());
  idle.time_out();
  EXPECT_EQ(idle.sent(), "");
  EXPECT_EQ(idle.phase(), Phase::kClosing);
  for (const std::string& bytes : {std::string("G"), kChunked + "3\r\na"}) {
    Http1Harness harness(small_limits());
    feed(harness, bytes);
    harness.time_out();
    EXPECT_EQ(statuses(harness.sent()), "408!") << bytes;
  }
}

TEST(Http1Draining, ClosesAfterTheNextAnswer) {
  Http1Harness harness(small_limits());
  harness.worker().draining = true;
  feed(harness, kGet + kGet);
  EXPECT_EQ(statuses(harness.sent()), "200!");
}

// ---------------------------------------------------------------- room that is wanted elsewhere

const std::string kHalfBody = "POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\nabc";

TEST(Http1Bodies, ThatAreRefusedAreNotWaitedFor) {
  Http1Harness harness(small_limits());
  feed(harness, "POST /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\nabc");
  EXPECT_EQ(statuses(harness.sent()), "200!");
  EXPECT_THAT(harness.sent(), EndsWith("||part"));
  EXPECT_EQ(harness.phase(), Phase::kClosing);
  EXPECT_EQ(harness.exchange().held(), 0U);
}

TEST(Http1GivesUp, AnUnfinishedHeadWithItsFault) {
  Http1Harness harness(small_limits());
  feed(harness, "GET / HTTP/1.1\r\nHo");
  harness.give_up();
  EXPECT_EQ(statuses(harness.sent()), "503!");
  EXPECT_THAT(harness.sent(), HasSubstr("\r\nRetry-After: "));
}

TEST(Http1GivesUp, AnUnfinishedBodyWithTheAnswerToItsHead) {
  for (const bool with_more : {false, true}) {
    Http1Harness harness(small_limits());
    feed(harness, kHalfBody);
    if (with_more) feed(harness, "de");
    EXPECT_GT(harness.exchange().held(), 0U);
    harness.give_up();
    EXPECT_EQ(statuses(harness.sent()), "200!");
    EXPECT_THAT(harness.sent(), EndsWith(with_more ? "|abcde|part" : "|abc|part"));
    EXPECT_EQ(harness.phase(), Phase::kClosing);
    EXPECT_EQ(harness.exchange().held(), 0U);
  }
}

TEST(Http1GivesUp, AnIdleClientWithoutAWord) {
  Http1Harness harness(small_limits());
  feed(harness, kGet);
  const std::string before = harness.sent();
  harness.give_up();
  EXPECT_EQ(harness.sent(), before);
  EXPECT_EQ(harness.phase(), Phase::kClosing);
}

TEST(Http1ShortOfMemory, AnswersByTheHead) {
  Http1Harness harness(small_limits());
  MemoryBudget budget(1000);
  budget.change(0, 990);
  harness.worker().budget = &budget;
  feed(harness, kHalfBody);
  EXPECT_EQ(statuses(harness.sent()), "200!");
  EXPECT_THAT(harness.sent(), EndsWith("|abc|part"));
  EXPECT_EQ(budget.shed(), 1U);
}

TEST(Http1ShortOfMemory, AnswersByTheHeadWhereTheBodyMayNotGrow) {
  http::Limits limits = small_limits();
  limits.body_peek = 1000;
  limits.body_discard = 1000;
  const std::string head =
      "POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 300\r\n\r\n" + std::string(100, 'a');
  for (const std::size_t more : {100U, 200U}) {
    Http1Harness harness(limits);
    MemoryBudget budget(100'000);
    harness.worker().budget = &budget;
    feed(harness, head);
    ASSERT_EQ(harness.sent(), "");
    budget.change(0, 100'000);
    feed(harness, std::string(more, 'b'));
    // The end of a body is seen though it cannot be kept.
    const std::string body = std::string(100, 'a') + std::string(more, 'b');
    EXPECT_THAT(harness.sent(), EndsWith("|" + body + (more == 200 ? "|whole" : "|part")));
    EXPECT_EQ(statuses(harness.sent()), more == 200 ? "200" : "200!");
  }
}

TEST(Http1ShortOfMemory, LeavesWholeRequestsAlone) {
  Http1Harness harness(small_limits());
  MemoryBudget budget(1000);
  budget.change(0, 5000);
  harness.worker().budget = &budget;
  feed(harness, kGet + "POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + kGet);
  EXPECT_EQ(statuses(harness.sent()), "200 200 200");
  EXPECT_EQ(budget.shed(), 0U);
}

TEST(Http1Bodies, HoldNoMoreThanTheyKeep) {
  http::Limits limits = small_limits();
  limits.body_peek = 10'000;
  limits.body_discard = 1'000'000;
  Http1Harness harness(limits);
  feed(harness, "POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n");
  for (int i = 0; i < 500; ++i) feed(harness, std::string(1000, 'a'));
  EXPECT_LT(harness.exchange().held(), 12'000U);
}

TEST(Http1Strangers, AreKnownFromTheRequestThatVouchesForThem) {
  Http1Harness harness(small_limits());
  feed(harness, "GET /known HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_FALSE(harness.exchange().is_vouched_for()) << "nobody asks";
  harness.worker().screens = true;
  feed(harness, kGet);
  EXPECT_FALSE(harness.exchange().is_vouched_for());
  feed(harness, "GET /known HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(harness.exchange().is_vouched_for());
  feed(harness, kGet);
  EXPECT_TRUE(harness.exchange().is_vouched_for());
}

// A handler that does what it should not.
class RudeHandler : public http::Handler {
 public:
  http::BodyUse body_use(const http::Request& head) override {
    if (head.path() == "/body") throw std::runtime_error("rude\n");
    return http::BodyUse::kDiscard;
  }
  void refused(std::uint16_t status, const http::Request& /*request*/) override {
    if (refusals != nullptr) refusals->push_back(status);
  }
  std::vector<std::uint16_t>* refusals = nullptr;

  http::Handled answer(const http::Request& request, http::Response& response) override {
    response.body.own() = "half of an answ";
    response.add_field("X-Half", "yes");
    response.status = 200;
    if (request.path() == "/throw") throw std::runtime_error("rude");
    if (request.path() == "/int") throw 7;
    if (request.path() == "/status") response.status = 100;
    if (request.path() == "/101") response.status = 101;
    if (request.path() == "/204") response.status = 204;
    if (request.path() == "/304") response.status = 304;
    return {};
  }
};

std::string rude(const std::string& bytes, std::vector<std::string>* reports = nullptr,
                 std::vector<std::uint16_t>* refused = nullptr) {
  const http::Limits limits = small_limits();
  RudeHandler handler;
  handler.refusals = refused;
  WorkerContext worker{limits, handler, [&](std::string_view text) {
                         if (reports != nullptr) reports->emplace_back(text);
                       }};
  Http1Session session(testing::kNobody);
  session.receive(bytes, worker, worker.output);
  return worker.output.bytes();
}

// Notes what the server refused: "STATUS METHOD TARGET HOST".
class Refusals final : public testing::MirrorHandler {
 public:
  void refused(std::uint16_t status, const http::Request& request) override {
    text += std::to_string(status) + ' ' + std::string(request.method()) + ' ' +
            std::string(request.target()) + ' ' + std::string(request.host()) + '\n';
  }
  std::string text;
};

class Http1Refusing : public ::testing::Test {
 protected:
  const http::Limits limits_ = small_limits();
  Refusals handler_;
  WorkerContext context_{limits_, handler_, [](std::string_view) {}};
};

struct RefusedCase {
  std::string bytes;
  std::string noted;
};

TEST_F(Http1Refusing, NotesMethodAndTargetAsFarAsTheyWereRead) {
  const std::string get = "GET /a?b HTTP/1.1\r\n";
  const std::string long_target = "/" + std::string(2000, 'x');
  const RefusedCase cases[] = {
      {get + "\r\n", "400 GET /a?b \n"},
      {get + "Host: a\r\nHost: b\r\n\r\n", "400 GET /a?b a\n"},
      {get + "Host: h\nA: b\r\n\r\n", "400 GET /a?b \n"},
      {get + "Host: h\r\n A: b\r\n\r\n", "400 GET /a?b \n"},
      {get + "Host: h\r\nA b\r\n\r\n", "400 GET /a?b h\n"},
      {get + "Host: h\r\nA: " + std::string(2000, 'x'), "431 GET /a?b \n"},
      {"GET " + long_target + " HTTP/1.1\r\n", "414 GET " + long_target.substr(0, 2001) + " \n"},
      {"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", "400 GET /a \n"},
      {"GET /a HTTP/2.0\r\nHost: h\r\n\r\n", "505 GET /a \n"},
      {"GET /a\nHost: h\n\n", "400 GET /a \n"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 PRI * \n"},
      {"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "501 POST /a h\n"},
      {"\x16\x03\x01", "400   \n"},
      {"@", "400   \n"},
      {"GET\r\n", "400 GET  \n"},
  };
  for (const auto& [bytes, noted] : cases) {
    handler_.text.clear();
    Http1Session session(testing::kNobody);
    session.receive(bytes, context_, context_.output);
    context_.output.clear();
    EXPECT_EQ(handler_.text, noted) << bytes;
  }
}

TEST_F(Http1Refusing, NotesWhatDidNotComeInTime) {
  const RefusedCase cases[] = {
      {"GE", "408   \n"},
      {"GET /a", "408 GET /a \n"},
      {"GET /a HTTP/1.1\r\nHost: h\r\n", "408 GET /a \n"},
      {"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab", "408 POST /a h\n"},
  };
  for (const auto& [bytes, noted] : cases) {
    for (const bool ends : {false, true}) {
      handler_.text.clear();
      Http1Session session(testing::kNobody);
      const std::size_t used = session.receive(bytes, context_, context_.output);
      context_.scratch.request.reset("PUT", "/of-another-client", 11);
      const std::string_view unused = std::string_view(bytes).substr(used);
      if (ends) {
        session.end_of_input(unused, context_, context_.output);
      } else {
        session.time_out(unused, context_, context_.output);
      }
      context_.output.clear();
      EXPECT_EQ(handler_.text, (ends ? "400" : "408") + noted.substr(3)) << bytes;
    }
  }
}

TEST_F(Http1Refusing, HeadIsRefusedWithoutABody) {
  const std::string head = "HEAD / HTTP/1.1\r\n";
  for (const std::string& bytes :
       {"HEAD / HTTP/1.1\nHost: h\n\n"s, head + "Host: h\n\r\n", head + "\r\n",
        head + "Host: h\r\n A: b\r\n\r\n", "HEAD / a HTTP/1.1\r\n\r\n"s, "HEAD / HTTP/2.0\r\n\r\n"s,
        "HEAD\n"s, head + "A: " + std::string(2000, 'x'), "HEAD /" + std::string(2000, 'x')}) {
    Http1Session session(testing::kNobody);
    session.receive(bytes, context_, context_.output);
    EXPECT_TRUE(context_.output.bytes().ends_with("\r\n\r\n")) << bytes << context_.output.bytes();
    context_.output.clear();
  }
  Http1Session late(testing::kNobody);
  late.receive("HEAD / HT", context_, context_.output);
  late.time_out("HEAD / HT", context_, context_.output);
  EXPECT_TRUE(context_.output.bytes().ends_with("\r\n\r\n")) << context_.output.bytes();
}

TEST(Http1Refusals, ReachTheHandler) {
  std::vector<std::uint16_t> refused;
  rude("GET / HTTP/1.1\r\nHost : h\r\n\r\n", nullptr, &refused);
  rude("GET /throw HTTP/1.1\r\nHost: h\r\n\r\n", nullptr, &refused);
  rude("GET / HTTP/1.1\r\nHost: h\r\n\r\n", nullptr, &refused);
  EXPECT_EQ(refused, (std::vector<std::uint16_t>{400, 503}));
}

TEST(Http1HandlerFailures, AreAPlain503) {
  for (const char* path : {"/throw", "/int", "/status"}) {
    const std::string sent = rude("GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(statuses(sent), "503!") << path;
    EXPECT_THAT(sent, HasSubstr("\r\nRetry-After: 120\r\n"));
    EXPECT_THAT(sent, Not(HasSubstr("half"))) << path;
    EXPECT_THAT(sent, Not(HasSubstr("X-Half"))) << path;
  }
  EXPECT_EQ(statuses(rude("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na")), "503!");
}

TEST(Http1HandlerFailures, AreReportedPrintable) {
  std::vector<std::string> reports;
  rude("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na", &reports);
  EXPECT_THAT(reports, ::testing::ElementsAre("a handler failed: rude\\x0a"));
}

TEST(Http1Statuses, WithoutBody) {
  for (const char* path : {"/204", "/304"}) {
    const std::string sent = rude("GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(sent.ends_with("\r\n\r\n")) << sent;
    EXPECT_THAT(sent, Not(HasSubstr("Content-Length"))) << path;
  }
}

TEST(Http1Statuses, SwitchingProtocolsSpeaksOnceAndCloses) {
  const std::string sent = rude("GET /101 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(sent, StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nConnection: Upgrade\r\n"));
  EXPECT_THAT(sent, Not(HasSubstr("Content-Length")));
  EXPECT_TRUE(sent.ends_with("\r\n\r\nhalf of an answ"));
}

}  // namespace
}  // namespace intermission::server
