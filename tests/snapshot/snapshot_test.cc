// What a Snapshot renders when, keeps, and takes over from the one before.
#include "snapshot/snapshot.h"

#include <gtest/gtest.h>

#include <deque>
#include <stdexcept>
#include <thread>

#include "catalog/configuration.h"
#include "gateway/answer.h"
#include "gateway/handler.h"
#include "snapshot/body.h"
#include "support/cases.h"
#include "support/fake_clock.h"

namespace intermission::snapshot {
namespace {

std::shared_ptr<const Snapshot> make(const std::string& text, const Snapshot* previous = nullptr) {
  auto loaded = catalog::load_text(text, "f", {});
  if (!loaded) throw std::runtime_error(loaded.error().text());
  return std::make_shared<const Snapshot>(std::move(loaded->catalog), previous);
}

const Service& named(const Snapshot& snapshot, std::string_view name) {
  std::size_t i = 0;
  while (snapshot.service(i).configured->name != name) ++i;
  return snapshot.service(i);
}

gate::Verdict verdict_until(int seconds) {
  gate::Verdict verdict;
  verdict.until = base::TimePoint{base::Seconds{seconds}};
  return verdict;
}

// ---------------------------------------------------------------- what is taken over

constexpr const char* kBefore = R"(
services:
- { name: orders, hosts: [orders.example], message: Soon }
- { name: billing, hosts: [billing.example], message: Soon }
- { name: stock, hosts: [stock.example], rules: [{ when: { path: /a }, answer: text }] }
)";

TEST(Snapshot, TakesOverWhatIsConfiguredAsBefore) {
  const auto before = make(kBefore);
  const RenderedNotice& rendered = named(*before, "orders").notice_for({}, 0);
  const auto after = make(R"(
services:
- { name: stock, hosts: [stock.example], rules: [{ when: { path: /b }, answer: text }] }
- { name: orders, hosts: [orders.example], message: Soon }
- { name: billing, hosts: [billing.example], message: Later }
)",
                          before.get());
  EXPECT_EQ(&named(*after, "orders"), &named(*before, "orders"));
  EXPECT_EQ(&named(*after, "orders").notice_for({}, 0), &rendered);
  EXPECT_EQ(&named(*after, "default"), &named(*before, "default"));
  EXPECT_NE(&named(*after, "billing"), &named(*before, "billing"));
  EXPECT_EQ(named(*after, "billing").notice_for({}, 0).notice().message, "Later");
  EXPECT_NE(&named(*after, "stock"), &named(*before, "stock"));
  EXPECT_EQ(named(*after, "stock").rules[0].when->path, "/b");
}

TEST(Snapshot, WhatWasTakenOverOutlivesTheOneBefore) {
  auto before = make(kBefore);
  const auto after = make(kBefore, before.get());
  const std::weak_ptr<const Snapshot> watched = before;
  const std::weak_ptr<const catalog::Catalog> catalog = before->shared_catalog();
  before.reset();
  EXPECT_TRUE(watched.expired());
  EXPECT_TRUE(catalog.expired()) << "one service must not keep all others in memory";
  const RenderedNotice& rendered = named(*after, "billing").notice_for({}, 0);
  EXPECT_EQ(rendered.notice().message, "Soon");
  EXPECT_FALSE(rendered.said(0).empty());
}

TEST(Snapshot, OfTheSameCatalogueIsTheSameServices) {
  const auto before = make(kBefore);
  const Snapshot after(before->shared_catalog(), before.get());
  for (std::size_t i = 0; i < before->catalog().services().size(); ++i) {
    EXPECT_EQ(&after.service(i), &before->service(i));
  }
}

// ---------------------------------------------------------------- rendered notices

TEST(Snapshot, EachVerdictAndLanguageIsRenderedOnce) {
  const auto snapshot = make("services: [{ name: a, hosts: [a], message: { en: A, de: B } }]");
  const Service& service = named(*snapshot, "a");
  const RenderedNotice& first = service.notice_for(verdict_until(10), 0);
  const RenderedNotice& second = service.notice_for(verdict_until(20), 0);
  EXPECT_NE(&first, &second);
  EXPECT_NE(&first, &service.notice_for(verdict_until(10), 1));
  EXPECT_EQ(&first, &service.notice_for(verdict_until(10), 0));
  EXPECT_EQ(&second, &service.notice_for(verdict_until(20), 0));
  EXPECT_EQ(second.notice().until, base::TimePoint{base::Seconds{20}});
  EXPECT_EQ(service.notice_for(verdict_until(10), 1).notice().message, "B");
}

TEST(Snapshot, ThreadsThatAskAtOnceGetOneNotice) {
  const auto snapshot = make("services: [{ name: a, hosts: [a] }]");
  const Service& service = named(*snapshot, "a");
  std::vector<std::vector<const RenderedNotice*>> seen(4);
  std::vector<std::thread> threads;
  for (auto& mine : seen) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        mine.push_back(&service.notice_for(verdict_until(i), 0));
        mine.back()->said(static_cast<std::size_t>(i) % dialect::table().size());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& other : seen) EXPECT_EQ(other, seen[0]);
}

TEST(Snapshot, RenewedForgetsNoticesWhereManyHavePassed) {
  const auto snapshot = make("services: [{ name: many, hosts: [a] }, { name: few, hosts: [b] }]");
  for (int i = 0; i < 9; ++i) named(*snapshot, "many").notice_for(verdict_until(i), 0);
  for (int i = 0; i < 2; ++i) named(*snapshot, "few").notice_for(verdict_until(i), 0);
  EXPECT_TRUE(named(*snapshot, "many").is_crowded({}, 0));
  const auto renewed = snapshot->renewed();
  EXPECT_FALSE(named(*renewed, "many").is_crowded({}, 0));
  EXPECT_EQ(named(*renewed, "many").configured, named(*snapshot, "many").configured);
  EXPECT_EQ(&named(*renewed, "few"), &named(*snapshot, "few"));
}

// Up to half of what may be kept, a service stays as it is.
TEST(Snapshot, RenewedForgetsNoticesOnceMoreThanHalfOfTheMostAreKept) {
  constexpr int kHalf = RenderedNotices::kMany / 2;
  const auto snapshot = make("services: [{ name: half, hosts: [a] }, { name: more, hosts: [b] }]");
  for (int i = 0; i < kHalf; ++i) named(*snapshot, "half").notice_for(verdict_until(i), 0);
  for (int i = 0; i <= kHalf; ++i) named(*snapshot, "more").notice_for(verdict_until(i), 0);
  EXPECT_FALSE(named(*snapshot, "half").is_worn());
  EXPECT_TRUE(named(*snapshot, "more").is_worn());
  const auto renewed = snapshot->renewed();
  EXPECT_EQ(&named(*renewed, "half"), &named(*snapshot, "half"));
  EXPECT_NE(&named(*renewed, "more"), &named(*snapshot, "more"));
}

TEST(Snapshot, EachVariantIsRenderedOnceAndCounted) {
  const auto snapshot = make("services: [{ name: a, hosts: [a] }]");
  const RenderedNotice& rendered = named(*snapshot, "a").notice_for({}, 0);
  EXPECT_EQ(&rendered.variant_for(rendered.notice().language, {}), &rendered);
  EXPECT_EQ(rendered.variants(), 0U);
  const RenderedNotice& german = rendered.variant_for("de", {});
  EXPECT_EQ(rendered.variants(), 1U);
  const RenderedNotice& french = rendered.variant_for("fr", {});
  EXPECT_EQ(rendered.variants(), 2U);
  EXPECT_EQ(&rendered.variant_for("de", {}), &german);
  EXPECT_EQ(&rendered.variant_for("fr", {}), &french);
  EXPECT_EQ(rendered.variants(), 2U);
  EXPECT_EQ(german.notice().words_language, "de");
  EXPECT_EQ(french.notice().words_language, "fr");
}

TEST(Snapshot, AFixedBodyIsSentAsItIsWithoutACopy) {
  const Body body(std::string(Body::kWorthCoding, 'a'));
  EXPECT_EQ(&body.coded(negotiate::Coding::kIdentity), &body.text().text());
}

TEST(Snapshot, RenewedForgetsVariantsOnceMoreThanHalfOfTheMostAreKept) {
  constexpr std::size_t kHalf = RenderedNotice::kManyVariants / 2;
  const auto snapshot = make("services: [{ name: a, hosts: [a] }]");
  const Service& service = named(*snapshot, "a");
  const RenderedNotice& rendered = service.notice_for({}, 0);
  std::deque<std::string> languages;
  while (rendered.variants() < kHalf) {
    rendered.variant_for(languages.emplace_back("l" + std::to_string(languages.size())), {});
  }
  EXPECT_FALSE(service.is_worn());
  rendered.variant_for("one-more", {});
  EXPECT_EQ(rendered.variants(), kHalf + 1);
  EXPECT_TRUE(service.is_worn());
}

TEST(Snapshot, AnUnknownDialectIsAnError) {
  catalog::Service service;
  service.name = "a";
  service.paths = {"/"};
  service.answer = "morse";
  std::vector<catalog::Service> services;
  services.push_back(service);
  service.answer = "problem";
  EXPECT_THROW(Snapshot(catalog::Catalog(std::move(services), service)), std::runtime_error);
}

// A window each minute; requests through the handler never make it keep more than some.
TEST(Snapshot, TheHandlerRenewsASnapshotFullOfNotices) {
  std::string text = "services:\n- name: a\n  hosts: [a]\n  maintenance: scheduled\n  windows:\n";
  for (int i = 10; i < 50; ++i) {
    const std::string minute = "2026-12-01T22:" + std::to_string(i);
    text += "  - { start: \"" + minute + ":00Z\", end: \"" + minute + ":50Z\" }\n";
  }
  Publisher publisher(make(text));
  testing::FakeClock clock(testing::cases_time() - std::chrono::minutes(20));
  gateway::Handler handler(publisher, clock, [] { return 0U; });
  http::Request request;
  std::size_t snapshots = 0;
  SnapshotPtr last;
  for (int i = 10; i < 50; ++i) {
    request.reset("GET", "/", 11);
    request.add_field("Host", "a");
    http::Response response;
    handler.answer(request, response);
    EXPECT_NE(response.body.view().find("2026-12-01T22:" + std::to_string(i) + ":50Z"),
              std::string::npos);
    if (publisher.current() != last) ++snapshots;
    last = publisher.current();
    EXPECT_FALSE(last->wants_renewal());
    clock.advance(std::chrono::minutes(1));
  }
  EXPECT_GT(snapshots, 3U);
  EXPECT_LT(snapshots, 8U);
}

TEST(Snapshot, WhatIsNoLongerInForceIsNotRenewed) {
  const auto first = make(kBefore);
  const auto second = make(kBefore);
  Publisher publisher(first);
  publisher.publish(second);
  publisher.renew(*first);
  EXPECT_EQ(publisher.current(), second);
  publisher.renew(*second);
  EXPECT_NE(publisher.current(), second);
  EXPECT_EQ(&publisher.current()->catalog(), &second->catalog());
}

// ---------------------------------------------------------------- bodies

// Body::sizes() says which coding is the smallest without trying; this tries.
TEST(Snapshot, ThePageIsSmallestAsBrotliThenGzipThenZstd) {
  const auto snapshot = testing::snapshot_for("config.yaml");
  const std::size_t page = dialect::find("page").value();
  for (std::size_t i = 0; i < snapshot->catalog().services().size(); ++i) {
    const Body& body = *snapshot->service(i).notice_for({}, 0).said(page)[0].body;
    ASSERT_TRUE(body.is_fixed());
    using negotiate::Coding;
    const auto sizes = body.sizes();
    for (std::size_t j = 1; j < sizes.size(); ++j) EXPECT_LT(sizes[j].bytes, sizes[0].bytes) << j;
    EXPECT_LT(body.coded(Coding::kBrotli).size(), body.coded(Coding::kGzip).size());
    // Next to nothing lies between these two, to either side.
    EXPECT_LT(body.coded(Coding::kGzip).size(), body.coded(Coding::kZstd).size() * 101 / 100);
    EXPECT_LT(body.coded(Coding::kZstd).size(), body.coded(Coding::kIdentity).size());
  }
}

}  // namespace
}  // namespace intermission::snapshot
