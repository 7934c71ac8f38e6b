#include "program/shared_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/environment.h"
#include "base/version.h"
#include "support/temporary_folder.h"
#include "support/variable.h"

namespace intermission::program {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Variable;

// Nobody listens there, and no packet leaves the machine.
constexpr const char* kNobody = "host=127.0.0.1 port=1 dbname=ops user=u connect_timeout=2";

class SharedStoreTest : public ::testing::Test {
 protected:
  Source source(const std::string& text, mode_t mode = 0600) const {
    Source made;
    made.file = folder_.write("intermission.yaml", text).string();
    chmod(made.file.c_str(), mode);
    made.warn = [](const std::string&) {};
    return made;
  }
  static catalog::Configuration load(const Source& source) {
    auto loaded = source.load();
    if (!loaded) ADD_FAILURE() << loaded.error().text();
    return std::move(*loaded);
  }
  /// Where the database of a configuration is, with all that the operator has to know.
  static std::vector<std::string> warnings(const Source& source) {
    const auto address = chosen_database(source, load(source).state, "");
    if (!address || !*address) {
      ADD_FAILURE() << (address ? "none" : address.error().text());
      return {};
    }
    return database_warnings(source, **address);
  }
  std::string digest(const std::string& text) const {
    const Source made = source(text);
    return configuration_digest(made, load(made));
  }

  const testing::TemporaryFolder folder_;
  const base::SystemClock clock_;
  // No variable of the machine that tests run on says anything.
  const Variable url_{kDatabaseUrl, ""};
  const Variable url_file_{std::string(kDatabaseUrl) + "_FILE", ""};
  const Variable bound_{"VCAP_SERVICES", ""};
  const Variable message_{"MAINTENANCE_MESSAGE", ""};
};

// ---------------------------------------------------------------- which database

TEST_F(SharedStoreTest, NoDatabaseIsNamed) {
  const auto none = chosen_database(Source(), catalog::StateSettings(), "");
  ASSERT_TRUE(none) << none.error().text();
  EXPECT_FALSE(*none);
}

TEST_F(SharedStoreTest, ABindingBeatsTheEnvironmentAndThatTheFile) {
  const Source file = source("state: { postgresql: 'host=127.0.0.1 dbname=filed' }\n");
  const catalog::StateSettings state = load(file).state;
  EXPECT_EQ((*chosen_database(file, state, ""))->value_of("dbname"), "filed");
  const Variable bound("VCAP_SERVICES", R"({"p":[{"name":"db","tags":["postgresql"],"credentials":)"
                                        R"({"uri":"postgresql://127.0.0.1/bound"}}]})");
  EXPECT_EQ((*chosen_database(file, state, ""))->value_of("dbname"), "filed");
  EXPECT_EQ((*chosen_database(Source(), catalog::StateSettings(), ""))->value_of("dbname"),
            "bound");
  const Variable url(kDatabaseUrl, "postgresql://127.0.0.1/named");
  EXPECT_EQ((*chosen_database(file, state, ""))->value_of("dbname"), "named");
  EXPECT_EQ((*chosen_database(file, state, "db"))->value_of("dbname"), "bound");
  const auto unknown = chosen_database(file, state, "other");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().text(),
            "--state-binding: VCAP_SERVICES has no binding named \"other\"");
}

TEST_F(SharedStoreTest, AMistakeInTheFileIsLocated) {
  const Source file = source("services: []\nstate:\n  postgresql: hots=127.0.0.1\n");
  const auto wrong = chosen_database(file, load(file).state, "");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text(),
            file.file + ":3: state.postgresql: unknown keyword hots; did you mean host?");
  // Of a file that is gone meanwhile, the line is not known.
  const catalog::StateSettings state = load(file).state;
  std::filesystem::remove(file.file);
  EXPECT_EQ(chosen_database(file, state, "").error().text(),
            file.file + ": state.postgresql: unknown keyword hots; did you mean host?");
}

TEST_F(SharedStoreTest, AMistakeElsewhereIsNotLocated) {
  const Source file = source("services: []\n");
  const Variable url(kDatabaseUrl, "hots=127.0.0.1");
  const auto wrong = chosen_database(file, load(file).state, "");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text(),
            "INTERMISSION_DATABASE_URL: unknown keyword hots; did you mean host?");
  const Variable twin(std::string(kDatabaseUrl) + "_FILE", file.file);
  EXPECT_THAT(chosen_database(file, load(file).state, "").error().text(),
              HasSubstr("are both set"));
}

// ---------------------------------------------------------------- what is odd about it

TEST_F(SharedStoreTest, APasswordThatOthersMayReadIsAWarning) {
  const std::string text = "state: { postgresql: 'host=127.0.0.1 dbname=ops password=x' }\n";
  for (const mode_t mode : {0640U, 0604U, 0644U}) {
    const Source file = source(text, mode);
    EXPECT_THAT(warnings(file),
                ElementsAre(file.file +
                            ":1: state.postgresql: others may read the file that holds the "
                            "password; put the password into INTERMISSION_DATABASE_URL_FILE, or "
                            "chmod 600 the file"))
        << mode;
  }
  for (const mode_t mode : {0600U, 0622U}) {
    EXPECT_THAT(warnings(source(text, mode)), IsEmpty()) << mode;
  }
}

TEST_F(SharedStoreTest, AFileWithoutThePasswordMayBeReadByAnybody) {
  EXPECT_THAT(warnings(source("state: { postgresql: 'host=127.0.0.1 dbname=ops' }\n", 0644)),
              IsEmpty());
  const Variable url(kDatabaseUrl, "host=127.0.0.1 dbname=ops password=x");
  EXPECT_THAT(warnings(source("services: []\n", 0644)), IsEmpty());
}

TEST_F(SharedStoreTest, WhatIsNotVerifiedOrCannotBeReadIsAWarning) {
  const Source file = source(
      "state: { postgresql: 'host=db.example dbname=ops sslmode=require sslcert=/nowhere/c.pem' "
      "}\n");
  EXPECT_THAT(
      warnings(file),
      ElementsAre(file.file + ":1: state.postgresql: sslmode=require does not verify the identity "
                              "of the database; expected verify-full",
                  file.file + ":1: state.postgresql: sslcert: the file cannot be read"));
}

// ---------------------------------------------------------------- the store

TEST_F(SharedStoreTest, WithoutADatabaseAFileOrTheMemoryIsTheStore) {
  std::vector<std::string> reported;
  const auto report = [&](const std::string& line) { reported.push_back(line); };
  for (const std::string& name : {std::string("state.json"), std::string()}) {
    const Source file = source("state: { file: '" + name + "' }\n");
    const auto configuration = load(file);
    const auto store = chosen_store({file, configuration, "", 8080, clock_, report});
    ASSERT_TRUE(store) << store.error().text();
    EXPECT_FALSE((*store)->is_shared());
    EXPECT_EQ((*store)->status().kind, name.empty() ? "memory" : "file");
    ASSERT_TRUE((*store)->load());
    control::State next;
    next.version = 1;
    EXPECT_TRUE(std::holds_alternative<control::Store::Saved>((*store)->save(0, next)));
    EXPECT_EQ(std::filesystem::exists(folder_.path() / "state.json"), true)
        << "written by the first of them";
  }
  EXPECT_THAT(reported, IsEmpty());
}

TEST_F(SharedStoreTest, WithADatabaseItIsShared) {
  std::mutex mutex;
  std::vector<std::string> reported;
  const auto seen = [&] {
    const std::lock_guard lock(mutex);
    return reported;
  };
  const Source file =
      source("state: { file: '', postgresql: '" + std::string(kNobody) + " password=x' }\n", 0644);
  const auto configuration = load(file);
  const auto store =
      chosen_store({file, configuration, "", 8080, clock_, [&](const std::string& line) {
                      const std::lock_guard lock(mutex);
                      reported.push_back(line);
                    }});
  ASSERT_TRUE(store) << store.error().text();
  EXPECT_TRUE((*store)->is_shared());
  EXPECT_EQ((*store)->status().kind, "postgresql");
  EXPECT_EQ((*store)->status().place, "127.0.0.1:1, database ops");
  EXPECT_THAT(seen(), ElementsAre(HasSubstr("others may read the file that holds the password")));
  ASSERT_TRUE((*store)->load());
  ASSERT_GE(seen().size(), 2U);
  EXPECT_THAT(seen()[1], HasSubstr("the database 127.0.0.1:1, database ops cannot be reached"));
  EXPECT_THAT((*store)->instances(std::chrono::milliseconds(0)), IsEmpty());
}

TEST_F(SharedStoreTest, ADatabaseThatIsWrongIsAnError) {
  const Source file = source("state: { postgresql: nonsense }\n");
  const auto configuration = load(file);
  const auto store =
      chosen_store({file, configuration, "", 8080, clock_, [](const std::string&) {}});
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().text(), HasSubstr(file.file + ":1: state.postgresql: expected libpq"));
}

// ---------------------------------------------------------------- this instance

class InstanceTest : public ::testing::Test {
 protected:
  const Variable address_{"CF_INSTANCE_ADDR", ""};
  const Variable index_{"CF_INSTANCE_INDEX", ""};
  const Variable application_{"VCAP_APPLICATION", ""};
};

TEST_F(InstanceTest, IsNamedByItsMachineAndPort) {
  const control::Instance self = this_instance(8123);
  EXPECT_EQ(self.address, base::machine_name() + ":8123");
  EXPECT_EQ(self.name, self.address);
  EXPECT_EQ(self.program, base::kVersion);
  EXPECT_EQ(self.id.size(), 32U);
  EXPECT_NE(this_instance(8123).id, self.id);
}

TEST_F(InstanceTest, IsNamedByItsApplicationOnCloudFoundry) {
  const Variable address("CF_INSTANCE_ADDR", "10.0.0.7:61\x1b");
  EXPECT_EQ(this_instance(8080).address, "10.0.0.7:61\\x1b");
  EXPECT_EQ(this_instance(8080).name, "10.0.0.7:61\\x1b");
  const Variable index("CF_INSTANCE_INDEX", "1");
  for (const auto& [application, name] : std::vector<std::pair<const char*, const char*>>{
           {R"({"application_name":"maintenance"})", "maintenance/1"},
           {R"({"application_name":"a\u001bb"})", "a\\x1bb/1"},
           {R"({"application_name":7})", "instance/1"},
           {R"({"name":"x"})", "instance/1"},
           {R"(["application_name"])", "instance/1"},
           {R"({"application_name":"x")", "instance/1"},
           {"", "instance/1"}}) {
    const Variable variable("VCAP_APPLICATION", application);
    EXPECT_EQ(this_instance(8080).name, name) << application;
    EXPECT_EQ(this_instance(8080).address, "10.0.0.7:61\\x1b");
  }
}

// ---------------------------------------------------------------- the digest

constexpr const char* kServices =
    "services: [ { name: a, hosts: [a.example], contract: api.yaml, wsdl: s.wsdl, protobuf: p.bin "
    "} ]\n";

// During an upgrade instances of two versions run side by side: with another digest each would
// warn of the others. These are SHA-256 of "SIZE:TEXT" for each part.
TEST_F(SharedStoreTest, ADigestIsTheSameInEveryVersion) {
  EXPECT_EQ(configuration_digest(Source(), catalog::built_in({})), "ba768b331fd86cec");
  const Variable message("MAINTENANCE_MESSAGE", "Back soon");
  EXPECT_EQ(configuration_digest(Source(), catalog::built_in({})), "90e83bfe78864b6b");
  EXPECT_EQ(digest("services: [ { name: a } ]\n"), "8eebb5ff0940d5ff");
  folder_.write("api.yaml", "openapi");
  EXPECT_EQ(digest("services: [ { name: a, contract: api.yaml } ]\n"), "c7443b828d753d11");
}

TEST_F(SharedStoreTest, ADigestTellsApartWhatClientsSee) {
  std::set<std::string> seen;
  const auto is_new = [&](const std::string& text) { return seen.insert(digest(text)).second; };
  EXPECT_TRUE(is_new("services: []\n"));
  EXPECT_TRUE(is_new(kServices));
  EXPECT_TRUE(is_new("defaults: { message: Soon }\n" + std::string(kServices)));
  for (const char* name : {"api.yaml", "s.wsdl", "p.bin"}) {
    folder_.write(name, "one");
    EXPECT_TRUE(is_new(kServices)) << name;
    folder_.write(name, "two");
    EXPECT_TRUE(is_new(kServices)) << name;
  }
  const Variable message("MAINTENANCE_MESSAGE", "Back soon");
  EXPECT_TRUE(is_new(kServices));
}

TEST_F(SharedStoreTest, ADigestLeavesOutWhatIsAnInstancesOwn) {
  const std::string plain = digest(kServices);
  for (const char* own : {"listen: { port: 1 }\n", "control: { port: 1 }\n", "state: { file: x }\n",
                          "limits: { connections: 10 }\n", "access_log: { format: json }\n"}) {
    EXPECT_EQ(digest(own + std::string(kServices)), plain) << own;
  }
}

TEST_F(SharedStoreTest, AFileThatCannotBeReadAgainHasNoDigest) {
  const Source file = source(kServices);
  const auto configuration = load(file);
  for (const char* broken : {"a: [", "[]", ""}) {
    folder_.write("intermission.yaml", broken);
    EXPECT_EQ(configuration_digest(file, configuration), "") << broken;
  }
  std::filesystem::remove(file.file);
  EXPECT_EQ(configuration_digest(file, configuration), "");
}

}  // namespace
}  // namespace intermission::program
