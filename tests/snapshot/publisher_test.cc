#include "snapshot/publisher.h"

#include <gtest/gtest.h>

#include <thread>

#include "catalog/configuration.h"
#include "support/cases.h"

namespace intermission::snapshot {
namespace {

TEST(Publisher, AReaderSeesWhatWasPublishedLast) {
  const SnapshotPtr first = testing::snapshot_for("none");
  const SnapshotPtr second = testing::snapshot_for("config.yaml");
  Publisher publisher(first);
  SnapshotReader reader(publisher);
  EXPECT_EQ(reader.current().get(), first.get());
  publisher.publish(second);
  EXPECT_EQ(reader.current().get(), second.get());
}

TEST(Publisher, AnAnswerKeepsItsSnapshot) {
  auto snapshot = std::make_shared<Snapshot>(catalog::built_in({}).catalog);
  const std::weak_ptr<Snapshot> watched = snapshot;
  Publisher publisher(std::move(snapshot));
  SnapshotReader reader(publisher);
  SnapshotPtr kept = reader.current();
  publisher.publish(testing::snapshot_for("none"));
  reader.current();
  EXPECT_FALSE(watched.expired());
  kept.reset();
  EXPECT_TRUE(watched.expired());
}

TEST(Publisher, ManyReadersWhileOnePublishes) {
  const SnapshotPtr snapshots[] = {testing::snapshot_for("none"),
                                   testing::snapshot_for("config.yaml")};
  Publisher publisher(snapshots[0]);
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      SnapshotReader reader(publisher);
      for (int n = 0; n < 2000; ++n) {
        const SnapshotPtr kept = reader.current();
        EXPECT_GE(kept->catalog().services().size(), 1U);
      }
    });
  }
  for (std::size_t n = 0; n < 500; ++n) publisher.publish(snapshots[n % 2]);
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace intermission::snapshot
