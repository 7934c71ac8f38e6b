// The formats of the report about contracts, one file each: see contract_report.h.
#pragma once

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "snapshot/snapshot.h"

namespace intermission::report {

std::string markdown_report(const snapshot::Snapshot& snapshot,
                            std::span<const base::Error> problems, base::TimePoint now);
std::string json_report(const snapshot::Snapshot& snapshot, std::span<const base::Error> problems,
                        base::TimePoint now);
std::string sarif_report(const snapshot::Snapshot& snapshot, std::span<const base::Error> problems);

using ReportWriter = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

inline void member(ReportWriter& writer, const char* name, std::string_view text) {
  writer.Key(name);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}
inline void member(ReportWriter& writer, const char* name, int number) {
  writer.Key(name);
  writer.Int(number);
}

}  // namespace intermission::report
