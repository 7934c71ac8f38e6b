// The conversations of tests/cases and what answer() says in them, for every test that holds
// answers against something.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "dialect/parsed_headers.h"
#include "snapshot/publisher.h"
#include "support/conversation.h"

namespace intermission::testing {

/// What signs the passes in the cases.
inline constexpr const char* kCasesKey = "the key of the conversations in tests/cases";

std::filesystem::path cases_folder();

/// 2026-12-01T22:30:00Z, in the middle of the window that tests/cases/config.yaml plans.
base::TimePoint cases_time();

/// Compiled once for each configuration; "none" is the built-in one.
snapshot::SnapshotPtr snapshot_for(const std::string& config);

/// What is said to a request as it is sent, and by whom: `kind` as in gateway/outcome.h.
struct Told {
  Heard heard;
  std::string kind;
  bool in_maintenance = true;
};
Told tell(std::string_view request, const snapshot::Snapshot& snapshot,
          dialect::ParsedHeaders* readings = nullptr);

/// The answer to a conversation's request, without any socket. Coded bodies are decoded.
Heard hear_directly(const Conversation& conversation, dialect::ParsedHeaders* readings = nullptr);

/// Replaces the body of a coded answer by what it decodes to.
void decode_body(Heard& heard);

}  // namespace intermission::testing
