// Where the database is: libpq's words, bindings of Cloud Foundry, and what is never said of it.
#include "control/database_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <string>

#include "support/variable.h"

namespace intermission::control {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kSecret = "s3cr3t-w0rd";

DatabaseAddress parsed(const std::string& text) {
  auto address = parse_database_address(text, "state.postgresql");
  EXPECT_TRUE(address) << address.error().text();
  return address ? std::move(*address) : DatabaseAddress();
}

TEST(DatabaseAddress, OverANetworkTheServerIsVerified) {
  for (const char* text :
       {"host=db.example dbname=ops", "postgresql://db.example/ops",
        "host=127.0.0.1,db.example dbname=ops", "host=localhost hostaddr=10.0.0.1 dbname=ops"}) {
    const DatabaseAddress address = parsed(text);
    EXPECT_EQ(address.value_of("sslmode"), "verify-full") << text;
    EXPECT_FALSE(address.warning()) << text;
  }
}

TEST(DatabaseAddress, ItIsVerifiedByWhatTheSystemTrustsUnlessItSaysBy) {
  const std::string trusted = parsed("host=db.example").value_of("sslrootcert");
  EXPECT_THAT(trusted, StartsWith("/etc/"));
  EXPECT_EQ(access(trusted.c_str(), R_OK), 0) << trusted;
  EXPECT_EQ(parsed("host=db.example sslrootcert=/own.pem").value_of("sslrootcert"), "/own.pem");
  const testing::Variable variable("PGSSLROOTCERT", "/own.pem");
  EXPECT_EQ(parsed("host=db.example").value_of("sslrootcert"), "");
}

TEST(DatabaseAddress, OnThisMachineItNeedNotBe) {
  for (const char* text :
       {"host=/run/postgresql dbname=ops", "host=127.0.0.1", "host=localhost", "host=::1",
        "dbname=ops", "postgresql:///ops", "host=db.example hostaddr=127.0.0.1"}) {
    EXPECT_EQ(parsed(text).value_of("sslmode"), "") << text;
    EXPECT_FALSE(parsed(text).warning()) << text;
  }
}

TEST(DatabaseAddress, WhoAsksForLessIsTakenAtHisWordAndTold) {
  const DatabaseAddress address = parsed("host=db.example sslmode=require password=s3cr3t-w0rd");
  EXPECT_EQ(address.value_of("sslmode"), "require");
  ASSERT_TRUE(address.warning());
  EXPECT_THAT(*address.warning(), HasSubstr("expected verify-full"));
}

TEST(DatabaseAddress, OfSeveralHostsOneThatTakesChangesIsChosen) {
  EXPECT_EQ(parsed("host=a,b").value_of("target_session_attrs"), "read-write");
  EXPECT_EQ(parsed("host=a,b target_session_attrs=any").value_of("target_session_attrs"), "any");
  EXPECT_EQ(parsed("host=a").value_of("target_session_attrs"), "");
}

TEST(DatabaseAddress, TurnsItsHostsWithTheirPorts) {
  const DatabaseAddress address = parsed("host=a,b,c port=1,2,3");
  EXPECT_EQ(address.beginning_with(1).value_of("host"), "b,c,a");
  EXPECT_EQ(address.beginning_with(1).value_of("port"), "2,3,1");
  EXPECT_EQ(address.beginning_with(3).value_of("host"), "a,b,c");
  EXPECT_EQ(parsed("host=a,b port=5").beginning_with(1).value_of("port"), "5");
}

TEST(DatabaseAddress, TellsHostsAndTheDatabaseAlone) {
  const DatabaseAddress address =
      parsed("host=a,b port=1,2 dbname=ops user=someone password=s3cr3t-w0rd");
  EXPECT_EQ(address.shown(), "a:1, b:2, database ops");
}

TEST(DatabaseAddress, AnAddressInPlaceOfANameIsShown) {
  EXPECT_EQ(parsed("hostaddr=192.0.2.7 port=1 dbname=ops").shown(), "192.0.2.7:1, database ops");
  EXPECT_EQ(parsed("host=a hostaddr=192.0.2.7 dbname=ops").shown(), "a, database ops");
}

TEST(DatabaseAddress, AHostWithoutAPortIsShownWithoutAColon) {
  EXPECT_EQ(parsed("host=a,b port=,5433 dbname=ops").shown(), "a, b:5433, database ops");
  EXPECT_EQ(parsed("host=,b port=1,2 dbname=ops").shown(), "local socket:1, b:2, database ops");
}

TEST(DatabaseAddress, TakesThePasswordOutOfWhatLibpqSays) {
  const DatabaseAddress address = parsed("host=a password=s3cr3t-w0rd");
  EXPECT_EQ(address.without_secrets("FATAL: wrong \"s3cr3t-w0rd\"\n\tis it?\n"),
            "FATAL: wrong \"***\" is it?");
  const testing::Variable password("PGPASSWORD", "0f-th3-environment");
  EXPECT_EQ(parsed("host=a").without_secrets("wrong 0f-th3-environment"), "wrong ***");
}

// libpq repeats what it did not understand.
std::string refused(const std::string& text) {
  const auto address = parse_database_address(text, "state.postgresql");
  EXPECT_FALSE(address) << text;
  return address ? "" : address.error().text();
}

TEST(DatabaseAddress, AnUnknownKeywordIsNamed) {
  EXPECT_EQ(refused("hots=db.example dbname=ops"),
            "state.postgresql: unknown keyword hots; did you mean host?");
  EXPECT_EQ(refused("host = db.example databse=ops password=s3cr3t-w0rd"),
            "state.postgresql: unknown keyword databse");
  EXPECT_EQ(refused("pasword=s3cr3t-w0rd"),
            "state.postgresql: unknown keyword pasword; did you mean password?");
}

// What stands behind a password may be a part of it, where its quotes were forgotten.
TEST(DatabaseAddress, WhatMayBeAPartOfAPasswordIsNotNamed) {
  for (const char* text :
       {"host=db password=my s3cr3t-w0rd=x", "sslpassword=my s3cr3t-w0rd=x", "host=db s3cr3t-w0rd",
        "password='a' s3cr3t-w0rd=x", "host='a b' s3cr3t-w0rd=x"}) {
    EXPECT_THAT(refused(text), Not(HasSubstr("s3cr3t"))) << text;
    EXPECT_THAT(refused(text), HasSubstr("expected libpq's words")) << text;
  }
}

TEST(DatabaseAddress, WhatLibpqWouldRefuseLaterIsRefusedNow) {
  EXPECT_THAT(refused("host=db sslmode=verify_full"),
              HasSubstr("sslmode: expected one of disable, allow, "));
  EXPECT_THAT(refused("host=db,dc target_session_attrs=primarry"),
              HasSubstr("target_session_attrs: expected one of any"));
  EXPECT_EQ(refused("host=db replication=database"),
            "state.postgresql: replication: expected a connection for statements");
  EXPECT_THAT(refused("host=db port=0"), HasSubstr("port: expected a number from 1 to 65535"));
  EXPECT_THAT(refused("host=db port=none"), HasSubstr("port: expected a number from 1 to 65535"));
  EXPECT_THAT(refused("host=a,b port=1,2,3"), HasSubstr("one for each of the 2 hosts, got 3"));
  EXPECT_THAT(refused("host=db port=5432password=s3cr3t-w0rd"), Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(refused("host=db sslmode=requirepassword=s3cr3t-w0rd"), Not(HasSubstr("s3cr3t")));
  parsed("host=a,b port=,5433");
}

TEST(DatabaseAddress, FilesThatCannotBeReadAreNamed) {
  const DatabaseAddress address =
      parsed("host=db.example sslrootcert=/no/such/root.pem sslcert=/dev/null sslmode=verify-ca");
  const auto problems = unreadable_files(address);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.at(0), "state.postgresql: sslrootcert: the file cannot be read");
}

TEST(DatabaseAddress, TakesAnyPasswordAsEachSourceWritesIt) {
  constexpr const char* kOdd = R"(a b'c\d%e"f@g:h/i?j=k)";
  EXPECT_EQ(parsed(R"(host=db password='a b\'c\\d%e"f@g:h/i?j=k')").value_of("password"), kOdd);
  EXPECT_EQ(parsed("postgresql://u:a%20b%27c%5Cd%25e%22f%40g%3Ah%2Fi%3Fj%3Dk@db/ops")
                .value_of("password"),
            kOdd);
  const auto bound = bound_database(
      R"({"db": [{"name": "b", "tags": ["postgresql"], "credentials": {"hostname": "db", "dbname": "ops",
          "password": "a b'c\\d%e\"f@g:h/i?j=k"}}]})",
      {});
  ASSERT_TRUE(bound && *bound);
  EXPECT_EQ((*bound)->value_of("password"), kOdd);
}

TEST(DatabaseAddress, AMistakeRepeatsNothing) {
  for (const char* text :
       {"s3cr3t-w0rd", "host=a password='s3cr3t-w0rd", "postgresql://u:s3cr3t-w0rd@[::1/x",
        "postgresql://u:s3cr3t-w0rd@h/d?x=%zz", "postgresql://u:p@h/d?s3cr3t-w0rd=1"}) {
    const auto address = parse_database_address(text, "state.postgresql");
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().text(), Not(HasSubstr(kSecret)));
    EXPECT_THAT(address.error().text(), HasSubstr("state.postgresql: expected libpq's words"));
  }
}

TEST(BoundDatabase, IsTheFirstThatIsTagged) {
  const auto address = bound_database(R"({
    "mysql": [{"name": "first", "tags": ["mysql"], "credentials": {"uri": "mysql://u:p@h/d"}}],
    "db": [{"name": "second", "tags": ["relational", "PostgreSQL"],
            "credentials": {"uri": "postgres://u:s3cr3t-w0rd@db.example:5433/ops"}}]})",
                                      "");
  ASSERT_TRUE(address) << address.error().text();
  ASSERT_TRUE(*address);
  EXPECT_EQ((*address)->value_of("host"), "db.example");
  EXPECT_EQ((*address)->value_of("port"), "5433");
  EXPECT_EQ((*address)->value_of("password"), kSecret);
  EXPECT_EQ((*address)->value_of("sslmode"), "verify-full");
  EXPECT_EQ((*address)->from, "VCAP_SERVICES: second");
}

TEST(BoundDatabase, IsTheOneThatIsNamed) {
  constexpr const char* kTwo = R"({"db": [
    {"name": "a", "tags": ["postgresql"], "credentials": {"uri": "postgres://h1/d"}},
    {"name": "b", "tags": [], "credentials": {"uri": "postgres://h2/d"}}]})";
  EXPECT_EQ((*bound_database(kTwo, "b"))->value_of("host"), "h2");
  const auto none = bound_database(kTwo, "c");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().text(), "--state-binding: VCAP_SERVICES has no binding named \"c\"");
}

TEST(BoundDatabase, AHundredCharactersOfAnUnknownNameAreRepeated) {
  const auto error_for = [](std::size_t size) {
    return bound_database("{}", std::string(size, 'n')).error().text();
  };
  const std::string before = "--state-binding: VCAP_SERVICES has no binding named \"";
  EXPECT_EQ(error_for(100), before + std::string(100, 'n') + "\"");
  EXPECT_EQ(error_for(101), error_for(102)) << "the rest is left out";
}

TEST(BoundDatabase, IsMadeOfSingleCredentials) {
  const auto address = bound_database(R"({"db": [{"name": "a", "tags": ["postgresql"],
    "credentials": {"hostname": "h", "port": 6432, "username": "u", "password": "p'q\\ ",
                    "name": "d"}}]})",
                                      "");
  ASSERT_TRUE(address) << address.error().text();
  EXPECT_EQ((*address)->value_of("port"), "6432");
  EXPECT_EQ((*address)->value_of("password"), "p'q\\ ");
  EXPECT_EQ((*address)->value_of("dbname"), "d");
}

TEST(BoundDatabase, SingleCredentialsNameAHostAndADatabase) {
  for (const char* credentials : {R"({"hostname": "h"})", R"({"name": "d"})"}) {
    const auto address =
        bound_database(R"({"db": [{"name": "a", "tags": ["postgresql"], "credentials": )" +
                           std::string(credentials) + "}]}",
                       "");
    ASSERT_FALSE(address) << credentials;
    EXPECT_THAT(address.error().text(), HasSubstr("a hostname and the name of a database"));
  }
}

TEST(BoundDatabase, WhatIsNoBindingIsPassedOver) {
  const auto address = bound_database(R"({"db": [7, "x", {"name": "a", "tags": ["postgresql"],
    "credentials": {"uri": "postgres://u:p@h/d"}}]})",
                                      "");
  ASSERT_TRUE(address) << address.error().text();
  EXPECT_EQ((*address)->value_of("host"), "h");
}

TEST(BoundDatabase, WithoutCredentialsItIsAMistake) {
  for (const char* credentials : {"", R"(, "credentials": "uri")"}) {
    const auto address = bound_database(
        R"({"db": [{"name": "a", "tags": ["postgresql"])" + std::string(credentials) + "}]}", "");
    ASSERT_FALSE(address) << credentials;
    EXPECT_EQ(address.error().text(), "VCAP_SERVICES: a: expected credentials");
  }
}

TEST(BoundDatabase, LeavesOutWordsForOtherDrivers) {
  const auto address = bound_database(R"({"db": [{"name": "a", "tags": ["postgresql"],
    "credentials": {"uri": "postgres://u:p@h/d?reconnect=true"}}]})",
                                      "");
  ASSERT_TRUE(address) << address.error().text();
  EXPECT_EQ((*address)->value_of("host"), "h");
}

TEST(BoundDatabase, WithoutOneThereIsNone) {
  for (const char* text : {"", " ", "{}", R"({"db": [{"name": "a"}]})", R"({"db": 3})"}) {
    const auto address = bound_database(text, "");
    ASSERT_TRUE(address) << text;
    EXPECT_FALSE(*address) << text;
  }
}

TEST(BoundDatabase, IsNotLookedForInWhatIsNoJson) {
  for (const char* text : {"[]", "no JSON", "{x"}) {
    for (const char* name : {"", "a"}) {
      const auto address = bound_database(text, name);
      ASSERT_FALSE(address) << text;
      EXPECT_EQ(address.error().text(),
                "VCAP_SERVICES: expected bindings in JSON, as Cloud Foundry writes them");
    }
  }
}

TEST(ChooseDatabase, TakesTheFirstThatSaysSomething) {
  const std::string bound =
      R"({"db": [{"name": "a", "tags": ["postgresql"], "credentials": {"uri": "postgres://bound/d"}}]})";
  const auto host = [](const DatabaseSources& sources) {
    const auto chosen = choose_database(sources);
    return chosen && *chosen ? (*chosen)->value_of("host") : std::string("none");
  };
  EXPECT_EQ(host({"a", "host=url", "host=file", bound}), "bound");
  EXPECT_EQ(host({"", "host=url", "host=file", bound}), "url");
  EXPECT_EQ(host({"", {}, "host=file", bound}), "file");
  EXPECT_EQ(host({"", {}, "", bound}), "bound");
  EXPECT_EQ(host({"", {}, "", {}}), "none");
}

}  // namespace
}  // namespace intermission::control
