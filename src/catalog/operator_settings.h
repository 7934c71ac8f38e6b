// The few settings that operators' commands and the health check need, to find the gateway that
// they speak to. They work with a configuration that is broken elsewhere: operators are called when
// something is wrong, and a gateway that still answers with its old configuration is well.
#pragma once

#include <string>

#include "base/result.h"
#include "catalog/configuration.h"

namespace intermission::catalog {

struct OperatorSettings {
  Control control;
  StateSettings state;
  Listen listen;
};

/// Those of a file. What is missing or wrong has its default, and all else is not looked at; where
/// the text is not YAML, each section is looked for by its key at the start of a line. With an
/// empty path all are the defaults. An error only where the file cannot be read.
base::Result<OperatorSettings> operator_settings(const std::string& path);

}  // namespace intermission::catalog
