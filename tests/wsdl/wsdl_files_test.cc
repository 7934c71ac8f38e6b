#include "wsdl/wsdl_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/temporary_folder.h"
#include "wsdl/wsdl_in_memory.h"

namespace intermission::wsdl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string definitions(const std::string& inside) {
  return "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' "
         "xmlns:x='http://www.w3.org/2001/XMLSchema'>\n" +
         inside + "</definitions>";
}

std::string schema(const std::string& inside) {
  return "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema'>\n" + inside + "</x:schema>";
}

std::string error_for(const std::map<std::string, std::string>& texts) {
  const auto files = files_in_memory(texts);
  if (!files) return files.error().text();
  return files->problems.empty() ? "no error" : files->problems.front().text();
}

TEST(WsdlFilesTest, FollowsEveryReferenceOnce) {
  const auto files = files_in_memory({
      {"main.wsdl",
       definitions("<import namespace='urn:b' location='more/b.wsdl'/><types><x:schema>"
                   "<x:import schemaLocation='./types/a.xsd#x'/></x:schema></types>")},
      {"more/b.wsdl", definitions("<import namespace='urn:a' location='../main.wsdl'/>")},
      {"types/a.xsd", schema("<x:include schemaLocation='c.xsd'/><x:import namespace='urn:n'/>")},
      {"types/c.xsd",
       schema("<x:include schemaLocation='a.xsd'/><x:redefine schemaLocation='c.xsd'/>")},
  });
  ASSERT_TRUE(files) << files.error().text();
  std::vector<std::string> names;
  for (const auto& file : files->files) names.push_back(file->name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"main.wsdl", "more/b.wsdl", "types/a.xsd", "types/c.xsd"}));
  EXPECT_FALSE(files->files[1]->is_schema);
  EXPECT_TRUE(files->files[2]->is_schema);
}

TEST(WsdlFilesTest, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(error_for({}), "main.wsdl: cannot be read: No such file or directory");
  EXPECT_EQ(error_for({{"main.wsdl", "<definitions>\n<types>\n</definitions>"}}),
            "main.wsdl:3: expected an XML document: Start-end tags mismatch");
  EXPECT_EQ(
      error_for({{"main.wsdl", "\n<html/>"}}),
      "main.wsdl:2: expected WSDL 1.1 (definitions of http://schemas.xmlsoap.org/wsdl/), got html");
  EXPECT_EQ(error_for({{"main.wsdl", "<description xmlns='http://www.w3.org/ns/wsdl'/>"}}),
            "main.wsdl:1: expected WSDL 1.1 (definitions of http://schemas.xmlsoap.org/wsdl/), got "
            "description of http://www.w3.org/ns/wsdl");
  EXPECT_EQ(error_for({{"main.wsdl", definitions("\n<import location='b.wsdl'/>")}}),
            "main.wsdl:3: b.wsdl: cannot be read: No such file or directory");
  EXPECT_EQ(error_for({{"main.wsdl", "<a>\xE4</a>"}}),
            "main.wsdl: expected UTF-8, UTF-16 or ISO-8859-1, got another encoding");
  EXPECT_EQ(error_for({{"main.wsdl", definitions("<documentation>\xEF\xB7\x91</documentation>")}}),
            "main.wsdl: holds a character that no text may (U+FDD0)");
}

TEST(WsdlFilesTest, ADeclarationStandsAtTheVeryStart) {
  const std::string declaration = "<?xml version='1.0'?>";
  const std::string document = definitions("");
  const auto oddities_of = [](const std::string& text) {
    const auto files = files_in_memory({{"main.wsdl", text}});
    EXPECT_TRUE(files) << files.error().text();
    std::vector<std::string> out;
    for (const base::Error& oddity : files->oddities) out.push_back(oddity.text());
    return out;
  };
  for (const std::string& text : {declaration + document, "\xEF\xBB\xBF" + declaration + document,
                                  "<!-- a comment -->" + document, "\n" + document}) {
    EXPECT_THAT(oddities_of(text), IsEmpty()) << text;
  }
  const std::string wrong =
      ": expected the XML declaration at the very start, or none; it is served without it";
  EXPECT_THAT(oddities_of("<!-- a\ncomment -->\n" + declaration + document),
              ElementsAre("main.wsdl:3" + wrong));
  EXPECT_THAT(oddities_of("\n" + declaration + document), ElementsAre("main.wsdl:2" + wrong));
  EXPECT_THAT(oddities_of(declaration + declaration + declaration + document),
              ElementsAre("main.wsdl:1" + wrong, "main.wsdl:1" + wrong));
}

TEST(WsdlFilesTest, ReadsNothingFromElsewhere) {
  for (const char* location : {"http://example.com/a.xsd", "https://h/a.xsd", "file:///etc/passwd",
                               "//example.com/a.xsd"}) {
    EXPECT_EQ(error_for({{"main.wsdl",
                          definitions("<import location='" + std::string(location) + "'/>")}}),
              "main.wsdl:2: expected the name of a document below the contract_root, got " +
                  std::string(location) + ": nothing is fetched from elsewhere");
  }
  for (const char* location : {"/etc/passwd", "a/..", "..", ".", ""}) {
    EXPECT_EQ(error_for({{"main.wsdl",
                          definitions("<import location='" + std::string(location) + "'/>")}}),
              "main.wsdl:2: expected the name of a document below the contract_root, got " +
                  std::string(location));
  }
}

TEST(WsdlFilesTest, ALinkOutOfTheFolderIsNotFollowed) {
  const testing::TemporaryFolder outside;
  const auto secret = outside.write("secret.xsd", schema(""));
  const auto folder = outside.path() / "contracts";
  std::filesystem::create_directories(folder);
  std::filesystem::create_symlink(secret, folder / "a.xsd");
  outside.write("contracts/main.wsdl", definitions("<import location='a.xsd'/>"));
  const auto files = read_wsdl_files((folder / "main.wsdl").string());
  ASSERT_TRUE(files);
  EXPECT_EQ(files->files.size(), 1U);
  EXPECT_EQ(files->problems.front().text(),
            (folder / "main.wsdl").string() +
                ":2: a.xsd: stands outside the folder of the WSDL document");
}

TEST(WsdlFilesTest, TheRootBoundsWhatIsRead) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "apis" / "orders");
  folder.write("common.xsd", schema("<x:include schemaLocation='apis/orders/own.xsd'/>"));
  folder.write("apis/orders/own.xsd", schema("<x:include schemaLocation='../orders/more.xsd'/>"));
  folder.write("apis/orders/more.xsd", schema(""));
  const std::string path =
      folder
          .write("apis/orders/main.wsdl",
                 definitions("<import location='../../common.xsd'/>"
                             "<import location='../../apis/orders/main.wsdl'/>"))
          .string();
  const auto names_below = [&](const std::string& root) {
    const auto files = read_wsdl_files(path, root);
    std::vector<std::string> names;
    for (const auto& file : files->files) names.push_back(file->name);
    for (const auto& problem : files->problems) names.push_back(problem.message);
    return names;
  };
  EXPECT_EQ(names_below(folder.path().string()),
            (std::vector<std::string>{"main.wsdl", "../../common.xsd", "own.xsd", "more.xsd"}))
      << "each once, whatever it is called";
  const std::string apis = (folder.path() / "apis").string();
  EXPECT_EQ(names_below(apis),
            (std::vector<std::string>{
                "main.wsdl", "../../common.xsd: stands outside the contract_root " + apis}));
  for (const std::string& root : {std::string(), apis + "/orders", apis + "/other"}) {
    EXPECT_EQ(names_below(root),
              (std::vector<std::string>{
                  "main.wsdl", "../../common.xsd: stands outside the folder of the WSDL document"}))
        << root;
  }
}

TEST(WsdlFilesTest, WhatCannotBeUsedTakesNothingElseAway) {
  const auto files = files_in_memory(
      {{"main.wsdl", definitions("<import location='broken.wsdl'/>\n<import location='gone.wsdl'/>"
                                 "\n<import location='gone.wsdl'/><import location='good.wsdl'/>")},
       {"broken.wsdl", "<definitions>"},
       {"good.wsdl", definitions("")}});
  ASSERT_TRUE(files) << files.error().text();
  ASSERT_EQ(files->files.size(), 2U);
  EXPECT_EQ(files->files[1]->name, "good.wsdl");
  ASSERT_EQ(files->problems.size(), 2U) << "each once";
  EXPECT_EQ(files->problems[0].file, "broken.wsdl");
  EXPECT_EQ(files->problems[1].text(),
            "main.wsdl:3: gone.wsdl: cannot be read: No such file or directory");
}

TEST(WsdlFilesTest, DepthAndNumberAreBounded) {
  std::string deep, end;
  for (std::size_t i = 0; i < kMaxWsdlDepth; ++i) {
    deep += "<a>";
    end += "</a>";
  }
  EXPECT_EQ(error_for({{"main.wsdl", definitions(deep + end)}}),
            "main.wsdl:2: elements stand in each other too deeply");
  const auto endless = read_wsdl_files("", "0.wsdl", [](const std::string& name) {
    const int next = std::stoi(name) + 1;
    return base::Result<std::string>(
        definitions("<import location='" + std::to_string(next) + ".wsdl'/>"));
  });
  ASSERT_TRUE(endless);
  EXPECT_EQ(endless->files.size(), kMaxWsdlFiles);
  EXPECT_EQ(endless->problems.front().text(),
            "499.wsdl:2: 500.wsdl: expected at most 500 documents");
}

TEST(WsdlFilesTest, KnowsWhatIsAReference) {
  const auto files = files_in_memory({
      {"main.wsdl",
       definitions("<y:import xmlns:y='urn:y' location='no.wsdl'/><import namespace='urn:n'/>"
                   "<types><y:schema xmlns:y='urn:y'><x:import schemaLocation='no.xsd'/></y:schema>"
                   "<x:schema><y:import xmlns:y='urn:y' schemaLocation='no.xsd'/>"
                   "<x:element schemaLocation='no.xsd'/><x:include schemaLocation='a.xsd'/>"
                   "<x:redefine schemaLocation='b.xsd'/></x:schema></types>"
                   "<portType><x:schema><x:import schemaLocation='no.xsd'/></x:schema></portType>"
                   "<import location='c.wsdl?x=1'/>")},
      {"a.xsd", schema("")},
      {"b.xsd", schema("")},
      {"c.wsdl", definitions("")},
  });
  ASSERT_TRUE(files) << files.error().text();
  std::vector<std::string> names;
  for (const auto& file : files->files) names.push_back(file->name);
  EXPECT_EQ(names, (std::vector<std::string>{"main.wsdl", "a.xsd", "b.xsd", "c.wsdl"}));
  EXPECT_EQ(files->find(*files->files[0], "../x.wsdl"), nullptr);
  EXPECT_EQ(files->find(*files->files[0], "x.wsdl"), nullptr);
  EXPECT_EQ(files->find(*files->files[0], "./a.xsd"), files->files[1].get());
}

TEST(WsdlFilesTest, ANameMayHoldAColonBehindASlash) {
  EXPECT_EQ(error_for({{"main.wsdl", definitions("<import location='a/b:c.wsdl'/>")},
                       {"a/b:c.wsdl", definitions("")}}),
            "no error");
  EXPECT_EQ(error_for({{"main.wsdl", definitions("<import location='b:c.wsdl'/>")},
                       {"b:c.wsdl", definitions("")}}),
            "main.wsdl:2: expected the name of a document below the contract_root, got b:c.wsdl: "
            "nothing is "
            "fetched from elsewhere");
  EXPECT_EQ(error_for({{"main.wsdl", definitions("<import location='a/..'/>")}}),
            "main.wsdl:2: expected the name of a document below the contract_root, got a/..");
  EXPECT_EQ(error_for({{"main.wsdl", definitions("<import location='a/b.wsdl'/>")},
                       {"a/b.wsdl", definitions("<import location='../../c.wsdl'/>")}}),
            "a/b.wsdl:2: ../c.wsdl: cannot be read: No such file or directory");
}

TEST(WsdlFilesTest, SaysWhatAnImportedDocumentIs) {
  EXPECT_EQ(error_for({{"main.wsdl", schema("")}}),
            "main.wsdl:1: expected WSDL 1.1 (definitions of http://schemas.xmlsoap.org/wsdl/), got "
            "schema of http://www.w3.org/2001/XMLSchema");
  EXPECT_EQ(
      error_for({{"main.wsdl", definitions("<import location='a.html'/>")}, {"a.html", "<html/>"}}),
      "a.html:1: expected WSDL 1.1 (definitions of http://schemas.xmlsoap.org/wsdl/) or an XML "
      "Schema, got html");
}

TEST(WsdlFilesTest, OnlySomeNoncharactersAreMarks) {
  const auto with = [](const std::string& text) {
    return error_for({{"main.wsdl", definitions("<documentation>" + text + "</documentation>")}});
  };
  const std::string wrong = "main.wsdl: holds a character that no text may (U+FDD0)";
  for (const char* mark :
       {"\xEF\xB7\x90", "\xEF\xB7\x91", "\xEF\xB7\xAF", "\xEF\xB7\x80\xEF\xB7\x90"}) {
    EXPECT_EQ(with(mark), wrong) << mark;
  }
  for (const char* other : {"\xEF\xB7\x8F", "\xEF\xB7\xB0", "\xEF\xB8\x90"}) {
    EXPECT_EQ(with(other), "no error") << other;
  }
}

TEST(WsdlFilesTest, ReadsOtherEncodings) {
  const std::string latin = "<?xml version='1.0' encoding='ISO-8859-1'?>" +
                            definitions("<documentation>\xE4</documentation>");
  const auto files = files_in_memory({{"main.wsdl", latin}});
  ASSERT_TRUE(files) << files.error().text();
  EXPECT_EQ(
      std::string(
          files->files[0]->document.document_element().first_child().next_sibling().child_value()),
      "\xC3\xA4");
}

TEST(WsdlFilesTest, ElementsStandInEachOtherToADepth) {
  const auto nested = [](std::size_t depth) {
    std::string deep, end;
    for (std::size_t i = 0; i < depth; ++i) {
      deep += "<a><b/>";
      end += "</a>";
    }
    return error_for({{"main.wsdl", "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'>" +
                                        deep + end + "</definitions>"}});
  };
  EXPECT_EQ(nested(kMaxWsdlDepth - 2), "no error");
  EXPECT_EQ(nested(kMaxWsdlDepth - 1), "main.wsdl:1: elements stand in each other too deeply");
  std::string wide;
  for (std::size_t i = 0; i < 2 * kMaxWsdlDepth; ++i) wide += "<a><b>c</b></a>";
  EXPECT_EQ(error_for({{"main.wsdl", definitions(wide)}}), "no error");
}

TEST(WsdlFilesTest, DocumentsMayBeSoLargeTogether) {
  const std::string start = "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'>";
  const auto sized = [&](std::size_t size, const std::string& inside) {
    return start + inside + std::string(size - start.size() - inside.size() - 14, ' ') +
           "</definitions>";
  };
  const std::string import = "<import location='b.wsdl'/>";
  const std::size_t half = kMaxWsdlBytes / 2;
  EXPECT_EQ(error_for({{"main.wsdl", sized(half, import)}, {"b.wsdl", sized(half, "")}}),
            "no error");
  EXPECT_EQ(error_for({{"main.wsdl", sized(half, import)}, {"b.wsdl", sized(half + 1, "")}}),
            "main.wsdl:1: b.wsdl: makes the documents larger than 64 MiB");
}

TEST(WsdlFilesTest, ReadsFromTheDisk) {
  const testing::TemporaryFolder folder;
  const std::string path =
      folder.write("main.wsdl", definitions("<import location='b.wsdl'/>")).string();
  const auto error = [&] {
    const auto files = read_wsdl_files(path);
    return files->problems.empty() ? "no error"
                                   : files->problems.front().text().substr(path.size());
  };
  EXPECT_EQ(error(), ":2: b.wsdl: cannot be read: No such file or directory");
  std::filesystem::create_directory(folder.path() / "b.wsdl");
  EXPECT_EQ(error(), ":2: b.wsdl: expected a file, got a directory");
  std::filesystem::remove(folder.path() / "b.wsdl");
  folder.write("b.wsdl", definitions(""));
  EXPECT_EQ(error(), "no error");
  std::filesystem::resize_file(folder.path() / "b.wsdl", kMaxWsdlBytes + 1);
  EXPECT_EQ(error(), ":2: b.wsdl: expected a file of at most 64 MiB");
  std::filesystem::remove(folder.path() / "b.wsdl");
  folder.write("empty.wsdl", "");
  EXPECT_EQ(read_wsdl_files((folder.path() / "empty.wsdl").string()).error().text(),
            (folder.path() / "empty.wsdl").string() +
                ":1: expected an XML document: No document element found");
}

// A name without a folder is one in the current folder.
TEST(WsdlFilesTest, ReadsFromTheCurrentFolder) {
  const testing::TemporaryFolder folder;
  folder.write("main.wsdl", definitions(""));
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const auto files = read_wsdl_files("main.wsdl");
  std::filesystem::current_path(before);
  ASSERT_TRUE(files) << files.error().text();
  EXPECT_EQ(files->files[0]->path, "main.wsdl");
}

}  // namespace
}  // namespace intermission::wsdl
